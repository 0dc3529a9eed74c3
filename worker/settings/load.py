"""Reads a configuration: finds it, puts the environment over it, checks it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worker.errors import ConfigError
from worker.settings import faults, sources
from worker.settings.faults import Fault, Origin
from worker.settings.model import PREFIX, Settings, Tables
from worker.settings.secret import open_to_others
from worker.settings.sources import TomlFile
from worker.settings.values import is_false

OPEN = "is open to other users of this machine"
_EXAMPLE_NAME = "Robin Example"
_PASSWORDS = ("password", "password_file", "password_command", "password_keyring")
CREDENTIAL = "askaround-password"


def load(
    path: Path | None, environ: Mapping[str, str], *, working_directory: Path | None = None, text: str | None = None
) -> Settings:
    """The settings of this run; with `text` as if that stood in the file at `path`.

    `path` is what --config names; without it $ASKAROUND_CONFIG, config.toml in the working directory and
    in the user's config folder are tried. `environ` is the environment; a key set there wins over the file, an
    empty variable counts as none.
    Raises ConfigError with every problem found, never with a secret.
    """
    here = working_directory or Path.cwd()
    found: Path | None
    file: TomlFile | None
    if path is not None and text is not None:
        found, places, file = path, [path], sources.parse_toml(path, text)
    else:
        found, places = sources.find(path, environ, here)
        file = sources.read_toml(found) if found else None
    variables = {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX) and value}
    origin = Origin(file, variables)

    problems = _unknown_variables(variables)
    merged = _merge(file.content if file else {}, _environment(variables))
    if file is None and not merged and not problems:
        raise ConfigError(
            "No configuration was found.",
            where="Looked at: " + ", ".join(str(place) for place in places),
            todo="Copy config.example.toml to config.toml, fill in address and password, or name a file with --config.",
        )
    # Not left to pydantic, which would not say which one was meant.
    problems += [faults.unknown_key((name,), Tables) for name in merged if name not in Tables.model_fields]
    filled = _fill_in(merged, environ)
    content = {name: value for name, value in filled.items() if name in Tables.model_fields}
    tables = None
    try:
        tables = Tables(**content)
    except ValidationError as error:
        problems += faults.from_validation(error, Tables, content)
        if not _owner_has_email(merged):  # then it is the mailbox's, and its mistake is told there
            problems = [fault for fault in problems if fault.key != ("owner", "email")]
    if tables is None:
        raise faults.report(_once(problems), origin) from None
    folder = (found.parent if found else here).absolute()
    settings = Settings(tables, found, folder)
    settings = replace(settings, remarks=tuple(_remarks(settings)))
    problems += _missing_files(settings)
    if problems:
        raise faults.report(_once(problems), origin)
    return settings


def _environment(variables: Mapping[str, str]) -> dict[str, Any]:
    if not variables:
        return {}
    from worker.settings import environment

    return environment.read(variables)


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    # A password from above replaces each kind of password below, as any other key would.
    if any(over.get(key) and not is_false(over[key]) for key in _PASSWORDS):
        for key in _PASSWORDS:
            if key not in over:
                merged.pop(key, None)
    return merged


def _fill_in(content: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """Empty passwords are absent ones, and systemd's credential stands in; the owner's address is the mailbox's."""
    filled = dict(content)
    mailbox, owner = filled.get("mailbox"), filled.get("owner")
    if isinstance(mailbox, Mapping):
        filled["mailbox"] = {
            key: value
            for key, value in mailbox.items()
            if key not in _PASSWORDS or (value not in ("", []) and not is_false(value))
        }
        credential = credential_file(environ)
        by_token = isinstance(oauth := mailbox.get("oauth"), Mapping) and bool(oauth.get("provider"))
        if credential is not None and not by_token and not any(key in filled["mailbox"] for key in _PASSWORDS):
            filled["mailbox"]["password_file"] = str(credential)
        if isinstance(owner, Mapping) and "email" not in owner and mailbox.get("address"):
            filled["owner"] = {**owner, "email": mailbox["address"]}
    return filled


def credential_file(environ: Mapping[str, str]) -> Path | None:
    """The password that systemd hands to the service (LoadCredential=askaround-password:...), where it does."""
    folder = environ.get("CREDENTIALS_DIRECTORY", "")
    file = Path(folder) / CREDENTIAL
    return file if folder and file.is_file() else None


def _owner_has_email(content: Mapping[str, Any]) -> bool:
    owner = content.get("owner")
    return isinstance(owner, Mapping) and "email" in owner


def _unknown_variables(variables: Mapping[str, str]) -> list[Fault]:
    keys = faults.keys_of(Tables)
    known = set(keys)
    tables = {key[0] for key in keys if len(key) == 1}
    found = []
    for name in sorted(variables):
        key = tuple(name.removeprefix(PREFIX).lower().split("__"))
        if key in known or key[:2] == ("owner", "about"):
            continue
        if len(key) > 1:
            unknown = faults.unknown_key(key if key[0] in tables else key[:1], Tables)
            found.append(replace(unknown, variable=name))
        elif intended := next((one for one in keys if len(one) > 1 and "_".join(one) == key[0]), None):
            todo = f"Did you mean {faults.variable_name(intended)}? Two underscores stand between levels."
            found.append(Fault(key, f"{name} is not a variable that askaround knows.", todo, name))
    return found


def _once(problems: list[Fault]) -> list[Fault]:
    return list({fault.key: fault for fault in reversed(problems)}.values())[::-1]


def _missing_files(settings: Settings) -> list[Fault]:
    found = []
    # not the methods of Path: they raise where a folder on the way may not be entered
    if settings.ca_file and not os.path.isfile(settings.ca_file):
        found.append(Fault(("mailbox", "tls", "ca_file"), f"There is no file {settings.ca_file}."))
    if settings.templates_folder and not os.path.isdir(settings.templates_folder):
        todo = "Make it, or leave the key out to use the shipped templates."
        found.append(Fault(("templates", "folder"), f"There is no folder {settings.templates_folder}.", todo))
    return found


def _remarks(settings: Settings) -> list[str]:
    tables = settings.tables
    found = []
    sequence = tables.sequence
    for file in settings.secret_files:
        if open_to_others(file):
            found.append(f"{file.name} holds a password and {OPEN}: chmod 600 {file.name}")
    if sequence.nudge_after_days is not None and sequence.nudge_after_days > sequence.silent_after_days:
        found.append("[sequence] nudge_after_days is later than silent_after_days: no nudge will ever leave")
    if tables.owner.name == _EXAMPLE_NAME:
        found.append(f"[owner] name is still {_EXAMPLE_NAME}, as in the example")
    if tables.pace.per_day == 0:
        found.append("[pace] per_day is 0: no mail will ever leave")
    return found

"""What is wrong with a configuration, in words: which key, on which line, what was expected, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from worker.errors import ConfigError
from worker.settings import values
from worker.settings.sources import FILE, TomlFile
from worker.settings.values import Wrong

_SHOWN = 4
_SECRET_KEYS = frozenset({"password", "password_command", "client_secret", "client_secret_command", "url"})


@dataclass(frozen=True)
class Fault:
    """One key that cannot be used as it is; `variable` where it came from the environment under a wrong name."""

    key: tuple[str, ...]
    what: str
    todo: str | None = None
    variable: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where each key came from."""

    file: TomlFile | None
    variables: Mapping[str, str]

    def where(self, fault: Fault) -> str:
        """ "config.toml: [pace] per_day (line 3)", or the variable of the environment."""
        key = fault.key
        if fault.variable:
            return f"environment: {fault.variable}"
        for length in range(len(key), 0, -1):
            variable = variable_name(key[:length])
            if variable in self.variables:
                return f"environment: {variable}"
        name = self.file.path.name if self.file else f"{FILE} (none was found)"
        line = self.file.line(key) if self.file else None
        table = ".".join(key[:-1])
        return f"{name}: {f'[{table}] ' if table else ''}{key[-1]}" + (f" (line {line})" if line else "")


def variable_name(key: tuple[str, ...]) -> str:
    """The variable that sets a key."""
    return "ASKAROUND_" + "__".join(key).upper()


def from_validation(error: ValidationError, model: type[BaseModel], content: Mapping[str, Any]) -> list[Fault]:
    """What pydantic found, a fault a key, in the order of the tables."""
    faults: dict[tuple[str, ...], Fault] = {}
    for found in error.errors(include_url=False, include_input=False):
        key = tuple(str(part) for part in found["loc"])
        wrong = found.get("ctx", {}).get("error")
        if isinstance(wrong, Wrong):
            key = (*key, wrong.key) if wrong.key else key
            fault = Fault(key, f"{_label(key)} {_shown(key, content, wrong)}{wrong.expected}.", wrong.todo)
        elif found["type"] == "missing":
            todo = f"Add it there, or set {variable_name(key)}."
            fault = Fault(key, f"{_label(key)} is missing.", todo)
        elif found["type"] == "extra_forbidden":
            fault = unknown_key(key, model)
        elif found["type"] in ("model_type", "model_attributes_type", "dict_type"):
            fault = Fault(
                key, f"{_label(key)} must be a table.", f"Write it as [{'.'.join(key)}] on a line of its own."
            )
        else:
            fault = Fault(key, f"{_label(key)} cannot be used: {found['msg']}.")
        faults.setdefault(fault.key, fault)
    return list(faults.values())


def unknown_key(key: tuple[str, ...], model: type[BaseModel]) -> Fault:
    """A key that does not exist, with the nearest one that does."""
    names = keys_of(model)
    table, name = key[:-1], key[-1]
    siblings = [one[-1] for one in names if one[:-1] == table]
    near = difflib.get_close_matches(name.lower().replace("-", "_"), siblings, n=1, cutoff=0.55)
    elsewhere = [one for one in names if one[-1] == name.lower() and one[:-1] != table]
    kind = "table" if not table else "key"
    todo: str | None = None
    if near:
        todo = f"Did you mean {near[0]}?"
    elif elsewhere:
        place = ".".join(elsewhere[0][:-1])
        todo = f"{name} belongs under [{place}]." if place else f"[{name}] stands on the outermost level."
    elif siblings:
        todo = f"Known are: {', '.join(siblings)}."
    return Fault(key, f"{_label(key)} is not a {kind} that askaround knows.", todo)


def keys_of(model: type[BaseModel], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every table and key of a model, outermost first."""
    found: list[tuple[str, ...]] = []
    for name, field in model.model_fields.items():
        found.append((*above, name))
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += keys_of(field.annotation, (*above, name))
    return found


def report(faults: list[Fault], origin: Origin) -> ConfigError:
    """The error that is shown: three lines for one fault, at most five for several."""
    if len(faults) == 1:
        fault = faults[0]
        return ConfigError(
            _one_line(fault.what), where=_one_line(origin.where(fault)), todo=fault.todo and _one_line(fault.todo)
        )
    ordered = sorted(faults, key=lambda one: (origin.file.line(one.key) if origin.file else None) or 0)
    lines = [" ".join(part for part in (f"{origin.where(one)}:", one.what, one.todo) if part) for one in ordered]
    more = f"; the first {_SHOWN} are" if len(lines) > _SHOWN else ""
    return ConfigError(
        f"The configuration has {len(faults)} problems{more}:",
        where="\n".join(_one_line(one) for one in lines[:_SHOWN]),
    )


def _label(key: tuple[str, ...]) -> str:
    return key[-1] if len(key) > 1 else f"[{key[0]}]"


def _shown(key: tuple[str, ...], content: Mapping[str, Any], wrong: Wrong) -> str:
    value: Any = content
    for part in key:
        value = value.get(part) if isinstance(value, Mapping) else None
    if value in (None, "") or isinstance(value, Mapping | SecretStr) or key[-1] in _SECRET_KEYS or wrong.key:
        return ""
    written = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return f"is {written if len(written) <= 60 else written[:57] + '...'}, but "


def _one_line(sentence: str) -> str:
    # A key or value that was read can hold a line break or an escape sequence of the terminal.
    return values.without_control(sentence)

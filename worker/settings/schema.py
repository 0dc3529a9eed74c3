"""The configuration as a JSON Schema, for editors: types from the tables, words from config.example.toml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import worker
from worker.conversation.vocabulary import Step
from worker.settings.model import Tables

_TIME = r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$"
_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_PAIR: dict[str, Any] = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 2, "maxItems": 2},
    ]
}
_COMMAND = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_DAYS_OR_NEVER = {"anyOf": [{"type": "integer", "minimum": 0}, {"const": False}]}

# What stands in the file where that is another form than the program's own; with the default in that form.
_WRITTEN: dict[tuple[str, ...], dict[str, Any]] = {
    ("owner", "timezone"): {"type": "string", "examples": ["Europe/Berlin", "America/New_York"]},
    ("owner", "aliases"): _TEXTS | {"default": []},
    ("owner", "away"): {
        "type": "array",
        "items": {"type": "array", "items": {"type": "string", "format": "date"}, "minItems": 2, "maxItems": 2},
        "default": [],
    },
    ("owner", "about"): {"type": "object", "additionalProperties": True, "default": {}},
    ("mailbox", "password"): {"type": "string"},
    ("mailbox", "password_command"): _COMMAND,
    ("mailbox", "oauth", "client_secret"): {"type": "string"},
    ("mailbox", "oauth", "client_secret_command"): _COMMAND,
    ("mailbox", "oauth", "scopes"): _TEXTS | {"default": []},
    ("mailbox", "imap", "port"): {"type": "integer", "minimum": 1, "maximum": 65535},
    ("mailbox", "smtp", "port"): {"type": "integer", "minimum": 1, "maximum": 65535},
    ("mailbox", "imap", "folders"): _TEXTS | {"default": []},
    ("mailbox", "imap", "poll_minutes"): {"type": "number", "minimum": 0, "maximum": 1440, "default": 5},
    ("pace", "per_day"): {"type": "integer", "minimum": 0, "default": 8},
    ("pace", "window"): {
        "type": "array",
        "items": {"type": "string", "pattern": r"^(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)$"},
        "minItems": 2,
        "maxItems": 2,
        "default": ["09:00", "17:00"],
    },
    ("pace", "weekdays"): {
        "anyOf": [
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
            {"type": "string", "pattern": "^[A-Za-z]{3}", "examples": ["mon-fri"]},
        ],
        "default": ["mon", "tue", "wed", "thu", "fri"],
    },
    ("pace", "gap_minutes"): _PAIR | {"default": [4, 11]},
    ("pace", "holidays"): {
        "anyOf": [
            {"type": "string", "pattern": "^(auto|[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?)$"},
            {"const": False},
        ],
        "default": "auto",
    },
    ("pace", "per_company_at_once"): {"type": "integer", "minimum": 1, "default": 1},
    ("pace", "company_rest_days"): {"type": "integer", "minimum": 0, "default": 3},
    ("sequence", "call_after_days"): _DAYS_OR_NEVER | {"default": 3},
    ("sequence", "nudge_after_days"): _DAYS_OR_NEVER | {"default": 5},
    ("sequence", "silent_after_days"): {"type": "integer", "minimum": 0, "default": 10},
    ("sequence", "approve"): {
        "type": "array",
        "items": {"enum": [step.value for step in Step]},
        "default": [],
    },
    ("sequence", "approve_first"): {"type": "integer", "minimum": 0, "default": 0},
    ("replies", "act_above"): {"type": "number", "minimum": 0, "maximum": 1, "default": 0},
    ("replies", "referral_delay_hours"): _PAIR | {"default": [20, 30]},
    ("summary", "at"): {"type": "string", "pattern": _TIME, "default": "07:30"},
    ("alerts", "command"): _COMMAND,
    ("store", "url"): {"type": "string", "default": "sqlite:///askaround.db"},
    ("store", "keep_raw_days"): {"type": "integer", "minimum": 0, "default": 180},
}
_TABLE_WORDS = {
    ("owner",): "You, the person that askaround writes for.",
    ("owner", "about"): "Free for your templates: any key, any text.",
    ("mailbox",): "The account that writes and reads.",
    ("mailbox", "imap"): "Where mail is read; known by itself for the usual providers.",
    ("mailbox", "smtp"): "Where mail is handed over; known by itself for the usual providers.",
    ("mailbox", "tls"): "A certificate authority of your own.",
    ("mailbox", "oauth"): "A sign-in with OAuth2 instead of a password.",
    ("pace",): "How much, when, and how far apart.",
    ("sequence",): "The steps with one person, in business days from the ask.",
    ("replies",): "What is done alone, and how fast.",
    ("summary",): "The daily mail to you.",
    ("alerts",): "What does not wait for the summary.",
    ("store",): "The database.",
    ("templates",): "Your own templates.",
}
_KEY = re.compile(r"^(?:# ?)?([a-z_]+) = .*?\s#\s+(.*)$")
_BARE = re.compile(r"^(?:# ?)?([a-z_]+) = ")
_HEADER = re.compile(r"^\[([a-z._]+)\]")


def example_text() -> str:
    """config.example.toml: inside the installed package, else beside it (a checkout, an editable install)."""
    package = Path(worker.__file__).parent
    inside = package / "config.example.toml"
    return (inside if inside.is_file() else package.parent / "config.example.toml").read_text("utf-8")


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of config.toml."""
    whole = Tables.model_json_schema()
    definitions = whole.get("$defs", {})
    words = _words(example_text())
    made = _table(whole, definitions, (), words)
    required = {"required": ["owner", "mailbox"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "askaround's configuration (config.toml)",
        **{key: value for key, value in made.items() if key not in ("title", "required")},
        **required,
    }


def _table(
    table: dict[str, Any], definitions: dict[str, Any], path: tuple[str, ...], words: dict[tuple[str, ...], str]
) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "additionalProperties": False}
    if said := _TABLE_WORDS.get(path):
        found["description"] = said
    # The owner's address is the mailbox's where none is given; a password may come from elsewhere.
    if required := [key for key in table.get("required", []) if (*path, key) != ("owner", "email")]:
        found["required"] = required
    found["properties"] = {
        key: _key(value, definitions, (*path, key), words) for key, value in table["properties"].items()
    }
    return found


def _key(
    value: dict[str, Any], definitions: dict[str, Any], path: tuple[str, ...], words: dict[tuple[str, ...], str]
) -> dict[str, Any]:
    name = str(value.get("$ref", "")).rpartition("/")[2]
    target = definitions.get(name)
    if target is not None and target.get("type") == "object":
        return _table(target, definitions, path, words)
    written = _WRITTEN.get(path) or _plain(value)
    said = _TABLE_WORDS.get(path) or words.get(path)
    return {"description": said, **written} if said else dict(written)


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """A key without what only the program knows: no title, no null (TOML has none), no default of null."""
    kinds = [one for one in value.get("anyOf", [value]) if one.get("type") != "null"]
    found = {key: one for key, one in kinds[0].items() if key not in ("title", "default", "writeOnly", "format")}
    if value.get("default") is not None:
        found["default"] = value["default"]
    return found


def _words(example: str) -> dict[tuple[str, ...], str]:
    """What the comment behind each key of the example says."""
    found: dict[tuple[str, ...], str] = {}
    table: tuple[str, ...] = ()
    last: tuple[str, ...] | None = None
    for line in example.split("\n"):
        if header := _HEADER.match(line):
            table, last = tuple(header[1].split(".")), None
        elif key := _KEY.match(line):
            last = (*table, key[1])
            found.setdefault(last, key[2].strip())
        elif last is not None and (more := re.match(r"^#? {12,}#? ?(\S.*)$", line)):
            found[last] += " " + more[1].strip()
        else:
            last = None
            if (bare := _BARE.match(line)) and (*table, bare[1]) in _UNSAID:
                found.setdefault((*table, bare[1]), _UNSAID[(*table, bare[1])])
    for path, said in _UNSAID.items():
        found.setdefault(path, said)
    return {path: said[0].upper() + said[1:] for path, said in found.items()}


# Keys whose example needs no comment beside it.
_UNSAID = {
    ("mailbox", "imap", "host"): "the server's name",
    ("mailbox", "smtp", "host"): "the server's name",
    ("mailbox", "smtp", "port"): "by default what belongs to the security",
    ("mailbox", "smtp", "security"): '"tls", "starttls", or "plain" (only on this machine)',
    ("pace", "weekdays"): "days on which mail leaves",
    ("summary", "language"): "the language of the summary",
}

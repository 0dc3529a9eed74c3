"""The JSON Schema of the configuration: up to date, and of one mind with the program."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from worker.settings import load
from worker.settings.faults import keys_of
from worker.settings.model import Tables
from worker.settings.schema import schema

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")
FILLED = EXAMPLE.replace('address = ""', 'address = "robin@example.org"').replace('password = ""', 'password = "x"')
KINDS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def faults(value: Any, rule: dict[str, Any], at: str = "") -> list[str]:
    """What of a value is against a schema: the words of it that ours uses, and no others."""
    known = {"$schema", "title", "description", "default", "examples", "format", "type", "enum", "const", "anyOf"}
    known |= {"properties", "required", "additionalProperties", "items", "minItems", "maxItems", "pattern"}
    known |= {"minimum", "maximum"}
    assert set(rule) <= known, set(rule) - known
    found = []
    kind = rule.get("type")
    if kind and (not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return [f"{at}: no {kind}"]
    if "enum" in rule and value not in rule["enum"]:
        found.append(f"{at}: not in the list")
    if "const" in rule and (type(value) is not type(rule["const"]) or value != rule["const"]):
        found.append(f"{at}: another value")
    if "anyOf" in rule and all(faults(value, one, at) for one in rule["anyOf"]):
        found.append(f"{at}: none of the forms")
    if "pattern" in rule and not re.search(rule["pattern"], value):
        found.append(f"{at}: pattern")
    if "minimum" in rule and value < rule["minimum"]:
        found.append(f"{at}: bounds")
    if "maximum" in rule and value > rule["maximum"]:
        found.append(f"{at}: bounds")
    if kind == "array":
        if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
            found.append(f"{at}: length")
        for one in value:
            found += faults(str(one) if isinstance(one, date) else one, rule.get("items", {}), f"{at}[]")
    if kind == "object":
        found += [f"{at}.{key}: missing" for key in rule.get("required", []) if key not in value]
        for key, one in value.items():
            if key in rule.get("properties", {}):
                found += faults(one, rule["properties"][key], f"{at}.{key}")
            elif rule.get("additionalProperties") is False:
                found.append(f"{at}.{key}: unknown")
    return found


def keys(rule: dict[str, Any], above: tuple[str, ...] = ()) -> dict[tuple[str, ...], dict[str, Any]]:
    found = {}
    for name, one in rule.get("properties", {}).items():
        found[(*above, name)] = one
        found |= keys(one, (*above, name))
    return found


def test_the_shipped_file_is_what_the_command_prints() -> None:
    assert json.loads((ROOT / "config.schema.json").read_text("utf-8")) == schema(), (
        "askaround config schema > config.schema.json"
    )
    assert EXAMPLE.startswith("#:schema ./config.schema.json\n")


def test_it_names_every_key_with_words() -> None:
    found = keys(schema())
    assert set(found) == set(keys_of(Tables))
    assert [path for path, one in found.items() if not one.get("description")] == []


def test_the_example_validates_empty_and_filled_and_with_every_key() -> None:
    assert faults(tomllib.loads(EXAMPLE), schema()) == []
    assert faults(tomllib.loads(FILLED), schema()) == []
    every = re.sub(r"(?m)^# ?(?=[a-z_]+ = )", "", re.sub(r"(?m)^# (?=\[owner\.about)", "", FILLED))
    assert len(tomllib.loads(every)["pace"]) == len(schema()["properties"]["pace"]["properties"])
    assert faults(tomllib.loads(every), schema()) == []


def test_its_defaults_are_the_programs(tmp_path: Path) -> None:
    lines = []
    for path, one in keys(schema()).items():
        if one.get("default") not in (None, {}) and path[0] not in ("owner", "mailbox", "store"):
            lines.append(f"{'.'.join(path)} = {json.dumps(one['default'])}")
    assert len(lines) > 12
    minimal = 'owner = {name = "R", timezone = "UTC"}\nmailbox = {address = "r@example.org", password = "x"}\n'
    path = tmp_path / "config.toml"
    plain = load(path, {}, text=minimal).tables
    assert load(path, {}, text="\n".join(lines) + "\n" + minimal).tables == plain


@pytest.mark.parametrize(
    "before, after",
    [
        ('name = "Robin Example"', "name = 3"),
        ('timezone = "Europe/Berlin"', ""),
        ("# per_day = 8", "per_day = -1"),
        ("# per_day = 8", "per_dya = 8"),
        ('# window = ["09:00", "17:00"]', 'window = ["9", "17"]'),
        ('# security = "tls"                  # "tls"', 'security = "ssl"  # "tls"'),
        ("# approve = []", 'approve = ["asks"]'),
        ("# approve_first = 0", "approve_first = true"),
        ("# nudge_after_days = 5", "nudge_after_days = true"),
        ("[alerts]", "[alert]"),
    ],
)
def test_what_the_program_refuses_it_refuses_too(before: str, after: str, tmp_path: Path) -> None:
    from worker.errors import ConfigError

    assert before in FILLED
    wrong = FILLED.replace(before, after, 1)
    assert faults(tomllib.loads(wrong), schema()) != []
    with pytest.raises(ConfigError):
        load(tmp_path / "config.toml", {}, text=wrong)


def test_no_secret_has_a_default() -> None:
    mailbox = schema()["properties"]["mailbox"]["properties"]
    assert mailbox["password"]["type"] == "string"
    assert "default" not in mailbox["password"]

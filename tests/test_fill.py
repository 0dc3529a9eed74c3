"""Keys of a config.toml are changed in its text, and nothing else is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.settings import machine
from worker.settings.faults import keys_of
from worker.settings.fill import drop, put
from worker.settings.model import Tables
from worker.settings.schema import example_text

KEYS = [
    (".".join(key[:-1]), key[-1]) for key in keys_of(Tables) if len(key) > 1 and key[-1] not in ("imap", "smtp", "tls")
]
VALUES = st.one_of(st.text(), st.integers(-9, 9), st.booleans(), st.lists(st.text(max_size=9), max_size=3))


def at(content: Any, table: str, key: str) -> Any:
    for name in (*table.split("."), key):
        content = content[name]
    return content


@given(st.lists(st.tuples(st.sampled_from([key for key in KEYS if key[1] != "about"]), VALUES), max_size=5))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_every_key_of_the_example_can_be_set(changes: list[tuple[tuple[str, str], Any]]) -> None:
    text = example_text()
    before = tomllib.loads(text)
    for (table, key), value in changes:
        text = put(text, table, key, value, "why")
        assert at(tomllib.loads(text), table, key) == value
    wanted = dict(changes)
    after = tomllib.loads(text)
    for table, keys in before.items():
        for key, value in keys.items():
            if not isinstance(value, dict) and (table, key) not in wanted:
                assert after[table][key] == value


@pytest.mark.parametrize(
    "text",
    [
        'mailbox = {address = "a", imap = {host = "h"}}\n',
        'mailbox.address = "a"\nmailbox.imap.host = "h"\n',
        '[mailbox]\naddress = "a"\nimap.host = "h"\n',
        '[mailbox]\r\naddress = "a" # mine\r\n[mailbox.imap]\r\nhost="h"\r\n',
        '[ mailbox ]\naddress = """\n[mailbox.imap]\n"""\n',
        "",
    ],
)
def test_tables_in_every_form_are_changed(text: str) -> None:
    changed = put(put(text, "mailbox", "address", 'b "c"'), "mailbox.imap", "port", 1)
    read = tomllib.loads(changed)["mailbox"]
    assert (read["address"], read["imap"]["port"]) == ('b "c"', 1)
    assert read["imap"].get("host") == ("h" if "host" in text else None)
    assert ("# mine" in changed) == ("# mine" in text)
    assert "port" not in tomllib.loads(drop(changed, "mailbox.imap", "port"))["mailbox"]["imap"]


def test_comments_stay_and_what_is_not_there_cannot_be_dropped() -> None:
    text = '[a]\n# x = "y # z"  # said\n# other = 1\n[b]\n# x = 2\n'
    line = 'x = "n"'.ljust(36) + "# said"
    assert put(text, "a", "x", "n") == f"[a]\n{line}\n# other = 1\n[b]\n# x = 2\n"
    assert drop(text, "a", "x") == text
    assert drop(text, "c.d", "x") == text


def test_the_machines_zone_is_found(tmp_path: Path) -> None:
    assert machine.zone_name({"TZ": "Asia/Tokyo"}, tmp_path) == "Asia/Tokyo"
    assert machine.zone_name({"TZ": "CET-1CEST"}, tmp_path) is None
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/localtime").symlink_to("/usr/share/zoneinfo/America/Lima")
    assert machine.zone_name({}, tmp_path) == "America/Lima"
    (tmp_path / "etc/timezone").write_text("Europe/Rome\n")
    assert machine.zone_name({}, tmp_path) == "Europe/Rome"

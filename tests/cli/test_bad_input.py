"""Bad input gets one to five lines that say what, where and what to do; nothing is changed."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Done, Shell
from tests.stories.world import PASSWORD

ROWS = "email,name\nuna@acme.example,Una Berg\n"


def said(done: Done, code: int, *words: str) -> None:
    assert done.code == code, done
    lines = done.err.strip().splitlines()
    assert 1 <= len(lines) <= 5, done.err
    assert "Traceback" not in done.err
    assert PASSWORD not in done.err + done.out
    for word in words:
        assert word in done.err, done.err


def test_a_wrong_password(shell: Shell) -> None:
    shell.configure({PASSWORD: "not the password"})
    done = shell.run("once")
    said(done, 1)
    assert "not the password" not in done.err + done.out
    assert "does not accept" in done.err
    assert "password" in done.err


def test_no_server_there(shell: Shell) -> None:
    shell.configure({f"port = {shell.servers.imap_port}": "port = 1"})
    said(shell.run("once"), 1, "localhost:1")


def test_a_typo_in_the_config(shell: Shell) -> None:
    shell.configure({"per_day": "per_dya"})
    said(shell.run("status"), 2, "per_dya", "per_day", "config.toml")
    assert not (shell.folder / "askaround.db").exists()


def test_no_config_at_all(shell: Shell) -> None:
    (shell.folder / "config.toml").unlink()
    said(shell.run("once", env={"HOME": str(shell.folder), "XDG_CONFIG_HOME": str(shell.folder / "none")}), 2)


def test_a_file_without_an_address_column(shell: Shell) -> None:
    shell.write("people.csv", "colour,shape\nred,round\n")
    said(shell.run("import", "people.csv"), 2, "people.csv")
    assert shell.run("status", "--json").json["conversations"] == []


def test_a_file_that_is_not_there(shell: Shell) -> None:
    said(shell.run("import", "nowhere.csv"), 2, "nowhere.csv")


def test_bad_rows_are_rejected_and_the_others_imported(shell: Shell) -> None:
    shell.write("people.csv", "email,name\nuna@acme.example,Una\nnot an address,Bob\n\x07bell@a.example,Eve\n")
    done = shell.run("import", "people.csv", "--json")
    assert done.code == 1
    assert done.json["added"] == 1
    assert [one["row"] for one in done.json["rejected"]] == [3, 4]


def test_the_same_file_twice_changes_nothing(shell: Shell) -> None:
    shell.write("people.csv", ROWS + "UNA+x@acme.example,Una\n")
    assert shell.run("import", "people.csv").code == 0
    before = shell.run("status", "--json").json
    assert shell.run("import", "people.csv").code == 0
    assert shell.run("import", "people.csv", "--campaign", "other").code == 0
    assert shell.run("status", "--json").json["conversations"] == before["conversations"]


def test_a_template_with_an_unknown_variable(shell: Shell) -> None:
    (shell.folder / "mine").mkdir()
    (shell.folder / "mine" / "ask.md").write_text("---\nsubject: Hi\n---\nHello {{ contact.frist_name }}\n")
    shell.configure({"[store]": '[templates]\nfolder = "mine"\n\n[store]'})
    shell.write("people.csv", ROWS)
    shell.run("import", "people.csv")
    said(shell.run("preview", "una@acme.example"), 2, "ask.md", "frist_name", "line 4")
    done = shell.run("check", "--offline")
    assert done.code == 2
    assert "frist_name" in done.out
    once = shell.run("once", "--json")
    assert once.code == 2
    assert once.json["sent"] == []
    assert "frist_name" in " ".join(once.json["errors"])


def test_a_database_of_a_newer_version(shell: Shell) -> None:
    shell.run("status")
    path = shell.folder / "askaround.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
        connection.execute("pragma wal_checkpoint(truncate)")
    before = path.read_bytes()
    said(shell.run("once"), 1, "newer")
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written(shell: Shell) -> None:
    if os.geteuid() == 0:
        # root may write anywhere but into a file taken for a folder
        shell.write("file", "x")
        shell.configure({"sqlite:///askaround.db": "sqlite:///file/askaround.db"})
    else:
        (shell.folder / "ro").mkdir(mode=0o500)
        shell.configure({"sqlite:///askaround.db": "sqlite:///ro/askaround.db"})
    said(shell.run("once"), 1, "askaround.db")


def test_a_file_that_is_no_database(shell: Shell) -> None:
    shell.write("askaround.db", "this is a letter, not a database\n" * 50)
    said(shell.run("status"), 1, "askaround.db")


@pytest.mark.parametrize(
    "words",
    [["una@acme.example", "perhaps"], ["nobody@acme.example", "yes"], ["m99", "send"], ["una@acme.example", "later"]],
)
def test_unsure_words_change_nothing(shell: Shell, words: list[str]) -> None:
    shell.write("people.csv", ROWS)
    shell.run("import", "people.csv")
    before = shell.run("status", "--json").json
    said(shell.run("tell", *words), 2)
    assert shell.run("status", "--json").json == before


def test_plain_text_off_this_machine_is_refused(shell: Shell) -> None:
    shell.configure({'host = "localhost"': 'host = "mail.example.org"'})
    said(shell.run("once"), 2, "plain")


def test_explain_needs_no_configuration(shell: Shell) -> None:
    (shell.folder / "config.toml").unlink()
    shell.write(
        "one.eml", b"From: Una <una@acme.example>\r\nTo: me@owner.example\r\nSubject: Re: x\r\n\r\nNot interested.\r\n"
    )
    done = shell.run("explain", "one.eml", "--json")
    assert done.code == 0
    assert done.json["kind"] == "reply"
    assert done.json["intent"] == "declined"
    said(shell.run("explain", "two.eml"), 2, "two.eml")


def test_the_database_is_for_its_owner_alone(shell: Shell) -> None:
    shell.run("status")
    assert Path(shell.folder / "askaround.db").stat().st_mode & 0o777 == 0o600

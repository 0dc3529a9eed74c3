"""`status --check` for health checks, `status --watch` for a person who looks on."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Shell


def change(shell: Shell, words: str, *values: object) -> None:
    with sqlite3.connect(shell.folder / "askaround.db") as database:
        database.execute(f"update mailbox set {words}", values)
    database.close()


def moment(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%d %H:%M:%S.%f")


def test_before_the_first_turn_it_is_not_well_and_makes_no_database(shell: Shell) -> None:
    done = shell.run("status", "--check")
    assert (done.code, done.err, len(done.out.splitlines())) == (1, "", 1)
    assert done.out.startswith("BAD: There is no database yet")
    assert [path.name for path in shell.folder.iterdir()] == ["config.toml"]


def test_after_a_turn_it_is_well_until_nothing_is_read_any_more(shell: Shell) -> None:
    assert shell.run("once").code == 0
    database = shell.folder / "askaround.db"
    before = database.read_bytes()
    done = shell.run("status", "--check")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("ok: the mailbox was read to its end 0 minutes ago")
    assert database.read_bytes() == before
    change(shell, "read_ended_at = ?", moment(hours=3))
    late = shell.run("status", "--check")
    assert (late.code, late.out) == (1, "BAD: the mailbox was last read to its end 3 hours ago\n")


@pytest.mark.parametrize(
    "words, values, code, says",
    [
        ("errors = ?", ['["The server turns us away.\\u001b[31m\\nfor good"]'], 1, "The server turns us away."),
        ("hold_since = ?, hold_why = ?", [moment(hours=1), "the database is older"], 1, "the database is older"),
        ("blocked_until = ?, blocked_why = ?", [moment(hours=-1), "quota"], 1, "quota"),
        ("blocked_until = ?, blocked_why = ?", [moment(hours=1), "quota"], 0, "ok"),
        ("paused_at = ?", [moment(hours=1)], 0, ", paused"),
        ("finished_at = ?", [moment(hours=1)], 0, ", finished"),
    ],
)
def test_trouble_is_told_in_one_line(shell: Shell, words: str, values: list[str], code: int, says: str) -> None:
    assert shell.run("once").code == 0
    change(shell, words, *values)
    done = shell.run("status", "--check")
    assert (done.code, len(done.out.splitlines())) == (code, 1)
    assert says in done.out
    assert "\x1b" not in done.out


def test_another_schema_or_a_broken_file_is_told(shell: Shell) -> None:
    assert shell.run("once").code == 0
    with sqlite3.connect(shell.folder / "askaround.db") as database:
        database.execute("update alembic_version set version_num = '0001'")
    database.close()
    old = shell.run("status", "--check")
    assert (old.code, "schema 0001" in old.out) == (1, True)
    for path in shell.folder.glob("askaround.db*"):
        path.unlink()
    shell.write("askaround.db", b"no database at all" * 100)
    broken = shell.run("status", "--check")
    assert (broken.code, broken.err) == (1, "")
    assert "cannot be read" in broken.out


def test_it_goes_with_no_other_way_to_show(shell: Shell) -> None:
    for words in (("--check", "--watch"), ("--check", "--json"), ("--watch", "--json")):
        done = shell.run("status", *words)
        assert (done.code, done.out) == (2, "")


def test_watching_goes_on_until_it_is_stopped_without_a_traceback(shell: Shell) -> None:
    assert shell.run("once").code == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "worker", "status", "--watch", "--every", "0.2"],
        cwd=shell.folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a suite that runs in the background hands down that SIGINT is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    seen = 0
    until = time.monotonic() + 60
    while seen < 2 and time.monotonic() < until:
        seen += "Mailbox last read to its end" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (seen, process.returncode, err) == (2, 0, "")

"""A database of each earlier schema, and SIGKILL at every statement of its upgrade: it opens again, nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Engine, MetaData, event, inspect

from tests.proof.figures import record
from worker.store import backup, mailboxes, open_store, outbox
from worker.store.database import make_engine
from worker.store.migrations import runner
from worker.store.schema import metadata

EARLIER = sorted(
    step.revision
    for step in ScriptDirectory.from_config(runner.upgrade._config()).walk_revisions()
    if step.revision != runner.newest()
)
Dump = dict[str, list[dict[str, Any]]]
"""The rows of each table, by id."""

ROWS = (1, 2)
MEANT: dict[tuple[str, str], tuple[Any, Any]] = {
    ("mailbox", "address"): ("robin@owner.example", "work@owner.example"),
    ("outbox", "state"): ("sent", "due"),
    ("outbox", "step"): ("ask", "nudge"),
    ("summary_item", "kind"): ("call", "review"),
    ("stray", "step"): ("ask", None),
}
"""What the two rows of a table hold where their values matter; all other columns are filled by their type."""

SET_BY_A_STEP: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
    ("summary_item", "calendar"): lambda row: True if row["kind"] == "call" else None,
}
"""What later columns hold in the rows from before them; all others hold nothing."""

COPYING = ("before the copy", "half a copy", "copied", "before it has its name", "it has its name")


def made(folder: Path, revision: str) -> Path:
    """A database as the askaround of that schema left it, with two rows in each table."""
    path = folder / f"of-{revision}.db"
    engine = make_engine(f"sqlite:///{path}")
    runner.upgrade(engine, to=revision)
    then = MetaData()
    then.reflect(engine)
    engine.dispose()
    with closing(sqlite3.connect(path)) as there:
        for table in then.tables.values():
            if table.name != "alembic_version":
                names = ", ".join(f'"{column.name}"' for column in table.columns)
                marks = ", ".join("?" * len(table.columns))
                rows = [[filled(table.name, column, number) for column in table.columns] for number in ROWS]
                there.executemany(f"insert into {table.name} ({names}) values ({marks})", rows)
        there.commit()
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sound(path)
    return path


def filled(table: str, column: Column[Any], number: int) -> Any:
    """A value for a column of the row with that number; a key is that of the row with the same number."""
    if (table, column.name) in MEANT:
        return MEANT[table, column.name][number - 1]
    kind = column.type.python_type if not isinstance(column.type, JSON) else list
    length = getattr(column.type, "length", None)
    values: dict[type, Any] = {
        bool: number % 2,
        int: number,
        float: number / 4,
        bytes: f"{column.name} {number}".encode(),
        str: f"{column.name} {number}"[-(length or 1000) :],
        date: f"2027-01-{number:02}",
        datetime: f"2027-01-{number:02} 00:00:00.000000",
        list: "[]",
    }
    return values[kind]


def dump(path: Path) -> Dump:
    """All that a database holds."""
    with closing(sqlite3.connect(path)) as there:
        there.row_factory = sqlite3.Row
        tables = [row[0] for row in there.execute("select name from sqlite_master where type = 'table' order by 1")]
        rows = {name: there.execute(f"select * from {name} order by 1").fetchall() for name in tables}
    return {name: [dict(row) for row in found] for name, found in rows.items() if name != "alembic_version"}


def as_it_must_be(before: Dump, after: Dump) -> Dump:
    """What follows from the rows that were there: each as it was, with the columns of `after`."""

    def value(table: str, column: str, row: dict[str, Any]) -> Any:
        if column in row:
            return row[column]
        step = SET_BY_A_STEP.get((table, column))
        return step(row) if step is not None else None

    return {
        name: [
            {column: value(name, column, row) for column in (rows[0] if rows else row)} for row in before.get(name, [])
        ]
        for name, rows in after.items()
    }


def opened_and_killed(path: Path, at: int | str) -> tuple[int | None, int]:
    """Open the database in a process that is killed at the n-th statement, or at a step of COPYING.

    Gives its exit code (None where it was killed, 1 where opening failed), and how many statements it ran.
    """
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(write, str(_opened(path, at)).encode())
        except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on as the parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    return (None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)), int(said or 0)


def _opened(path: Path, at: int | str) -> int:
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def copying(now: str) -> None:
        if now == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def copied(source: Path, target: Path) -> None:
        copying("before the copy")
        copy(source, target)
        if at == "half a copy":
            os.truncate(target, target.stat().st_size // 2)
            copying(at)
        copying("copied")

    def replaced(source: Path, target: Path) -> None:
        copying("before it has its name")
        replace(source, target)
        copying("it has its name")

    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, step)
    copy, replace = backup.copy, os.replace
    backup.copy, os.replace = copied, replaced  # type: ignore[assignment]  # this process ends with it
    open_store(f"sqlite:///{path}").close()
    return count


def sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as there:
        assert there.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert there.execute("PRAGMA foreign_key_check").fetchall() == []


def as_it_should_be(path: Path, revision: str, before: Dump, *, parts: int = 0) -> None:
    """Everything is there, at the newest schema, and the copy of what was there before lies beside it.

    `parts` says how many copies were broken off by a kill: they keep a name that nobody takes for a copy's.
    """
    sound(path)
    store = open_store(f"sqlite:///{path}")
    try:
        assert runner.revision_of(store.engine) == runner.newest()
        with store.engine.connect() as connection:
            found = inspect(connection)
            for name, table in metadata.tables.items():
                columns = {column["name"] for column in found.get_columns(name)}
                assert columns == {column.name for column in table.columns}
        assert store.read(lambda tx: mailboxes.get(tx, 1)).address == "robin@owner.example"
        assert store.read(lambda tx: outbox.get(tx, 1)).state == "sent"
    finally:
        store.close()
    now = dump(path)
    assert set(now) == set(metadata.tables)
    assert now == as_it_must_be(before, now)
    copies = list(path.parent.glob(f"{path.name}.{revision}.*.backup"))
    assert copies
    for one in copies:
        sound(one)
        assert one.stat().st_mode & 0o077 == 0
        with closing(sqlite3.connect(one)) as there:
            assert there.execute("select version_num from alembic_version").fetchone() == (revision,)
        assert dump(one) == before
    left = list(path.parent.glob(f".{path.name}.*.part"))
    assert len(left) <= parts, "half a copy is left"
    assert all(one.stat().st_mode & 0o077 == 0 for one in left)


@pytest.mark.parametrize("revision", EARLIER)
def test_an_upgrade(tmp_path: Path, revision: str) -> None:
    path = made(tmp_path, revision)
    before = dump(path)
    assert all(len(rows) == len(ROWS) for rows in before.values())
    code, statements = opened_and_killed(path, 0)
    assert (code, statements > 5) == (0, True)
    as_it_should_be(path, revision, before)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("revision", EARLIER)
def test_a_kill_at_every_statement(tmp_path: Path, revision: str) -> None:
    empty = made(tmp_path, revision)
    shutil.copyfile(empty, tmp_path / "0.db")
    _, statements = opened_and_killed(tmp_path / "0.db", 0)
    numbers = range(1, statements + 1, int(os.environ.get("ASKAROUND_KILL_STRIDE", "12")))
    for number in numbers:
        killed_at(number, empty, revision)
    record("upgrade", schemas=1, kills=len(numbers))


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("at", COPYING)
def test_a_kill_while_the_copy_is_made(tmp_path: Path, at: str) -> None:
    killed_at(at, made(tmp_path, EARLIER[-1]), EARLIER[-1])
    record("upgrade", schemas=0, kills=1)


def killed_at(at: int | str, empty: Path, revision: str) -> None:
    """An upgrade that is killed there, and the next one."""
    tried = empty.with_name("tried")
    tried.mkdir(exist_ok=True)
    path = tried / f"{at}.db"
    shutil.copyfile(empty, path)
    code, _ = opened_and_killed(path, at)
    assert code is None, f"not killed at {at}"
    again, _ = opened_and_killed(path, 0)
    assert again == 0, f"it does not open after a kill at {at}"
    as_it_should_be(path, revision, dump(empty), parts=int(at in COPYING))

"""A database of each earlier schema, and SIGKILL at every statement of its upgrade: it opens again, nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, inspect, text

from tests.proof.figures import record
from worker.store import mailboxes, open_store, outbox
from worker.store.database import make_engine
from worker.store.migrations import runner
from worker.store.schema import metadata

EARLIER = sorted(
    step.revision
    for step in ScriptDirectory.from_config(runner.upgrade._config()).walk_revisions()
    if step.revision != runner.newest()
)
MOMENT = "2027-01-01 00:00:00.000000"
ROWS = (
    "insert into mailbox (id, address, first_seen_at, blocked_times, errors) "
    f"values (1, 'robin@owner.example', '{MOMENT}', 0, '[]')",
    "insert into contact (id, mailbox_id, email, email_key, depth, extra, written_before_ok, created_at) "
    f"values (1, 1, 'una@acme.example', 'una@acme.example', 0, '{{}}', 0, '{MOMENT}')",
    "insert into conversation (id, mailbox_id, contact_id, campaign, state, state_since, check_in_undated, "
    f"closed_by_owner, handed_on, waiting, created_at) values (1, 1, 1, 'default', 'asked', '{MOMENT}', 0, 0, 0, 0, "
    f"'{MOMENT}')",
    "insert into outbox (id, mailbox_id, conversation_id, contact_id, step, state, due, priority, message_id, token, "
    "needs_notice, held_for_review, attempt, second_time, planned_at, sent_at) values "
    f"(1, 1, 1, 1, 'ask', 'sent', '{MOMENT}', 5, '<1@owner.example>', 't1', 0, 0, 1, 0, '{MOMENT}', '{MOMENT}')",
)


def made(folder: Path, revision: str) -> Path:
    """A database as the askaround of that schema left it."""
    path = folder / f"of-{revision}.db"
    engine = make_engine(f"sqlite:///{path}")
    runner.upgrade(engine, to=revision)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
    engine.dispose()
    with closing(sqlite3.connect(path)) as there:
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def opened_and_killed(path: Path, at: int) -> tuple[int | None, int]:
    """Open the database in a process that is killed at the n-th statement; gives its exit code, and how many it ran."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        count = 0

        def step(*_: object) -> None:
            nonlocal count
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

        for name in ("before_cursor_execute", "commit"):
            event.listen(Engine, name, step)
        try:
            open_store(f"sqlite:///{path}").close()
            os.write(write, str(count).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    return (None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)), int(said or 0)


def sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as there:
        assert there.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert there.execute("PRAGMA foreign_key_check").fetchall() == []


def as_it_should_be(path: Path, revision: str) -> None:
    """Everything is there, at the newest schema, and the copy of what was there before lies beside it."""
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
    copies = list(path.parent.glob(f"{path.name}.{revision}.*.backup"))
    assert copies
    for one in copies:
        sound(one)
        assert one.stat().st_mode & 0o077 == 0
        with closing(sqlite3.connect(one)) as there:
            assert there.execute("select version_num from alembic_version").fetchone() == (revision,)
            assert there.execute("select count(*) from outbox").fetchone() == (1,)
    assert not list(path.parent.glob(".*.part")), "half a copy is left"


@pytest.mark.parametrize("revision", EARLIER)
def test_an_upgrade(tmp_path: Path, revision: str) -> None:
    path = made(tmp_path, revision)
    code, statements = opened_and_killed(path, 0)
    assert (code, statements > 5) == (0, True)
    as_it_should_be(path, revision)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("revision", EARLIER)
def test_a_kill_at_every_statement(tmp_path: Path, revision: str) -> None:
    empty = made(tmp_path, revision)
    tried = tmp_path / "tried"
    tried.mkdir()
    shutil.copyfile(empty, tried / "0.db")
    _, statements = opened_and_killed(tried / "0.db", 0)
    numbers = range(1, statements + 1, int(os.environ.get("ASKAROUND_KILL_STRIDE", "12")))
    for number in numbers:
        path = tried / f"{number}.db"
        shutil.copyfile(empty, path)
        code, _ = opened_and_killed(path, number)
        assert code is None, f"not killed at {number}"
        again, _ = opened_and_killed(path, 0)
        assert again == 0
        as_it_should_be(path, revision)
    record("upgrade", schemas=1, kills=len(numbers))

"""Copies of a database: whole while others write, private, and put back without losing what was there."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.store.test_database import planned
from worker.errors import InputError, StoreError, StoreTooNew
from worker.store import Store, mailboxes, open_store
from worker.store.backup import back_up, restore
from worker.store.migrations import runner

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
OWNER = "robin@owner.example"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'askaround.db'}"


def mails(file: Path) -> int:
    with closing(sqlite3.connect(file)) as there:
        assert there.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(there.execute("select count(*) from outbox").fetchone()[0])


def held(store: Store) -> str | None:
    box = store.read(lambda tx: mailboxes.get(tx, mailboxes.find(tx, OWNER) or 0))
    return box.hold_why if box.hold_since is not None else None


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith((".lock", "-wal", "-shm"))}


def test_a_copy_is_whole_private_and_alone(store: Store, url: str, tmp_path: Path) -> None:
    planned(store)
    target = tmp_path / "copy.db"
    size = back_up(url, target)
    assert (size, mails(target)) == (target.stat().st_size, 1)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert files(tmp_path) == {"askaround.db", "copy.db"}


def test_what_a_copy_left_that_was_killed_is_removed_by_a_later_one(store: Store, url: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    old, young, other = (tmp_path / name for name in (".copy.db.aa.part", ".copy.db.bb.part", ".copy.dbx.cc.part"))
    for one in (old, young, other):
        one.write_bytes(b"half a copy")
    for one in (old, other):
        os.utime(one, (1, 1))
    back_up(url, target)
    assert [one.exists() for one in (old, young, other)] == [False, True, True]


def test_a_copy_while_others_write(store: Store, url: str, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            planned(store, number)
            written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            before = len(written)
            target = tmp_path / f"copy{number}.db"
            back_up(url, target)
            assert before <= mails(target) <= len(written) + 1
    finally:
        stop.set()
        writer.join()
    assert written


def test_nothing_is_overwritten_unasked(store: Store, url: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(InputError, match="there already"):
        back_up(url, target)
    assert target.read_text() == "precious"
    back_up(url, target, replace=True)
    assert mails(target) == 0
    with pytest.raises(InputError, match="the database itself"):
        back_up(url, tmp_path / "askaround.db", replace=True)
    with pytest.raises(StoreError):
        back_up(url, tmp_path / "nowhere" / "copy.db")
    assert files(tmp_path) == {"askaround.db", "copy.db"}


def test_postgresql_has_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        back_up("postgresql://localhost/askaround", tmp_path / "copy.db")
    assert "pg_dump" in (caught.value.todo or "")


def test_restoring_keeps_what_was_there_and_holds_everything(store: Store, url: str, tmp_path: Path) -> None:
    planned(store)
    copy = tmp_path / "copy.db"
    back_up(url, copy)
    planned(store, 2)
    done = restore(url, copy, NOW)
    assert done.kept is not None
    assert (mails(tmp_path / "askaround.db"), mails(done.kept), mails(copy)) == (1, 2, 1)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in files(tmp_path)} == {0o600}
    # a service that has it open goes on with what was restored
    assert held(store) == "the database was restored from copy.db"
    planned(store, 3)
    assert mails(tmp_path / "askaround.db") == 2
    assert files(tmp_path) == {"askaround.db", "copy.db", done.kept.name}


def test_two_in_one_second_lose_nothing(store: Store, url: str, tmp_path: Path) -> None:
    planned(store)
    copy = tmp_path / "copy.db"
    back_up(url, copy)
    planned(store, 2)
    first = restore(url, copy, NOW).kept
    second = restore(url, copy, NOW).kept
    assert first is not None
    assert second is not None
    assert (mails(first), mails(second)) == (2, 1)


def test_a_link_that_somebody_laid_is_not_followed(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.urandom", lambda count: bytes(count))
    theirs = tmp_path / "theirs"
    (tmp_path / f".copy.db.{'00' * 6}.part").symlink_to(theirs)
    with pytest.raises(StoreError, match="File exists"):
        back_up(url, tmp_path / "copy.db")
    assert not theirs.exists()
    assert not (tmp_path / "copy.db").exists()


def test_a_key_outlives_a_copy_that_has_none(store: Store, url: str, tmp_path: Path) -> None:
    planned(store)
    back_up(url, tmp_path / "copy.db")
    store.transaction(lambda tx: mailboxes.key_of(tx, mailboxes.find(tx, OWNER) or 0, "ab" * 32))
    restore(url, tmp_path / "copy.db", NOW)
    assert store.read(lambda tx: mailboxes.get(tx, mailboxes.find(tx, OWNER) or 0)).key == "ab" * 32


def test_a_damaged_database_is_put_aside(store: Store, url: str, tmp_path: Path) -> None:
    for number in range(50):
        planned(store, number)
    copy = tmp_path / "copy.db"
    back_up(url, copy)
    store.close()
    path = tmp_path / "askaround.db"
    with closing(sqlite3.connect(path)) as there:
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[4096 * 3 :] = b"\xa5" * (len(data) - 4096 * 3)
    path.write_bytes(data)
    done = restore(url, copy, NOW)
    assert done.damaged
    assert done.kept is not None
    assert done.kept.read_bytes() == bytes(data)
    assert mails(path) == 50
    reopened = open_store(url)
    assert held(reopened)
    reopened.close()


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\xa5" * 5000])
def test_what_is_no_copy_changes_nothing(store: Store, url: str, tmp_path: Path, content: bytes) -> None:
    planned(store)
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(content)
    with pytest.raises(InputError):
        restore(url, wrong, NOW)
    assert (mails(tmp_path / "askaround.db"), held(store)) == (1, None)
    assert files(tmp_path) == {"askaround.db", "wrong.db"}


def test_a_database_of_something_else_and_a_newer_one(store: Store, url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as there:
        there.execute("create table a (b)")
    with pytest.raises(InputError, match="no database of askaround"):
        restore(url, other, NOW)
    newer = tmp_path / "newer.db"
    back_up(url, newer)
    with closing(sqlite3.connect(newer)) as there:
        there.execute("update alembic_version set version_num = '9999'")
        there.commit()
    with pytest.raises(StoreTooNew):
        restore(url, newer, NOW)
    assert files(tmp_path) == {"askaround.db", "other.db", "newer.db"}


def test_a_copy_of_an_earlier_schema_comes_back_at_the_newest(store: Store, url: str, tmp_path: Path) -> None:
    from worker.store.database import make_engine

    old = tmp_path / "old.db"
    engine = make_engine(f"sqlite:///{old}")
    runner.upgrade(engine, to="0001")
    with engine.begin() as connection:
        row = "insert into mailbox (address, first_seen_at, blocked_times, errors) values (:a, :t, 0, '[]')"
        connection.execute(text(row), {"a": OWNER, "t": "2027-01-01 00:00:00.000000"})
    engine.dispose()
    assert restore(url, old, NOW).schema == "0001"
    assert held(store)
    assert runner.revision_of(store.engine) == runner.newest()


def test_a_full_disk_leaves_what_is_there(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from worker.store import backup

    planned(store)
    back_up(url, tmp_path / "copy.db")
    planned(store, 2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "copy", full)
    with pytest.raises(StoreError, match="No space left"):
        restore(url, tmp_path / "copy.db", NOW)
    with pytest.raises(StoreError, match="No space left"):
        back_up(url, tmp_path / "another.db")
    assert mails(tmp_path / "askaround.db") == 2
    assert files(tmp_path) == {"askaround.db", "copy.db"}

"""A full disk, as SQLite itself reports it: one sentence with what helps, and nothing was changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event, text

from worker.errors import StoreError
from worker.store import open_store


def test_a_full_disk_says_to_make_room_and_loses_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/askaround.db")

    @event.listens_for(store.engine, "connect")
    def no_room(connection, record) -> None:  # type: ignore[no-untyped-def]
        connection.execute("pragma max_page_count = 1")  # no page more than there are

    store.close()

    def write(tx) -> None:  # type: ignore[no-untyped-def]
        tx.execute(text("create table heap (a blob)"))
        for _ in range(50):
            tx.execute(text("insert into heap values (zeroblob(100000))"))

    with pytest.raises(StoreError) as caught:
        store.transaction(write)
    assert caught.value.what == "The database cannot be used: database or disk is full."
    assert caught.value.todo == "Make room on its disk: nothing was changed, nothing is lost, and it goes on by itself."
    assert (
        store.read(lambda tx: tx.execute(text("select count(*) from sqlite_master where name = 'heap'")).scalar()) == 0
    )
    store.close()


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/askaround.db")

    @event.listens_for(store.engine, "connect")
    def read_only(connection, record) -> None:  # type: ignore[no-untyped-def]
        connection.execute("pragma query_only = on")

    store.close()
    with pytest.raises(StoreError, match="readonly") as caught:
        store.transaction(lambda tx: tx.execute(text("create table heap (a blob)")))
    assert caught.value.todo == "Let this user write the file and its folder: nothing was changed."
    store.close()

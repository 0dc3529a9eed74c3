"""A disk that is full, read-only or broken, at every write: no commit, no mail; nothing twice, nothing lost."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.proof.disk import SAYS, Disk
from tests.proof.figures import record
from tests.stories.world import PASSWORD, World
from worker.demo.servers import EmbeddedServers
from worker.errors import StoreError
from worker.service import LONGEST_BACKOFF, Service

UNA = "una@acme.example"
NO = "Sorry, I am not interested.\n\nUna\n"
HELPS = {"full": "Make room", "read-only": "Let this user write", "broken": "Look at free disk space"}
STRIDE = int(os.environ.get("ASKAROUND_KILL_STRIDE", "40"))


def prepared(folder: Path, servers: EmbeddedServers, name: str) -> tuple[World, Disk]:
    place = folder / name
    place.mkdir()
    servers.add_user(UNA, PASSWORD)
    servers.expunge(UNA)
    world = World(servers, place, f"{name}@owner.example")
    world.person(UNA)
    disk = Disk()
    disk.under(world.store)
    return world, disk


def delivered(servers: EmbeddedServers) -> int:
    return sum(envelope.recipients == (UNA,) for envelope, _ in servers.accepted)


def turn(world: World, disk: Disk) -> None:
    """A turn that may find the disk refusing: then it says so in one sentence."""
    said: list[str] = []
    try:
        said = world.once().errors
    except StoreError as error:
        said = [error.sentence()]
    if disk.refused:
        assert any(f"The database cannot be used: {SAYS[disk.how]}." in one and HELPS[disk.how] in one for one in said)


def sound(world: World) -> None:
    with closing(sqlite3.connect(world.folder / "askaround.db")) as there:
        assert there.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def turn_of_asking(world: World) -> None:
    assert world.mails(UNA) == {}


def turn_of_answering(world: World) -> None:
    world.once()
    world.clock.advance(timedelta(hours=1))
    world.reply(UNA, NO)


@pytest.mark.slow
@pytest.mark.parametrize("how", SAYS)
@pytest.mark.parametrize("before", [turn_of_asking, turn_of_answering])
def test_a_disk_that_takes_nothing_more_from_some_write_on(
    embedded: EmbeddedServers, tmp_path: Path, how: str, before: Callable[[World], None]
) -> None:
    world, disk = prepared(tmp_path, embedded, "clean")
    before(world)
    begun = delivered(embedded)
    disk.fail(how, 0)
    world.once()
    writes, mails = disk.writes, delivered(embedded)
    assert (writes > 20, mails) == (True, begun + 1)
    world.store.close()
    numbers = range(1, writes + 1, STRIDE)
    for number in numbers:
        embedded.accepted.clear()
        world, disk = prepared(tmp_path, embedded, f"{how}{number}")
        before(world)
        disk.fail(how, number)
        for _ in range(3):  # it stays so for a while
            turn(world, disk)
            world.clock.advance(timedelta(minutes=30))
        assert disk.refused
        assert delivered(embedded) <= mails
        sound(world)
        disk.mend()
        for _ in range(3):
            world.later(minutes=20)
        assert delivered(embedded) == mails, number
        states = world.mails(UNA)
        step = "ask" if before is turn_of_asking else "referral_request"
        assert states[step] in ("sent", "uncertain"), (number, states)
        if states[step] == "uncertain":
            assert world.tell(UNA, "arrived")
        assert world.state(UNA) == ("asked" if before is turn_of_asking else "referral_asked"), number
        sound(world)
        world.store.close()
    record("disk", writes=len(numbers))


class ShortDay:
    """A clock that a service waits by: time passes as soon as it is waited for, until the day is over."""

    def __init__(self, begin: datetime, stop_after: timedelta) -> None:
        self._now, self._end = begin, begin + stop_after
        self.when_over: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self._now

    def wait_until(self, moment: datetime) -> None:
        self._now = max(self._now, moment)
        if self._now >= self._end:
            self.when_over()

    def wake(self) -> None:
        """Nobody sleeps here."""


@pytest.mark.parametrize("how", SAYS)
def test_the_service_says_it_and_tries_again_later_and_later(
    embedded: EmbeddedServers, tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    world, disk = prepared(tmp_path, embedded, "robin")
    disk.fail(how, 1)
    clock = ShortDay(world.clock.now(), timedelta(hours=6))
    service = Service(world.store, world.mailbox, clock, world.ids, poll_minutes=5)  # type: ignore[arg-type]
    clock.when_over = service.stop
    with caplog.at_level(logging.INFO, "askaround"):
        service.run()
    said = [record.getMessage() for record in caplog.records if SAYS[how] in record.getMessage()]
    assert 5 <= len(said) <= 2 * (timedelta(hours=6) / LONGEST_BACKOFF + 6)
    assert not [record for record in caplog.records if record.exc_info]
    assert delivered(embedded) == 0
    disk.mend()
    clock = ShortDay(clock.now(), timedelta(minutes=30))
    service = Service(world.store, world.mailbox, clock, world.ids, poll_minutes=5)  # type: ignore[arg-type]
    clock.when_over = service.stop
    service.run()
    assert delivered(embedded) == 1
    world.store.close()


def test_a_disk_that_sqlite_itself_finds_full(embedded: EmbeddedServers, tmp_path: Path) -> None:
    """No fault of ours in between: SQLite may not let the file grow."""
    world, _ = prepared(tmp_path, embedded, "robin")
    with closing(sqlite3.connect(world.folder / "askaround.db")) as there:
        (pages,) = there.execute("PRAGMA page_count").fetchone()

    def small(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(world.store.engine, "connect", small)
    world.store.engine.dispose()
    said = ""
    for _ in range(20):
        try:
            said += " ".join(world.later(days=1).errors)
        except StoreError as error:
            said += error.sentence()
    assert SAYS["full"] in said
    before = delivered(embedded)
    assert before <= 2
    event.remove(world.store.engine, "connect", small)
    world.store.engine.dispose()
    for _ in range(3):
        world.later(hours=2)
    steps = [mail["X-Askaround-Token"] for mail in world.inbox(UNA)]
    assert len(steps) == len(set(steps))
    sound(world)
    world.store.close()

"""The clock: changes of every zone, jumps, a machine that slept; no summary twice or left out, no burst, no mail twice.

ASKAROUND_ZONES=all tries every IANA zone over ten years; changes that look alike (offset before and after, wall clock,
day of the week) are tried in one zone of those that have them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from sqlalchemy import event

from tests.proof.figures import record
from tests.stories.world import CONFIG, START, World
from worker.contacts import parse
from worker.conversation import pacing
from worker.demo.clock import JumpingClock
from worker.demo.servers import EmbeddedServers
from worker.jobs import plan, send, summarize
from worker.jobs.desk import Desk, Mailbox
from worker.jobs.enlist import enlist
from worker.jobs.equip import equip
from worker.jobs.ids import SecretIds
from worker.mailbox.answers import About, Outcome, Result
from worker.settings import load
from worker.store import Store, contacts, mailboxes, open_store

A_FEW = (
    "Europe/Berlin America/New_York America/St_Johns America/Havana America/Santiago Africa/Cairo Africa/Casablanca "
    "Asia/Beirut Asia/Jerusalem Australia/Lord_Howe Pacific/Chatham America/Nuuk"
).split()
FIRST, YEARS = 2027, 10
EVERY = os.environ.get("ASKAROUND_ZONES") == "all"
PER_DAY = 2
TICK = timedelta(minutes=30)
AT = (time(7, 30), time(0, 0), time(0, 30), time(2, 30), time(23, 0))


@dataclass(frozen=True)
class Change:
    """One change of a zone's clock."""

    zone: str
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def look(self) -> tuple[Any, ...]:
        local = (self.at + self.before).time()
        return self.before, self.after, local, (self.at + self.before).weekday()


def changes(zone: str, first: int, years: int) -> Iterator[Change]:
    """The changes of a zone's clock, found by asking it for its offset."""
    where = ZoneInfo(zone)
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(first + years, 1, 1, tzinfo=UTC)

    def offset(at: datetime) -> timedelta:
        found = at.astimezone(where).utcoffset()
        assert found is not None
        return found

    while moment < end:
        later = moment + timedelta(days=7)
        before, after = offset(moment), offset(later)
        if before != after:
            low, high = moment, later
            while high - low > timedelta(minutes=1):
                middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            yield Change(zone, high, before, after)
        moment = later


def to_try() -> list[Change]:
    zones = sorted(available_timezones()) if EVERY else A_FEW[::2]
    alike: dict[tuple[Any, ...], Change] = {}
    for zone in zones:
        found = list(changes(zone, FIRST, YEARS if EVERY else 1))
        for one in found if EVERY else found[-1:]:  # in the short profile only the way back, when an hour comes twice
            alike.setdefault(one.look, one)
    return list(alike.values())


class Accepts:
    """A line on which every mail is accepted, and remembered with the time at which it left."""

    alive = True

    def __init__(self, clock: JumpingClock) -> None:
        self._clock = clock
        self.left: list[tuple[str, datetime]] = []

    def session(self) -> Accepts:
        return self

    def submit(self, sender: str, recipient: str, raw: bytes, *, before_data: Callable[[], None]) -> Outcome:
        before_data()
        self.left.append((recipient, self._clock.now()))
        return Outcome(Result.accepted, About.message, code=250)


def spare_the_disk(store: Store) -> None:
    """No power fails here."""

    @event.listens_for(store.engine, "connect")
    def _fast(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    store.engine.dispose()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Callable[[str, time], tuple[Store, Mailbox]]]:
    """A mailbox of an owner in some zone, with more contacts than may be asked; it reads nothing."""
    stores: list[Store] = []

    def make(zone: str, at: time) -> tuple[Store, Mailbox]:
        folder = tmp_path / str(len(stores))
        folder.mkdir()
        config = folder / "config.toml"
        text = CONFIG.format(
            owner="robin@owner.example",
            password="x",
            imap_port=1,
            smtp_port=1,
            security="plain",
            smtp_security="plain",
            tls="",
            url="sqlite:///askaround.db",
        )
        config.write_text(text.replace("per_day = 50", f"per_day = {PER_DAY}"))
        store = open_store(load(config, {}).store_url())
        stores.append(store)
        spare_the_disk(store)
        box = equip(load(config, {}), store, START)
        return store, replace(box, owner=replace(box.owner, timezone=zone), summary_at=at)

    yield make
    for store in stores:
        store.close()


def simulated(store: Store, box: Mailbox, begin: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """Turns at ticks, but for the reading of the mailbox, which has nothing in it; gives what left, and when."""
    clock = JumpingClock(begin)
    line: Any = Accepts(clock)
    rows = "email,name\n" + "".join(f"p{n}@c{n}.example,Una Berg\n" for n in range(4 * PER_DAY))
    enlist(store, Desk(box, begin, SecretIds()), parse(rows.encode(), "people.csv"), "default")

    def read() -> bool:
        now = clock.now()
        store.transaction(lambda tx: mailboxes.note(tx, box.id, read_began_at=now, read_ended_at=now))
        return True

    def looked(tx: Any) -> None:
        for person in contacts.never_looked_up(tx, box.id, 1000):
            contacts.note(tx, person.id, looked_in_sent_at=clock.now())

    store.transaction(looked)
    plan.plan(store, Desk(box, begin, SecretIds()))
    while clock.now() < end:
        desk = Desk(box, clock.now(), SecretIds())
        read()
        send.send_due(store, desk, clock, line, read_again=read)
        summarize.send_if_due(store, desk, clock, line)
        clock.advance(TICK)
    found: list[tuple[str, datetime]] = line.left
    return found


@pytest.mark.slow
def test_around_the_changes_of_every_zone(office: Callable[[str, time], tuple[Store, Mailbox]]) -> None:
    tried = to_try()
    assert len(tried) > (50 if EVERY else 4)
    for number, change in enumerate(tried):
        zone = ZoneInfo(change.zone)
        at = AT[number % len(AT)]
        first = (change.at + min(change.before, change.after)).date() - timedelta(days=1)
        begin = datetime.combine(first, time(0, 0), zone).astimezone(UTC)
        end = datetime.combine(first + timedelta(days=3), time(0, 0), zone).astimezone(UTC)
        store, box = office(change.zone, at)
        left = simulated(store, box, begin, end)
        summaries = Counter(when.astimezone(zone).date() for who, when in left if who == box.summary_to)
        days = [first + timedelta(days=n) for n in range(3)]
        assert summaries == dict.fromkeys(days, 1), (change, at, summaries)
        for who, when in left:
            due = datetime.combine(when.astimezone(zone).date(), at, zone)
            assert who != box.summary_to or timedelta(0) <= when - due.astimezone(UTC) < TICK * 2, (change, at, when)
        mails = Counter(when.astimezone(zone).date() for who, when in left if who != box.summary_to)
        assert mails == dict.fromkeys(days, PER_DAY), (change, mails)
        assert len({who for who, _ in left if who != box.summary_to}) == 3 * PER_DAY
        store.close()
    record("clock changes", changes=len(tried), zones=len(available_timezones()) if EVERY else len(A_FEW))


def clocks() -> list[list[str]]:
    """The zones that change their clock, those together whose changes are the same in all these years."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    for zone in sorted(available_timezones()) if EVERY else A_FEW[::3]:
        found = [(one.at, one.before, one.after) for one in changes(zone, FIRST, YEARS)]
        if found:
            alike.setdefault(tuple(found), []).append(zone)
    return list(alike.values())


@pytest.mark.slow
def test_every_day_of_ten_years(office: Callable[[str, time], tuple[Store, Mailbox]]) -> None:
    """What says that a summary is due and that a mail may leave, asked at each tick of each day."""
    store, someone = office("UTC", AT[0])
    zones = clocks()
    days = 0
    for number, (name, *_) in enumerate(zones):
        at, zone = AT[number % len(AT)], ZoneInfo(name)
        box = replace(someone, owner=replace(someone.owner, timezone=name), summary_at=at)
        calendar = pacing.on_any_day(Desk(box, START, SecretIds()).own_calendar)
        first, last = date(FIRST, 1, 1), date(FIRST + (YEARS if EVERY else 1), 1, 1)
        now, end = (datetime.combine(day, time(0), zone).astimezone(UTC) for day in (first, last))
        desk = Desk(box, now, SecretIds())
        told: Counter[date] = Counter()
        mails: list[datetime] = []
        while desk.now < end:
            if desk.today not in told and summarize.hour_has_passed(desk):
                due = datetime.combine(desk.today, at, zone).astimezone(UTC)
                assert timedelta(0) <= desk.now - due < TICK * 2, (name, at, desk.now)
                told[desk.today] += 1
            today = sum(one >= desk.midnight for one in mails[-PER_DAY:])
            answer = pacing.may_leave(
                desk.now,
                calendar,
                sent_today=today,
                per_day=PER_DAY,
                last_sent_at=mails[-1] if mails else None,
                gap_minutes=0,
                owner_away=(),
                owner_zone=zone,
            )
            if isinstance(answer, pacing.Go):
                mails.append(desk.now)
            else:
                assert answer.until > desk.now, (name, desk.now, answer)
            desk = desk.at(desk.now + TICK)
        dates = [first + timedelta(days=n) for n in range((last - first).days)]
        assert list(told) == dates, (name, at)
        assert Counter(one.astimezone(zone).date() for one in mails) == dict.fromkeys(dates, PER_DAY), name
        days += len(dates)
    store.close()
    record("days", days=days, clocks=len(zones), zones=sum(len(alike) for alike in zones))


GAP = timedelta(minutes=30)
JUMPS = {
    "a day ahead": timedelta(days=1),
    "ten years ahead": timedelta(days=3652),
    "a day back": -timedelta(days=1),
    "ten years back": -timedelta(days=3652),
    "asleep for eight hours": timedelta(hours=8),
    "asleep for a week": timedelta(days=7),
}


@pytest.mark.slow
@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_jumps(embedded: EmbeddedServers, tmp_path: Path, jump: str) -> None:
    changes = {"per_day = 50": f"per_day = {PER_DAY}", "gap_minutes = [0, 0]": "gap_minutes = [30, 30]"}
    world = World(embedded, tmp_path, "robin@owner.example", changes=changes)
    spare_the_disk(world.store)
    rows = "email,name\n" + "".join(f"p{n}@c{n}.example,Una Berg\n" for n in range(4 * PER_DAY))
    enlist(world.store, world.desk, parse(rows.encode(), "people.csv"), "default")
    left: list[tuple[str, datetime]] = []
    said: list[str] = []

    def hours(count: int) -> None:
        for _ in range(count * 2):
            before = len(embedded.accepted)
            said.extend(world.once().errors)
            left.extend((envelope.recipients[0], world.clock.now()) for envelope, _ in embedded.accepted[before:])
            world.clock.advance(GAP)

    hours(5)
    asleep = len(left)
    world.clock.advance(JUMPS[jump])
    hours(26)
    asks = [(who, when) for who, when in left if who != world.owner]
    by_date = Counter(when.date() for _, when in asks)
    assert max(by_date.values()) <= PER_DAY
    summaries: Counter[date] = Counter(when.date() for who, when in left if who == world.owner)
    assert set(summaries.values()) == {1}
    tokens = Counter(raw.partition(b"X-Askaround-Token: ")[2][:22] for _, raw in embedded.accepted)
    assert set(tokens.values()) == {1}
    after = [when for who, when in left[asleep:] if who != world.owner]
    assert all(later - earlier >= GAP for earlier, later in pairwise(after))
    if "back" in jump:
        assert any("clock of this machine went back" in one for one in said)
    else:
        assert after, "it goes on"
        assert not said
    world.store.close()

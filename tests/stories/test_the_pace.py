"""Whatever sleeps, pauses and restarts: no more leaves than the pace allows, and what is late is shown first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stories.conftest import MakeWorld
from tests.stories.reports import report
from tests.stories.test_the_mailbox import by_hand
from tests.stories.world import CONFIG
from worker.contacts import parse
from worker.demo.clock import JumpingClock
from worker.demo.servers import EmbeddedServers
from worker.errors import ServerUnreachable
from worker.jobs.desk import Desk
from worker.jobs.enlist import enlist
from worker.jobs.equip import equip
from worker.jobs.ids import SecretIds
from worker.jobs.plan import plan
from worker.jobs.send import send_due
from worker.mailbox import imap
from worker.mailbox.answers import Stage, accepted, sorted_out
from worker.settings import load
from worker.store import contacts, mailboxes, open_store, outbox
from worker.store.database import Transaction

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
UNA = "una@acme.example"


class Wire:
    """A line that takes every mail, and notes when."""

    def __init__(self, clock: JumpingClock, refused: set[str]) -> None:
        self.clock = clock
        self.refused = refused
        self.left: list[datetime] = []

    def session(self) -> Wire:
        return self

    def submit(self, sender: str, recipient: str, raw: bytes, *, before_data: Any) -> Any:
        if recipient in self.refused:
            return sorted_out(Stage.rcpt, 450, "4.2.0 Greylisted")
        before_data()
        self.left.append(self.clock.now())
        return accepted(250, "ok")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    per_day=st.integers(1, 6),
    gap=st.sampled_from([(0, 0), (4, 11), (30, 60), (10, 10)]),
    people=st.integers(1, 14),
    steps=st.lists(
        st.tuples(st.sampled_from(["sleep", "pause", "resume", "restart"]), st.integers(1, 4000)),
        min_size=1,
        max_size=25,
    ),
    refused=st.sets(st.integers(0, 13), max_size=3),
)
def test_no_day_and_no_minute_sees_more_than_the_pace_allows(
    per_day: int, gap: tuple[int, int], people: int, steps: list[tuple[str, int]], refused: set[int]
) -> None:
    with TemporaryDirectory() as place:
        text = CONFIG.format(
            owner="robin@owner.example", password="x", imap_port=1, smtp_port=1, security="plain",
            smtp_security="plain", tls="", url="sqlite:///askaround.db",
        )  # fmt: skip
        text = text.replace("per_day = 50", f"per_day = {per_day}").replace("[0, 0]\nholi", f"{list(gap)}\nholi")
        config = Path(place) / "config.toml"
        config.write_text(text)
        loaded = load(config, {})
        store = open_store(loaded.store_url())
        clock = JumpingClock(START)
        wire = Wire(clock, {f"p{n}@c{n}.example" for n in refused})

        def desk() -> Desk:
            return Desk(equip(loaded, store, clock.now()), clock.now(), SecretIds())

        rows = "email\n" + "".join(f"p{n}@c{n}.example\n" for n in range(people))
        enlist(store, desk(), parse(rows.encode(), "people.csv"), "default")

        def read(tx: Transaction) -> None:
            mailboxes.note(tx, desk().mailbox.id, read_began_at=clock.now(), read_ended_at=clock.now())
            for one in contacts.never_looked_up(tx, desk().mailbox.id, 100):
                contacts.note(tx, one.id, looked_in_sent_at=clock.now())

        paused: list[tuple[datetime, datetime]] = []
        since: datetime | None = None
        for what, minutes in steps:
            clock.advance(timedelta(minutes=minutes))
            if what == "pause":
                since = since or clock.now()
                store.transaction(lambda tx: mailboxes.note(tx, 1, paused_at=clock.now()))
            elif what == "resume" and since is not None:
                paused.append((since, clock.now()))
                since = None
                store.transaction(lambda tx: mailboxes.note(tx, 1, paused_at=None))
            elif what == "restart":
                store.close()
                store = open_store(loaded.store_url())
            plan(store, desk())
            store.transaction(read)
            before = len(wire.left)
            send_due(store, desk(), clock, wire, read_again=lambda: False)  # type: ignore[arg-type]
            if since is not None:
                assert len(wire.left) == before
            if gap[0] > 0:
                assert len(wire.left) - before <= 1
        store.close()
        days = [moment.date() for moment in wire.left]
        assert all(days.count(day) <= per_day for day in days)
        for one, other in zip(wire.left, wire.left[1:], strict=False):
            assert other - one >= timedelta(minutes=gap[0])
        assert not any(first <= moment < last for moment in wire.left for first, last in paused)


def test_what_the_owner_wrote_by_hand_counts_and_answers_to_summaries_do_not(
    make_world: MakeWorld, embedded: EmbeddedServers
) -> None:
    world = make_world(changes={"per_day = 50": "per_day = 2"})
    embedded.now = world.clock.now
    for n in range(4):
        world.person(f"p{n}@c{n}.example", name=f"P{n} Lund")
    world.once()
    world.later(days=1)
    assert sum(len(world.inbox(f"p{n}@c{n}.example")) for n in range(4)) == 4
    late = [world.person(f"p{n}@c{n}.example", name=f"P{n} Lund") for n in (5, 6, 7)]
    world.clock.advance(timedelta(days=1))
    summary = world.inbox(world.owner)[-1]
    world.reply(world.owner, "1. ok\n", name="Robin Owner", to=summary)
    world.servers.deliver(world.owner, by_hand(world, "p0@c0.example"), "Sent")
    world.once()
    assert sum(len(world.inbox(one)) for one in late) == 1


@pytest.mark.parametrize(("off", "at_once"), [(1, True), (4, False)])
def test_what_a_machine_that_was_off_made_late_is_shown_before_it_leaves(
    make_world: MakeWorld, off: int, at_once: bool
) -> None:
    world = make_world(changes={"referral_delay_hours = [0, 0]": "referral_delay_hours = [1, 1]"})
    world.person(UNA)
    world.once()
    world.later(days=4, hours=2)  # the nudge falls due on the fifth day
    world.later(days=off)
    assert (len(world.inbox(UNA)) == 2) is at_once
    world.later(minutes=15)
    assert len(world.inbox(UNA)) == 2


def away(*_: Any, **__: Any) -> Any:
    raise ServerUnreachable("there is no network.")


@pytest.mark.parametrize("runs", [False, True], ids=["the machine was off", "it ran without a network"])
def test_what_was_late_before_the_mailbox_could_be_read_is_shown_before_it_leaves(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, runs: bool
) -> None:
    world = make_world(changes={"referral_delay_hours = [0, 0]": "referral_delay_hours = [1, 1]"})
    world.person(UNA)
    world.once()
    world.later(days=4, hours=2)  # the nudge falls due on the fifth day
    with monkeypatch.context() as patch:
        patch.setattr(imap, "connect", away)
        for _ in range(24 if runs else 0):
            world.later(hours=4)
        if not runs:
            world.later(days=4)
    world.later(minutes=1)
    assert len(world.inbox(UNA)) == 1
    world.later(days=1)
    world.later(minutes=15)
    assert len(world.inbox(UNA)) == 2


def test_what_waits_for_another_try_and_is_late_is_shown_before_it_leaves(
    make_world: MakeWorld, embedded: EmbeddedServers
) -> None:
    world = make_world(changes={"referral_delay_hours = [0, 0]": "referral_delay_hours = [1, 1]"})
    world.person(UNA)
    world.once()
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    world.later(days=5)
    world.later(hours=4)
    embedded.refuse = None
    assert (world.mails(UNA)["nudge"], len(world.inbox(UNA))) == ("retry", 1)
    world.later(days=4)
    assert len(world.inbox(UNA)) == 1
    assert "late" in " ".join(world.story(UNA))
    world.later(minutes=15)
    assert len(world.inbox(UNA)) == 2


def test_a_turn_a_week_shows_what_is_late_once(make_world: MakeWorld) -> None:
    """Each turn finds that the machine was off: what stood in the last summary as late leaves all the same."""
    world = make_world(changes={"referral_delay_hours = [0, 0]": "referral_delay_hours = [1, 1]"})
    world.person(UNA)
    world.once()
    world.reply(UNA, "Sorry, I am not interested.\n")
    turns = 0
    while len(world.inbox(UNA)) < 2 and turns < 6:
        world.later(days=7)
        turns += 1
    assert (len(world.inbox(UNA)), turns) == (2, 3)


def test_what_was_put_off_for_hours_is_not_late(make_world: MakeWorld, embedded: EmbeddedServers) -> None:
    world = make_world(changes={"referral_delay_hours = [0, 0]": "referral_delay_hours = [1, 1]"})
    world.person(UNA)
    world.once()
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    world.later(days=5)
    embedded.refuse = None
    world.later(hours=12)
    assert len(world.inbox(UNA)) == 2


def test_what_a_pause_made_late_is_shown_before_it_leaves(make_world: MakeWorld) -> None:
    from worker.jobs.pausing import pause, resume

    world = make_world(changes={"referral_delay_hours = [0, 0]": "referral_delay_hours = [1, 1]"})
    world.person(UNA)
    world.once()
    world.later(days=4)
    pause(world.store, world.desk, None)
    for _ in range(4):
        world.later(days=1)
    resume(world.store, world.desk)
    world.later(minutes=5)
    assert len(world.inbox(UNA)) == 1
    world.later(days=1)
    world.later(minutes=5)
    assert len(world.inbox(UNA)) == 2


def test_a_late_nudge_is_dropped_and_said(make_world: MakeWorld) -> None:
    world = make_world(changes={"referral_delay_hours = [0, 0]": "referral_delay_hours = [1, 1]"})
    world.person(UNA)
    world.once()
    world.later(hours=1)
    world.later(days=40)
    assert len(world.inbox(UNA)) == 1
    world.later(days=1)
    assert len(world.inbox(UNA)) == 1
    assert any("nudge" in line and "too late" in line for line in world.story(UNA))


@pytest.mark.parametrize("after", ["it came back", "it was uncertain, and dropped"])
def test_what_left_today_counts_whatever_became_of_it(
    make_world: MakeWorld, embedded: EmbeddedServers, after: str
) -> None:
    world = make_world(changes={"per_day = 50": "per_day = 2"})
    people = [world.person(f"p{n}@c{n}.example", name=f"P{n} Lund") for n in range(4)]
    world.once()
    assert [len(world.inbox(one)) for one in people] == [1, 1, 0, 0]
    if after == "it came back":
        for one in people[:2]:
            report(world, world.last_to(one), one, status="5.2.2", said="552 5.2.2 mailbox full")
        world.later(minutes=1)
        assert [world.mails(one)["ask"] for one in people[:2]] == ["retry", "retry"]
    else:
        for one in people[:2]:
            world.store.transaction(partial(in_doubt, address=one))
            world.tell(one, "cancel")
        assert [world.mails(one)["ask"] for one in people[:2]] == ["failed", "failed"]
    world.later(hours=1)
    assert [len(world.inbox(one)) for one in people[2:]] == [0, 0]
    world.later(days=1)
    assert [len(world.inbox(one)) for one in people[2:]] == [1, 1]


def in_doubt(tx: Transaction, *, address: str) -> None:
    for mail in outbox.in_states(tx, 1, ("sent",)):
        if mail.to_address == address:
            outbox.note(tx, mail.id, state="uncertain", in_flight_at=mail.sent_at, sent_at=None, finished_at=None)


@pytest.mark.parametrize("answer", [None, "550 5.1.1 no such user", "554 5.2.0 not this one"])
def test_the_gap_is_kept_after_a_mail_that_came_back_or_was_refused(
    make_world: MakeWorld, embedded: EmbeddedServers, answer: str | None
) -> None:
    world = make_world(changes={"gap_minutes = [0, 0]": "gap_minutes = [30, 30]"})
    one, other = (world.person(f"p{n}@c{n}.example", name=f"P{n} Lund") for n in range(2))
    embedded.refuse = lambda address: answer if address == one else None
    world.once()
    if answer is None:
        report(world, world.last_to(one), one, status="5.2.2", said="552 5.2.2 mailbox full")
        world.later(minutes=1)
        assert world.mails(one)["ask"] == "retry"
    world.later(minutes=20)
    assert world.inbox(other) == []
    world.later(minutes=20)
    assert len(world.inbox(other)) == 1

"""Courtesy: colleagues of somebody who answered, thanks within a day, waits while the owner is away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.conversation.vocabulary import Step
from worker.jobs.forecast import departures
from worker.store import outbox

UNA, BOB, CYD = "una@acme.example", "bob@acme.example", "cyd@acme.example"
OFFICE_HOURS = {
    'window = ["00:00", "24:00"]': 'window = ["09:00", "17:00"]',
    'weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]': 'weekdays = ["mon", "tue", "wed", "thu", "fri"]',
}
FRIDAY_EVENING = datetime(2027, 3, 5, 18, 30, tzinfo=UTC)


def steps(world: World, who: str) -> list[str]:
    sent = world.store.read(lambda tx: outbox.in_states(tx, world.mailbox.id, ("sent",)))
    return [mail.step for mail in sent if mail.to_address == who]


def until(world: World, moment: datetime, hours: float = 1) -> None:
    while world.clock.now() < moment:
        world.later(hours=hours)


def talked(world: World) -> World:
    world.person(UNA)
    world.once()
    world.reply(UNA, "Yes, I would be glad to talk to you.\n")
    world.later(minutes=20)
    return world


def test_thanks_after_a_friday_evening_leave_on_saturday_within_its_hours(make_world: MakeWorld) -> None:
    world = talked(make_world(changes=OFFICE_HOURS))
    until(world, FRIDAY_EVENING)
    world.tell(UNA, "met")
    told = world.clock.now()
    world.once()
    assert "thanks_for_talk" not in steps(world, UNA), "not at night"
    foreseen = world.store.read(lambda tx: departures(tx, world.desk, datetime(2027, 3, 6, 12, tzinfo=UTC)))
    assert [(mail.step, when) for mail, when in foreseen] == [
        (Step.thanks_for_talk, datetime(2027, 3, 6, 9, tzinfo=UTC))
    ]
    while "thanks_for_talk" not in steps(world, UNA):
        world.later(hours=1)
    left = world.clock.now()
    assert (left - told).total_seconds() <= 24 * 3600
    assert left.weekday() == 5
    assert 9 <= left.hour < 17


def test_no_other_mail_leaves_on_a_day_off(make_world: MakeWorld) -> None:
    world = talked(make_world(changes=OFFICE_HOURS))
    until(world, datetime(2027, 3, 6, 9, 30, tzinfo=UTC))
    world.person(BOB, name="Bob Bar")
    world.tell(UNA, "met")
    world.once()
    assert (steps(world, UNA).count("thanks_for_talk"), steps(world, BOB)) == (1, [])


@pytest.fixture
def acme(make_world: MakeWorld) -> World:
    """Una and Bob of one company: Bob was asked once Una had rested."""
    world = make_world(changes={"gap_minutes = [0, 0]": "gap_minutes = [0, 0]\ncompany_rest_days = 2"})
    world.person(UNA)
    world.person(BOB, name="Bob Bar")
    world.once()
    world.later(days=2, minutes=5)
    assert (steps(world, UNA), steps(world, BOB)) == (["ask"], ["ask"])
    return world


def test_an_answer_holds_the_reminder_to_a_colleague(acme: World) -> None:
    acme.reply(UNA, "Yes, I would be glad to talk to you.\n")
    for _ in range(20):
        acme.later(days=1)
    assert steps(acme, BOB) == ["ask"]
    assert acme.state(BOB) == "silent", "and it ends as any other"


def test_a_colleague_of_somebody_who_is_through_with_us_is_reminded(acme: World) -> None:
    acme.reply(UNA, "I have left this job and work elsewhere now.\n")
    for _ in range(9):
        acme.later(days=1)
    assert acme.state(UNA) == "unreachable"
    assert sorted(steps(acme, BOB)) == ["ask", "nudge"]


def test_a_silent_colleague_holds_no_reminder(acme: World) -> None:
    for _ in range(9):
        acme.later(days=1)
    assert sorted(steps(acme, BOB)) == ["ask", "nudge"]


def test_who_was_handed_to_us_is_reminded_all_the_same(make_world: MakeWorld) -> None:
    world = make_world()
    world.person(UNA)
    world.person(BOB, name="Bob Bar", referred_by="friend@other.example")
    world.once()
    world.reply(UNA, "Yes, I would be glad to talk to you.\n")
    for _ in range(7):
        world.later(days=1)
    assert sorted(steps(world, BOB)) == ["ask", "nudge"]


def test_the_owners_word_reminds_all_the_same(acme: World) -> None:
    acme.reply(UNA, "Yes, I would be glad to talk to you.\n")
    acme.later(minutes=20)
    nudge = next(row["id"] for row in acme.status()["outbox"] if row["email"] == BOB and row["step"] == "nudge")
    acme.tell(nudge, "send")
    acme.later(minutes=20)
    assert sorted(steps(acme, BOB)) == ["ask", "nudge"]


def test_a_company_does_not_rest_while_the_owner_is_away(make_world: MakeWorld) -> None:
    world = make_world(changes={"[mailbox]": 'away = [["2027-03-03", "2027-03-09"]]\n\n[mailbox]'})
    world.person(UNA)
    world.person(BOB, name="Bob Bar")
    world.once()
    asked_at = None
    for _ in range(14):
        world.later(days=1)
        if asked_at is None and steps(world, BOB):
            asked_at = world.clock.now().date().isoformat()
    # three days of silence: Tuesday the 2nd, Wednesday the 10th, Thursday the 11th
    assert asked_at == "2027-03-11"

"""The owner is away: nothing leaves, nor on the eve; no wait runs; no burst follows; a status is told on asking."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.test_the_owners_words import answer_summary, summary
from tests.stories.test_words_say_what_is_true import answer, summary_of
from tests.stories.world import World
from worker.errors import NotUnderstood
from worker.jobs.absence import away
from worker.jobs.pausing import pause, resume

UNA = "una@acme.example"
DANA = "dana@other.example"


def due(world: World, step: str, who: str = UNA) -> datetime:
    rows = world.status()["outbox"]
    return datetime.fromisoformat(next(row["due"] for row in rows if row["email"] == who and row["step"] == step))


def asked(world: World) -> World:
    world.person(UNA)
    world.once()
    assert world.state(UNA) == "asked"
    return world


def test_away_by_mail_takes_effect_in_the_same_turn(world: World) -> None:
    world.once()
    world.person(UNA)
    answer_summary(world, "away until 5 March\n")
    report = world.later(minutes=5)
    assert not report.sent
    assert world.inbox(UNA) == []
    assert "you are away" in str(report.held[0].why)
    assert "away until Fri 5 Mar" in (world.later(days=1) and summary(world))
    world.later(days=3, hours=23)
    assert len(world.inbox(UNA)) == 1, "on the sixth it leaves"


def test_nothing_leaves_on_the_eve(world: World) -> None:
    away(world.store, world.desk, "until 2027-03-05", "2027-03-03")
    world.person(UNA)
    assert world.once().sent, "two days before"
    world.person(DANA, name="Dana Weiss")
    assert not world.later(days=1).sent, "the eve"
    assert not world.later(days=3).sent
    assert world.later(days=1).sent


def test_no_wait_runs_meanwhile(world: World) -> None:
    asked(world)
    assert due(world, "nudge") == datetime(2027, 3, 6, 9, tzinfo=UTC)
    away(world.store, world.desk, "until 2027-03-10", "2027-03-03")
    assert due(world, "nudge") == datetime(2027, 3, 14, 9, tzinfo=UTC), "eight days of absence count for nothing"
    world.later(days=12)
    assert len(world.inbox(UNA)) == 1
    world.later(days=1)
    assert len(world.inbox(UNA)) == 2, "it is neither dropped as late nor sent at once"
    world.later(days=4, hours=23)
    assert world.state(UNA) == "asked"
    world.later(hours=2)
    assert world.state(UNA) == "silent"


def test_an_absence_in_the_configuration_moves_a_reminder_too(world: World) -> None:
    asked(world)
    text = world.config.read_text()
    world.config.write_text(text.replace("[owner]\n", '[owner]\naway = [["2027-03-03", "2027-03-10"]]\n'))
    world.later(minutes=5)
    assert due(world, "nudge") == datetime(2027, 3, 14, 9, tzinfo=UTC)


def test_back_earlier(world: World) -> None:
    asked(world)
    away(world.store, world.desk, "until 2027-03-20")
    world.later(days=2)
    assert world.status()["health"]["away_until"] == "2027-03-20"
    assert "You are back" in resume(world.store, world.desk)
    assert world.status()["health"]["away_until"] is None
    assert due(world, "nudge") == datetime(2027, 3, 7, 9, tzinfo=UTC), "one day of absence after the ask"


def test_a_word_about_now_leaves_a_later_absence_as_it_is(world: World) -> None:
    asked(world)
    away(world.store, world.desk, "until 2027-04-20", first="2027-04-10")
    away(world.store, world.desk, "until 2027-03-03")
    assert (date(2027, 4, 10), date(2027, 4, 20)) in world.mailbox.owner.away
    world.later(days=1)
    assert "You are back" in resume(world.store, world.desk)
    assert world.status()["health"]["away_until"] is None
    pause(world.store, world.desk, None)
    resume(world.store, world.desk)
    assert (date(2027, 4, 10), date(2027, 4, 20)) in world.mailbox.owner.away
    assert "not be away after all" in resume(world.store, world.desk)
    assert (date(2027, 4, 10), date(2027, 4, 20)) not in world.mailbox.owner.away


def test_no_burst_follows(make_world: MakeWorld) -> None:
    world = make_world(changes={"per_day = 50": "per_day = 2"})
    away(world.store, world.desk, "until 2027-03-04")
    for number in range(4):
        world.person(f"p{number}@acme{number}.example", name="Pat Lee")
    assert not world.later(days=1).sent
    assert len(world.later(days=3).sent) == 2
    assert len(world.later(days=1).sent) == 2


@pytest.mark.parametrize("words", ["yesterday", "2027-02-01", "soon", ""])
def test_no_day_ahead(world: World, words: str) -> None:
    with pytest.raises(NotUnderstood):
        away(world.store, world.desk, words)
    assert world.status()["health"]["away_until"] is None


def test_a_status_by_mail_is_answered_at_once_and_once_an_hour(world: World) -> None:
    asked(world)
    before = len(world.inbox(world.owner))
    answer(world, "status\n", summary_of(world))
    world.later(minutes=5)
    assert len(world.inbox(world.owner)) == before + 2, "the question and its answer"
    assert "HOW IT STANDS" in summary(world)
    assert "not understood" not in summary(world)
    answer(world, "status\n", summary_of(world))
    world.later(minutes=10)
    world.later(minutes=55)
    assert len(world.inbox(world.owner)) == before + 3, "the second question has none"
    answer(world, "status\n", summary_of(world))
    world.later(minutes=5)
    assert len(world.inbox(world.owner)) == before + 5


def test_a_status_before_its_hour_does_not_take_the_summarys_place(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2027, 3, 1, 9, tzinfo=UTC))
    world.once()
    world.clock.advance(timedelta(hours=20))
    answer(world, "status\n", summary_of(world))
    world.once()
    early = len(world.inbox(world.owner))
    world.later(hours=3)
    assert len(world.inbox(world.owner)) == early + 1

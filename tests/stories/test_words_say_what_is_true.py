"""What the owner is told after a word is what is true."""

from __future__ import annotations

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.test_the_owner_answers import answer, summary_of
from tests.stories.world import World
from worker.errors import NotUnderstood
from worker.jobs.pausing import pause
from worker.jobs.summarize import preview

UNA = "una@acme.example"
DANA = "dana@other.example"


def test_called_and_yes_in_one_breath(world: World) -> None:
    world.person(UNA, phone="+49 30 1234567")
    world.once()
    world.later(days=3)
    answer(world, "1. called. Yes!\n", summary_of(world))
    world.once()
    assert world.state(UNA) == "talking"
    assert world.mails(UNA).get("nudge") in (None, "cancelled")


def test_ask_after_the_ask_was_cancelled_asks_after_all(world: World) -> None:
    world.person(UNA)
    world.servers.add_user(DANA, "x")
    world.once()
    world.reply(UNA, "I am not the right person for this. Please write to Dana Weiss, dana@other.example.\n\nUna\n")
    world.once()
    (proposed,) = world.status()["proposed"]
    world.tell(proposed["id"], "ask")
    world.tell(DANA, "cancel")
    assert world.mails(DANA) == {"ask": "cancelled"}
    assert world.tell(proposed["id"], "ask") == ["Dana Weiss will be asked"]
    world.later(hours=1)
    assert len(world.inbox(DANA)) == 1
    with pytest.raises(NotUnderstood, match="was asked before and stands at asked"):
        world.tell(proposed["id"], "ask")


def test_where_asks_are_approved_one_by_one_it_says_so(make_world: MakeWorld) -> None:
    world = make_world(changes={"[store]": '[sequence]\napprove = ["ask"]\n\n[store]'})
    world.person(UNA)
    world.once()
    (said,) = world.tell(UNA, f"ask Dana Weiss <{DANA}>")
    assert "waits for your word" in said
    assert "will be asked" not in said
    mail = next(row for row in world.status()["outbox"] if row["email"] == DANA)
    assert mail["state"] == "draft"
    assert mail["id"] in said


@pytest.mark.parametrize(
    "day, said", [("2020-01-01", "is over"), ("2027-03-01", "is today"), ("2027-02-30", "no date")]
)
def test_a_pause_until_a_day_that_is_over_says_that(world: World, day: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        pause(world.store, world.desk, day)
    world.person(UNA)
    with pytest.raises(NotUnderstood, match=f"{said}|not ahead"):
        world.tell(UNA, f"later {day}")
    assert not world.status()["health"]["paused"]


def test_away_until_holds_everything_through_that_day(world: World) -> None:
    world.once()
    answer(world, "I'm away until 5 March\n", summary_of(world))
    world.later(minutes=5)
    assert world.status()["health"]["away_until"] == "2027-03-05"
    world.later(days=3, hours=23)
    assert world.status()["health"]["away_until"] == "2027-03-05", "the fifth of March"
    world.later(days=1)
    assert world.status()["health"]["away_until"] is None


def test_a_talk_that_is_still_ahead_is_asked_about_a_week_later(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, "Yes, gladly.\n\nUna\n")
    world.once()
    world.later(days=8)
    assert [one.kind.value for one in preview(world.store, world.desk).needs_you] == ["took_place"]
    answer(world, "1. wait\n", summary_of(world))
    world.once()
    assert "took_place" not in [one.kind.value for one in preview(world.store, world.desk).needs_you]
    world.later(days=8)
    assert "took_place" in [one.kind.value for one in preview(world.store, world.desk).needs_you]

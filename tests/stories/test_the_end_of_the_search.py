"""The owner has finished: what waits is cancelled, nothing new is planned, thanks wait for a word; it can go on."""

from __future__ import annotations

import pytest

from tests.stories.test_the_owners_words import summary
from tests.stories.world import World
from worker.errors import AskaroundError
from worker.jobs.finishing import Plan, finish, plan
from worker.jobs.pausing import resume

UNA = "una@acme.example"
DANA = "dana@other.example"
KIM = "kim@third.example"
YES = "Yes, I would be glad to talk to you.\n\nUna\n"
NO = "Sorry, I am not interested.\n\nUna\n"


def end(world: World) -> Plan:
    return world.store.transaction(lambda tx: finish(tx, world.desk))


def begun(world: World) -> World:
    """Una was asked; Kim was too and never wants to hear again."""
    world.person(UNA)
    world.person(KIM, name="Kim Lee")
    world.once()
    world.reply(KIM, "Do not write to me again.\n", name="Kim Lee")
    world.later(minutes=20)
    assert world.state(KIM) == "opted_out"
    return world


def test_it_says_what_it_will_do_and_changes_nothing(world: World) -> None:
    begun(world)
    before = world.status()
    shown = world.store.read(lambda tx: plan(tx, world.desk))
    assert [(one.email, one.step) for one in shown.cancelled] == [(UNA, "nudge")]
    assert [one.email for one in shown.thanked] == [UNA], "never who opted out"
    assert world.status() == before


def test_nothing_leaves_and_nothing_new_is_planned(world: World) -> None:
    begun(world)
    end(world)
    assert world.mails(UNA)["nudge"] == "cancelled"
    assert world.mails(UNA)["farewell"] == "draft"
    world.person(DANA, name="Dana Weiss")
    world.reply(UNA, NO)
    for _ in range(6):
        world.later(days=5)
    assert len(world.inbox(UNA)) == 1
    assert world.inbox(DANA) == []
    assert world.state(UNA) == "declined"
    assert world.status()["health"]["finished"]
    assert "You have finished" in summary(world)


def test_thanks_leave_on_a_word_and_once(world: World) -> None:
    begun(world)
    world.reply(UNA, YES)
    world.later(minutes=20)
    end(world)
    end(world)
    mail = next(row for row in world.status()["outbox"] if row["step"] == "farewell")
    world.tell(mail["id"], "send")
    world.later(minutes=5)
    assert "Thank you for being ready to talk" in world.last_to(UNA).get_content()
    assert world.last_to(UNA)["In-Reply-To"]
    end(world)
    world.later(days=1)
    assert len(world.inbox(UNA)) == 2
    assert len(world.inbox(KIM)) == 1


def test_it_goes_on_as_if_nothing_had_been(world: World) -> None:
    begun(world)
    world.person(DANA, name="Dana Weiss")
    before = world.mails(UNA)["nudge"]
    end(world)
    world.later(days=2)
    assert "Your search goes on" in resume(world.store, world.desk)
    assert world.mails(UNA)["nudge"] == before
    assert world.mails(UNA)["farewell"] == "cancelled"
    world.later(minutes=5)
    assert len(world.inbox(DANA)) == 1
    world.later(days=4)
    assert len(world.inbox(UNA)) == 2
    world.later(days=1)
    assert len(world.inbox(UNA)) == 2


def test_whoever_was_thanked_at_the_end_is_not_asked_on(world: World) -> None:
    begun(world)
    end(world)
    mail = next(row for row in world.status()["outbox"] if row["step"] == "farewell")
    world.tell(mail["id"], "send")
    world.later(minutes=5)
    resume(world.store, world.desk)
    for _ in range(4):
        world.later(days=3)
    assert len(world.inbox(UNA)) == 2


def test_who_wrote_meanwhile_gets_no_reminder(world: World) -> None:
    begun(world)
    end(world)
    world.reply(UNA, "Hm, what was this about again?\n\nUna\n")
    world.later(minutes=20)
    resume(world.store, world.desk)
    for _ in range(4):
        world.later(days=3)
    assert len(world.inbox(UNA)) == 1


def test_thanks_for_a_talk_wait_for_a_word_too(world: World) -> None:
    begun(world)
    end(world)
    world.tell(UNA, "met")
    assert world.mails(UNA)["thanks_for_talk"] == "draft"
    world.later(days=2)
    assert len(world.inbox(UNA)) == 1
    mail = next(row for row in world.status()["outbox"] if row["step"] == "thanks_for_talk")
    world.tell(mail["id"], "send")
    world.later(minutes=5)
    assert len(world.inbox(UNA)) == 2


def test_nobody_new_is_asked_by_a_word(world: World) -> None:
    begun(world)
    end(world)
    with pytest.raises(AskaroundError, match="finished"):
        world.tell(UNA, "ask Dana Weiss <dana@other.example>")
    assert world.status()["proposed"] == []

"""After an opt-out the owner is asked about the whole domain, once; until then nobody else there is written to."""

from __future__ import annotations

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.test_the_owners_words import answer_summary
from tests.stories.world import World
from worker.errors import AskaroundError
from worker.jobs.summarize import preview
from worker.writing.summary import Need

UNA, BOB, DAN = "una@acme.example", "bob@acme.example", "dan@acme.example"
MANY = {"per_day = 50": "per_day = 50\nper_company_at_once = 5"}


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Una asked not to be written to; Bob, her colleague, was asked as well; Dan comes after that."""
    world = make_world(changes=MANY)
    world.person(UNA)
    world.person(BOB, name="Bob Bar")
    world.once()
    world.reply(UNA, "Please remove me from your list and do not contact me again.\n")
    world.later(minutes=20)
    assert world.state(UNA) == "opted_out"
    world.person(DAN, name="Dan Dee")
    world.later(minutes=20)
    return world


def asked(world: World) -> list[int]:
    items = preview(world.store, world.desk).needs_you
    return [one.number for one in items if one.kind is Need.domain]


def test_nobody_there_is_written_to_before_the_owner_has_answered(world: World) -> None:
    world.later(days=6)
    assert (len(world.inbox(BOB)), len(world.inbox(DAN))) == (1, 0)
    assert len(asked(world)) == 1
    needs = world.status()["needs_you"]
    assert [one["todo"] for one in needs if one["kind"] == "domain"] == ["askaround tell d1 yes | no"]


def test_a_colleague_who_declines_meanwhile_is_not_answered_before(world: World) -> None:
    world.reply(BOB, "Sorry, I am not interested.\n", name="Bob Bar")
    world.later(minutes=20)
    world.later(days=2)
    assert (world.state(BOB), len(world.inbox(BOB))) == ("declined", 1)
    world.tell("d1", "no")
    world.later(minutes=20)
    world.later(days=1)  # it is late by now, so that it stands in a summary first
    assert (world.state(BOB), len(world.inbox(BOB))) == ("referral_asked", 2)


def test_what_the_owner_says_of_a_colleague_comes_first(world: World) -> None:
    world.reply(BOB, "Sorry, I am not interested.\n", name="Bob Bar")
    world.later(minutes=20)
    (mail,) = [row["id"] for row in world.status()["outbox"] if row["step"] == "referral_request"]
    world.tell(mail, "send")
    world.later(minutes=20)
    assert len(world.inbox(BOB)) == 2


def test_a_word_about_a_colleague_holds_for_what_follows(world: World) -> None:
    world.tell(BOB, "ok")
    world.reply(BOB, "Sorry, I am not interested.\n", name="Bob Bar")
    world.later(minutes=20)
    world.later(minutes=20)
    assert (world.state(BOB), len(world.inbox(BOB))) == ("referral_asked", 2)
    assert len(asked(world)) == 1


def test_yes_suppresses_the_domain(world: World) -> None:
    world.later(days=1)
    (number,) = asked(world)
    answer_summary(world, f"{number} yes\n")
    world.later(minutes=20)
    assert asked(world) == []
    assert (world.state(BOB), world.state(DAN)) == ("closed", "closed")
    world.person("eve@acme.example", mailbox=False)
    world.later(days=30)
    assert (len(world.inbox(BOB)), len(world.inbox(DAN))) == (1, 0)
    assert "eve@acme.example" not in [row["email"] for row in world.status()["conversations"]]


def test_no_lets_the_others_go_on(world: World) -> None:
    world.later(days=6)
    (number,) = asked(world)
    answer_summary(world, f"{number}. no\n")
    world.later(minutes=20)
    assert asked(world) == []
    world.later(minutes=20)
    assert (len(world.inbox(BOB)), len(world.inbox(DAN)), len(world.inbox(UNA))) == (2, 1, 1)
    with pytest.raises(AskaroundError, match="settled before"):
        world.tell("d1", "yes")


def test_no_in_time_lets_the_reminder_leave_on_its_own_date(world: World) -> None:
    world.tell("d1", "no")
    world.later(days=5)
    assert len(world.inbox(BOB)) == 2


def test_a_talk_that_was_agreed_there_stays(world: World) -> None:
    world.reply(BOB, "Yes, I would be glad to talk to you.\n", name="Bob Bar")
    world.later(minutes=20)
    world.tell("d1", "yes")
    assert world.state(BOB) == "talking"


def test_an_opt_out_that_is_taken_back_asks_nothing(world: World) -> None:
    world.tell(UNA, "undo")
    assert asked(world) == []


def test_a_second_opt_out_keeps_the_one_question_open(world: World) -> None:
    """Asked once for both; taken back for the first, it is asked because of the second; "no" lets all go on."""
    world.reply(BOB, "Please remove me as well and do not contact me again.\n", name="Bob Bar")
    world.later(minutes=20)
    assert (world.state(BOB), len(asked(world))) == ("opted_out", 1)
    world.tell(UNA, "undo")
    assert len(asked(world)) == 1
    world.later(days=1)
    assert len(world.inbox(DAN)) == 0
    world.tell("d2", "no")
    world.later(minutes=20)
    assert (asked(world), len(world.inbox(DAN))) == ([], 1)


def test_a_word_before_the_second_opt_out_is_none_about_it(world: World) -> None:
    world.tell(DAN, "ok")
    world.later(minutes=20)
    assert len(world.inbox(DAN)) == 1
    world.reply(BOB, "Please remove me as well and do not contact me again.\n", name="Bob Bar")
    world.later(minutes=20)
    world.later(days=6)
    assert (len(asked(world)), len(world.inbox(DAN))) == (1, 1)
    world.tell("d1", "no")
    world.later(minutes=20)
    world.later(days=1)
    assert (asked(world), len(world.inbox(DAN))) == ([], 2)


def test_a_word_about_somebody_whom_a_colleague_named_is_none_about_the_colleague(make_world: MakeWorld) -> None:
    world = make_world(changes=MANY)
    world.person(UNA)
    world.person(BOB, name="Bob Bar")
    world.once()
    world.later(days=5)
    assert len(world.inbox(BOB)) == 2  # nothing to him waits any more when Una opts out
    world.reply(UNA, "Please remove me from your list and do not contact me again.\n")
    world.later(minutes=20)
    world.reply(BOB, "No, sorry. But try Carla Weiss, carla@core.example, she may talk.\n", name="Bob Bar")
    world.later(minutes=20)
    assert world.mails(BOB)["thanks_for_name"] == "due"
    world.tell(world.status()["proposed"][0]["id"], "remove")
    world.later(minutes=20)
    world.later(days=1)
    assert (len(asked(world)), len(world.inbox(BOB))) == (1, 2)


def test_undo_alone_does_not_take_a_suppression_apart(world: World) -> None:
    world.later(days=1)
    answer_summary(world, f"{asked(world)[0]} yes\n")
    world.later(days=1)
    answer_summary(world, "undo\n")
    world.later(days=1)
    told = world.last_to(world.owner).get_body(("plain",))
    assert told is not None
    assert "suppression is not taken back" in " ".join(told.get_content().split())
    assert (world.state(BOB), world.state(DAN)) == ("closed", "closed")


def test_a_free_mail_domain_is_no_company(make_world: MakeWorld) -> None:
    world = make_world(changes=MANY)
    world.person("una@gmail.com")
    world.person("bob@gmail.com", name="Bob Bar")
    world.once()
    world.reply("una@gmail.com", "Please remove me from your list and do not contact me again.\n")
    world.later(minutes=20)
    assert asked(world) == []
    world.later(days=5)
    assert len(world.inbox("bob@gmail.com")) == 2

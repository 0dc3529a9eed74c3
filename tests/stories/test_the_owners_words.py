"""What the owner says about people, mails and readings: each word hits what it is about, and can be taken back."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.errors import AskaroundError, NotUnderstood
from worker.jobs.pausing import pause, resume

UNA = "una@acme.example"
DANA = "dana@acme.example"
AWAY = {"Auto-Submitted": "auto-replied", "Subject": "Automatic reply: Thirty minutes"}
NO = "Sorry, I am not interested.\n\nUna\n"
YES = "Sure, I would be glad to talk. How about Thursday at 10?\n\nUna\n"
NEXT_DAY = {"[0, 0]\n\n[store]": "[20, 30]\n\n[store]"}  # answers leave on the day after


def asked(world: World, **fields: str) -> World:
    world.person(UNA, **fields)
    world.once()
    assert world.state(UNA) == "asked"
    return world


def named(world: World) -> str:
    """Una was asked and named Dana, who waits for the owner's word."""
    asked(world)
    world.reply(UNA, "Try Dana Weiss, dana@acme.example, she likes to talk about her job.\n\nUna\n")
    world.once()
    return str(world.status()["proposed"][0]["id"])


def id_of(world: World, step: str, who: str = UNA) -> str:
    rows = world.status()["outbox"]
    return str(next(row["id"] for row in rows if row["email"] == who and row["step"] == step))


def mails_to(world: World, address: str) -> int:
    return sum(envelope.recipients == (address,) for envelope, _ in world.servers.accepted)  # type: ignore[attr-defined]


def summary(world: World) -> str:
    content = world.inbox(world.owner)[-1].get_body(("plain",))
    assert content is not None
    return str(content.get_content())


def answer_summary(world: World, words: str) -> None:
    """The owner answers the newest summary."""
    newest = world.inbox(world.owner)[-1]
    mail = EmailMessage()
    mail["From"], mail["To"] = world.owner, world.owner
    mail["Subject"] = f"Re: {newest['Subject']}"
    mail["Message-ID"] = world.ids.message_id(world.owner)
    mail["In-Reply-To"] = newest["Message-ID"]
    mail["Date"] = world.clock.now()
    mail.set_content(words)
    world.servers.deliver(world.owner, mail.as_bytes())


@pytest.mark.parametrize("word", ["yes", "no", "met", "stop", "remove", "called", "wait", "later 2027-04-01"])
def test_each_word_can_be_taken_back(world: World, word: str) -> None:
    asked(world)
    world.tell(UNA, word)
    world.tell(UNA, "undo")
    assert world.state(UNA) == "asked"
    assert world.mails(UNA)["nudge"] == "due"
    with pytest.raises(AskaroundError, match="nothing to undo"):
        world.tell(UNA, "undo")
    world.later(days=5)
    assert len(world.inbox(UNA)) == 2


def test_undo_brings_no_mail_back_that_has_left(world: World) -> None:
    asked(world)
    world.reply(UNA, "I am out of the office until 8 March 2027.\n", headers=AWAY)
    world.once()
    world.later(days=12)
    assert len(world.inbox(UNA)) == 2
    with pytest.raises(AskaroundError, match="nudge that followed has left"):
        world.tell(UNA, "undo")
    world.later(days=1)
    assert len(world.inbox(UNA)) == 2


def test_undo_after_the_wait_is_over_and_the_nudge_left(world: World) -> None:
    asked(world)
    world.tell(UNA, "wait")
    held = next(row for row in world.status()["outbox"] if row["step"] == "nudge")
    assert (held["state"], held["why"]) == ("held", "you said wait")
    world.tell(UNA, "ok")
    world.later(days=5)
    with pytest.raises(AskaroundError):
        world.tell(UNA, "undo")
    world.later(days=1)
    assert len(world.inbox(UNA)) == 2


def test_undo_of_send_takes_back_the_send_alone(world: World) -> None:
    asked(world)
    world.tell(UNA, "no")
    world.tell(id_of(world, "referral_request"), "send")
    world.tell(UNA, "undo")
    assert world.state(UNA) == "declined"
    assert world.mails(UNA)["referral_request"] == "draft"


def test_what_was_answered_cannot_be_unread(world: World) -> None:
    asked(world)
    world.reply(UNA, NO)
    world.once()
    for words in ("undo", "not a decline"):
        with pytest.raises(AskaroundError, match="referral request that followed has left"):
            world.tell(UNA, words)
    assert world.state(UNA) == "referral_asked"


def test_not_a_decline_means_the_decline_whatever_came_after(make_world: MakeWorld) -> None:
    world = asked(make_world(changes=NEXT_DAY))
    world.reply(UNA, NO)
    world.once()
    world.reply(UNA, "I am out of the office until 8 March 2027.\n", headers=AWAY)
    world.once()
    world.tell(UNA, "not a decline")
    assert world.state(UNA) == "asked"
    for _ in range(30):
        world.later(days=1)
    assert len(world.inbox(UNA)) == 1


def test_not_a_decline_beside_a_mail_that_waits(make_world: MakeWorld) -> None:
    world = asked(make_world(changes=NEXT_DAY))
    world.reply(UNA, NO)
    world.once()
    world.reply(UNA, "Hm.\n")
    world.once()
    world.tell(UNA, "not a decline")
    for _ in range(30):
        world.later(days=1)
    assert len(world.inbox(UNA)) == 1


def test_not_a_decline_lets_the_conversation_end_in_silence(make_world: MakeWorld) -> None:
    world = asked(make_world(changes=NEXT_DAY))
    world.reply(UNA, NO)
    world.once()
    world.tell(UNA, "not a decline")
    assert (world.state(UNA), world.mails(UNA)["nudge"]) == ("asked", "cancelled")
    world.later(days=30)
    assert world.state(UNA) == "silent"


@pytest.mark.parametrize("word", ["no", "stop", "cancel", "remove"])
def test_a_no_to_somebody_named_drops_them_and_leaves_the_introducer(world: World, word: str) -> None:
    person = named(world)
    before = world.state(UNA), world.mails(UNA)
    world.tell(person, word)
    assert (world.state(UNA), world.mails(UNA)) == before
    assert not world.status()["proposed"]
    world.tell(person, "undo")
    assert [row["id"] for row in world.status()["proposed"]] == [person]
    assert (world.state(UNA), world.mails(UNA)) == before


@pytest.mark.parametrize("word", ["wait", "called", "met", "later 2027-04-01"])
def test_words_that_mean_nothing_of_somebody_named_are_refused(world: World, word: str) -> None:
    person = named(world)
    before = world.state(UNA), world.mails(UNA)
    with pytest.raises(NotUnderstood):
        world.tell(person, word)
    assert (world.state(UNA), world.mails(UNA)) == before


def test_somebody_named_who_was_removed_is_never_asked(world: World) -> None:
    person = named(world)
    world.tell(person, "remove")
    with pytest.raises(AskaroundError, match="suppression list"):
        world.tell(UNA, "ask Dana Weiss <dana@acme.example>")
    world.once()
    assert mails_to(world, DANA) == 0


def test_somebody_named_is_asked_once_however_often_the_owner_says_so(world: World) -> None:
    person = named(world)
    world.tell(person, "ok")
    world.once()
    with pytest.raises(NotUnderstood):
        world.tell(person, "ok")
    assert world.tell(UNA, "ask Dana Weiss <dana@acme.example>") == ["Dana Weiss is known already"]
    world.once()
    assert mails_to(world, DANA) == 1


@pytest.mark.parametrize(("word", "mails"), [("no", 0), ("remove", 0), ("stop", 0), ("yes", 1), ("ok", 1), ("ask", 1)])
def test_an_answer_to_the_summary_about_somebody_named(world: World, word: str, mails: int) -> None:
    named(world)
    world.later(days=1)
    answer_summary(world, f"1. {word}")
    world.later(minutes=5)
    assert world.state(UNA) == "referred"
    assert not world.status()["proposed"]
    world.later(minutes=5)
    assert mails_to(world, DANA) == mails


def test_the_owner_is_never_asked(world: World) -> None:
    asked(world)
    with pytest.raises(AskaroundError, match="your own address"):
        world.tell(UNA, "ask Robin <robin@owner.example>")


def test_later_before_the_first_turn_puts_the_ask_off(world: World) -> None:
    world.person(UNA)
    world.tell(UNA, "later 2027-04-01")
    world.once()
    assert not world.inbox(UNA)
    world.later(days=32)
    assert world.state(UNA) == "asked"
    assert len(world.inbox(UNA)) == 1


def test_later_before_the_first_turn_can_be_taken_back(world: World) -> None:
    world.person(UNA)
    world.tell(UNA, "later 2027-04-01")
    world.tell(UNA, "undo")
    world.once()
    assert len(world.inbox(UNA)) == 1


def test_a_second_later_after_the_check_in_asks_the_owner_on_its_date(world: World) -> None:
    asked(world)
    world.reply(UNA, "Not now, too much going on. Please try me again in April.\n\nUna\n")
    world.once()
    world.later(days=32)
    assert world.mails(UNA)["check_in"] == "sent"
    world.reply(UNA, "Still too busy, please try me again in June.\n\nUna\n")
    world.once()
    world.later(days=30)
    assert "NEEDS YOU" not in summary(world)
    world.later(days=40)
    assert "NEEDS YOU" in summary(world)
    assert len(world.inbox(UNA)) == 2


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("ok", "asked"),
        ("interested", "talking"),
        ("question", "talking"),
        ("declined", "referral_asked"),
        ("later", "snoozed"),
        ("out of office", "away"),
        ("opt out", "opted_out"),
        ("left company", "unreachable"),
        ("referral", "referred"),
        ("cancel", "asked"),
    ],
)
def test_the_owner_settles_a_review(world: World, word: str, state: str) -> None:
    asked(world)
    world.reply(UNA, "Hm.\n")
    world.once()
    world.tell(world.status()["review"][0]["id"], word)
    world.once()
    assert world.state(UNA) == state
    assert not world.status()["review"]


def test_an_absence_by_the_owners_word_moves_the_nudge(world: World) -> None:
    asked(world)
    world.reply(UNA, "Hm.\n")
    world.once()
    world.tell(world.status()["review"][0]["id"], "out of office")
    assert world.mails(UNA)["nudge"] == "due"


def test_words_about_a_mail_that_has_left(world: World) -> None:
    asked(world)
    ask, nudge = id_of(world, "ask"), id_of(world, "nudge")
    for words in ("ok", "send", "cancel", "arrived", "did not arrive"):
        with pytest.raises(AskaroundError):
            world.tell(ask, words)
    world.tell(nudge, "send")
    world.once()
    assert len(world.inbox(UNA)) == 2
    for words in ("send", "cancel"):
        with pytest.raises(AskaroundError):
            world.tell(nudge, words)
    for nothing in ("c99", "m99", "r99", "p99", "nobody@acme.example"):
        with pytest.raises(AskaroundError):
            world.tell(nothing, "ok")


def test_numbers_belong_in_an_answer_to_a_summary(world: World) -> None:
    asked(world)
    with pytest.raises(NotUnderstood, match="item of a summary"):
        world.tell(UNA, "2 remove")
    assert world.state(UNA) == "asked"


def test_wait_and_ok(world: World) -> None:
    world.person(UNA)
    world.tell(UNA, "wait")
    world.once()
    world.later(days=1)
    assert (world.mails(UNA)["ask"], world.inbox(UNA)) == ("held", [])
    world.tell(UNA, "ok")
    world.once()
    assert len(world.inbox(UNA)) == 1


def test_an_answer_while_the_owner_said_wait(world: World) -> None:
    asked(world)
    world.tell(UNA, "wait")
    world.reply(UNA, NO)
    world.once()
    assert (world.state(UNA), world.mails(UNA)["referral_request"]) == ("declined", "held")
    assert len(world.inbox(UNA)) == 1
    world.tell(UNA, "ok")
    world.once()
    assert len(world.inbox(UNA)) == 2


def test_yes_after_remove_makes_them_writable_again(world: World) -> None:
    asked(world)
    world.tell(UNA, "remove")
    assert world.state(UNA) == "opted_out"
    world.tell(UNA, "yes")
    assert world.state(UNA) == "talking"
    world.tell(UNA, "no")
    assert world.mails(UNA)["referral_request"] == "draft"
    world.later(days=10)
    assert len(world.inbox(UNA)) == 1
    world.tell(UNA, "send")
    world.once()
    assert len(world.inbox(UNA)) == 2


def test_stop_stays_whatever_they_answer(world: World) -> None:
    asked(world)
    world.tell(UNA, "stop")
    world.reply(UNA, NO)
    world.once()
    world.reply(UNA, "Please ask Dana Weiss, dana@acme.example.\n")
    world.once()
    assert world.state(UNA) == "closed"
    assert len(world.inbox(UNA)) == 1
    assert [row["email"] for row in world.status()["proposed"]] == [DANA]


def test_met_tells_the_introducer_once_the_owner_says_send(world: World) -> None:
    world.servers.add_user(DANA, "x")
    world.tell(named(world), "ok")
    world.once()
    world.reply(DANA, YES, name="Dana Weiss")
    world.once()
    world.tell(DANA, "met")
    assert [(one.email, one.step) for one in world.once().sent] == [(DANA, "thanks_for_talk")]
    world.later(days=3)
    assert world.mails(UNA)["report_back"] == "draft"
    world.tell(UNA, "send")
    world.once()
    assert "Dana Weiss" in world.last_to(UNA).get_content()


def test_called_drops_the_nudge_and_no_answer_keeps_it(world: World) -> None:
    bob = world.person("bob@other.example", name="Bob Bar", phone="+49 30 7654321")
    asked(world, phone="+49 30 1234567")
    world.later(days=3)
    world.tell(UNA, "called")
    world.tell(bob, "called, no answer")
    world.later(days=3)
    assert (len(world.inbox(UNA)), len(world.inbox(bob))) == (1, 2)


def test_somebody_who_can_only_be_called_comes_back(world: World) -> None:
    world.person("", mailbox=False, name="Pat Phone", phone="+49 30 1234567")
    world.once()
    assert "+49 30 1234567" in summary(world)
    world.tell("Pat Phone", "called, no answer")
    world.later(days=1)
    assert "+49 30 1234567" in summary(world)
    world.tell("Pat Phone", "later 2027-03-05")
    world.later(days=1)
    assert "+49 30 1234567" not in summary(world)
    world.later(days=3)
    assert "+49 30 1234567" in summary(world)
    world.tell("Pat Phone", "called")
    world.later(days=1)
    assert "+49 30 1234567" not in summary(world)


def test_a_nudge_that_a_long_pause_made_stale_is_dropped(world: World) -> None:
    asked(world)
    pause(world.store, world.desk, None)
    world.later(days=30)
    resume(world.store, world.desk)
    world.once()
    world.later(minutes=5)
    assert (world.state(UNA), len(world.inbox(UNA))) == ("silent", 1)


def test_a_pause_ends_on_its_date(world: World) -> None:
    pause(world.store, world.desk, "2027-03-04")
    world.person(UNA)
    world.once()
    world.later(days=2, hours=14)
    assert (world.status()["health"]["paused"], world.inbox(UNA)) == (True, [])
    world.later(hours=2)
    assert (world.status()["health"]["paused"], len(world.inbox(UNA))) == (False, 1)

"""A talk from the yes to the thanks: its brief, its time, the question whether it took place, what follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.test_the_owners_words import answer_summary
from tests.stories.world import World
from worker.errors import AskaroundError
from worker.jobs.briefs import brief_of
from worker.jobs.summarize import preview
from worker.store import contacts, conversations
from worker.writing.ics import Event, calendar

UNA = "una@acme.example"
DANA = "dana@acme.example"
NO_REST = {"[replies]": "per_company_at_once = 9\n\n[replies]"}


def kinds(world: World) -> list[str]:
    return [one.kind.value for one in preview(world.store, world.desk).needs_you]


def talk_at(world: World, who: str = UNA) -> datetime | None:
    row = world.store.read(lambda tx: conversations.of_contact(tx, contacts.by_key(tx, 1, who).id)[0])
    found: datetime | None = row.talk_at
    return found


def said_yes(world: World) -> World:
    world.person(UNA, company="Acme")
    world.once()
    world.reply(UNA, "Yes, I would be glad to talk to you.\n\nUna\n")
    world.later(minutes=20)
    assert world.state(UNA) == "talking"
    return world


def files(mail: EmailMessage) -> dict[str, str]:
    return {str(one.get_filename()): str(one.get_content()) for one in mail.iter_attachments()}


def invite(world: World, starts: datetime, method: str = "REQUEST") -> None:
    """A calendar message of Una's in the thread."""
    event = calendar(
        [Event("a@x", starts, starts + timedelta(minutes=30), "Talk")], zone=world.mailbox.zone, made_at=starts
    )
    text = event.decode().replace("VERSION:2.0\r\n", f"VERSION:2.0\r\nMETHOD:{method}\r\n")
    ours = world.last_to(UNA)
    head = (
        f"From: Una Berg <{UNA}>\r\nTo: {world.owner}\r\nSubject: Invitation\r\n"
        f"Message-ID: {world.ids.message_id(UNA)}\r\nIn-Reply-To: {ours['Message-ID']}\r\n"
        f"Date: Mon, 1 Mar 2027 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/calendar; method={method}; charset=utf-8\r\n\r\n"
    )
    world.servers.deliver(world.owner, head.encode() + text.encode())


def test_a_yes_brings_the_brief_and_the_times(world: World) -> None:
    world.person(UNA, company="Acme")
    world.once()
    world.reply(UNA, "Sure, gladly! How about Thursday at 10?\n\nUna\n")
    world.later(minutes=20)
    mails = [files(one) for one in world.inbox(world.owner) if one.is_multipart()]
    found = [one for one in mails if "brief-una-berg.txt" in one]
    assert len(found) == 1, "once, whether at once or with the summary"
    assert "QUESTIONS" in found[0]["brief-una-berg.txt"]
    assert "DTSTART:20270304T100000Z" in found[0]["talk-una-berg.ics"]
    world.later(days=1)
    assert not [one for one in files(world.inbox(world.owner)[-1]) if one.startswith("brief")]


def test_an_invitation_gives_the_talk_its_time(world: World) -> None:
    said_yes(world)
    starts = datetime(2027, 3, 5, 15, tzinfo=UTC)
    invite(world, starts)
    world.later(minutes=5)
    assert talk_at(world) == starts
    assert "Friday, 5 March 2027, 15:00" in world.store.read(lambda tx: brief_of(tx, world.desk, UNA)).draft.body
    world.later(days=3)
    assert not [one for one in files(world.inbox(world.owner)[-1]) if one.startswith("brief")]
    world.later(days=1)
    morning = files(world.inbox(world.owner)[-1])
    assert "The talk: Friday, 5 March 2027, 15:00" in morning["brief-una-berg.txt"]
    assert "STATUS:CONFIRMED" in morning["talk-una-berg.ics"]
    world.later(hours=10)
    assert "took_place" not in kinds(world), "nobody asks on the same evening"
    world.later(hours=14)
    assert kinds(world).count("took_place") == 1


def test_a_withdrawn_invitation_takes_its_time_along(world: World) -> None:
    said_yes(world)
    starts = datetime(2027, 3, 5, 15, tzinfo=UTC)
    invite(world, starts)
    world.later(minutes=5)
    invite(world, starts - timedelta(days=1), "CANCEL")
    world.later(minutes=5)
    assert talk_at(world) == starts, "an older one that is withdrawn says nothing about a newer one"
    invite(world, starts, "CANCEL")
    world.later(minutes=5)
    assert talk_at(world) is None


def test_without_a_time_it_is_asked_seven_days_after_the_yes(world: World) -> None:
    said_yes(world)
    world.later(days=6, hours=23)
    assert "took_place" not in kinds(world)
    world.later(hours=2)
    assert "took_place" in kinds(world)


@pytest.mark.parametrize("words", ["1. no, not yet", "1. it did not take place", "1. no", "1 wait"])
def test_not_yet_asks_again_in_a_week(world: World, words: str) -> None:
    said_yes(world)
    world.later(days=8)
    assert kinds(world) == ["took_place"]
    answer_summary(world, f"{words}\n")
    world.later(minutes=5)
    assert world.state(UNA) == "talking"
    assert "took_place" not in kinds(world)
    world.later(days=6)
    assert "took_place" not in kinds(world)
    world.later(days=1)
    assert "took_place" in kinds(world)


def test_no_talk_is_a_no(world: World) -> None:
    said_yes(world)
    world.later(days=8)
    answer_summary(world, "1. no talk\n")
    world.later(minutes=5)
    assert world.state(UNA) == "declined"
    assert world.mails(UNA)["referral_request"] == "draft"


def test_moved_to_friday(world: World) -> None:
    said_yes(world)
    world.later(days=8)
    answer_summary(world, "1. moved to Friday at 3pm\n")
    world.later(minutes=5)
    assert talk_at(world) == datetime(2027, 3, 12, 15, tzinfo=UTC)
    assert "took_place" not in kinds(world)
    world.later(days=4)
    assert "took_place" in kinds(world)
    assert world.tell(UNA, "undo")
    assert talk_at(world) is None


def test_a_day_without_an_hour_makes_no_event(world: World) -> None:
    said_yes(world)
    world.tell(UNA, "talk on Friday")
    body = world.store.read(lambda tx: brief_of(tx, world.desk, UNA)).draft.body
    assert "Friday, 5 March 2027, at a time that is not known here" in body
    with pytest.raises(AskaroundError):
        world.tell(UNA, "moved to yesterday")


def test_words_about_a_talk_that_nobody_agreed(world: World) -> None:
    world.person(UNA)
    world.once()
    with pytest.raises(AskaroundError, match="no talk is agreed"):
        world.tell(UNA, "it did not take place")
    world.tell(UNA, "talk on Friday at 15:00")
    assert world.state(UNA) == "talking"
    assert world.mails(UNA)["nudge"] == "cancelled"


def test_met_thanks_in_the_thread_and_tells_the_introducer_on_a_word(make_world: MakeWorld) -> None:
    world = make_world(changes=NO_REST)
    world.person(UNA, company="Acme")
    world.servers.add_user(DANA, "x")
    world.once()
    world.reply(UNA, "I am the wrong one. Ask Dana Weiss, dana@acme.example, she likes to talk.\n\nUna\n")
    world.later(minutes=20)
    world.tell(world.status()["proposed"][0]["id"], "ask")
    world.later(minutes=20)
    world.reply(DANA, "Yes, I would be glad to talk to you.\n\nDana\n", name="Dana Weiss")
    world.later(minutes=20)
    world.tell(DANA, "met")
    world.later(minutes=20)
    thanks = world.last_to(DANA)
    assert "Thank you for the talk" in thanks.get_content()
    assert "who else" in thanks.get_content()
    assert thanks["In-Reply-To"]
    assert str(thanks["Subject"]).startswith("Re: ")
    before = len(world.inbox(UNA))
    assert world.mails(UNA)["report_back"] == "draft"
    world.later(days=3)
    assert len(world.inbox(UNA)) == before, "it waits for a word"
    assert "draft" in kinds(world)
    mail = next(row for row in world.status()["outbox"] if row["step"] == "report_back")
    world.tell(mail["id"], "send")
    world.later(minutes=5)
    assert "Dana Weiss" in world.last_to(UNA).get_content()


def test_report_back_can_be_switched_off(make_world: MakeWorld) -> None:
    world = make_world(changes={"[replies]": "per_company_at_once = 9\n\n[sequence]\nreport_back = false\n\n[replies]"})
    world.person(UNA)
    world.servers.add_user(DANA, "x")
    world.person(DANA, mailbox=False, referred_by=UNA, name="Dana Weiss")
    world.once()
    world.tell(DANA, "met")
    assert "report_back" not in world.mails(UNA)

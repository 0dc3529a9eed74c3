"""What becomes of a conversation when the person says yes, asks, is away, wants to be left alone, or says nothing."""

from __future__ import annotations

from datetime import date

import pytest

from tests.servers.mail_server import MailServer
from tests.stories.world import World

UNA = "una@acme.example"


def asked(world: World, **fields: str) -> World:
    world.person(UNA, **fields)
    world.once()
    assert world.state(UNA) == "asked"
    return world


def test_a_yes_stops_everything(world: World) -> None:
    asked(world)
    world.reply(UNA, "Sure, I would be glad to talk. How about Thursday at 10?\n\nUna\n")
    report = world.once()
    assert [one.intent for one in report.read] == ["interested"]
    assert world.state(UNA) == "talking"
    assert world.mails(UNA) == {"ask": "sent", "nudge": "cancelled"}
    world.later(days=90)
    assert len(world.inbox(UNA)) == 1


def test_a_yes_that_begins_with_unfortunately(world: World) -> None:
    asked(world)
    world.reply(UNA, "Unfortunately I am busy this week, but I'd love to chat next Tuesday. Does 3pm work?\n\nUna\n")
    world.once()
    assert world.state(UNA) in ("talking",)


def test_a_question_waits_for_the_owner(world: World) -> None:
    asked(world)
    world.reply(UNA, "Before I say anything: how did you get my address, and who else are you asking?\n\nUna\n")
    world.once()
    assert world.state(UNA) == "talking"
    assert world.mails(UNA)["nudge"] == "cancelled"


def test_an_opt_out_is_for_ever(world: World) -> None:
    asked(world)
    world.reply(UNA, "Please remove me from your list and do not contact me again.\n")
    world.once()
    assert world.state(UNA) == "opted_out"
    world.later(days=100)
    assert len(world.inbox(UNA)) == 1


def test_an_absence_moves_what_is_pending(world: World) -> None:
    asked(world)
    world.reply(
        UNA,
        "I am out of the office until 26 March 2027 and will answer after my return.\n",
        headers={"Auto-Submitted": "auto-replied", "Subject": "Automatic reply: Thirty minutes"},
    )
    report = world.once()
    assert [(one.kind, one.intent) for one in report.read] == [("auto_reply", "out_of_office")]
    assert world.state(UNA) == "away"
    nudge = next(row for row in world.status()["outbox"] if row["step"] == "nudge")
    assert date.fromisoformat(nudge["due"][:10]) > date(2027, 3, 27)
    world.later(days=7)
    assert len(world.inbox(UNA)) == 1


def test_later_brings_one_check_in(world: World) -> None:
    asked(world)
    world.reply(UNA, "Not now, too much going on. Please try me again in April.\n\nUna\n")
    world.once()
    assert world.state(UNA) == "snoozed"
    assert world.mails(UNA) == {"ask": "sent", "nudge": "cancelled", "check_in": "due"}
    world.later(days=20)
    assert len(world.inbox(UNA)) == 1
    world.later(days=12)
    assert len(world.inbox(UNA)) == 2
    assert world.state(UNA) == "asked"
    world.later(days=40)
    assert world.state(UNA) == "silent"
    assert len(world.inbox(UNA)) == 2


def test_silence_brings_a_call_a_nudge_and_the_end(world: World) -> None:
    asked(world, phone="+49 30 1234567")
    world.later(days=3)
    content = world.inbox(world.owner)[-1].get_body(("plain",))
    assert content is not None
    assert "+49 30 1234567" in content.get_content()
    world.later(days=2)
    assert len(world.inbox(UNA)) == 2
    world.later(days=5)
    assert world.state(UNA) == "silent"
    world.reply(UNA, "Sorry for the late answer. Yes, let's talk!\n\nUna\n")
    world.once()
    assert world.state(UNA) == "talking"


def test_an_unclear_answer_waits_for_the_owner(world: World) -> None:
    asked(world)
    world.reply(UNA, "Hm.\n")
    world.once()
    assert world.state(UNA) == "asked"
    waiting = world.status()["review"]
    assert [row["email"] for row in waiting] == [UNA]
    assert world.mails(UNA)["nudge"] == "held"
    world.later(days=30)
    assert len(world.inbox(UNA)) == 1
    world.tell(waiting[0]["id"], "declined")
    world.once()
    assert world.state(UNA) == "referral_asked"


def test_a_hard_bounce_is_a_dead_address(world: World) -> None:
    world.servers.refuse = lambda address: "550 5.1.1 no such user"  # type: ignore[attr-defined]
    world.person("nobody@acme.example", mailbox=False)
    world.once()
    assert world.state("nobody@acme.example") == "unreachable"


def test_met_is_thanked_within_the_thread(world: World) -> None:
    asked(world)
    world.reply(UNA, "Yes, gladly. Call me tomorrow at nine.\n\nUna\n")
    world.once()
    world.tell(UNA, "met")
    world.once()
    assert world.state(UNA) == "met"
    ask, thanks = world.inbox(UNA)
    assert thanks["References"].split()[0] == ask["Message-ID"]


@pytest.mark.real_server
def test_the_yes_story_on_real_servers(real_world: World, mail_server: MailServer) -> None:
    world = real_world
    una = world.person("una.yes@example.org", name="Una Yes")
    world.once()
    mail_server.await_messages(una, 1)
    world.reply(una, "Yes, with pleasure! Tomorrow at five?\n\nUna\n", name="Una Yes")
    world.once()
    assert world.state(una) == "talking"
    world.later(days=60)
    assert len(world.inbox(una)) == 1


@pytest.mark.real_server
def test_a_reply_in_junk_stops_but_causes_nothing(real_world: World, mail_server: MailServer) -> None:
    world = real_world
    una = world.person("una.junk@example.org", name="Una Junk")
    world.once()
    mail_server.await_messages(una, 1)
    raw = world.reply(una, "No, I am not interested, sorry.\n\nUna\n", name="Una Junk", folder="Junk")
    world.once()
    assert world.state(una) == "asked"
    assert [row["email"] for row in world.status()["review"]] == [una]
    world.later(days=30)
    assert len(world.inbox(una)) == 1
    mail_server.deliver(world.owner, raw)
    world.once()
    assert world.state(una) == "referral_asked"
    assert not world.status()["review"]


@pytest.mark.real_server
def test_an_answer_that_lies_there_when_the_nudge_falls_due(real_world: World, mail_server: MailServer) -> None:
    world = real_world
    una = world.person("una.due@example.org", name="Una Due")
    world.once()
    mail_server.await_messages(una, 1)
    world.reply(una, "Yes of course, let us talk on Friday.\n\nUna\n", name="Una Due")
    world.later(days=5)
    assert world.state(una) == "talking"
    assert len(world.inbox(una)) == 1


@pytest.mark.real_server
def test_pause_and_resume(real_world: World, mail_server: MailServer) -> None:
    from worker.jobs.pausing import pause, resume

    world = real_world
    una = world.person("una.pause@example.org", name="Una Pause")
    pause(world.store, world.desk, None)
    report = world.once()
    assert not report.sent
    assert world.status()["health"]["paused"]
    resume(world.store, world.desk)
    world.once()
    mail_server.await_messages(una, 1)


@pytest.mark.real_server
def test_a_bounce_that_comes_as_a_mail(real_world: World, mail_server: MailServer) -> None:
    from tests.servers.mail_server import BOUNCING

    world = real_world
    gone = f"gone@{BOUNCING}"
    world.person(gone, name="Gone Away", mailbox=False)
    world.once()
    assert world.state(gone) == "asked"
    mail_server.await_messages(world.owner, 2)  # the summary and the report
    report = world.once()
    assert [one.kind for one in report.read] == ["bounce"]
    assert world.state(gone) == "unreachable"

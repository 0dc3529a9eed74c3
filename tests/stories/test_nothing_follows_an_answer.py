"""Whoever answered, from wherever and however odd the mail: no follow-up reaches them before the owner has looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from itertools import pairwise
from typing import Any

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.contacts import parse
from worker.jobs import record
from worker.jobs.enlist import enlist
from worker.mailbox.imap import ImapSession

UNA = "una@acme.example"
NO = "Sorry, I am not interested.\n\nUna\n"
YES = "Sure, I would be glad to talk. How about Thursday at 10?\n\nUna\n"


def asked(world: World) -> World:
    world.person(UNA)
    world.once()
    assert world.state(UNA) == "asked"
    return world


def by_hand(world: World, to: str, headers: Mapping[str, str] | None = None) -> None:
    """A mail of the owner lies in Sent."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = world.owner, to, "Hello"
    mail["Message-ID"] = world.ids.message_id(world.owner)
    mail["Date"] = world.clock.now()
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content("Hello again.\n")
    world.servers.deliver(world.owner, mail.as_bytes(), "Sent")


def test_a_no_and_then_a_yes_in_one_reading(world: World) -> None:
    asked(world)
    world.reply(UNA, NO)
    world.clock.advance(timedelta(minutes=1))
    world.reply(UNA, YES)
    world.once()
    assert (world.state(UNA), world.mails(UNA)["referral_request"]) == ("talking", "cancelled")
    world.later(days=40)
    assert len(world.inbox(UNA)) == 1


def test_a_no_and_the_owners_own_mail_in_one_reading(world: World) -> None:
    asked(world)
    world.reply(UNA, NO)
    by_hand(world, UNA)
    world.once()
    assert world.state(UNA) == "talking"
    world.later(days=40)
    assert len(world.inbox(UNA)) == 1


def test_a_yes_and_a_bounce_in_one_reading(world: World) -> None:
    asked(world)
    world.reply(UNA, YES)
    bounce = EmailMessage()
    bounce["From"], bounce["To"] = "Mail Delivery System <mailer-daemon@acme.example>", world.owner
    bounce["Subject"] = "Undelivered Mail Returned to Sender"
    bounce["Message-ID"], bounce["Date"] = "<bounce@acme.example>", world.clock.now()
    bounce["Auto-Submitted"] = "auto-replied"
    ours = world.last_to(UNA)["Message-ID"]
    bounce.set_content(f"<{UNA}>: host mx said: 550 5.1.1 user unknown\n\nMessage-ID: {ours}\n")
    world.servers.deliver(world.owner, bounce.as_bytes())
    world.once()
    assert world.state(UNA) == "talking"


def test_who_answers_in_the_thread_of_somebody_else(world: World) -> None:
    dana = world.person("dana@other.example", name="Dana Weiss")
    asked(world)
    world.reply(dana, YES, name="Dana Weiss", to=world.last_to(UNA))
    world.once()
    assert (world.mails(UNA)["nudge"], world.mails(dana)["nudge"]) == ("held", "held")
    world.later(days=6)
    assert (len(world.inbox(UNA)), len(world.inbox(dana))) == (1, 1)
    theirs = next(row for row in world.status()["review"] if row["email"] == dana)
    world.tell(theirs["id"], "ok")
    assert world.state(dana) == "talking"
    assert world.state(UNA) == "asked"


def test_a_yes_outside_of_the_thread_waits_for_the_owner(world: World) -> None:
    asked(world)
    world.reply(UNA, YES, in_thread=False)
    world.once()
    assert (world.state(UNA), world.mails(UNA)["nudge"]) == ("asked", "held")
    world.later(days=6)
    assert len(world.inbox(UNA)) == 1
    world.tell(world.status()["review"][0]["id"], "ok")
    assert world.state(UNA) == "talking"


def test_an_assistants_no_causes_no_mail(world: World) -> None:
    asked(world)
    world.reply("pa@acme.example", "Ms Berg is not interested, sorry.\n", name="Paul Assist", to=world.last_to(UNA))
    world.once()
    world.later(days=6)
    assert len(world.inbox(UNA)) == 1
    assert len(world.status()["review"]) == 1


def test_a_no_from_another_address_is_answered_where_we_wrote_to(world: World) -> None:
    asked(world)
    world.reply("una.berg@gmail.com", NO, to=world.last_to(UNA))
    world.once()
    assert (world.state(UNA), len(world.inbox(UNA))) == ("referral_asked", 2)


def test_a_no_from_behind_a_plus_address(world: World) -> None:
    una = world.person("una+jobs@acme.example")
    world.once()
    world.reply("una@acme.example", NO, to=world.last_to(una))
    world.once()
    assert (world.state(una), len(world.inbox(una))) == ("referral_asked", 2)


def test_a_no_in_junk_that_the_owner_waved_away_stays_so(world: World) -> None:
    asked(world)
    raw = world.reply(UNA, NO, folder="Junk")
    world.once()
    world.tell(world.status()["review"][0]["id"], "cancel")
    world.servers.deliver(world.owner, raw)
    world.once()
    assert (world.state(UNA), len(world.inbox(UNA))) == ("asked", 1)


@pytest.mark.parametrize("folders", [("Junk", "INBOX"), ("INBOX", "Junk")])
def test_a_no_in_junk_and_inbox_at_once(world: World, folders: tuple[str, str]) -> None:
    asked(world)
    raw = world.reply(UNA, NO, folder=folders[0])
    world.servers.deliver(world.owner, raw, folders[1])
    world.once()
    world.once()
    assert (world.state(UNA), len(world.inbox(UNA))) == ("referral_asked", 2)
    assert not world.status()["review"]


def test_back_from_an_absence_with_a_yes(world: World) -> None:
    asked(world)
    away = {"Auto-Submitted": "auto-replied", "Subject": "Automatic reply: Thirty minutes"}
    world.reply(UNA, "I am out of the office until 8 March 2027.\n", headers=away)
    world.once()
    world.reply(UNA, YES)
    world.once()
    assert world.state(UNA) == "talking"
    world.later(days=30)
    assert len(world.inbox(UNA)) == 1


def test_undo_after_the_owners_own_mail_takes_back_that_mail_alone(world: World) -> None:
    asked(world)
    away = {"Auto-Submitted": "auto-replied", "Subject": "Automatic reply: Thirty minutes"}
    world.reply(UNA, "I am out of the office until 8 March 2027.\n", headers=away)
    world.once()
    by_hand(world, UNA)
    world.once()
    assert world.state(UNA) == "talking"
    assert "your own mail to them was taken back" in world.tell(UNA, "undo")[0]
    assert world.state(UNA) == "away"


def test_a_mail_that_kills_the_reader_holds_what_is_pending(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(world)
    world.reply(UNA, YES)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(record, "read", killed)
    for _ in range(record.TRIES):
        with pytest.raises(KeyboardInterrupt):
            world.once()
    report = world.once()
    assert [one.kind for one in report.read] == ["unreadable"]
    world.later(days=6)
    assert (world.mails(UNA)["nudge"], len(world.inbox(UNA))) == ("held", 1)
    assert [row["email"] for row in world.status()["review"]] == [UNA]


def test_a_mail_that_the_server_never_hands_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(world)
    world.reply(UNA, YES)
    monkeypatch.setattr(ImapSession, "body", lambda self, uid, size=0: None)
    for _ in range(4):
        world.later(minutes=5)
    world.later(days=6)
    assert (world.mails(UNA)["nudge"], len(world.inbox(UNA))) == ("held", 1)
    assert [row["email"] for row in world.status()["review"]] == [UNA]


def test_an_ask_that_a_lost_database_knew_of_is_not_repeated(world: World) -> None:
    by_hand(world, UNA, {"X-Askaround-Token": "a-token-of-another-database"})
    world.once()
    world.person(UNA)
    world.once()
    assert (world.mails(UNA)["ask"], world.inbox(UNA)) == ("held", [])


def test_nobody_is_asked_before_sent_was_looked_through(make_world: MakeWorld) -> None:
    world = make_world(changes={"per_day = 50": "per_day = 500"})
    last = "p204@c204.example"
    by_hand(world, last)
    world.once()
    rows = "email,name\n" + "".join(f"p{n}@c{n}.example,Una Berg\n" for n in range(205))
    enlist(world.store, world.desk, parse(rows.encode(), "people.csv"), "default")
    for _ in range(3):
        world.later(minutes=5)
    reached = {envelope.recipients[0] for envelope, _ in world.servers.accepted}  # type: ignore[attr-defined]
    assert last not in reached
    assert "p203@c203.example" in reached


def test_somebody_named_whom_the_owner_wrote_to_meanwhile(world: World) -> None:
    asked(world)
    world.reply(UNA, "Try Dana Weiss, dana@acme.example, she likes to talk about her job.\n\nUna\n")
    world.once()
    by_hand(world, "dana@acme.example")
    world.once()
    world.tell(world.status()["proposed"][0]["id"], "ok")
    world.once()
    world.once()
    assert world.mails("dana@acme.example") == {"ask": "held"}


def test_an_opt_out_holds_the_colleagues_until_the_owner_was_asked(make_world: MakeWorld) -> None:
    world = make_world(changes={"per_day = 50": "per_day = 50\nper_company_at_once = 5"})
    bob = world.person("bob@acme.example", name="Bob Bar")
    asked(world)
    world.reply(UNA, "Please remove me from your list and do not contact me again.\n")
    world.once()
    world.later(days=5)
    assert (world.mails(bob)["nudge"], len(world.inbox(bob))) == ("held", 1)
    world.tell(next(row["id"] for row in world.status()["review"] if row["email"] == bob), "ok")
    world.once()
    assert len(world.inbox(bob)) == 2


def test_the_third_introduction_from_the_owner_is_proposed_only(make_world: MakeWorld) -> None:
    world = make_world(
        changes={
            "[0, 0]\n\n[store]": '[0, 0]\nnew_contacts = "ask"\n\n[store]',
            "per_day = 50": "per_day = 50\nper_company_at_once = 50",
        }
    )
    asked(world)
    chain = [UNA, "dana0@acme.example", "dana1@acme.example", "dana2@acme.example"]
    for who, following in pairwise(chain):
        world.servers.add_user(following, "x")
        world.reply(who, f"I can't help, but please write to my colleague Dana Weiss ({following}).\n\nUna\n")
        world.once()
        world.once()
    assert [len(world.inbox(one)) > 0 for one in chain] == [True, True, True, False]
    assert [row["email"] for row in world.status()["proposed"]] == [chain[-1]]

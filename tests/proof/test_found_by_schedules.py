"""What random schedules found, each as the shortest story of it."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.proof.answers import header_of, person_answers
from tests.proof.faults import Crash
from tests.stories.conftest import MakeWorld, make_world, world
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers, Envelope
from worker.errors import ServerUnreachable
from worker.mailbox.imap import ImapSession
from worker.mailbox.smtp import SmtpSession

__all__ = ["make_world", "world"]

UNA = "una@acme.example"
BO = "bo@birch.example"


def crash_once_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that ends the moment a server took a mail to somebody."""
    submit = SmtpSession.submit

    def submitted(self: SmtpSession, sender: str, recipient: str, *args: Any, **more: Any) -> Any:
        submit(self, sender, recipient, *args, **more)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(SmtpSession, "submit", submitted)
        with pytest.raises(Crash):
            world.once()


def test_thanks_that_may_have_asked_for_a_name_count_as_asking(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person(UNA)
    world.once()
    world.tell(UNA, "met")
    crash_once_taken(world, monkeypatch)
    world.once()
    assert world.mails(UNA)["thanks_for_talk"] == "uncertain"
    world.tell(UNA, "no")
    assert world.state(UNA) == "closed"
    assert len(world.inbox(UNA)) == 2


def test_thanks_that_did_not_arrive_leave_once_more_and_ask(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person(UNA)
    world.once()
    world.tell(UNA, "met")
    crash_once_taken(world, monkeypatch)
    world.once()
    world.tell(UNA, "did not arrive")
    world.once()
    assert world.mails(UNA)["thanks_for_talk"] == "sent"
    assert "who else" in world.last_to(UNA).get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_an_ask_put_off_without_a_date_waits_for_one(world: World) -> None:
    world.once()
    world.person(UNA)
    world.reply(UNA, "Hello, what do you want?\n", in_thread=False)
    world.once()
    world.tell(world.status()["review"][0]["id"], "later")
    world.once()
    world.later(days=30)
    assert world.state(UNA) == "snoozed"
    assert world.mails(UNA) == {"ask": "held"}
    world.tell(UNA, "later 2027-05-03")
    world.later(days=60)
    assert world.state(UNA) == "asked"


def test_the_gap_counts_from_the_end_of_a_slow_mail(make_world: MakeWorld, embedded: EmbeddedServers) -> None:
    world = make_world(changes={"gap_minutes = [0, 0]": "gap_minutes = [4, 11]"})
    world.person(UNA)
    world.person(BO)

    def slow(envelope: Envelope, raw: bytes) -> None:
        world.clock.advance(timedelta(minutes=12))

    embedded.on_accepted = slow
    report = world.once()
    assert [one.email for one in report.sent] == [UNA]
    assert [one.email for one in report.held] == [BO]
    report = world.later(minutes=11)
    assert [one.email for one in report.sent] == [BO]


def test_a_turn_that_could_not_read_sends_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person(UNA)
    world.tell(UNA, "wait")
    world.once()
    world.tell(UNA, "ok")
    world.reply(UNA, "Please do not write to me.\n", in_thread=False)
    world.clock.advance(timedelta(minutes=4))

    def lost(self: ImapSession, *args: Any) -> Any:
        raise ServerUnreachable("The connection was lost.")

    with monkeypatch.context() as patch:
        patch.setattr(ImapSession, "examine", lost)
        report = world.once()
    assert report.sent == []
    assert [one.why for one in report.held] == ["the mailbox could not be read just now"]
    world.once()
    assert world.inbox(UNA) == []


def bounced(world: World, sort: str) -> None:
    """A report of failure about the last mail to Una."""
    ours = header_of(world.servers.messages(UNA)[-1])
    raw = person_answers(
        ours,
        sort,
        random.Random(1),
        sender=("", ""),
        owner=world.owner,
        now=world.clock.now(),
        message_id=world.ids.message_id(UNA),
        named=("", ""),
    )
    world.servers.deliver(world.owner, raw)


def test_a_mail_that_is_to_leave_once_more_can_still_bounce(world: World) -> None:
    world.person(UNA)
    world.once()
    bounced(world, "soft bounce")
    world.later(days=1)
    assert world.mails(UNA)["ask"] == "retry"
    bounced(world, "bounce")
    world.later(hours=1)
    assert world.state(UNA) == "unreachable"
    world.later(days=10)
    assert len(world.inbox(UNA)) == 1


def test_what_did_not_arrive_leaves_no_more_after_an_opt_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person(UNA)
    crash_once_taken(world, monkeypatch)
    world.once()
    world.tell(UNA, "remove")
    assert "nothing leaves" in world.tell(UNA, "did not arrive")[0]
    assert world.mails(UNA)["ask"] == "cancelled"

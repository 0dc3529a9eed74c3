"""A mail whose fate is not known: what shows that it left, and that nothing else does."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from tests.proof.faults import Crash
from tests.stories.reports import report
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.mailbox.smtp import SmtpSession
from worker.store import outbox

UNA = "una@acme.example"


@pytest.fixture
def doubtful(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The process died while the server took the ask over: Una has it, and the worker does not know."""
    world.person(UNA)
    submit = SmtpSession.submit

    def submitted(self: SmtpSession, *args: Any, **more: Any) -> Any:
        submit(self, *args, **more)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(SmtpSession, "submit", submitted)
        with pytest.raises(Crash):
            world.once()
    world.once()
    assert (world.mails(UNA)["ask"], len(world.inbox(UNA))) == ("uncertain", 1)
    return world


def test_a_colleague_waits_while_nobody_knows_whether_the_ask_arrived(doubtful: World) -> None:
    bob = doubtful.person("bob@acme.example", name="Bob Holm")
    report_of = doubtful.once()
    assert doubtful.inbox(bob) == []
    assert "somebody else at this company is being asked" in [one.why for one in report_of.held]
    doubtful.later(days=2)
    assert doubtful.inbox(bob) == []
    doubtful.tell(UNA, "did not arrive")
    doubtful.once()
    assert len(doubtful.inbox(UNA)) + len(doubtful.inbox(bob)) == 2, "the same bytes, or the colleague: not both"


def ours(world: World) -> bytes:
    return world.servers.messages(UNA)[0]


def renamed(raw: bytes) -> bytes:
    """As some servers file it: under a Message-ID of their own."""
    return re.sub(rb"(?m)^Message-ID: [^\r\n]*", b"Message-ID: <theirs-1@provider.example>", raw)


@pytest.mark.parametrize("as_filed", [bytes, renamed], ids=["its Message-ID", "its token, under another Message-ID"])
def test_a_copy_in_sent(doubtful: World, as_filed: Any) -> None:
    doubtful.servers.deliver(doubtful.owner, as_filed(ours(doubtful)), "Sent")
    doubtful.later(minutes=5)
    assert (doubtful.mails(UNA)["ask"], doubtful.state(UNA)) == ("sent", "asked")
    assert "a copy lies in Sent" in " ".join(doubtful.story(UNA))
    assert len(doubtful.inbox(UNA)) == 1


def test_an_answer_to_the_message_id_that_a_server_gave_it(doubtful: World) -> None:
    doubtful.servers.deliver(doubtful.owner, renamed(ours(doubtful)), "Sent")
    doubtful.later(minutes=5)
    made = {"In-Reply-To": "<theirs-1@provider.example>", "References": "<theirs-1@provider.example>"}
    doubtful.reply(UNA, "Sorry, I am not interested.\n", headers=made)
    doubtful.later(minutes=5)
    assert doubtful.state(UNA) == "referral_asked"


def test_an_answer(doubtful: World) -> None:
    doubtful.reply(UNA, "Yes, let's talk on Friday!\n")
    doubtful.later(minutes=5)
    assert (doubtful.mails(UNA)["ask"], doubtful.state(UNA)) == ("sent", "talking")
    assert "it was answered" in " ".join(doubtful.story(UNA))


def test_a_bounce(doubtful: World) -> None:
    head = ours(doubtful).partition(b"\r\n\r\n")[0]
    doubtful.servers.deliver(
        doubtful.owner,
        b"From: MAILER-DAEMON@owner.example\r\nTo: robin@owner.example\r\nSubject: Undelivered\r\n"
        b"Message-ID: <b1@owner.example>\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; owner.example\r\n\r\n"
        b"Final-Recipient: rfc822; una@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + b"\r\n--b--\r\n",
    )
    doubtful.later(minutes=5)
    assert (doubtful.mails(UNA)["ask"], doubtful.state(UNA)) == ("sent", "unreachable")
    assert "a bounce names it" in " ".join(doubtful.story(UNA))


def test_that_nothing_is_found_proves_nothing(doubtful: World) -> None:
    """No copy, no answer, for two months: nothing leaves, and each summary asks."""
    doubtful.servers.deliver(doubtful.owner, ours(doubtful).replace(b"X-Askaround-Token:", b"X-Other:"), "INBOX")
    for _ in range(8):
        doubtful.later(days=7)
    assert (doubtful.mails(UNA)["ask"], len(doubtful.inbox(UNA))) == ("uncertain", 1)
    body = doubtful.last_to(doubtful.owner).get_body(("plain",))
    assert body is not None
    assert "Una Berg" in body.get_content()
    assert [one["kind"] for one in doubtful.status()["needs_you"]] == ["uncertain"]


def refused_for_now(world: World, embedded: EmbeddedServers) -> EmailMessage:
    """An ask that the server refused, and that waits for another try; gives it as it would arrive."""
    world.person(UNA)
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    world.once()
    embedded.refuse = None
    assert world.mails(UNA)["ask"] == "retry"
    mail = message_from_bytes(world.store.read(lambda tx: outbox.get(tx, 1)).raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.parametrize("folder", ["INBOX", "Junk"])
def test_an_answer_to_what_was_refused_and_arrived_all_the_same(
    world: World, embedded: EmbeddedServers, folder: str
) -> None:
    ask = refused_for_now(world, embedded)
    world.reply(UNA, "Hm. Well. Who knows?\n", to=ask, folder=folder)
    world.later(minutes=1)
    assert (world.mails(UNA)["ask"], len(world.status()["review"])) == ("sent", 1)
    world.tell(UNA, "ok")
    for _ in range(3):
        world.later(days=1)
    assert world.inbox(UNA) == []


def test_a_guess_that_turns_out_to_answer_what_was_refused(world: World, embedded: EmbeddedServers) -> None:
    """The server filed the mail under an id of its own, which the worker learns from Sent after the answer."""
    ask = refused_for_now(world, embedded)
    made = {"In-Reply-To": "<theirs-1@provider.example>", "References": "<theirs-1@provider.example>"}
    answer = world.reply(UNA, "Hm. Well. Who knows?\n", to=ask, headers=made)
    world.later(minutes=1)
    assert world.mails(UNA)["ask"] == "held"
    world.store.transaction(lambda tx: outbox.know_id(tx, world.mailbox.id, 1, "<theirs-1@provider.example>"))
    world.servers.deliver(world.owner, answer)
    world.later(minutes=1)
    assert world.mails(UNA)["ask"] == "sent"


@pytest.mark.parametrize("step", ["ask", "nudge"])
def test_who_answers_what_came_back_does_not_get_it_a_second_time(world: World, step: str) -> None:
    world.person(UNA)
    world.once()
    if step == "nudge":
        world.later(days=7)
    had = len(world.inbox(UNA))
    for _ in range(2):  # that it came back twice says nothing
        report(world, world.last_to(UNA), UNA, status="4.2.2", said="452 4.2.2 mailbox full")
        world.later(minutes=5)
        assert world.mails(UNA)[step] == "retry"
    world.reply(UNA, "Hm. Well. Who knows?\n")
    world.later(minutes=5)
    assert (world.mails(UNA)[step], len(world.status()["review"])) == ("sent", 1)
    world.tell(UNA, "ok")
    for _ in range(4):
        world.later(days=2)
    assert len(world.inbox(UNA)) == had

"""A mail whose fate is not known: what shows that it left, and that nothing else does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.proof.faults import Crash
from tests.stories.world import World
from worker.mailbox.smtp import SmtpSession

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

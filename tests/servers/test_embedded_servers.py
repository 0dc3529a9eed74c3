"""The demo's mail servers, with the same mailbox in front that real ones get."""

import importlib.util
import threading
from datetime import UTC, date, datetime

import pytest

from worker.demo.servers import EmbeddedServers, Envelope
from worker.errors import InputError, SignInRefused
from worker.mailbox import imap, smtp
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.mailbox.answers import About, Result

OWNER = "owner@example.org"


def imap_access(servers, secret="sesame"):
    return ImapAccess(servers.host, servers.imap_port, "plain", OWNER, lambda: secret)


def smtp_access(servers, secret="sesame"):
    return SmtpAccess(servers.host, servers.smtp_port, "plain", OWNER, lambda: secret)


@pytest.fixture
def servers(embedded):
    embedded.add_user(OWNER, "sesame")
    return embedded


def raw(number, *more):
    return "\r\n".join([f"Message-ID: <{number}@x.example>", "From: c@x.example", *more, "", ".text", ""]).encode()


def test_a_mail_goes_round(servers):
    servers.add_user("c@x.example", "other")
    with smtp.open(smtp_access(servers)) as session:
        outcome = session.submit(OWNER, "C@x.example", raw(1), before_data=lambda: None)
        away = session.submit(OWNER, "elsewhere@x.example", raw(2), before_data=lambda: None)
    assert (outcome.result, away.result) == (Result.accepted, Result.accepted)
    assert servers.messages("c@x.example") == [raw(1)]
    assert [envelope.recipients for envelope, _ in servers.accepted] == [("C@x.example",), ("elsewhere@x.example",)]


def test_what_is_delivered_is_read_without_a_trace(servers):
    moment = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    servers.deliver(OWNER, raw(1), when=moment)
    servers.deliver(OWNER, raw(2), "Junk")
    with imap.connect(imap_access(servers)) as session:
        assert [folder.name for folder in session.watched()] == ["INBOX", "Junk", "Sent"]
        session.examine("INBOX")
        [item] = session.headers(session.uids_from(1))
        assert item.internaldate == moment
        assert b"<1@x.example>" in item.headers
        assert session.body(item.uid) == raw(1)
        assert session.body(item.uid, 60_000_000) == raw(1)
        assert session.append("Sent", raw(3, "X-Askaround-Token: t", "To: A <a@b.example>"), when=moment)
        [found] = session.find_message_id("Sent", "<3@x.example>", moment.date())
        assert session.find_filed("Sent", {"<lost@x.example>": "t"}, moment.date()) == {"<lost@x.example>"}
        [written] = session.find_written_to("Sent", "a@b.example", date(2026, 3, 1))
        assert (written.uid, written.token) == (found, "t")
    assert servers.flags(OWNER) == set()
    assert servers.flags(OWNER, "Sent") == {"\\Seen"}


def test_somebody_answers_before_the_mail_is_acknowledged():
    def answer(envelope: Envelope, mail: bytes) -> None:
        assert threading.current_thread() is not threading.main_thread()
        servers.deliver(envelope.sender, raw(2, "In-Reply-To: <1@x.example>"))

    with EmbeddedServers(on_accepted=answer) as servers:
        servers.add_user(OWNER, "sesame")
        with smtp.open(smtp_access(servers)) as session:
            session.submit(OWNER, "c@x.example", raw(1), before_data=lambda: None)
        assert len(servers.messages(OWNER)) == 1
        assert servers.errors == []


def test_a_program_that_fails_is_told():
    def fail(envelope: Envelope, mail: bytes) -> None:
        raise ZeroDivisionError

    with EmbeddedServers(on_accepted=fail) as servers:
        servers.add_user(OWNER, "sesame")
        with smtp.open(smtp_access(servers)) as session:
            outcome = session.submit(OWNER, "c@x.example", raw(1), before_data=lambda: None)
        assert outcome.result is Result.retry
        assert [type(error) for error in servers.errors] == [ZeroDivisionError]


def test_a_recipient_can_be_refused():
    def refuse(address: str) -> str | None:
        return "550 5.1.1 no such user" if address.startswith("dead") else None

    with EmbeddedServers(refuse=refuse) as servers:
        servers.add_user(OWNER, "sesame")
        with smtp.open(smtp_access(servers)) as session:
            dead = session.submit(OWNER, "dead@x.example", raw(1), before_data=lambda: pytest.fail("too early"))
            good = session.submit(OWNER, "c@x.example", raw(2), before_data=lambda: None)
    assert (dead.about, dead.hard, good.result) == (About.recipient, True, Result.accepted)


def test_a_wrong_password_and_none(servers):
    with pytest.raises(SignInRefused), imap.connect(imap_access(servers, "wrong")):
        pytest.fail("signed in")
    with pytest.raises(SignInRefused), smtp.open(smtp_access(servers, "wrong")):
        pytest.fail("signed in")
    import smtplib

    with smtplib.SMTP(servers.host, servers.smtp_port) as line:
        line.ehlo()
        assert line.mail(OWNER)[0] == 530


def test_mails_move_and_go_and_a_folder_is_rebuilt(servers):
    for number in range(3):
        servers.deliver(OWNER, raw(number))
    assert servers.move(OWNER, "INBOX", "Junk", b"<1@") == 1
    assert servers.expunge(OWNER, containing=b"<2@") == 1
    servers.set_uidvalidity(OWNER, 77)
    with imap.connect(imap_access(servers)) as session:
        assert session.examine("INBOX")[0] == 77
        assert len(session.uids_from(1)) == 1
        assert session.examine("Junk").exists == 1


def test_two_servers_live_side_by_side(servers):
    with EmbeddedServers() as second:
        assert second.imap_port != servers.imap_port
        with pytest.raises(KeyError):
            second.deliver(OWNER, raw(1))


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pymap" else real(name))
    with pytest.raises(InputError, match="pymap") as caught, EmbeddedServers():
        pytest.fail("started")
    assert "pip install pymap" in caught.value.todo

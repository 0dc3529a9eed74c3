"""The mailbox on a real Dovecot and a real Postfix."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.servers.mail_server import BOUNCING, MailServer
from worker.errors import ConfigError, SignInRefused
from worker.mailbox import imap, open_folder, smtp
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.mailbox.answers import About, Result
from worker.mailbox.folders import Role

pytestmark = pytest.mark.real_server


def mail(number: int, *more: str, text: str = "Hello.") -> bytes:
    head = (f"Message-ID: <{number}@contacts.example>", "From: c@contacts.example", f"Subject: mail {number}", *more)
    return ("\r\n".join(head) + f"\r\n\r\n{text}\r\n").encode()


@pytest.fixture
def owner(mail_server: MailServer, fresh_address: str) -> str:
    mail_server.add_user(fresh_address, "sésame & ouvre-toi")
    return fresh_address


PORTS = [
    ("tls", "imaps_port", "smtps_port"),
    ("starttls", "imap_port", "smtp_port"),
    ("plain", "imap_port", "smtp_port"),
]


def imap_access(server: MailServer, owner: str, security="tls", port="imaps_port", **more) -> ImapAccess:
    values = {"username": owner, "secret": lambda: "sésame & ouvre-toi", "ca_file": server.ca_file, "timeout": 20.0}
    return ImapAccess(server.host, getattr(server, port), security, **(values | more))


def smtp_access(server: MailServer, owner: str, security="tls", port="smtps_port", **more) -> SmtpAccess:
    values = {"username": owner, "secret": lambda: "sésame & ouvre-toi", "ca_file": server.ca_file, "timeout": 20.0}
    return SmtpAccess(server.host, getattr(server, port), security, **(values | more))


@pytest.mark.parametrize("security, imap_port, smtp_port", PORTS)
def test_a_mail_goes_out_and_comes_in(mail_server, owner, security, imap_port, smtp_port):
    text = ".dots\r\n..two\r\n.\r\nend" + "\r\n" + "long " * 150
    raw = mail(1, f"To: {owner}", text=text)
    with smtp.open(smtp_access(mail_server, owner, security, smtp_port)) as session:
        outcome = session.submit(owner, owner, raw, before_data=lambda: None)
    assert outcome.result is Result.accepted
    mail_server.await_messages(owner)
    with imap.connect(imap_access(mail_server, owner, security, imap_port)) as session:
        inbox, junk, sent = session.watched()
        assert (inbox.role, junk.role, sent.role) == (Role.inbox, Role.junk, Role.sent)
        status = session.examine(inbox)
        [uid] = session.uids_from(1)
        assert (status.exists, status.uidnext) == (1, uid + 1)
        assert session.uids_from(status.uidnext) == []
        [item] = session.headers([uid, uid + 5])
        assert b"<1@contacts.example>" in item.headers
        assert b"Received:" not in item.headers
        assert abs(item.internaldate - datetime.now(UTC)) < timedelta(minutes=5)
        body = session.body(uid, item.size)
    assert body.endswith(text.encode() + b"\r\n")
    assert mail_server.flags(owner) == set()


def test_reading_leaves_no_trace(mail_server, owner):
    for folder in ("INBOX", "Junk"):
        mail_server.deliver(owner, mail(1, "Disposition-Notification-To: x@contacts.example"), folder)
    with imap.connect(imap_access(mail_server, owner)) as session:
        for folder in session.watched():
            session.examine(folder)
            for item in session.headers(session.uids_from(1)):
                session.body(item.uid)
            session.find_message_id(folder, "<1@contacts.example>", date.today())
            session.find_written_to(folder, "nobody@contacts.example")
    for folder in ("INBOX", "Junk"):
        assert mail_server.flags(owner, folder) == set()
        assert len(mail_server.messages(owner, folder)) == 1


def test_many_mails_come_in_batches_and_gaps_do_not_matter(mail_server, owner):
    for number in range(1, 41):
        mail_server.deliver(owner, mail(number))
    with imap.connect(imap_access(mail_server, owner)) as session:
        session.examine("INBOX")
        before = session.uids_from(1)
    gone = sum(mail_server.expunge(owner, containing=f"<{n}@contacts.example>".encode()) for n in (3, 17, 40))
    assert gone == 3
    with imap.connect(imap_access(mail_server, owner)) as session:
        session.examine("INBOX")
        after = session.uids_from(1)
        assert len(after) == 37
        assert [item.uid for item in session.headers(before, batch=7)] == after
        missing = next(iter(set(before) - set(after)))
        assert session.body(missing) is None


def test_a_mail_that_is_moved_and_a_folder_that_is_rebuilt(mail_server, owner):
    mail_server.deliver(owner, mail(1), "Junk")
    with imap.connect(imap_access(mail_server, owner)) as session:
        first = session.examine("Junk").uidvalidity
        assert len(session.uids_from(1)) == 1
    assert mail_server.move(owner, "Junk", "INBOX") == 1
    with imap.connect(imap_access(mail_server, owner)) as session:
        session.examine("INBOX")
        [item] = session.headers(session.uids_from(1))
        assert b"<1@contacts.example>" in item.headers
        assert session.examine("Junk").exists == 0
    mail_server.set_uidvalidity(owner, first + 1000, "INBOX")
    with imap.connect(imap_access(mail_server, owner)) as session:
        assert session.examine("INBOX").uidvalidity == first + 1000
        assert len(session.uids_from(1)) == 1


def test_a_sent_copy_is_filed_and_found(mail_server, owner, monkeypatch):
    raw = mail(5, "To: Jane <jane@contacts.example>", "X-Askaround-Token: abc123")
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    with imap.connect(imap_access(mail_server, owner)) as session:
        sent = session.role(Role.sent)
        uid = session.append(sent, raw, when=moment)
        session.append(sent, mail(6, "To: maryjane@contacts.example"), when=moment)
        assert session.find_message_id(sent, "<5@contacts.example>", moment.date()) == [uid]
        assert session.find_message_id(sent, "<7@contacts.example>", moment.date()) == []
        wanted = {"<5@contacts.example>": "of another", "<replaced@x>": "abc123", "<7@contacts.example>": "abc12"}
        filed = {"<5@contacts.example>", "<replaced@x>"}
        assert session.find_filed(sent, wanted, moment.date()) == filed
        assert session.find_filed(sent, wanted, date(2026, 4, 1)) == set()  # nothing came since
        [written] = session.find_written_to(sent, "Jane@contacts.example", date(2026, 2, 1))
        assert written == (uid, moment, "<5@contacts.example>", "abc123")
        assert session.find_written_to(sent, "jane@contacts.example", date(2026, 4, 1)) == []
        monkeypatch.setattr("worker.mailbox.open_folder._RECENT", 1)
        assert session.find_filed(sent, wanted, moment.date()) == filed  # too many to look through: SEARCH finds it
    assert mail_server.messages(owner, "Sent")[0] == raw
    assert mail_server.flags(owner, "Sent") == {"S"}


def test_folders_of_any_name(mail_server, owner):
    with imap.connect(imap_access(mail_server, owner, folders=("Büro & Co",))) as session:
        session.append("Büro & Co", mail(1))
        [folder] = session.watched()
        assert (folder.name, folder.wire) == ("Büro & Co", "B&APw-ro &- Co")
        assert session.examine(folder).exists == session.examine("Büro & Co").exists == 1
        with pytest.raises(ConfigError, match="Burro"):
            session.watched(("Burro & Co",))


def test_a_huge_mail_is_read_at_its_beginning(mail_server, owner):
    mail_server.deliver(owner, mail(1, text=("0123456789" * 7 + "\r\n") * 70_000))
    with imap.connect(imap_access(mail_server, owner)) as session:
        session.examine("INBOX")
        [item] = session.headers(session.uids_from(1))
        assert item.size > open_folder.WHOLE
        assert len(session.body(item.uid)) == open_folder.FIRST


def test_an_unknown_recipient_is_refused_at_once_and_the_session_goes_on(mail_server, owner):
    commits = []
    with smtp.open(smtp_access(mail_server, owner)) as session:
        dead = session.submit(owner, "nobody@example.com", mail(1), before_data=lambda: commits.append(1))
        good = session.submit(owner, owner, mail(2), before_data=lambda: commits.append(2))
        large = session.submit(owner, owner, b"x" * 11_000_000, before_data=lambda: commits.append(3))
        forged = session.submit(owner, owner, mail(4), before_data=lambda: commits.append(4))
    assert (dead.result, dead.about, dead.hard, dead.status) == (Result.refused, About.recipient, True, "5.1.1")
    assert (good.result, forged.result, commits) == (Result.accepted, Result.accepted, [2, 4])
    assert (large.result, large.about, large.status) == (Result.refused, About.message, "5.3.4")


def test_a_failure_that_comes_later_comes_as_a_mail(mail_server, owner):
    with smtp.open(smtp_access(mail_server, owner)) as session:
        outcome = session.submit(
            owner, f"someone@{BOUNCING}", mail(9, f"To: someone@{BOUNCING}"), before_data=lambda: None
        )
    assert outcome.result is Result.accepted
    [report] = mail_server.await_messages(owner)
    assert b"multipart/report" in report
    assert b"<9@contacts.example>" in report
    assert b"Status: 5.1.1" in report


@pytest.mark.parametrize("security, imap_port, smtp_port", PORTS)
def test_a_wrong_password_is_told_as_such(mail_server, owner, security, imap_port, smtp_port):
    wrong = {"secret": lambda: "wrong-secret"}
    with (
        pytest.raises(SignInRefused, match="localhost") as by_imap,
        imap.connect(imap_access(mail_server, owner, security, imap_port, **wrong)),
    ):
        pytest.fail("signed in")
    with (
        pytest.raises(SignInRefused, match="localhost") as by_smtp,
        smtp.open(smtp_access(mail_server, owner, security, smtp_port, **wrong)),
    ):
        pytest.fail("signed in")
    for caught in (by_imap, by_smtp):
        assert "wrong-secret" not in "\n".join(caught.value.lines())
        assert "Check username and password" in caught.value.todo

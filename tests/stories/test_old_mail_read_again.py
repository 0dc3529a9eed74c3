"""Old mail that is read again, or late, means what it meant when it came: no bounce, guess or own mail is news."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from tests.stories.test_the_mailbox import by_hand
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.jobs import pausing
from worker.mailbox.imap import ImapSession

UNA = "una@acme.example"
UNCLEAR = "Hm. We shall see about that.\n"


def filed(world: World, embedded: EmbeddedServers, raw: bytes, folder: str = "INBOX") -> None:
    """Files a mail that comes now, by the clock of the story."""
    embedded.deliver(world.owner, raw, folder, world.clock.now())


def returned(world: World, *fields: str, status: str = "5.1.1", date: datetime | None = None) -> bytes:
    """A report about a mail to Una that returns these fields of it."""
    text = "\n".join(
        (
            "From: Mail Delivery System <mailer-daemon@relay.example>",
            f"To: {world.owner}",
            f"Date: {format_datetime(date or world.clock.now())}",
            f"Message-ID: {world.ids.message_id('relay@relay.example')}",
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b\nContent-Type: text/plain\n\nI am sorry, your message could not be delivered.\n",
            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n",
            f"Final-Recipient: rfc822; {UNA}\nAction: failed\nStatus: {status}\n",
            f"--b\nContent-Type: text/rfc822-headers\n\nFrom: {world.owner}\nTo: {UNA}\nSubject: Hello",
            *fields,
            "\n--b--\n",
        )
    )
    return text.replace("\n", "\r\n").encode()


def reread(world: World, embedded: EmbeddedServers, folder: str = "INBOX") -> None:
    embedded.set_uidvalidity(world.owner, 4242, folder)


def asked(world: World) -> None:
    world.person(UNA)
    world.once()
    assert len(world.inbox(UNA)) == 1


@pytest.mark.parametrize("copied", [False, True])
def test_what_the_owner_wrote_before_they_were_a_contact_settles_no_review(
    world: World, embedded: EmbeddedServers, copied: bool
) -> None:
    world.once()
    own = by_hand(world, UNA, Date=format_datetime(world.clock.now()))
    if not copied:
        filed(world, embedded, own, "Sent")
    world.once()
    world.later(days=20)
    world.person(UNA)
    world.once()
    if not world.inbox(UNA):  # the owner wrote to them before
        world.tell(world.status()["outbox"][0]["id"], "ok")
        world.once()
    filed(world, embedded, world.reply(UNA, UNCLEAR))
    world.once()
    assert (world.state(UNA), len(world.status()["review"])) == ("asked", 1)
    if copied:  # into the folder of a new server, without its date
        filed(world, embedded, own, "Sent")
    reread(world, embedded, "Sent")
    world.later(minutes=5)
    assert (world.state(UNA), len(world.status()["review"])) == ("asked", 1)
    filed(world, embedded, by_hand(world, UNA), "Sent")
    world.later(minutes=5)
    assert (world.state(UNA), len(world.status()["review"])) == ("talking", 0)


@pytest.mark.parametrize("dated", [True, False])
def test_what_they_wrote_before_they_were_a_contact_holds_nothing(
    world: World, embedded: EmbeddedServers, monkeypatch: pytest.MonkeyPatch, dated: bool
) -> None:
    fetch = ImapSession.headers
    if not dated:
        monkeypatch.setattr(
            ImapSession,
            "headers",
            lambda self, *given: [one._replace(internaldate=None) for one in fetch(self, *given)],
        )
    world.once()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Una Berg <{UNA}>", world.owner, "The minutes"
    mail["Message-ID"], mail["Date"] = "<minutes@acme.example>", world.clock.now()
    mail.set_content("Here are the minutes.\n")
    filed(world, embedded, mail.as_bytes())
    world.once()
    world.later(days=2)
    asked(world)
    reread(world, embedded)
    world.once()
    assert world.status()["review"] == []
    assert world.mails(UNA)["nudge"] == "due"
    del mail["Message-ID"], mail["Date"]
    mail["Message-ID"], mail["Date"] = "<news@acme.example>", world.clock.now()
    filed(world, embedded, mail.as_bytes())
    world.later(minutes=5)
    assert [row["email"] for row in world.status()["review"]] == [UNA]


@pytest.mark.parametrize("status", ["5.1.1", "4.2.2"])
@pytest.mark.parametrize("known", [False, True])
def test_a_bounce_from_before_we_wrote_is_not_about_our_mail(
    world: World, embedded: EmbeddedServers, status: str, known: bool
) -> None:
    world.once()
    if known:
        pausing.pause(world.store, world.desk, None)
        world.person(UNA)
    filed(world, embedded, returned(world, status=status))
    world.once()
    world.later(days=2)
    if known:
        pausing.resume(world.store, world.desk)
        world.once()
    else:
        world.person(UNA)
        world.once()
    reread(world, embedded)
    world.once()
    assert world.state(UNA) == "asked"
    world.later(days=3)
    assert len(world.inbox(UNA)) == 1
    assert [row["email"] for row in world.status()["review"]] == ([UNA] if known else [])


def test_a_bounce_that_is_read_late_is_about_the_mail_that_had_just_left(
    world: World, embedded: EmbeddedServers
) -> None:
    asked(world)
    world.clock.advance(timedelta(hours=1))
    filed(world, embedded, returned(world))
    world.later(days=10)
    assert world.state(UNA) == "unreachable"


def test_a_bounce_that_was_copied_here_is_as_old_as_it_says(world: World, embedded: EmbeddedServers) -> None:
    asked(world)
    world.clock.advance(timedelta(hours=1))
    filed(world, embedded, returned(world, date=world.clock.now() - timedelta(days=30)))
    world.once()
    assert world.state(UNA) == "asked"
    assert [row["email"] for row in world.status()["review"]] == [UNA]


def test_a_bounce_of_another_mail_to_them_is_a_guess(world: World, embedded: EmbeddedServers) -> None:
    asked(world)
    world.clock.advance(timedelta(hours=1))
    filed(world, embedded, returned(world, "Message-ID: <by-hand@owner.example>"))
    world.once()
    assert world.state(UNA) == "asked"
    assert [row["email"] for row in world.status()["review"]] == [UNA]
    assert world.mails(UNA)["nudge"] == "held"


def test_our_token_proves_a_bounce_of_a_mail_that_a_server_gave_another_id(
    world: World, embedded: EmbeddedServers
) -> None:
    asked(world)
    world.clock.advance(timedelta(hours=1))
    token = world.last_to(UNA)["X-Askaround-Token"]
    filed(world, embedded, returned(world, "Message-ID: <0100@ses.example>", f"X-Askaround-Token: {token}"))
    world.once()
    assert world.state(UNA) == "unreachable"

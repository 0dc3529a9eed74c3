"""Non-delivery reports as servers send them, about a mail of ours or of the owner's."""

from __future__ import annotations

from email.message import Message
from email.utils import format_datetime

from tests.stories.world import World


def report(
    world: World, about: Message, recipient: str, *, status: str = "5.1.1", said: str = "550 5.1.1 user unknown"
) -> None:
    """A report (RFC 3464) that `about` could not be delivered to `recipient`, in the owner's INBOX."""
    now = world.clock.now()
    raw = (
        f"From: Mail Delivery System <mailer-daemon@relay.example>\nTo: {world.owner}\nDate: {format_datetime(now)}\n"
        f"Message-ID: {world.ids.message_id('relay@relay.example')}\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\n"
        f"I am sorry, your message could not be delivered.\n\n<{recipient}>: {said}\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n\n"
        "--b\nContent-Type: message/rfc822-headers\n\n"
        f"From: {about['From']}\nTo: {about['To']}\nSubject: {about['Subject']}\nMessage-ID: {about['Message-ID']}\n\n"
        "--b--\n"
    )
    world.servers.deliver(world.owner, raw.replace("\n", "\r\n").encode())

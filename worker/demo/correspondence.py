"""Mails as people's own programs write them: answers with the original below, automatic ones, reports of failure."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
DIAGNOSTIC = "550 5.1.1 <{recipient}>: there is no such mailbox here"
DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


def parsed(raw: bytes) -> EmailMessage:
    """A mail's fields and parts."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def answer(
    mail: EmailMessage,
    text: str,
    sender: tuple[str, str],
    *,
    message_id: str,
    date: datetime,
    client: str = "bars",
    automatic: bool = False,
) -> bytes:
    """What `sender` (name, address) writes back to `mail`; `date` is aware.

    `client` is the manner of quoting: "bars" (a line of attribution and >), "header" (a block of fields above the
    original), "french". An automatic answer (RFC 3834) quotes nothing.
    """
    subject = str(mail["Subject"])
    made = _letter(sender, str(mail["From"]), message_id, date)
    made["In-Reply-To"] = str(mail["Message-ID"])
    made["References"] = " ".join(str(mail[key]) for key in ("References", "Message-ID") if mail[key])
    if automatic:
        made["Subject"] = f"Automatische Antwort: {subject}"
        made["Auto-Submitted"] = "auto-replied"
        made["X-Auto-Response-Suppress"] = "All"
        made.set_content(text, cte="quoted-printable")
    else:
        made["Subject"] = subject if subject.lower().startswith("re:") else f"{_prefix(client)}: {subject}"
        made.set_content(f"{text}\n{_quoted(mail, client, date)}", cte="quoted-printable")
    return made.as_bytes()


def by_hand(
    mail: EmailMessage, text: str, sender: tuple[str, str], *, message_id: str, date: datetime
) -> tuple[str, bytes]:
    """The owner's own answer to somebody's mail; gives its recipient and bytes."""
    raw = answer(mail, text, sender, message_id=message_id, date=date)
    return mail["From"].addresses[0].addr_spec, raw


def failure_report(mail: EmailMessage, recipient: str, *, host: str, message_id: str, date: datetime) -> bytes:
    """What the owner's provider sends when `recipient` does not exist (RFC 3464), with the mail's header."""
    border = "=_the-parts-of-a-report"
    parts = (
        (
            "text/plain; charset=us-ascii",
            f"Your message could not be delivered to <{recipient}>.\n\n"
            f"The server of {recipient.partition('@')[2]} said: {DIAGNOSTIC.format(recipient=recipient)}\n",
        ),
        (
            "message/delivery-status",
            f"Reporting-MTA: dns; {host}\n\n"
            f"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\n"
            f"Diagnostic-Code: smtp; {DIAGNOSTIC.format(recipient=recipient)}\n",
        ),
        ("text/rfc822-headers", "".join(f"{name}: {value}\n" for name, value in mail.items())),
    )
    fields = (
        f"From: Mail Delivery System <mailer-daemon@{host}>",
        f"To: {mail['From']}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: {message_id}",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{border}"',
    )
    body = "".join(f"--{border}\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    whole = "\n".join(fields) + f"\n\n{body}--{border}--\n"
    return whole.replace("\n", "\r\n").encode()


def _letter(sender: tuple[str, str], to: str, message_id: str, date: datetime) -> EmailMessage:
    made = EmailMessage(policy=policy.SMTP)
    made["From"] = Address(sender[0], addr_spec=sender[1])
    made["To"] = to
    made["Date"] = format_datetime(date)
    made["Message-ID"] = message_id
    return made


def _prefix(client: str) -> str:
    return "RE" if client == "header" else "Re"


def _quoted(mail: EmailMessage, client: str, date: datetime) -> str:
    """The original as a program puts it below an answer."""
    original = text_of(mail).rstrip()
    sent = mail["Date"].datetime.astimezone(date.tzinfo)
    name, address = mail["From"].addresses[0].display_name, mail["From"].addresses[0].addr_spec
    if client == "header":
        to = mail["To"].addresses[0]
        block = (
            f"From: {name} <{address}>",
            f"Sent: {sent:%d %B %Y %H:%M}",
            f"To: {to.display_name} <{to.addr_spec}>",
            f"Subject: {mail['Subject']}",
        )
        return "\n".join(("_" * 32, *block, "", original, ""))
    bars = "\n".join(f"> {line}".rstrip() for line in original.splitlines())
    when = f"On {sent:%a, %d %b %Y} at {sent:%H:%M}, {name} <{address}> wrote:"
    if client == "french":
        day = f"{DAYS[sent.weekday()]} {sent.day} {MONTHS[sent.month - 1]} {sent.year}"
        when = f"Le {day} à {sent:%H:%M}, {name} <{address}> a écrit :"
    return f"{when}\n\n{bars}\n"

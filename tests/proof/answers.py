"""What people and machines answer in a schedule: plain texts of every sort, as whole mails."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import format_datetime

# Beside each text stands what a person would take it for: whatever the worker makes of it, it may not act against that.
SAID = {
    "yes": ("Yes, I would be glad to talk. How about Thursday at ten?", "Sure, gladly. Call me tomorrow."),
    "no": ("Sorry, I am not interested.", "No, thank you. I would rather not."),
    "named": (
        "I am not the right person, but please talk to my colleague {name}, {email}.",
        "Sorry, no time. You could ask {name} ({email}), she would be happy to help.",
    ),
    "opt-out": ("Please remove me from your list and do not contact me again.",),
    "later": (
        "Not now, too much going on. Please try me again in {month}.",
        "I am too busy at the moment. Could you write to me again in three weeks?",
        "Not now, maybe some other time.",
    ),
    "question": ("Before I say anything: how did you get my address?", "Who are you, and what do you want to know?"),
    "absence": ("I am out of the office until {day} and will answer after my return.",),
    "left": ("I no longer work here. My successor is {name}, {email}.",),
    "unclear": ("Hm.", "Thanks.", "???"),
}
AUTOMATIC = ("absence", "bounce", "soft bounce", "delay", "receipt", "auto yes", "auto opt-out")
OTHER = ("calendar yes", "calendar no")


def header_of(raw: bytes) -> Message:
    """A mail's fields."""
    return message_from_bytes(raw, policy=policy.compat32)


def person_answers(
    ours: Message | None,
    sort: str,
    rng: random.Random,
    *,
    sender: tuple[str, str],
    owner: str,
    now: datetime,
    message_id: str,
    named: tuple[str, str],
) -> bytes:
    """A mail of `sender` (name, address) of one sort: a key of SAID, of AUTOMATIC or of OTHER.

    `ours` is the mail that it answers, None for one that lies in no thread; `named` (name, address) is whom a mail
    of a sort that hands somebody over names.
    """
    if sort in ("bounce", "soft bounce", "delay") and ours is not None:
        return _report(ours, sort, owner=owner, now=now, message_id=message_id)
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"{sender[0]} <{sender[1]}>"
    mail["To"] = owner
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    mail["Subject"] = f"Re: {ours['Subject']}" if ours is not None else "Hello"
    if ours is not None:
        mail["In-Reply-To"] = ours["Message-ID"]
        mail["References"] = " ".join(f"{ours['References'] or ''} {ours['Message-ID']}".split())
    words = {
        "name": named[0],
        "email": named[1],
        "month": f"{now + timedelta(days=rng.choice((31, 62))):%B}",
        "day": f"{now + timedelta(days=rng.randrange(2, 30)):%d %B %Y}",
    }
    if sort.startswith("auto ") or sort == "absence":
        mail["Auto-Submitted"] = "auto-replied"
        text = {"auto yes": SAID["yes"][0], "auto opt-out": SAID["opt-out"][0]}.get(sort, SAID["absence"][0])
    elif sort == "receipt":
        text = "Your message was displayed."
        mail["Auto-Submitted"] = "auto-generated"
    elif sort in OTHER:
        text = "See the invitation."
    else:
        text = rng.choice(SAID[sort])
    mail.set_content(f"{text.format(**words)}\n\n{sender[0]}\n", cte="quoted-printable")
    if sort in OTHER:
        calendar = _calendar(sort, owner=owner, sender=sender[1], now=now, uid=message_id.strip("<>"))
        mail.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST" if "yes" in sort else "CANCEL"})
    if sort == "receipt":
        return mail.as_bytes().replace(b"text/plain", b"message/disposition-notification", 1)
    return mail.as_bytes()


def written_by_hand(owner: str, recipient: str, *, now: datetime, message_id: str, reply_to: str | None) -> bytes:
    """A mail of the owner's own to somebody."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = owner
    mail["To"] = recipient
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    mail["Subject"] = "Re: our talk"
    if reply_to is not None:
        mail["In-Reply-To"] = reply_to
    mail.set_content("Thank you! Shall we say Monday?\n")
    return mail.as_bytes()


def _report(ours: Message, sort: str, *, owner: str, now: datetime, message_id: str) -> bytes:
    action, status, words = {
        "bounce": ("failed", "5.1.1", "550 5.1.1 no such user here"),
        "soft bounce": ("failed", "4.2.2", "452 4.2.2 mailbox full, given up after five days"),
        "delay": ("delayed", "4.4.1", "450 4.4.1 connection timed out; I shall try on"),
    }[sort]
    recipient = str(ours["To"]).rpartition("<")[2].strip("<> ")
    border = "=_parts"
    fields = "".join(
        f"{key}: {value}\n" for key, value in ours.items() if key in ("From", "To", "Subject", "Message-ID")
    )
    text = (
        f"From: Mail Delivery System <mailer-daemon@relay.example>\nTo: {owner}\nDate: {format_datetime(now)}\n"
        f"Message-ID: {message_id}\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="{border}"\n\n'
        f"--{border}\nContent-Type: text/plain\n\nYour message to <{recipient}>: {words}\n\n"
        f"--{border}\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {words}\n\n"
        f"--{border}\nContent-Type: text/rfc822-headers\n\n{fields}\n--{border}--\n"
    )
    return text.replace("\n", "\r\n").encode()


def _calendar(sort: str, *, owner: str, sender: str, now: datetime, uid: str) -> str:
    method, status = ("REQUEST", "CONFIRMED") if "yes" in sort else ("CANCEL", "CANCELLED")
    starts = now + timedelta(days=3)
    return "\r\n".join(
        (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
            f"DTEND:{starts + timedelta(minutes=30):%Y%m%dT%H%M%SZ}",
            f"STATUS:{status}",
            "SUMMARY:Talk",
            f"ORGANIZER:mailto:{sender}",
            f"ATTENDEE:mailto:{owner}",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        )
    )

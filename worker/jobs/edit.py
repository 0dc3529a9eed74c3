"""The owner's own words in one mail: subject and text as they can be edited, checked, and frozen with their bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Delivery, Step
from worker.errors import InputError
from worker.jobs import word
from worker.jobs.desk import Desk
from worker.jobs.letters import decoded, write_letter
from worker.store import Transaction, contacts, conversations, journal, outbox
from worker.writing import Draft

LONGEST = 50_000  # characters
MOST_IN_SUBJECT = 200
# What a template or a sample leaves behind where nobody filled it in.
LEFTOVER = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\}\}|\{%|%\}"
    r"|\[(?:your |their |the |first |last |full |insert )*(?:name|company|date|time|day|field|role)\b[^\]]{0,30}\]"
    r"|<(?:your |their |first |last )*(?:name|company|date|time|field|role)>|\b(?:TODO|FIXME|XXX+|TBD)\b",
    re.IGNORECASE,
)
FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]*:")
HELP = "The first line is the subject; the text begins below the empty line."


@dataclass(frozen=True, slots=True)
class Words:
    """A mail's subject and text, as the owner may change them."""

    mail_id: int
    email: str
    step: str
    subject: str
    body: str

    @property
    def text(self) -> str:
        """What stands in the editor."""
        return f"Subject: {self.subject}\n\n{self.body}"


def words_of(tx: Transaction, desk: Desk, who: str) -> Words:
    """The words of a mail that has not left, by its id or as the one mail to a person.

    Raises InputError, TemplateError.
    """
    mail = _mail(tx, desk, who)
    contact = contacts.get(tx, mail.contact_id)
    subject, body = _text(tx, desk, mail, contact)
    return Words(mail.id, contact.email or "", mail.step, subject, body)


def _mail(tx: Transaction, desk: Desk, who: str) -> Row[Any]:
    subject = word.find(tx, desk, who)
    if subject.mail is not None:
        _must_wait(subject.mail, who)
        return subject.mail
    waiting = [mail for mail in word.mails_waiting(tx, subject) if mail.state in outbox.PENDING]
    if len(waiting) != 1:
        found = ", ".join(f"m{mail.id} ({mail.step.replace('_', ' ')})" for mail in waiting)
        raise InputError(
            f"{len(waiting)} mails to {subject.name} wait to leave{': ' if found else ''}{found}.",
            todo="Name one by its id; askaround outbox shows them.",
        )
    _must_wait(waiting[0], who)
    return waiting[0]


def _must_wait(mail: Row[Any], who: str) -> None:
    """Raises InputError unless the mail has not left, not even in part."""
    if mail.state not in outbox.PENDING:
        raise InputError(
            f"{who} is {mail.state.replace('_', ' ')}: only a mail that has not left can be edited.",
            todo="askaround outbox shows those that wait.",
        )
    if mail.in_flight_at is not None or mail.second_time:
        raise InputError(f"{who} was on its way once: the same bytes leave again, or none.", todo="askaround outbox")


def _text(tx: Transaction, desk: Desk, mail: Row[Any], contact: Row[Any]) -> tuple[str, str]:
    if mail.raw is not None:
        return decoded(bytes(mail.raw))
    letter = write_letter(
        tx,
        desk,
        conversations.get(tx, mail.conversation_id),
        contact,
        Step(mail.step),
        message_id=mail.message_id,
        token=mail.token,
    )
    return letter.subject, letter.body


def taken_apart(text: str) -> tuple[str, str]:
    """Subject and body of what came back from the editor. Raises InputError for whatever cannot leave like this."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    first = lines.pop(0) if lines else ""
    name, colon, subject = first.partition(":")
    if not colon or name.strip().lower() != "subject":
        raise InputError('The first line is not "Subject: ...".', where="line 1", todo=HELP)
    if lines and lines[0].strip():
        what = "another header field" if FIELD.match(lines[0]) or lines[0][:1] in " \t" else "no empty line"
        raise InputError(f"Below the subject stands {what}.", where="line 2", todo=HELP)
    body = "\n".join(line.rstrip() for line in lines).strip("\n")
    subject = subject.strip()
    if not subject:
        raise InputError("The subject is empty.", where="line 1", todo=HELP)
    if len(subject) > MOST_IN_SUBJECT or re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", subject) or "=?" in subject:
        raise InputError(
            "The subject is longer than a line, or holds what a header must not hold.", where="line 1", todo=HELP
        )
    if not body.strip():
        raise InputError("The text is empty.", todo=HELP)
    if len(body) > LONGEST:
        raise InputError(f"The text is longer than {LONGEST // 1000} KB.", todo="A mail should be short.")
    if "\0" in body:
        raise InputError("The text holds a control character.", todo="Write plain text.")
    left = LEFTOVER.search(f"{subject}\n{body}")
    if left is not None:
        raise InputError(f"{left[0][:60]!r} was not filled in.", todo="Write what belongs there, or take it out.")
    return subject, body + "\n"


def keep(tx: Transaction, desk: Desk, before: Words, subject: str, body: str) -> str:
    """Freeze the owner's words with the mail's bytes; gives a sentence. Raises InputError where it has left meanwhile.

    Its time, and what it waits for, stay as they were.
    """
    mail = outbox.get(tx, before.mail_id)
    who = f"m{mail.id}"
    _must_wait(mail, who)
    contact = contacts.get(tx, mail.contact_id)
    if (before.subject, before.body) != _text(tx, desk, mail, contact):
        raise InputError(f"{who} has changed while it was edited; nothing was changed.", todo="Edit it once more.")
    letter = write_letter(
        tx,
        desk,
        conversations.get(tx, mail.conversation_id),
        contact,
        Step(mail.step),
        message_id=mail.message_id,
        token=mail.token,
        own=Draft(subject, body),
    )
    outbox.note(tx, mail.id, raw=letter.raw, subject=letter.subject, to_address=letter.to_address, edited_at=desk.now)
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "edited",
        f"you edited the {mail.step.replace('_', ' ')}",
        conversation_id=mail.conversation_id,
        contact_id=mail.contact_id,
        outbox_id=mail.id,
        words=subject[:300],
    )
    waits = "waits for your word" if mail.state in (Delivery.draft, Delivery.held) else "leaves"
    return f"{who}, the {mail.step.replace('_', ' ')} to {contact.name or contact.email}, {waits} with your words."

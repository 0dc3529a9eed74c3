"""Ties an incoming mail to a conversation: in the thread, or a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical, is_free_mail
from worker.conversation.vocabulary import Bounce, Match, Step
from worker.reading.headers import Headers
from worker.store import Transaction, contacts, conversations, messages, outbox

RECENT = timedelta(days=7)  # a bounce that names only the recipient counts for a mail that had left so shortly before
CLOCKS = timedelta(minutes=15)  # by which the server's clock may be behind ours
TOKEN = re.compile(rb"^[ \t>]*X-Askaround-Token:[ \t]*([\w-]{16,64})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tie:
    """The conversation that a mail belongs to, the mail of ours that it answers, and how sure that is."""

    conversation: Row[Any]
    contact: Row[Any]
    answers: Row[Any] | None
    match: Match

    @property
    def step(self) -> Step | None:
        """The step that the mail answers."""
        return Step(self.answers.step) if self.answers is not None else None


def ids_of(headers: Headers) -> tuple[str, ...]:
    """The Message-IDs that a mail answers: In-Reply-To first, then References from the newest (RFC 5322 3.6.4)."""
    return tuple(dict.fromkeys((*headers.in_reply_to, *reversed(headers.references))))


def senders_of(headers: Headers) -> tuple[str, ...]:
    """The canonical addresses that may name the sender."""
    given = (*headers.from_, *headers.reply_to, *headers.sender)
    return tuple(dict.fromkeys(canonical(address) for _, address in given if address))


def by_thread(tx: Transaction, mailbox_id: int, ids: tuple[str, ...]) -> Tie | None:
    """The conversation in whose thread a mail with these references lies."""
    if not ids:
        return None
    ours = outbox.by_message_ids(tx, mailbox_id, ids)
    theirs = messages.in_threads(tx, mailbox_id, ids)
    for one in ids:
        if one in ours:
            return _tie(tx, ours[one].conversation_id, ours[one], Match.thread)
        if one in theirs and theirs[one].conversation_id is not None:
            answered = theirs[one].answers_outbox_id
            mail = outbox.get(tx, answered) if answered is not None else None
            return _tie(tx, theirs[one].conversation_id, mail, Match.thread)
    return None


def by_bounce(tx: Transaction, mailbox_id: int, bounce: Bounce, came: datetime, data: bytes = b"") -> Tie | None:
    """The conversation that a non-delivery report, which came then, is about; None where we never wrote there.

    By the Message-ID that it names or by the token in what it returns (`data`, for servers that give mail an id of
    their own). One that names no mail is about the one that had left shortly before. The rest are guesses: a report
    of a mail that is none of ours, or one that came before we wrote.
    """
    if bounce.original_message_id:
        found = by_thread(tx, mailbox_id, (bounce.original_message_id,))
        if found is not None:
            return found
    returned = outbox.by_tokens(tx, mailbox_id, [one.decode() for one in TOKEN.findall(data)[:20]])
    if len(returned) == 1:
        (ours,) = returned.values()
        return _tie(tx, ours.conversation_id, ours, Match.thread)
    if not bounce.recipient:
        return None
    before = outbox.last_to_address(tx, mailbox_id, bounce.recipient, claimed_before=came + CLOCKS)
    mail = before or outbox.last_to_address(tx, mailbox_id, bounce.recipient)
    if mail is None:
        return None
    left = mail.sent_at or mail.claimed_at
    proves = before is not None and not bounce.original_message_id and came - left <= RECENT
    return _tie(tx, mail.conversation_id, mail, Match.thread if proves else Match.guess)


def by_sender(tx: Transaction, mailbox_id: int, headers: Headers) -> Tie | None:
    """A guess: the address of a contact, or the same domain, name and subject."""
    keys = senders_of(headers)
    known = contacts.by_keys(tx, mailbox_id, keys)
    for key in keys:
        if key in known:
            return _guess(tx, known[key])
    domain = keys[0].rpartition("@")[2] if keys else ""
    if not domain or is_free_mail(domain):
        return None
    subject = bare_subject(headers.subject)
    for person in contacts.at_company(tx, mailbox_id, {f"domain:{domain}"}):
        if not person.name or person.name.casefold() != headers.from_name.casefold():
            continue
        for conversation in conversations.of_contact(tx, person.id):
            mails = outbox.of_conversation(tx, conversation.id)
            if any(mail.subject and bare_subject(mail.subject) == subject for mail in mails):
                return _guess(tx, person)
    return None


def bare_subject(subject: str) -> str:
    """A subject without marks of answers and forwards, in one case, for comparing."""
    from worker.writing import reply_subject

    return reply_subject(subject).removeprefix("Re:").strip().casefold()


def is_contact(contact: Row[Any], headers: Headers) -> bool:
    """Whether the contact wrote this, from whatever address: by address, or by the same full name."""
    if contact.email_key in senders_of(headers)[:1]:
        return True
    theirs = _words(headers.from_name)
    mine = _words(contact.name or " ".join(filter(None, (contact.first_name, contact.last_name))))
    return len(mine) > 1 and (mine <= theirs or (len(theirs) > 1 and theirs <= mine))


def _words(name: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalpha() or c in "'-" else " " for c in name.casefold()).split())


def _guess(tx: Transaction, person: Row[Any]) -> Tie | None:
    for conversation in conversations.of_contact(tx, person.id)[:1]:
        left = [mail for mail in outbox.of_conversation(tx, conversation.id) if mail.state in outbox.LEFT]
        return _tie(tx, conversation.id, left[-1] if left else None, Match.guess)
    return None


def _tie(tx: Transaction, conversation_id: int, mail: Row[Any] | None, match: Match) -> Tie:
    conversation = conversations.get(tx, conversation_id)
    return Tie(conversation, contacts.get(tx, conversation.contact_id), mail, match)

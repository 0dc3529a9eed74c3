"""Whom and what a word of the owner is about: a person, a review, a mail, somebody who was named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.conversation.vocabulary import Delivery
from worker.errors import InputError
from worker.jobs.desk import Desk
from worker.reading.tell import Verb
from worker.store import Transaction, contacts, conversations, outbox, people, reviews

# Words that are about the person, whatever item of a summary they are said of.
ABOUT_A_PERSON = frozenset(
    {
        Verb.yes,
        Verb.no,
        Verb.met,
        Verb.not_met,
        Verb.no_talk,
        Verb.moved,
        Verb.stop,
        Verb.remove,
        Verb.called,
        Verb.no_answer,
        Verb.wait,
        Verb.later,
        Verb.undo,
    }
)

ID = re.compile(r"([cmrpd])(\d{1,12})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """What `who` means; the conversation is None only for a person who was named by nobody we know."""

    who: str
    conversation: Row[Any] | None
    contact: Row[Any] | None
    mail: Row[Any] | None = None
    review: Row[Any] | None = None
    person: Row[Any] | None = None
    about_domain: bool = False  # the question whether anybody of the contact's domain may be written to

    @property
    def name(self) -> str:
        """How the subject is called in an answer."""
        for row in (self.person, self.contact):
            if row is not None:
                return str(row.name or row.email or row.phone or self.who)
        return self.who


def nobody() -> Subject:
    """The subject of words that are about no single person."""
    return Subject("", None, None)


def find(tx: Transaction, desk: Desk, who: str) -> Subject:
    """What an address or an id stands for. Raises InputError where there is nothing of that name."""
    given = who.strip().strip("<>")
    as_id = ID.fullmatch(given)
    if as_id is not None:
        return _by_id(tx, desk, given, as_id[1].lower(), int(as_id[2]))
    row = contacts.by_key(tx, desk.mailbox.id, canonical(given)) if "@" in given else None
    if row is None:
        named = contacts.named_like(tx, desk.mailbox.id, given)
        row = named[0] if len(named) == 1 else None
    if row is None and "@" in given:
        proposed = people.proposed_as(tx, desk.mailbox.id, canonical(given))
        if proposed is not None:
            return _by_id(tx, desk, given, "p", proposed.id)
    if row is None:
        raise InputError(
            f"Nobody and nothing is known by {given!r}.",
            todo="Use an address from askaround contacts, or an id from askaround status (c3, m12, r5, p2).",
        )
    return Subject(given, conversations.of_contact(tx, row.id)[0], row)


def _by_id(tx: Transaction, desk: Desk, who: str, kind: str, number: int) -> Subject:
    conversation_id: int | None
    mail = review = person = None
    if kind == "d":
        theirs = conversations.of_contact(tx, number)
        if not theirs or theirs[0].mailbox_id != desk.mailbox.id:
            raise InputError(f"There is no {who}.", todo="askaround status shows what there is.")
        return Subject(who, theirs[0], contacts.get(tx, number), about_domain=True)
    if kind == "c":
        found = conversations.find(tx, desk.mailbox.id, number)
        conversation_id = found.id if found is not None else None
    elif kind == "m":
        mail = found = outbox.find(tx, desk.mailbox.id, number)
        conversation_id = found.conversation_id if found is not None else None
    elif kind == "r":
        review = found = reviews.find(tx, desk.mailbox.id, number)
        conversation_id = found.conversation_id if found is not None else None
    else:
        person = found = people.find(tx, desk.mailbox.id, number)
        conversation_id = found.conversation_id if found is not None else None
        if person is not None and person.state == "asked" and person.contact_id is not None:
            # they are a contact now: words are about them, and no longer about the one who named them
            conversation_id, person = conversations.of_contact(tx, person.contact_id)[0].id, None
    if found is None:
        raise InputError(f"There is no {who}.", todo="askaround status shows what there is.")
    if conversation_id is None:
        return Subject(who, None, None, mail, review, person)
    conversation = conversations.get(tx, conversation_id)
    return Subject(who, conversation, contacts.get(tx, conversation.contact_id), mail, review, person)


def open_reviews(tx: Transaction, subject: Subject) -> list[Row[Any]]:
    """The reviews that a word about this subject may settle."""
    if subject.review is not None:
        return [subject.review] if subject.review.settled_at is None else []
    if subject.mail is not None or subject.person is not None or subject.conversation is None:
        return []
    return reviews.of_conversation(tx, subject.conversation.id)


def mails_waiting(tx: Transaction, subject: Subject) -> list[Row[Any]]:
    """The mails that a "send", "ok" or "cancel" about this subject may mean; one that was given up is among them."""
    if subject.mail is not None:
        return [subject.mail]
    if subject.review is not None or subject.person is not None or subject.conversation is None:
        return []
    return [
        mail
        for mail in outbox.of_conversation(tx, subject.conversation.id)
        if mail.state in (*outbox.PENDING, Delivery.uncertain) or outbox.given_up(mail)
    ]

"""People who said yes in the thread of somebody else: contacts of their own, whom no mail of ours ever reached."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.conversation.vocabulary import Intent, State
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, conversations, journal, messages, outbox


def wrote(message: Row[Any], contact: Row[Any]) -> bool:
    """Whether somebody else than this contact wrote the mail."""
    return not message.from_contact and canonical(message.from_address or "") != contact.email_key


def is_theirs(tx: Transaction, conversation: Row[Any] | None) -> bool:
    """Whether this conversation was begun by a yes in somebody else's thread, and nothing came of it yet."""
    if conversation is None or conversation.state != State.talking or outbox.of_conversation(tx, conversation.id):
        return False
    return contacts.get(tx, conversation.contact_id).introducer_id is not None and not messages.of_conversation(
        tx, conversation.id
    )


def words_of(tx: Transaction, contact: Row[Any]) -> list[Row[Any]]:
    """What this person wrote in the thread of the one who led to them, oldest first."""
    if contact.introducer_id is None or contact.email_key is None:
        return []
    return [
        message
        for theirs in conversations.of_contact(tx, contact.introducer_id)
        for message in messages.of_conversation(tx, theirs.id)
        if message.human and not message.by_owner and canonical(message.from_address or "") == contact.email_key
    ]


def drop(tx: Transaction, desk: Desk, conversation: Row[Any] | None) -> str:
    """It was no yes: the conversation is closed, and nothing follows."""
    if conversation is None:
        return ""
    contact = contacts.get(tx, conversation.contact_id)
    conversations.move(tx, conversation.id, State.closed, desk.now)
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "state",
        f"{conversation.state} -> {State.closed}",
        conversation_id=conversation.id,
        contact_id=contact.id,
        rule="no-yes",
    )
    return f"{contact.name or contact.email}: as you say; nothing follows from it, it stands at closed"


def take_back(tx: Transaction, desk: Desk, review: Row[Any]) -> None:
    """The yes of somebody else, which this review is about, was none: whom it made a contact is none to talk to."""
    if review.message_id is None or review.reading_id is None:
        return
    message = messages.get(tx, review.message_id)
    if messages.get_reading(tx, review.reading_id).intent != Intent.interested or not message.from_address:
        return
    person = contacts.by_key(tx, desk.mailbox.id, canonical(message.from_address))
    if person is None or not wrote(message, contacts.get(tx, message.contact_id)):
        return
    for theirs in conversations.of_contact(tx, person.id):
        if is_theirs(tx, theirs):
            drop(tx, desk, theirs)

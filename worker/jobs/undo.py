"""Takes the last reading or word about a conversation back, if nothing left because of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import State
from worker.errors import InputError
from worker.jobs import steps, told
from worker.jobs.desk import Desk
from worker.jobs.plan import PAUSE_IS_OVER
from worker.jobs.standing import put_back
from worker.store import (
    Transaction,
    changes,
    contacts,
    conversations,
    journal,
    mailboxes,
    messages,
    outbox,
    people,
    reviews,
    suppressions,
)

GONE = (*outbox.LEFT, "sending", "failed")
# The lines of the journal that stand for something the owner said or typed, "undone" apart.
OWNERS = frozenset(
    {"word", "paused", "resumed", "owner_away", "owner_back", "suppressed", "unsuppressed", "finished", "forgotten"}
)
WORDS_COUNT = timedelta(days=14)  # for "undo" alone: as long as an answer to a summary counts
PAUSE_TAKEN_BACK = "you took the pause back"


def undo_last_word(tx: Transaction, desk: Desk) -> str:
    """Take back what the owner said last, of whomever, or the pause that they began. Raises InputError.

    What cannot be taken back so stops it: an older word is never taken back in place of the last one.
    """
    unpaused = False
    for line in journal.newest(tx, desk.mailbox.id, OWNERS, since=desk.now - WORDS_COUNT):
        if line.for_owner or line.text == PAUSE_IS_OVER:
            continue  # the worker did that by itself
        if line.text == PAUSE_TAKEN_BACK:
            unpaused = True
        elif line.what == "paused" and unpaused:
            unpaused = False
        elif line.what == "paused":
            return _end_pause(tx, desk, line)
        elif line.what == "word":
            change = changes.of_word(tx, line.conversation_id, f"{told.YOUR_WORD}{line.words}", line.at)
            if change is None:
                raise _not_so(tx, desk, line)
            if change.undone_at is None:
                return _take_back(tx, desk, change)
        else:
            raise _not_so(tx, desk, line)
    raise InputError("There is nothing to undo; nothing was changed.")


def _end_pause(tx: Transaction, desk: Desk, line: Row[Any]) -> str:
    if mailboxes.get(tx, desk.mailbox.id).paused_at != line.at:
        raise InputError("What you said last is not taken back so; nothing was changed.", todo="Name whom you mean.")
    mailboxes.note(tx, desk.mailbox.id, paused_at=None, paused_until=None)
    journal.write(tx, desk.mailbox.id, desk.now, "resumed", PAUSE_TAKEN_BACK)
    return "The pause is taken back: sending goes on."


def _take_back(tx: Transaction, desk: Desk, change: Row[Any]) -> str:
    newest = changes.last(tx, change.conversation_id)
    if newest is None or newest.id != change.id:
        raise InputError("Something has happened with them since; nothing was changed.", todo="Name whom you mean.")
    return undo(tx, desk, change.conversation_id)


def _not_so(tx: Transaction, desk: Desk, line: Row[Any]) -> InputError:
    """Of a word that is about no conversation alone: an absence, a suppression, somebody who was named."""
    if any(one.at == line.at for one in journal.newest(tx, desk.mailbox.id, {"suppressed"}, since=line.at)):
        return InputError("A suppression is not taken back so; nothing was changed.", todo="askaround unsuppress")
    return InputError("What you said last is not taken back so; nothing was changed.", todo="Name whom you mean.")


def undo(tx: Transaction, desk: Desk, conversation_id: int) -> str:
    """Put the conversation back to where it stood; gives a sentence. Raises InputError where that cannot be."""
    last = changes.last(tx, conversation_id)
    if last is None:
        raise InputError("There is nothing to undo; nothing was changed.")
    conversation = conversations.get(tx, conversation_id)
    contact = contacts.get(tx, conversation.contact_id)
    planned = outbox.planned_by(tx, last.id)
    # a mail that waited then and has left since must not wait again: it would leave twice
    waited = [outbox.get(tx, int(mail_id)) for mail_id in last.before["mails"]]
    for mail in (*planned, *waited):
        if mail.state in GONE:
            raise InputError(
                f"The {mail.step.replace('_', ' ')} that followed has left already; nothing was changed.",
                todo="Write to them yourself; the worker then stays out.",
            )
    for mail in planned:
        if str(mail.id) not in last.before["mails"] and mail.state in outbox.PENDING:
            steps.cancel(tx, desk, mail, "taken back")
    _lift(tx, desk, last)
    put_back(tx, last.before, conversation, contact)
    changes.undone(tx, last.id, desk.now)
    for review_id in last.before.get("reviews", []):
        reviews.reopen(tx, review_id)
    message_id = last.before.get("message")
    if message_id is not None:
        _unread(tx, desk, conversation, message_id)
    name = contact.name or contact.email
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "undone",
        f"taken back: {last.what}",
        conversation_id=conversation_id,
        contact_id=contact.id,
        message_id=message_id,
    )
    state = conversations.get(tx, conversation_id).state.replace("_", " ")
    return f"{name}: {last.what} was taken back; it stands at {state} again"


def _lift(tx: Transaction, desk: Desk, last: Row[Any]) -> None:
    """The suppressions that this change brought go with it, and no others."""
    for one in suppressions.made_by(tx, last.id):
        suppressions.lift(tx, one.id, desk.now)


def _unread(tx: Transaction, desk: Desk, conversation: Row[Any], message_id: int) -> None:
    """The mail whose reading was taken back waits for the owner, and holds what follows silence."""
    for person in people.named_in(tx, message_id):
        if person.state == "proposed":
            people.note(tx, person.id, state="dropped", why="taken back", settled_at=desk.now)
        elif person.state == "asked" and person.contact_id is not None:
            _drop(tx, desk, person.contact_id)
    for one in reviews.of_message(tx, message_id):
        reviews.settle(tx, one.id, "taken back", desk.now)
    message = messages.get(tx, message_id)
    if message.human:
        reading = messages.newest_reading(tx, message_id)
        reviews.open_one(
            tx,
            mailbox_id=desk.mailbox.id,
            conversation_id=conversation.id,
            why="you took its reading back: what does it mean?",
            now=desk.now,
            message_id=message_id,
            reading_id=reading.id,
        )
        for mail in outbox.pending(tx, conversation.id):
            steps.hold(tx, mail, "a mail of theirs waits for your word", for_review=True)


def _drop(tx: Transaction, desk: Desk, contact_id: int) -> None:
    """Somebody who was to be asked because of the reading is not asked."""
    for conversation in conversations.of_contact(tx, contact_id):
        if conversation.state == State.planned:
            for mail in outbox.pending(tx, conversation.id):
                steps.cancel(tx, desk, mail, "taken back")
            conversations.move(tx, conversation.id, State.closed, desk.now)

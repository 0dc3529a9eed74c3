"""What the words of the owner have in common: the case, what waits, what is settled with them."""

from __future__ import annotations

from worker.conversation.vocabulary import Delivery
from worker.errors import NotUnderstood
from worker.jobs.case import Case
from worker.jobs.desk import Desk
from worker.jobs.standing import snapshot
from worker.jobs.word import Subject
from worker.store import (
    Transaction,
    changes,
    messages,
    outbox,
    reviews,
)

YOUR_WORD = "your word: "
SUPPRESS = "suppress"  # of everybody at an address or in a domain
EXAMPLES = (
    "For example: yes, no, met, stop, remove, called, later 2027-03-01, ok, cancel, send, undo, ask NAME <EMAIL>."
)


def case_of(tx: Transaction, desk: Desk, subject: Subject, what: str) -> Case:
    """The case of a word about a person, with what `undo` needs; raises NotUnderstood where there is no person."""
    if subject.conversation is None or subject.contact is None:
        raise NotUnderstood(f"{subject.who} is not about a person we wrote to; nothing was changed.", todo=EXAMPLES)
    before = snapshot(tx, subject.conversation, subject.contact)
    before["reviews"] = [row.id for row in reviews.of_conversation(tx, subject.conversation.id)]
    change_id = changes.begin(
        tx,
        mailbox_id=desk.mailbox.id,
        conversation_id=subject.conversation.id,
        what=f"{YOUR_WORD}{what}",
        before=before,
        now=desk.now,
    )
    return Case(subject.conversation, subject.contact, change_id=change_id, words=what[:300], by_owner=True)


def newest_answer(tx: Transaction, conversation_id: int) -> int | None:
    """The message that the person wrote last; None where nothing came."""
    theirs = [one for one in messages.of_conversation(tx, conversation_id) if one.human and not one.by_owner]
    return theirs[-1].id if theirs else None


def what_waits(tx: Transaction, desk: Desk, conversation_id: int) -> str:
    """The drafts and planned mails of a conversation, in words for the owner."""
    lines = []
    for mail in outbox.pending(tx, conversation_id):
        name = mail.step.replace("_", " ")
        if mail.state == Delivery.draft:
            lines.append(f"; {name} is drafted (askaround tell m{mail.id} send)")
        elif mail.state == Delivery.due:
            lines.append(f"; {name} leaves on {mail.due.astimezone(desk.mailbox.zone):%a %d %b %H:%M}")
    return "".join(lines)


def settle_reviews(tx: Transaction, desk: Desk, case: Case, settled_as: str) -> None:
    """Close every open review of the conversation: the word settles it."""
    for one in reviews.of_conversation(tx, case.conversation.id):
        reviews.settle(tx, one.id, settled_as, desk.now)

"""Reviews: readings and doubts that wait for the owner."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from worker.store.database import Transaction
from worker.store.schema import contact, conversation, reading, review


def open_one(
    tx: Transaction,
    *,
    mailbox_id: int,
    conversation_id: int | None,
    why: str,
    now: datetime,
    message_id: int | None = None,
    reading_id: int | None = None,
) -> int:
    """Open a review, and give its id."""
    row = {
        "mailbox_id": mailbox_id,
        "conversation_id": conversation_id,
        "message_id": message_id,
        "reading_id": reading_id,
        "why": why,
        "opened_at": now,
    }
    return int(tx.execute(insert(review).values(row).returning(review.c.id)).scalar_one())


def find(tx: Transaction, mailbox_id: int, review_id: int) -> Row[Any] | None:
    """The review's row, if this mailbox has it."""
    same = (review.c.id == review_id) & (review.c.mailbox_id == mailbox_id)
    return tx.execute(select(review).where(same)).one_or_none()


def settle(tx: Transaction, review_id: int, settled_as: str, now: datetime) -> bool:
    """Close a review; False where it was closed before."""
    open_still = (review.c.id == review_id) & review.c.settled_at.is_(None)
    done = tx.execute(update(review).where(open_still).values(settled_at=now, settled_as=settled_as))
    return done.rowcount == 1


def reopen(tx: Transaction, review_id: int) -> None:
    """Open a review again (undo)."""
    tx.execute(update(review).where(review.c.id == review_id).values(settled_at=None, settled_as=None))


def of_conversation(tx: Transaction, conversation_id: int) -> list[Row[Any]]:
    """The open reviews of a conversation, oldest first."""
    same = (review.c.conversation_id == conversation_id) & review.c.settled_at.is_(None)
    return list(tx.execute(select(review).where(same).order_by(review.c.id)))


def of_message(tx: Transaction, message_id: int) -> list[Row[Any]]:
    """The open reviews about one message."""
    same = (review.c.message_id == message_id) & review.c.settled_at.is_(None)
    return list(tx.execute(select(review).where(same).order_by(review.c.id)))


def waiting(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """All open reviews with the contact and the reading that they are about."""
    query = (
        select(
            review,
            contact.c.email,
            contact.c.name,
            contact.c.company,
            reading.c.kind,
            reading.c.intent,
            reading.c.confidence,
            reading.c.data,
        )
        .join(conversation, conversation.c.id == review.c.conversation_id, isouter=True)
        .join(contact, contact.c.id == conversation.c.contact_id, isouter=True)
        .join(reading, reading.c.id == review.c.reading_id, isouter=True)
        .where(review.c.mailbox_id == mailbox_id, review.c.settled_at.is_(None))
        .order_by(review.c.id)
    )
    return list(tx.execute(query))

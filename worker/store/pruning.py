"""Gives up the bytes of old mails; who was written to, which mail was read and what it said stays known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from worker.store.database import Transaction
from worker.store.schema import location, message, outbox, person, raw, review, summary

OUT_OF_HAND = ("sent", "cancelled", "failed")


def prune(tx: Transaction, mailbox_id: int, before: datetime, *, limit: int = 500) -> int:
    """Give up bytes that were kept before this instant; gives how many mails, at most `limit` of each kind.

    What waits for the owner (a review, a person who was named) or was not read yet keeps its bytes.
    """
    waits = select(review.c.message_id).where(review.c.settled_at.is_(None), review.c.message_id.is_not(None))
    proposed = select(person.c.message_id).where(person.c.state == "proposed", person.c.message_id.is_not(None))
    old = (
        select(message.c.id, message.c.raw_id)
        .join(raw, raw.c.id == message.c.raw_id)
        .where(
            message.c.mailbox_id == mailbox_id,
            raw.c.kept_at < before,
            message.c.id.not_in(waits),
            message.c.id.not_in(proposed),
        )
        .order_by(message.c.id)
        .limit(limit)
    )
    found = tx.execute(old).all()
    blobs = [row.raw_id for row in found]
    tx.execute(update(message).where(message.c.id.in_([row.id for row in found])).values(raw_id=None))
    still = select(location.c.raw_id).where(location.c.raw_id.is_not(None))
    shared = select(message.c.raw_id).where(message.c.raw_id.is_not(None))
    tx.execute(delete(raw).where(raw.c.id.in_(blobs), raw.c.id.not_in(still), raw.c.id.not_in(shared)))
    done = len(found)
    for table, states in ((outbox, OUT_OF_HAND), (summary, (*OUT_OF_HAND, "uncertain"))):
        when = table.c.finished_at if table is outbox else table.c.made_at
        mine = (table.c.mailbox_id == mailbox_id) & table.c.raw.is_not(None) & table.c.state.in_(states)
        over = select(table.c.id).where(mine, when < before).order_by(table.c.id).limit(limit)
        ids = list(tx.execute(over).scalars())
        tx.execute(update(table).where(table.c.id.in_(ids)).values(raw=None))
        done += len(ids)
    return done

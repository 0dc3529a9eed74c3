"""Strays: mails of ours that the mailbox knows and the database did not, until they are reconciled."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from worker.store.database import Transaction
from worker.store.schema import stray


def add(tx: Transaction, mailbox_id: int, message_id: str, *, now: datetime, **values: Any) -> bool:
    """Remember a stray; False where it is known. A copy in Sent adds what an answer alone could not say."""
    same = (stray.c.mailbox_id == mailbox_id) & (stray.c.message_id == message_id)
    there = tx.execute(select(stray).where(same)).one_or_none()
    if there is None:
        tx.execute(insert(stray).values(mailbox_id=mailbox_id, message_id=message_id, found_at=now, **values))
        return True
    if there.found_in == "answer" and values["found_in"] == "sent" and there.settled_at is None:
        kept = {name: value for name, value in values.items() if value is not None}
        tx.execute(update(stray).where(stray.c.id == there.id).values(kept))
    return False


def known(tx: Transaction, mailbox_id: int, ids: Collection[str]) -> frozenset[str]:
    """Which of these Message-IDs are strays, settled or not."""
    found: set[str] = set()
    wanted = sorted(ids)
    for begin in range(0, len(wanted), 500):
        same = (stray.c.mailbox_id == mailbox_id) & stray.c.message_id.in_(wanted[begin : begin + 500])
        found.update(tx.execute(select(stray.c.message_id).where(same)).scalars())
    return frozenset(found)


def waiting(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """The strays that are not reconciled, in the order in which they left."""
    same = (stray.c.mailbox_id == mailbox_id) & stray.c.settled_at.is_(None)
    return list(tx.execute(select(stray).where(same).order_by(stray.c.sent_at, stray.c.id)))


def waits(tx: Transaction, outbox_id: int) -> bool:
    """Whether this mail of the outbox is a stray that is not reconciled."""
    same = (stray.c.outbox_id == outbox_id) & stray.c.settled_at.is_(None)
    return tx.execute(select(stray.c.id).where(same).limit(1)).first() is not None


def get(tx: Transaction, stray_id: int) -> Row[Any]:
    """The stray's row."""
    return tx.execute(select(stray).where(stray.c.id == stray_id)).one()


def note(tx: Transaction, stray_id: int, **values: Any) -> None:
    """Set columns of the stray."""
    tx.execute(update(stray).where(stray.c.id == stray_id).values(values))


def settle(tx: Transaction, stray_id: int, now: datetime, settled_as: str) -> None:
    """The stray is reconciled."""
    note(tx, stray_id, settled_at=now, settled_as=settled_as)

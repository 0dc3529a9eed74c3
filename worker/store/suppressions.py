"""The suppression list: addresses and domains that must never be written to again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from worker.store.database import Transaction
from worker.store.schema import suppression


def add(
    tx: Transaction,
    mailbox_id: int,
    *,
    what: str,
    value: str,
    reason: str,
    now: datetime,
    scope: str = "mailbox",
    change_id: int | None = None,
) -> int:
    """Suppress an address (canonical) or a domain; scope mailbox or office. Gives the id; a second time is harmless.

    `change_id` is the reading or word that brings it: `undo` of that lifts it, and no other.
    """
    there = blocking(tx, mailbox_id, value if what == "address" else None, value if what == "domain" else None)
    if there is not None:
        return int(there.id)
    row = {
        "mailbox_id": mailbox_id if scope == "mailbox" else None,
        "scope": scope,
        "what": what,
        "value": value.lower(),
        "reason": reason,
        "at": now,
        "made_by_change": change_id,
    }
    return int(tx.execute(insert(suppression).values(row).returning(suppression.c.id)).scalar_one())


def blocking(tx: Transaction, mailbox_id: int, key: str | None, domain: str | None = None) -> Row[Any] | None:
    """What forbids to write to this canonical address (or to its domain), if anything does."""
    values = [value.lower() for value in (key, domain) if value]
    if key and "@" in key:
        values.append(key.rpartition("@")[2].lower())
    if not values:
        return None
    query = select(suppression).where(
        suppression.c.value.in_(values),
        suppression.c.lifted_at.is_(None),
        or_(suppression.c.scope == "office", suppression.c.mailbox_id == mailbox_id),
    )
    for row in tx.execute(query.order_by(suppression.c.id)):
        whole = row.value == (key or "").lower()
        if whole == (row.what == "address"):
            return row
    return None


def made_by(tx: Transaction, change_id: int) -> list[Row[Any]]:
    """The suppressions that a change brought and nobody has lifted."""
    same = (suppression.c.made_by_change == change_id) & suppression.c.lifted_at.is_(None)
    return list(tx.execute(select(suppression).where(same).order_by(suppression.c.id)))


def lift(tx: Transaction, suppression_id: int, now: datetime) -> None:
    """Take a suppression back (the owner only)."""
    tx.execute(update(suppression).where(suppression.c.id == suppression_id).values(lifted_at=now))

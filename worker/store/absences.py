"""When the owner is away by word: first and last day of each absence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from worker.store.database import Transaction
from worker.store.schema import absence


def add(tx: Transaction, mailbox_id: int, first: date, last: date, now: datetime) -> None:
    """Record an absence, both days included."""
    row = {"mailbox_id": mailbox_id, "first_day": first, "last_day": last, "said_at": now}
    tx.execute(insert(absence).values(row))


def every(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """All absences, past ones too: no wait runs while the owner is away, and that stays so afterwards."""
    same = absence.c.mailbox_id == mailbox_id
    return list(tx.execute(select(absence).where(same).order_by(absence.c.first_day, absence.c.id)))


def end(tx: Transaction, mailbox_id: int, today: date, *, beginning_until: date | None = None) -> int:
    """The owner is here from `today` on: what has begun ends on the day before.

    What begins today, or later but until `beginning_until`, is dropped; what lies further ahead stays. Gives how many
    absences that changed.
    """
    mine = absence.c.mailbox_id == mailbox_id
    soon = absence.c.first_day.between(today, max(today, beginning_until or today))
    ahead = tx.execute(delete(absence).where(mine, soon)).rowcount
    open_still = mine & (absence.c.first_day < today) & (absence.c.last_day >= today)
    cut = tx.execute(update(absence).where(open_still).values(last_day=today - timedelta(days=1))).rowcount
    return int(ahead + cut)

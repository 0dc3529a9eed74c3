"""Changes that `undo` can take back: what stood before a reading or a word of the owner was applied."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from worker.store.database import Transaction
from worker.store.schema import change


def begin(
    tx: Transaction, *, mailbox_id: int, conversation_id: int, what: str, before: dict[str, Any], now: datetime
) -> int:
    """Record what stood before, and give the change's id."""
    row = {
        "mailbox_id": mailbox_id,
        "conversation_id": conversation_id,
        "what": what,
        "before": before,
        "at": now,
    }
    return int(tx.execute(insert(change).values(row).returning(change.c.id)).scalar_one())


def last(tx: Transaction, conversation_id: int) -> Row[Any] | None:
    """The newest change of a conversation that was not taken back."""
    same = (change.c.conversation_id == conversation_id) & change.c.undone_at.is_(None)
    return tx.execute(select(change).where(same).order_by(change.c.id.desc()).limit(1)).first()


def standing(tx: Transaction, conversation_id: int) -> list[Row[Any]]:
    """The changes of a conversation that were not taken back, the newest first."""
    same = (change.c.conversation_id == conversation_id) & change.c.undone_at.is_(None)
    return list(tx.execute(select(change).where(same).order_by(change.c.id.desc())))


def of_word(tx: Transaction, conversation_id: int | None, what: str, at: datetime) -> Row[Any] | None:
    """The newest change of a conversation by this word at this instant, taken back or not."""
    same = (
        (change.c.conversation_id == conversation_id)
        & (change.c.at == at)
        & change.c.what.startswith(what, autoescape=True)
    )
    return tx.execute(select(change).where(same).order_by(change.c.id.desc()).limit(1)).first()


def remember(tx: Transaction, change_id: int, mail_id: int, facts: dict[str, Any]) -> None:
    """Add to what stood before how a mail stood that had left, where the change brings it into motion again."""
    before = tx.execute(select(change.c.before).where(change.c.id == change_id)).scalar_one()
    mails = {**before.get("mails", {}), str(mail_id): facts}
    tx.execute(update(change).where(change.c.id == change_id).values(before={**before, "mails": mails}))


def undone(tx: Transaction, change_id: int, now: datetime) -> None:
    """The change was taken back."""
    tx.execute(update(change).where(change.c.id == change_id).values(undone_at=now))

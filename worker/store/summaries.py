"""Summaries: one a local date, their delivery, their numbered items, the mails that stood in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from worker.store.database import Transaction
from worker.store.schema import outbox, summary, summary_item, summary_mail

CALL = "call"  # the kind of an item that is a call to make
WHOLE = summary.c.about_message_id.is_(None)
"""What is a summary, and no mail that tells one message at once."""


def of_date(tx: Transaction, mailbox_id: int, local_date: date) -> list[Row[Any]]:
    """That date's summaries: the first, then those that were sent again by hand."""
    same = (summary.c.mailbox_id == mailbox_id) & (summary.c.local_date == local_date) & WHOLE
    return list(tx.execute(select(summary).where(same).order_by(summary.c.again)))


def about(tx: Transaction, message_id: int) -> Row[Any] | None:
    """The mail that told the owner of this message at once."""
    return tx.execute(select(summary).where(summary.c.about_message_id == message_id)).one_or_none()


def told_at_once_since(tx: Transaction, mailbox_id: int, moment: datetime) -> int:
    """How many messages were told at once since then."""
    same = (summary.c.mailbox_id == mailbox_id) & summary.c.about_message_id.is_not(None)
    return int(tx.execute(select(func.count()).where(same, summary.c.made_at >= moment)).scalar_one())


def unfinished(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """Summaries, and mails that tell one message at once, that were begun and neither sent nor given up."""
    same = (summary.c.mailbox_id == mailbox_id) & summary.c.state.in_(("due", "retry", "sending", "in_flight"))
    return list(tx.execute(select(summary).where(same).order_by(summary.c.id)))


def add(
    tx: Transaction,
    *,
    mailbox_id: int,
    local_date: date,
    again: int,
    message_id: str,
    token: str,
    raw: bytes,
    journal_id: int,
    now: datetime,
    items: list[tuple[int, str, str, int | None]],
    mails: list[int],
    calls: Collection[int] = (),
    about_message_id: int | None = None,
) -> int:
    """Record a summary with its items (number, kind, subject, conversation) and the mails that stand in it.

    `calls` are the conversations whose call goes with it as a calendar file.
    """
    row = {
        "mailbox_id": mailbox_id,
        "local_date": local_date,
        "again": again,
        "state": "due",
        "message_id": message_id,
        "token": token,
        "attempt": 0,
        "raw": raw,
        "made_at": now,
        "journal_id": journal_id,
        "about_message_id": about_message_id,
    }
    made = int(tx.execute(insert(summary).values(row).returning(summary.c.id)).scalar_one())
    for number, kind, subject, conversation_id in items:
        tx.execute(
            insert(summary_item).values(
                summary_id=made,
                number=number,
                kind=kind,
                subject=subject,
                conversation_id=conversation_id,
                calendar=kind == CALL and conversation_id in calls,
            )
        )
    for outbox_id in sorted(set(mails)):
        tx.execute(insert(summary_mail).values(summary_id=made, outbox_id=outbox_id))
    return made


def has_calendar_of(tx: Transaction, conversation_id: int, since: datetime) -> bool:
    """Whether a summary that the server accepted brought a calendar file of this call, since it was last raised."""
    query = (
        select(summary_item.c.id)
        .join(summary, summary.c.id == summary_item.c.summary_id)
        .where(
            summary_item.c.conversation_id == conversation_id,
            summary_item.c.kind == CALL,
            summary_item.c.calendar.is_(True),
            summary.c.state == "sent",
            summary.c.made_at >= since,
        )
    )
    return tx.execute(query.limit(1)).first() is not None


def get(tx: Transaction, summary_id: int) -> Row[Any]:
    """The summary's row."""
    return tx.execute(select(summary).where(summary.c.id == summary_id)).one()


def advance(
    tx: Transaction, summary_id: int, *, state: str, attempt: int, to: str, again: bool = False, **values: Any
) -> bool:
    """Bring a summary from `state` to `to` (compare-and-set); False where somebody else was faster.

    `again` counts a new attempt.
    """
    if again:
        values["attempt"] = attempt + 1
    mine = (summary.c.id == summary_id) & (summary.c.state == state) & (summary.c.attempt == attempt)
    return tx.execute(update(summary).where(mine).values({"state": to, **values})).rowcount == 1


def accepted(tx: Transaction, summary_id: int, now: datetime) -> None:
    """The server took the summary: what stood in it may leave."""
    mails = select(summary_mail.c.outbox_id).where(summary_mail.c.summary_id == summary_id)
    tx.execute(update(outbox).where(outbox.c.id.in_(mails), outbox.c.noticed_at.is_(None)).values(noticed_at=now))


def last_sent(tx: Transaction, mailbox_id: int) -> Row[Any] | None:
    """The newest summary that the server accepted."""
    same = (summary.c.mailbox_id == mailbox_id) & (summary.c.state == "sent") & WHOLE
    return tx.execute(select(summary).where(same).order_by(summary.c.sent_at.desc()).limit(1)).first()


def last_made_at(tx: Transaction, mailbox_id: int) -> datetime | None:
    """When the newest summary was made."""
    return tx.execute(select(func.max(summary.c.made_at)).where(summary.c.mailbox_id == mailbox_id, WHOLE)).scalar()


def by_message_ids(tx: Transaction, mailbox_id: int, ids: list[str]) -> Row[Any] | None:
    """The summary among these Message-IDs."""
    if not ids:
        return None
    same = (summary.c.mailbox_id == mailbox_id) & summary.c.message_id.in_(ids)
    return tx.execute(select(summary).where(same).limit(1)).first()


def items(tx: Transaction, summary_id: int) -> list[Row[Any]]:
    """A summary's numbered items."""
    same = summary_item.c.summary_id == summary_id
    return list(tx.execute(select(summary_item).where(same).order_by(summary_item.c.number)))


def by_tokens(tx: Transaction, mailbox_id: int, tokens: list[str]) -> Row[Any] | None:
    """The summary with one of these tokens."""
    if not tokens:
        return None
    same = (summary.c.mailbox_id == mailbox_id) & summary.c.token.in_(tokens[:20])
    return tx.execute(select(summary).where(same).limit(1)).first()


def settle_item(tx: Transaction, item_id: int, now: datetime | None) -> None:
    """An item was answered: it is not answered again; None opens it again."""
    tx.execute(update(summary_item).where(summary_item.c.id == item_id).values(settled_at=now))


def known_ids(tx: Transaction, mailbox_id: int, ids: set[str]) -> frozenset[str]:
    """Which of these Message-IDs are summaries of ours."""
    found: set[str] = set()
    wanted = sorted(ids)
    for begin in range(0, len(wanted), 500):
        same = (summary.c.mailbox_id == mailbox_id) & summary.c.message_id.in_(wanted[begin : begin + 500])
        found.update(tx.execute(select(summary.c.message_id).where(same)).scalars())
    return frozenset(found)

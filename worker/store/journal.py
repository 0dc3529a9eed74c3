"""The journal: append-only, what happened, by which mail, words and rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from worker.store.database import Transaction
from worker.store.schema import contact, journal, message, outbox

OF_SOMEBODY_NAMED = "named"  # the rule of a word about whoever was named in a conversation


def write(
    tx: Transaction,
    mailbox_id: int,
    at: datetime,
    what: str,
    text: str,
    *,
    conversation_id: int | None = None,
    contact_id: int | None = None,
    message_id: int | None = None,
    outbox_id: int | None = None,
    words: str | None = None,
    rule: str | None = None,
    for_owner: bool = False,
) -> None:
    """Append one line: `what` is a short code, `text` a sentence for a person."""
    row = {
        "mailbox_id": mailbox_id,
        "at": at,
        "what": what,
        "text": text,
        "conversation_id": conversation_id,
        "contact_id": contact_id,
        "message_id": message_id,
        "outbox_id": outbox_id,
        "words": words,
        "rule": rule,
        "for_owner": for_owner,
    }
    tx.execute(insert(journal).values(row))


def write_many(
    tx: Transaction, mailbox_id: int, at: datetime, what: str, lines: Sequence[tuple[str, int, int]]
) -> None:
    """Append a line for each (text, conversation's id, contact's id)."""
    rows = [
        {
            "mailbox_id": mailbox_id,
            "at": at,
            "what": what,
            "text": text,
            "conversation_id": conversation_id,
            "contact_id": contact_id,
            "for_owner": False,
        }
        for text, conversation_id, contact_id in lines
    ]
    if rows:
        tx.execute(insert(journal), rows)


def of_conversation(tx: Transaction, conversation_id: int) -> list[Row[Any]]:
    """The lines about one conversation, oldest first."""
    query = select(journal).where(journal.c.conversation_id == conversation_id).order_by(journal.c.id)
    return list(tx.execute(query))


def has_word(tx: Transaction, conversation_id: int, moment: datetime) -> bool:
    """Whether the owner has said something of this conversation at `moment` or later, not of somebody named in it."""
    word = (journal.c.conversation_id == conversation_id) & (journal.c.what == "word") & (journal.c.at >= moment)
    query = select(journal.c.id).where(word, func.coalesce(journal.c.rule, "") != OF_SOMEBODY_NAMED)
    return tx.execute(query.limit(1)).first() is not None


def since(tx: Transaction, mailbox_id: int, after_id: int, *, limit: int = 500) -> list[Row[Any]]:
    """The lines after one id, with the person they are about, oldest first."""
    query = (
        select(journal, contact.c.email, contact.c.name, contact.c.company)
        .join(contact, contact.c.id == journal.c.contact_id, isouter=True)
        .where(journal.c.mailbox_id == mailbox_id, journal.c.id > after_id)
        .order_by(journal.c.id)
        .limit(limit)
    )
    return list(tx.execute(query))


def actions(tx: Transaction, mailbox_id: int, after_id: int, *, limit: int = 500) -> list[Row[Any]]:
    """What the lines after one id are about, oldest first: ids and Message-IDs, none of the words of anybody."""
    names = ("id", "what", "text", "rule", "conversation_id", "outbox_id")
    query = (
        select(
            *(journal.c[name] for name in names),
            contact.c.email,
            outbox.c.step,
            func.coalesce(outbox.c.message_id, message.c.message_id).label("message_id"),
        )
        .join(contact, contact.c.id == journal.c.contact_id, isouter=True)
        .join(outbox, outbox.c.id == journal.c.outbox_id, isouter=True)
        .join(message, message.c.id == journal.c.message_id, isouter=True)
        .where(journal.c.mailbox_id == mailbox_id, journal.c.id > after_id)
        .order_by(journal.c.id)
        .limit(limit)
    )
    return list(tx.execute(query))


def of_kind_since(tx: Transaction, mailbox_id: int, what: str, after_id: int) -> list[Row[Any]]:
    """The lines of one kind after one id, oldest first."""
    same = (journal.c.mailbox_id == mailbox_id) & (journal.c.what == what) & (journal.c.id > after_id)
    return list(tx.execute(select(journal).where(same).order_by(journal.c.id)))


def newest(tx: Transaction, mailbox_id: int, kinds: Collection[str], *, since: datetime) -> list[Row[Any]]:
    """The lines of these kinds since an instant, newest first."""
    same = (journal.c.mailbox_id == mailbox_id) & (journal.c.at >= since) & journal.c.what.in_(sorted(kinds))
    return list(tx.execute(select(journal).where(same).order_by(journal.c.id.desc())))


def last_id(tx: Transaction, mailbox_id: int) -> int:
    """The newest line's id; 0 for an empty journal."""
    query = select(journal.c.id).where(journal.c.mailbox_id == mailbox_id).order_by(journal.c.id.desc()).limit(1)
    return int(tx.execute(query).scalar() or 0)

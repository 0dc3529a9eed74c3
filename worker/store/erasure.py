"""Erases a person: their rows, then every mention of them in anybody else's."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, String, Table, delete, insert, or_, select, text, update

from worker.store.database import Store, Transaction
from worker.store.schema import (
    change,
    contact,
    contact_company,
    conversation,
    journal,
    location,
    message,
    metadata,
    outbox,
    outbox_message_id,
    person,
    raw,
    reading,
    review,
    stray,
    summary,
    summary_item,
    summary_mail,
)

FORGOTTEN = "forgotten"
# Our own names and keys, and what is a hash already.
_NEVER_SCRUBBED = frozenset({"mailbox", "installation", "folder", "suppression_value"})
_UNFINISHED = ("due", "retry")


def addresses_of(tx: Transaction, contact_id: int) -> frozenset[str]:
    """Every address under which this person was written to, or wrote."""
    written = select(outbox.c.to_address).where(outbox.c.contact_id == contact_id, outbox.c.to_address.is_not(None))
    wrote = select(message.c.from_address).where(
        message.c.contact_id == contact_id,
        message.c.from_contact.is_(True),
        message.c.human.is_(True),
        message.c.by_owner.is_(False),
        message.c.match == "thread",
    )
    found = [*tx.execute(written).scalars(), *tx.execute(wrote).scalars()]
    return frozenset(address.lower() for address in found if address)


def delete_person(tx: Transaction, mailbox_id: int, contact_id: int, now: datetime) -> None:
    """Delete a contact with everything that hangs on them; the Message-IDs of our mails stay known as no concern."""
    talks = select(conversation.c.id).where(conversation.c.contact_id == contact_id)
    mails = select(outbox.c.id).where(outbox.c.contact_id == contact_id)
    theirs = select(message.c.id).where(
        or_(
            message.c.contact_id == contact_id,
            message.c.conversation_id.in_(talks),
            message.c.answers_outbox_id.in_(mails),
        )
    )
    _keep_ids(tx, mailbox_id, contact_id, now)
    blobs = list(tx.execute(select(message.c.raw_id).where(message.c.id.in_(theirs))).scalars())
    tx.execute(delete(summary_item).where(summary_item.c.conversation_id.in_(talks)))
    tx.execute(delete(summary_mail).where(summary_mail.c.outbox_id.in_(mails)))
    tx.execute(delete(review).where(or_(review.c.conversation_id.in_(talks), review.c.message_id.in_(theirs))))
    tx.execute(
        delete(journal).where(
            or_(
                journal.c.conversation_id.in_(talks),
                journal.c.contact_id == contact_id,
                journal.c.message_id.in_(theirs),
                journal.c.outbox_id.in_(mails),
            )
        )
    )
    tx.execute(delete(reading).where(or_(reading.c.conversation_id.in_(talks), reading.c.message_id.in_(theirs))))
    tx.execute(delete(change).where(change.c.conversation_id.in_(talks)))
    tx.execute(delete(person).where(person.c.contact_id == contact_id))
    # whom they named: what waits for the owner stays, without a word on who named them
    gone = person.c.introducer_id == contact_id
    tx.execute(delete(person).where(gone, person.c.state != "proposed"))
    values = {"introducer_id": None, "conversation_id": None, "message_id": None, "why": None}
    tx.execute(
        update(person)
        .where(or_(gone, person.c.conversation_id.in_(talks), person.c.message_id.in_(theirs)))
        .values(values)
    )
    tx.execute(update(location).where(location.c.message_id.in_(theirs)).values(message_id=None, raw_id=None))
    tx.execute(update(stray).where(stray.c.outbox_id.in_(mails)).values(outbox_id=None))
    tx.execute(delete(message).where(message.c.id.in_(list(tx.execute(theirs).scalars()))))
    tx.execute(delete(outbox_message_id).where(outbox_message_id.c.outbox_id.in_(mails)))
    tx.execute(delete(outbox).where(outbox.c.contact_id == contact_id))
    tx.execute(delete(conversation).where(conversation.c.contact_id == contact_id))
    introduced = contact.c.introducer_id == contact_id
    tx.execute(update(contact).where(introduced).values(introducer_id=None, referred_by=None, source=None))
    tx.execute(delete(contact_company).where(contact_company.c.contact_id == contact_id))
    tx.execute(delete(contact).where(contact.c.id == contact_id))
    _drop_blobs(tx, [blob for blob in blobs if blob is not None])


def _keep_ids(tx: Transaction, mailbox_id: int, contact_id: int, now: datetime) -> None:
    """An answer or a copy that turns up later must not look like a mail of ours that the database has lost."""
    query = (
        select(outbox_message_id.c.message_id, outbox.c.sent_at)
        .join(outbox, outbox.c.id == outbox_message_id.c.outbox_id)
        .where(outbox.c.contact_id == contact_id)
    )
    known = set(tx.execute(select(stray.c.message_id).where(stray.c.mailbox_id == mailbox_id)).scalars())
    rows = [
        {
            "mailbox_id": mailbox_id,
            "message_id": row.message_id,
            "found_in": FORGOTTEN,
            "to_address": "",
            "sent_at": row.sent_at or now,
            "found_at": now,
            "settled_at": now,
            "settled_as": FORGOTTEN,
        }
        for row in tx.execute(query)
        if row.message_id not in known
    ]
    if rows:
        tx.execute(insert(stray), rows)


def delete_mentioned(tx: Transaction, mailbox_id: int, keys: Collection[str]) -> None:
    """Delete who was named under one of these canonical addresses."""
    found = person.c.mailbox_id == mailbox_id, person.c.email_key.in_(sorted(keys))
    tx.execute(delete(person).where(*found))


def scrub(
    tx: Transaction,
    mailbox_id: int,
    clean: Callable[[str], str],
    mentions: Callable[[bytes], bool],
    now: datetime,
) -> None:
    """Take every mention out of what is left: `clean` gives a text without it, `mentions` reads the bytes of a mail."""
    strays = select(stray.c.id, stray.c.to_address, stray.c.to_name, stray.c.subject).where(
        stray.c.mailbox_id == mailbox_id
    )
    for row in tx.execute(strays).all():
        if any(clean(value) != value for value in (row.to_address, row.to_name, row.subject) if value):
            values = {"to_address": "", "to_name": None, "subject": None, "settled_as": FORGOTTEN, "settled_at": now}
            tx.execute(update(stray).where(stray.c.id == row.id).values(values))
    _scrub_mails(tx, mailbox_id, mentions)
    for table in metadata.sorted_tables:
        if table.name not in _NEVER_SCRUBBED:
            _scrub_table(tx, table, clean)


def _scrub_mails(tx: Transaction, mailbox_id: int, mentions: Callable[[bytes], bool]) -> None:
    for row in _rows(tx, outbox, outbox.c.raw, outbox.c.state):
        if row.raw is not None and mentions(row.raw) and row.state not in ("sending", "in_flight"):
            tx.execute(update(outbox).where(outbox.c.id == row.id).values(raw=None))  # written anew if it is to leave
    for row in _rows(tx, summary, summary.c.raw, summary.c.state):
        if row.raw is None or not mentions(row.raw):
            continue
        # one that has not left is made anew in the next turn
        state = {"state": "failed"} if row.state in _UNFINISHED else {}
        tx.execute(update(summary).where(summary.c.id == row.id).values(raw=None, **state))
    blobs = [row.id for row in _rows(tx, raw, raw.c.data) if mentions(zlib.decompress(row.data))]
    waiting = select(location.c.raw_id).where(
        location.c.raw_id.is_not(None), location.c.message_id.is_(None), location.c.parked_at.is_(None)
    )
    unread = set(tx.execute(waiting).scalars())  # read in the next turn, and then it is seen what it is
    _drop_blobs(tx, [blob for blob in blobs if blob not in unread])


def _drop_blobs(tx: Transaction, blobs: Iterable[int]) -> None:
    ids = sorted(set(blobs))
    for begin in range(0, len(ids), 500):
        some = ids[begin : begin + 500]
        tx.execute(update(message).where(message.c.raw_id.in_(some)).values(raw_id=None))
        tx.execute(update(location).where(location.c.raw_id.in_(some)).values(raw_id=None))
        tx.execute(delete(raw).where(raw.c.id.in_(some)))


def _scrub_table(tx: Transaction, table: Table, clean: Callable[[str], str]) -> None:
    columns = [
        column
        for column in table.c
        if isinstance(column.type, String | JSON)
        and not column.foreign_keys
        and f"{table.name}_{column.name}" not in _NEVER_SCRUBBED
        and column.name not in ("message_id", "token", "email_key", "text_hash", "state", "kind", "step")
    ]
    if not columns:
        return
    for row in _rows(tx, table, *columns):
        changed: dict[str, Any] = {}
        for column in columns:
            before = getattr(row, column.name)
            after = _cleaned(before, clean)
            if after != before:
                changed[column.name] = after
        if changed:
            tx.execute(update(table).where(table.c.id == row.id).values(changed))


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one, clean) for one in value]
    if isinstance(value, dict):
        return {key: _cleaned(one, clean) for key, one in value.items()}
    return value


def _rows(tx: Transaction, table: Table, *columns: Column[Any]) -> Iterator[Any]:
    """All rows of a table, some at a time, so that a large one is never held whole."""
    few = 20 if any(isinstance(column.type, LargeBinary) for column in columns) else 1000
    last = 0
    while True:
        query = select(table.c.id, *columns).where(table.c.id > last).order_by(table.c.id).limit(few)
        found = tx.execute(query).all()
        yield from found
        if len(found) < few:
            return
        last = found[-1].id


def rewrite(store: Store) -> bool:
    """Write an SQLite file anew, so that nothing of what was deleted is left in it; False where others hold it."""
    if not store.is_sqlite:
        return True
    with store.engine.connect() as connection, contextlib.closing(connection.connection.cursor()) as cursor:
        try:
            cursor.execute("VACUUM")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            return False
    return not busy


def overwrite_deleted(tx: Transaction) -> None:
    """From here on what is deleted on this connection is overwritten (SQLite)."""
    if tx.dialect.name == "sqlite":
        tx.execute(text("PRAGMA secure_delete=ON"))

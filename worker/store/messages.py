"""Incoming mail: kept bytes, where it lies, what it was tied to, how it was read."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from worker.store.database import Transaction
from worker.store.schema import folder, location, message, outbox, raw, reading


def keep(
    tx: Transaction,
    *,
    mailbox_id: int,
    folder_id: int,
    uidvalidity: int,
    generation: int,
    uid: int,
    internal_date: datetime,
    data: bytes,
    now: datetime,
) -> int | None:
    """Store the bytes of a mail before anything parses them; None where this very place was kept before."""
    same = (location.c.folder_id == folder_id) & (location.c.generation == generation) & (location.c.uid == uid)
    there = tx.execute(select(location).where(same)).one_or_none()
    if there is not None and (there.error is None or there.raw_id is not None or there.message_id is not None):
        return None
    blob = {"data": zlib.compress(data, 6), "size": len(data), "kept_at": now}
    raw_id = tx.execute(insert(raw).values(blob).returning(raw.c.id)).scalar_one()
    place = {
        "mailbox_id": mailbox_id,
        "folder_id": folder_id,
        "uidvalidity": uidvalidity,
        "generation": generation,
        "uid": uid,
        "internal_date": internal_date,
        "raw_id": raw_id,
        "tries": 0,
        "error": None,
        "parked_at": None,
    }
    if there is not None:  # the server had not handed it out before
        tx.execute(update(location).where(location.c.id == there.id).values(place))
        return int(there.id)
    return int(tx.execute(insert(location).values(place).returning(location.c.id)).scalar_one())


def unread(tx: Transaction, mailbox_id: int, *, limit: int = 500) -> list[Row[Any]]:
    """Kept mails that were not read yet and are not parked, in the order in which they came."""
    query = (
        select(location, folder.c.name.label("folder_name"), folder.c.role)
        .join(folder, folder.c.id == location.c.folder_id)
        .where(
            location.c.mailbox_id == mailbox_id,
            location.c.message_id.is_(None),
            location.c.parked_at.is_(None),
            location.c.raw_id.is_not(None),
        )
        .order_by(location.c.internal_date, location.c.id)
        .limit(limit)
    )
    return list(tx.execute(query))


def parked(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """Mails that could not be read after several tries."""
    same = (location.c.mailbox_id == mailbox_id) & location.c.parked_at.is_not(None)
    return list(tx.execute(select(location).where(same).order_by(location.c.id)))


def parked_in(tx: Transaction, folder_id: int, generation: int) -> set[int]:
    """The UIDs of what is parked in a folder."""
    same = (location.c.folder_id == folder_id) & (location.c.generation == generation)
    return set(tx.execute(select(location.c.uid).where(same, location.c.parked_at.is_not(None))).scalars())


def set_aside(
    tx: Transaction, mailbox_id: int, folder_id: int, generation: int, *, parked_by: datetime, since: datetime
) -> list[int]:
    """The UIDs of what a server did not hand out, parked before the one time and first missed after the other."""
    never_given = (location.c.mailbox_id == mailbox_id) & location.c.message_id.is_(None) & location.c.raw_id.is_(None)
    same = (location.c.folder_id == folder_id) & (location.c.generation == generation) & never_given
    query = select(location.c.uid).where(same, location.c.parked_at <= parked_by, location.c.internal_date >= since)
    return sorted(tx.execute(query.order_by(location.c.parked_at, location.c.uid).limit(100)).scalars())


def asked_again(
    tx: Transaction, folder_id: int, generation: int, uids: Collection[int], *, given: Collection[int], now: datetime
) -> None:
    """What was set aside was asked for: it stays so where it was withheld again; what is of no concern is forgotten."""
    same = (location.c.folder_id == folder_id) & (location.c.generation == generation)
    parked = same & location.c.parked_at.is_not(None) & location.c.raw_id.is_(None) & location.c.message_id.is_(None)
    tx.execute(update(location).where(parked, location.c.uid.in_(uids)).values(parked_at=now))
    tx.execute(delete(location).where(parked, location.c.uid.in_(given)))


def tried(tx: Transaction, location_id: int, tries: int, *, error: str | None, parked_at: datetime | None) -> None:
    """Count a try at reading a kept mail; park it where `parked_at` is given."""
    values = {"tries": tries, "error": error, "parked_at": parked_at}
    tx.execute(update(location).where(location.c.id == location_id).values(values))


def bytes_of(tx: Transaction, raw_id: int) -> bytes:
    """The mail as it came; empty where it was pruned."""
    data = tx.execute(select(raw.c.data).where(raw.c.id == raw_id)).scalar()
    return zlib.decompress(data) if data else b""


def read_as(tx: Transaction, location_id: int, message_id: int) -> None:
    """The kept mail at this place was read as this message; the bytes of a second copy are given up."""
    held = tx.execute(select(location.c.raw_id).where(location.c.id == location_id)).scalar()
    owner = tx.execute(select(message.c.raw_id).where(message.c.id == message_id)).scalar()
    tx.execute(update(location).where(location.c.id == location_id).values(message_id=message_id, raw_id=None))
    if held is not None and held != owner:
        tx.execute(delete(raw).where(raw.c.id == held))


def read_as_nothing(tx: Transaction, location_id: int) -> None:
    """The kept mail at this place is no concern of ours: its bytes are given up, its place is remembered."""
    held = tx.execute(select(location.c.raw_id).where(location.c.id == location_id)).scalar()
    tx.execute(update(location).where(location.c.id == location_id).values(raw_id=None))
    if held is not None:
        tx.execute(delete(raw).where(raw.c.id == held))


def find(tx: Transaction, mailbox_id: int, message_id: str, text_hash: str) -> Row[Any] | None:
    """The same mail, seen before."""
    same = (
        (message.c.mailbox_id == mailbox_id) & (message.c.message_id == message_id) & (message.c.text_hash == text_hash)
    )
    return tx.execute(select(message).where(same)).one_or_none()


def add(tx: Transaction, **values: Any) -> int:
    """Record a message, and give its id."""
    return int(tx.execute(insert(message).values(values).returning(message.c.id)).scalar_one())


def get(tx: Transaction, message_id: int) -> Row[Any]:
    """The message's row."""
    return tx.execute(select(message).where(message.c.id == message_id)).one()


def note(tx: Transaction, message_id: int, **values: Any) -> None:
    """Set columns of the message."""
    tx.execute(update(message).where(message.c.id == message_id).values(values))


def in_threads(tx: Transaction, mailbox_id: int, ids: Collection[str]) -> dict[str, Row[Any]]:
    """Messages in our threads among these Message-IDs."""
    found: dict[str, Row[Any]] = {}
    wanted = sorted(set(ids))
    for begin in range(0, len(wanted), 500):
        some = wanted[begin : begin + 500]
        rows = tx.execute(
            select(message).where(
                message.c.mailbox_id == mailbox_id, message.c.message_id.in_(some), message.c.match == "thread"
            )
        )
        found.update({row.message_id: row for row in rows})
    return found


def of_conversation(tx: Transaction, conversation_id: int) -> list[Row[Any]]:
    """All incoming mail of a conversation, by time."""
    same = message.c.conversation_id == conversation_id
    return list(tx.execute(select(message).where(same).order_by(message.c.received_at, message.c.id)))


def human_since(tx: Transaction, conversation_id: int) -> int:
    """How many mails people wrote in this conversation."""
    query = select(func.count()).where(message.c.conversation_id == conversation_id, message.c.human.is_(True))
    return int(tx.execute(query).scalar_one())


def by_owner_since(tx: Transaction, mailbox_id: int, since: datetime) -> int:
    """How many mails the owner wrote to contacts by hand since then; answers to summaries are none."""
    query = select(func.count()).where(
        message.c.mailbox_id == mailbox_id,
        message.c.by_owner.is_(True),
        message.c.conversation_id.is_not(None),
        message.c.received_at >= since,
    )
    return int(tx.execute(query).scalar_one())


def add_reading(tx: Transaction, **values: Any) -> int:
    """Record a reading, and give its id."""
    return int(tx.execute(insert(reading).values(values).returning(reading.c.id)).scalar_one())


def get_reading(tx: Transaction, reading_id: int) -> Row[Any]:
    """The reading's row."""
    return tx.execute(select(reading).where(reading.c.id == reading_id)).one()


def newest_reading(tx: Transaction, message_id: int) -> Row[Any]:
    """The newest reading of a message."""
    same = reading.c.message_id == message_id
    return tx.execute(select(reading).where(same).order_by(reading.c.id.desc()).limit(1)).one()


def with_readings(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """Incoming mail with what its newest reading says (`data`), oldest first."""
    newest = select(func.max(reading.c.id)).group_by(reading.c.message_id)
    query = (
        select(message, reading.c.data)
        .join(reading, reading.c.message_id == message.c.id)
        .where(message.c.mailbox_id == mailbox_id, message.c.by_owner.is_(False), reading.c.id.in_(newest))
        .order_by(message.c.received_at, message.c.id)
    )
    return list(tx.execute(query))


def note_reading(tx: Transaction, reading_id: int, **values: Any) -> None:
    """Set columns of the reading."""
    tx.execute(update(reading).where(reading.c.id == reading_id).values(values))


def readings_of(tx: Transaction, conversation_id: int) -> list[Row[Any]]:
    """The readings of a conversation with their messages' sender and time, oldest first."""
    query = (
        select(reading, message.c.from_address, message.c.from_name, message.c.received_at, message.c.subject)
        .join(message, message.c.id == reading.c.message_id)
        .where(reading.c.conversation_id == conversation_id)
        .order_by(reading.c.id)
    )
    return list(tx.execute(query))


def answered(tx: Transaction, mailbox_id: int) -> int:
    """How many conversations have a human answer."""
    query = select(func.count(func.distinct(message.c.conversation_id))).where(
        message.c.mailbox_id == mailbox_id, message.c.human.is_(True), message.c.by_owner.is_(False)
    )
    return int(tx.execute(query).scalar_one())


def was_ours(tx: Transaction, mailbox_id: int, address: str) -> bool:
    """Whether we ever wrote to this address."""
    query = select(outbox.c.id).where(
        outbox.c.mailbox_id == mailbox_id, func.lower(outbox.c.to_address) == address.lower()
    )
    return tx.execute(query.limit(1)).first() is not None


def missed(
    tx: Transaction,
    *,
    mailbox_id: int,
    folder_id: int,
    uidvalidity: int,
    generation: int,
    uid: int,
    now: datetime,
    tries_allowed: int,
    apart: timedelta,
) -> int:
    """Count that the server did not hand out this mail; gives how often that was so; parks it at `tries_allowed`.

    What comes sooner than `apart` after the last one that was counted is the same failure still.
    """
    same = (location.c.folder_id == folder_id) & (location.c.generation == generation) & (location.c.uid == uid)
    there = tx.execute(select(location).where(same)).one_or_none()
    if there is not None and now < there.internal_date + there.tries * apart:
        return int(there.tries)
    tries = there.tries + 1 if there is not None else 1
    parked = now if tries >= tries_allowed else None
    values = {"tries": tries, "parked_at": parked, "error": "the server does not hand it out"}
    if there is not None:
        tx.execute(update(location).where(location.c.id == there.id).values(values))
    else:
        place = {"mailbox_id": mailbox_id, "folder_id": folder_id, "uidvalidity": uidvalidity, "uid": uid}
        tx.execute(insert(location).values(internal_date=now, generation=generation, **place, **values))
    return tries


def last_heard(tx: Transaction, conversation_id: int) -> datetime | None:
    """When a person last wrote in this conversation (not the owner)."""
    query = select(func.max(message.c.received_at)).where(
        message.c.conversation_id == conversation_id, message.c.human.is_(True), message.c.by_owner.is_(False)
    )
    return tx.execute(query).scalar()

"""Mailboxes and their folders: how far each was read, whether sending is paused or blocked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from worker.store.database import Transaction
from worker.store.schema import folder, mailbox


def enrol(tx: Transaction, address: str, now: datetime) -> int:
    """The id of the mailbox with this address; made where it is new."""
    found = tx.execute(select(mailbox.c.id).where(mailbox.c.address == address.lower())).scalar()
    if found is not None:
        return int(found)
    row = {"address": address.lower(), "first_seen_at": now, "blocked_times": 0, "errors": []}
    made = tx.execute(insert(mailbox).values(row).returning(mailbox.c.id)).scalar_one()
    return int(made)


def find(tx: Transaction, address: str) -> int | None:
    """The id of the mailbox with this address, if there is one."""
    return tx.execute(select(mailbox.c.id).where(mailbox.c.address == address.lower())).scalar()


def get(tx: Transaction, mailbox_id: int) -> Row[Any]:
    """The mailbox's row."""
    return tx.execute(select(mailbox).where(mailbox.c.id == mailbox_id)).one()


def key_of(tx: Transaction, mailbox_id: int, fresh: str) -> str:
    """The key by which this mailbox's mails are known again; `fresh` becomes it where there is none yet."""
    tx.execute(update(mailbox).where(mailbox.c.id == mailbox_id, mailbox.c.key.is_(None)).values(key=fresh))
    return str(tx.execute(select(mailbox.c.key).where(mailbox.c.id == mailbox_id)).scalar_one())


def note(tx: Transaction, mailbox_id: int, **values: Any) -> None:
    """Set columns of the mailbox."""
    tx.execute(update(mailbox).where(mailbox.c.id == mailbox_id).values(values))


def folders(tx: Transaction, mailbox_id: int) -> dict[str, Row[Any]]:
    """The folders that were read so far, by name."""
    return {row.name: row for row in tx.execute(select(folder).where(folder.c.mailbox_id == mailbox_id))}


def begin_folder(
    tx: Transaction, mailbox_id: int, name: str, role: str, *, uidvalidity: int, last_uid: int, generation: int = 1
) -> Row[Any]:
    """Begin to follow a folder behind `last_uid`, or follow it anew after its UIDVALIDITY changed.

    `generation` is 0 for a folder that is followed from its end on, and counts the changes after.
    """
    same = (folder.c.mailbox_id == mailbox_id) & (folder.c.name == name)
    values = {"role": role, "uidvalidity": uidvalidity, "last_uid": last_uid}
    if tx.execute(update(folder).where(same).values(generation=folder.c.generation + 1, **values)).rowcount == 0:
        tx.execute(insert(folder).values(mailbox_id=mailbox_id, name=name, generation=generation, **values))
    return tx.execute(select(folder).where(same)).one()


def advance(tx: Transaction, folder_id: int, last_uid: int) -> None:
    """Everything in the folder up to `last_uid` is stored or of no concern to us."""
    tx.execute(update(folder).where(folder.c.id == folder_id, folder.c.last_uid < last_uid).values(last_uid=last_uid))


def folder_read(tx: Transaction, folder_id: int, began_at: datetime) -> None:
    """The folder was read to its end by a reading that began at `began_at`."""
    tx.execute(update(folder).where(folder.c.id == folder_id).values(read_began_at=began_at))

"""Everything that is known of a mailbox, row by row, for an export."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, or_, select

from worker.store.database import Transaction
from worker.store.schema import contact, contact_company, message, metadata, raw, summary, summary_item, summary_mail

# Keys are for this installation alone.
_SECRET = {("mailbox", "key")}
_LEFT_OUT = frozenset({"installation"})


def tables() -> list[str]:
    """The names of all tables that are exported."""
    return [table.name for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def rows(tx: Transaction, mailbox_id: int, name: str) -> Iterator[dict[str, Any]]:
    """The rows of one table that belong to this mailbox, by id; mails as they came, unpacked."""
    table = metadata.tables[name]
    query = _of_mailbox(table, mailbox_id)
    few = 50 if name in ("raw", "outbox", "summary") else 1000
    last = 0
    while True:
        found = tx.execute(query.where(table.c.id > last).order_by(table.c.id).limit(few)).mappings().all()
        for row in found:
            shown = {key: value for key, value in row.items() if (name, key) not in _SECRET}
            if name == "raw":
                shown["data"] = zlib.decompress(row["data"])
            yield shown
        if len(found) < few:
            return
        last = found[-1]["id"]


def _of_mailbox(table: Table, mailbox_id: int) -> Any:
    query = select(table)
    if table.name == "mailbox":
        return query.where(table.c.id == mailbox_id)
    if table.name == "suppression":
        return query.where(or_(table.c.mailbox_id == mailbox_id, table.c.mailbox_id.is_(None)))
    if "mailbox_id" in table.c:
        return query.where(table.c.mailbox_id == mailbox_id)
    if table is contact_company:
        mine = select(contact.c.id).where(contact.c.mailbox_id == mailbox_id)
        return query.where(table.c.contact_id.in_(mine))
    if table in (summary_item, summary_mail):
        mine = select(summary.c.id).where(summary.c.mailbox_id == mailbox_id)
        return query.where(table.c.summary_id.in_(mine))
    if table is raw:
        from worker.store.schema import location

        read = select(message.c.raw_id).where(message.c.mailbox_id == mailbox_id, message.c.raw_id.is_not(None))
        waits = select(location.c.raw_id).where(location.c.mailbox_id == mailbox_id, location.c.raw_id.is_not(None))
        return query.where(or_(table.c.id.in_(read), table.c.id.in_(waits)))
    raise AssertionError(f"to which mailbox the rows of {table.name} belong is not said")

"""People who were named by others: proposed, asked, dropped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from worker.store.database import Transaction
from worker.store.schema import contact, person


def add(tx: Transaction, **values: Any) -> int:
    """Record a person who was named, and give the id."""
    return int(tx.execute(insert(person).values(values).returning(person.c.id)).scalar_one())


def find(tx: Transaction, mailbox_id: int, person_id: int) -> Row[Any] | None:
    """The person's row, if this mailbox has it."""
    same = (person.c.id == person_id) & (person.c.mailbox_id == mailbox_id)
    return tx.execute(select(person).where(same)).one_or_none()


def note(tx: Transaction, person_id: int, **values: Any) -> None:
    """Set columns of the person."""
    tx.execute(update(person).where(person.c.id == person_id).values(values))


def proposed(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """The people who wait for the owner's word, with who named them."""
    query = (
        select(person, contact.c.email.label("introducer_email"), contact.c.name.label("introducer_name"))
        .join(contact, contact.c.id == person.c.introducer_id, isouter=True)
        .where(person.c.mailbox_id == mailbox_id, person.c.state == "proposed")
        .order_by(person.c.id)
    )
    return list(tx.execute(query))


def proposed_as(tx: Transaction, mailbox_id: int, key: str) -> Row[Any] | None:
    """The person proposed under this canonical address."""
    same = (person.c.mailbox_id == mailbox_id) & (person.c.email_key == key) & (person.c.state == "proposed")
    return tx.execute(select(person).where(same)).first()


def known_as(tx: Transaction, mailbox_id: int, key: str) -> list[Row[Any]]:
    """Everybody who was ever named under this canonical address."""
    same = (person.c.mailbox_id == mailbox_id) & (person.c.email_key == key)
    return list(tx.execute(select(person).where(same)))


def proposed_among(tx: Transaction, mailbox_id: int, keys: Collection[str]) -> dict[str, Row[Any]]:
    """The people proposed under one of these canonical addresses."""
    query = select(person).where(person.c.mailbox_id == mailbox_id, person.c.state == "proposed")
    return {row.email_key: row for row in tx.execute(query.order_by(person.c.id.desc())) if row.email_key in keys}


def named_in(tx: Transaction, message_id: int) -> list[Row[Any]]:
    """The people named in one mail."""
    return list(tx.execute(select(person).where(person.c.message_id == message_id).order_by(person.c.id)))


def named_by(tx: Transaction, contact_id: int) -> list[Row[Any]]:
    """The people named by one contact."""
    return list(tx.execute(select(person).where(person.c.introducer_id == contact_id).order_by(person.c.id)))


def asked_since(tx: Transaction, mailbox_id: int, since: datetime) -> int:
    """How many named people became contacts to ask since then, without the owner's own word."""
    query = select(func.count()).where(
        person.c.mailbox_id == mailbox_id,
        person.c.state == "asked",
        person.c.why == "by itself",
        person.c.settled_at >= since,
    )
    return int(tx.execute(query).scalar_one())

"""Contacts: who is known under which address, and the facts that hold for the person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update

from worker.conversation.vocabulary import Contact
from worker.store.database import Transaction
from worker.store.schema import contact, contact_company, conversation

FIELDS = (
    "email name first_name last_name company role profession phone timezone country language opening notes source "
    "referred_by"
).split()


def add(
    tx: Transaction,
    mailbox_id: int,
    person: Contact,
    *,
    key: str | None,
    companies: Iterable[str],
    now: datetime,
    introducer_id: int | None = None,
    depth: int = 0,
) -> int:
    """Add a contact under its canonical address `key`, and give its id."""
    values = {name: getattr(person, name) for name in FIELDS}
    values |= {
        "mailbox_id": mailbox_id,
        "email_key": key,
        "extra": dict(person.extra),
        "introducer_id": introducer_id,
        "depth": depth,
        "written_before_ok": False,
        "created_at": now,
    }
    made = int(tx.execute(insert(contact).values(values).returning(contact.c.id)).scalar_one())
    for company in sorted(set(companies)):
        tx.execute(insert(contact_company).values(contact_id=made, key=company))
    return made


class Newcomer(NamedTuple):
    """Somebody to be added: the contact, its canonical address, the keys of its companies."""

    person: Contact
    key: str | None
    companies: frozenset[str]


def add_many(tx: Transaction, mailbox_id: int, newcomers: Sequence[Newcomer], now: datetime) -> list[int]:
    """Add contacts, and give their ids in the same order."""
    if not newcomers:
        return []
    rows = [
        {name: getattr(one.person, name) for name in FIELDS}
        | {
            "mailbox_id": mailbox_id,
            "email_key": one.key,
            "extra": dict(one.person.extra),
            "depth": 0,
            "written_before_ok": False,
            "created_at": now,
        }
        for one in newcomers
    ]
    made = tx.execute(insert(contact).returning(contact.c.id, sort_by_parameter_order=True), rows).scalars().all()
    companies = [
        {"contact_id": id_, "key": key}
        for id_, one in zip(made, newcomers, strict=True)
        for key in sorted(one.companies)
    ]
    if companies:
        tx.execute(insert(contact_company), companies)
    return [int(id_) for id_ in made]


def get(tx: Transaction, contact_id: int) -> Row[Any]:
    """The contact's row."""
    return tx.execute(select(contact).where(contact.c.id == contact_id)).one()


def by_key(tx: Transaction, mailbox_id: int, key: str) -> Row[Any] | None:
    """The contact known under a canonical address."""
    same = (contact.c.mailbox_id == mailbox_id) & (contact.c.email_key == key)
    return tx.execute(select(contact).where(same)).one_or_none()


def by_keys(tx: Transaction, mailbox_id: int, keys: Collection[str]) -> dict[str, Row[Any]]:
    """The contacts known under some of these canonical addresses."""
    found: dict[str, Row[Any]] = {}
    wanted = sorted(keys)
    for begin in range(0, len(wanted), 500):
        some = wanted[begin : begin + 500]
        rows = tx.execute(select(contact).where(contact.c.mailbox_id == mailbox_id, contact.c.email_key.in_(some)))
        found.update({row.email_key: row for row in rows})
    return found


def all_keys(tx: Transaction, mailbox_id: int) -> list[str]:
    """The canonical addresses of all contacts."""
    same = (contact.c.mailbox_id == mailbox_id) & contact.c.email_key.is_not(None)
    return list(tx.execute(select(contact.c.email_key).where(same).order_by(contact.c.id)).scalars())


def by_phone(tx: Transaction, mailbox_id: int, phone: str, name: str | None) -> Row[Any] | None:
    """The contact without an address that has this phone and name."""
    return tx.execute(
        select(contact).where(
            contact.c.mailbox_id == mailbox_id,
            contact.c.email_key.is_(None),
            contact.c.phone == phone,
            contact.c.name == name if name is not None else contact.c.name.is_(None),
        )
    ).first()


def by_phones(tx: Transaction, mailbox_id: int, phones: Collection[str]) -> dict[tuple[str, str | None], Row[Any]]:
    """The contacts without an address that have one of these phones, by phone and name."""
    if not phones:
        return {}
    rows = tx.execute(
        select(contact).where(
            contact.c.mailbox_id == mailbox_id, contact.c.email_key.is_(None), contact.c.phone.in_(sorted(phones))
        )
    )
    return {(row.phone, row.name): row for row in rows}


def names(tx: Transaction, mailbox_id: int) -> Iterator[tuple[str, str | None, str]]:
    """Name, company and address of every contact that has a name and an address."""
    query = select(contact.c.name, contact.c.company, contact.c.email).where(
        contact.c.mailbox_id == mailbox_id, contact.c.name.is_not(None), contact.c.email.is_not(None)
    )
    for row in tx.execute(query):
        yield row.name, row.company, row.email


def at_company(tx: Transaction, mailbox_id: int, keys: Collection[str]) -> list[Row[Any]]:
    """All contacts of a company (by its keys)."""
    if not keys:
        return []
    same = select(contact_company.c.contact_id).where(contact_company.c.key.in_(sorted(keys)))
    rows = tx.execute(select(contact).where(contact.c.mailbox_id == mailbox_id, contact.c.id.in_(same)))
    return list(rows)


def with_open_domain(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """Who opted out while the owner has not said yet what holds for the others of their domain."""
    open_ = contact.c.domain_asked_at.is_not(None) & contact.c.domain_settled_at.is_(None)
    gone = (contact.c.mailbox_id == mailbox_id) & contact.c.opted_out_at.is_not(None)
    query = select(contact).where(gone, open_).order_by(contact.c.domain_asked_at)
    return list(tx.execute(query))


def in_domain(tx: Transaction, mailbox_id: int, domain: str) -> list[Row[Any]]:
    """All contacts with an address in this domain, or in a sub-domain of it."""
    ends = [f"@{domain.lower()}", f".{domain.lower()}"]
    there = or_(*(contact.c.email_key.endswith(end, autoescape=True) for end in ends))
    rows = tx.execute(select(contact).where(contact.c.mailbox_id == mailbox_id, there).order_by(contact.c.id))
    return [row for row in rows if f".{row.email_key.rpartition('@')[2]}".endswith(f".{domain.lower()}")]


def company_keys(tx: Transaction, contact_id: int) -> frozenset[str]:
    """The keys of the companies that a contact belongs to."""
    rows = tx.execute(select(contact_company.c.key).where(contact_company.c.contact_id == contact_id))
    return frozenset(rows.scalars())


def introduced_by(tx: Transaction, contact_id: int) -> list[Row[Any]]:
    """The contacts that this person named."""
    return list(tx.execute(select(contact).where(contact.c.introducer_id == contact_id)))


def set_companies(tx: Transaction, contact_id: int, keys: Iterable[str]) -> None:
    """The companies that a contact belongs to from now on."""
    tx.execute(delete(contact_company).where(contact_company.c.contact_id == contact_id))
    for key in sorted(set(keys)):
        tx.execute(insert(contact_company).values(contact_id=contact_id, key=key))


def note(tx: Transaction, contact_id: int, **values: Any) -> None:
    """Set columns of the contact."""
    tx.execute(update(contact).where(contact.c.id == contact_id).values(values))


def never_looked_up(tx: Transaction, mailbox_id: int, limit: int) -> list[Row[Any]]:
    """Contacts who were not asked yet and whose address was not yet looked for in Sent."""
    rows = tx.execute(
        select(contact)
        .join(conversation, conversation.c.contact_id == contact.c.id)
        .where(
            contact.c.mailbox_id == mailbox_id,
            contact.c.looked_in_sent_at.is_(None),
            contact.c.email.is_not(None),
            contact.c.asked_at.is_(None),
            conversation.c.state.in_(("planned", "snoozed")),  # snoozed: their ask was put off
        )
        .order_by(contact.c.id)
        .limit(limit)
    )
    return list(rows)


def languages(tx: Transaction, mailbox_id: int) -> list[str]:
    """The languages of all contacts that have one."""
    mine = (contact.c.mailbox_id == mailbox_id) & contact.c.language.is_not(None)
    return list(tx.execute(select(contact.c.language).where(mine).distinct()).scalars())


def every(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """All contacts, in the order in which they came."""
    return list(tx.execute(select(contact).where(contact.c.mailbox_id == mailbox_id).order_by(contact.c.id)))


def with_phone_only(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """Contacts that can only be called: no address."""
    same = and_(contact.c.mailbox_id == mailbox_id, contact.c.email.is_(None), contact.c.phone.is_not(None))
    return list(tx.execute(select(contact).where(same).order_by(contact.c.id)))


def named_like(tx: Transaction, mailbox_id: int, word: str) -> list[Row[Any]]:
    """Contacts whose address or name is `word`, in any case: at most ten."""
    low = word.lower()
    same = or_(func.lower(contact.c.email) == low, func.lower(contact.c.name) == low)
    return list(tx.execute(select(contact).where(contact.c.mailbox_id == mailbox_id, same).limit(10)))


def as_contact(row: Row[Any]) -> Contact:
    """The row as the vocabulary's Contact."""
    return Contact(id=row.id, extra=dict(row.extra or {}), **{name: getattr(row, name) for name in FIELDS})

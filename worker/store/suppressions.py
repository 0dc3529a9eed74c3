"""The suppression list: addresses and domains that must never be written to again."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from worker.store.database import Transaction
from worker.store.schema import installation, suppression


def add(
    tx: Transaction,
    mailbox_id: int,
    *,
    what: str,
    value: str,
    reason: str,
    now: datetime,
    scope: str = "mailbox",
    change_id: int | None = None,
    exact: bool = False,
) -> int:
    """Suppress an address (canonical) or a domain; scope mailbox or office. Gives the id; a second time is harmless.

    `change_id` is the reading or word that brings it: `undo` of that lifts it, and no other. `exact` adds an address
    whose domain is on the list, too.
    """
    there = (
        None
        if exact
        else blocking(tx, mailbox_id, value if what == "address" else None, value if what == "domain" else None)
    )
    if there is not None:
        return int(there.id)
    row = {
        "mailbox_id": mailbox_id if scope == "mailbox" else None,
        "scope": scope,
        "what": what,
        "value": value.lower(),
        "reason": reason,
        "at": now,
        "made_by_change": change_id,
    }
    return int(tx.execute(insert(suppression).values(row).returning(suppression.c.id)).scalar_one())


def blocking(tx: Transaction, mailbox_id: int, key: str | None, domain: str | None = None) -> Row[Any] | None:
    """What forbids to write to this canonical address (or to its domain), if anything does.

    A domain forbids its sub-domains too. Who was forgotten is known by a keyed hash alone.
    """
    values = _meant(key, domain, _secret(tx))
    return next(iter(_matching(tx, mailbox_id, values)), None)


def blocking_among(tx: Transaction, mailbox_id: int, keys: Collection[str]) -> dict[str, Row[Any]]:
    """The same for many canonical addresses: what forbids each of those that may not be written to."""
    secret = _secret(tx)
    meant = {key: _meant(key, None, secret) for key in keys}
    every = {value: what for values in meant.values() for value, what in values.items()}
    rows = {(row.value, row.what): row for row in reversed(_matching(tx, mailbox_id, every))}
    found: dict[str, Row[Any]] = {}
    for key, values in meant.items():
        hits = [rows[hit] for hit in values.items() if hit in rows]
        if hits:
            found[key] = min(hits, key=lambda row: row.id)
    return found


def exactly(tx: Transaction, mailbox_id: int, what: str, value: str) -> list[Row[Any]]:
    """The suppressions of this very address or domain, that nobody has lifted."""
    values = {value.lower(): what}
    if what == "address" and (secret := _secret(tx)) is not None:
        values[hashed(secret, value)] = "forgotten"
    return _matching(tx, mailbox_id, values)


def every(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """Everything on the list that nobody has lifted."""
    query = select(suppression).where(
        suppression.c.lifted_at.is_(None),
        or_(suppression.c.scope == "office", suppression.c.mailbox_id == mailbox_id),
    )
    return list(tx.execute(query.order_by(suppression.c.id)))


def secret_of(tx: Transaction, fresh: str) -> str:
    """The key of this installation for the hashes of who was forgotten; `fresh` becomes it where there is none."""
    there = _secret(tx)
    if there is None:
        tx.execute(insert(installation).values(id=1, forget_key=fresh))
    return there or fresh


def forget(tx: Transaction, mailbox_id: int, key: str, secret: str, now: datetime) -> None:
    """Keep a keyed hash of this canonical address on the list, and nothing else of it."""
    value = hashed(secret, key)
    if not _matching(tx, mailbox_id, {value: "forgotten"}):
        row = {"mailbox_id": None, "scope": "office", "what": "forgotten", "value": value}
        tx.execute(insert(suppression).values(row | {"reason": "forgotten by your word", "at": now}))
    tx.execute(delete(suppression).where(suppression.c.what == "address", suppression.c.value == key.lower()))


def hashed(secret: str, key: str) -> str:
    """What stands on the list for somebody who was forgotten."""
    return hmac.new(bytes.fromhex(secret), key.lower().encode(), sha256).hexdigest()


def _secret(tx: Transaction) -> str | None:
    return tx.execute(select(installation.c.forget_key)).scalar()


def _meant(key: str | None, domain: str | None, secret: str | None) -> dict[str, str]:
    """The values on the list that forbid this address or domain, and what each of them is."""
    values: dict[str, str] = {}
    if key:
        values[key.lower()] = "address"
        if secret is not None:
            values[hashed(secret, key)] = "forgotten"
    for one in (domain, key.rpartition("@")[2] if key and "@" in key else None):
        labels = (one or "").lower().split(".")
        for first in range(max(len(labels) - 1, 1)):
            if name := ".".join(labels[first:]):
                values[name] = "domain"
    return values


def _matching(tx: Transaction, mailbox_id: int, values: Mapping[str, str]) -> list[Row[Any]]:
    found: dict[int, Row[Any]] = {}
    wanted = sorted(values)
    for begin in range(0, len(wanted), 500):
        query = select(suppression).where(
            suppression.c.value.in_(wanted[begin : begin + 500]),
            suppression.c.lifted_at.is_(None),
            or_(suppression.c.scope == "office", suppression.c.mailbox_id == mailbox_id),
        )
        found.update({row.id: row for row in tx.execute(query) if values[row.value] == row.what})
    return [found[id_] for id_ in sorted(found)]


def made_by(tx: Transaction, change_id: int) -> list[Row[Any]]:
    """The suppressions that a change brought and nobody has lifted."""
    same = (suppression.c.made_by_change == change_id) & suppression.c.lifted_at.is_(None)
    return list(tx.execute(select(suppression).where(same).order_by(suppression.c.id)))


def lift(tx: Transaction, suppression_id: int, now: datetime) -> None:
    """Take a suppression back (the owner only)."""
    tx.execute(update(suppression).where(suppression.c.id == suppression_id).values(lifted_at=now))

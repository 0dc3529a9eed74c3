"""Reads stored mail again with the reader as it is now, and says what it would read otherwise; acts on nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Context, Match, Reading, Step
from worker.jobs import match
from worker.jobs.desk import Desk
from worker.jobs.readings import as_json, from_json
from worker.jobs.record import careful
from worker.reading import headers, opened, read
from worker.store import Store, Transaction, contacts, messages, outbox

SCHEMA_VERSION = 1
COMPARED = ("kind", "intent", "sure", "referrals", "return_date", "resume_after", "standin_email", "bounce")
"""What of a reading decides over what is done."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One mail that is read otherwise now: whose it is, when it came, and each field as it was and as it is now."""

    email: str
    received_at: datetime
    subject: str
    fields: dict[str, tuple[Any, Any]]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Reread:
    """How many stored mails were read again, how many had lost their bytes, and which are read otherwise."""

    read: int
    pruned: int
    otherwise: tuple[Otherwise, ...]


def reread(store: Store, desk: Desk) -> Reread:
    """Read every stored mail of the mailbox again, as an answer to the same mail of ours. Changes nothing."""
    known = store.read(lambda tx: messages.with_readings(tx, desk.mailbox.id))
    found: list[Otherwise] = []
    count = pruned = 0
    with opened():
        for row in known:
            data = store.read(lambda tx: messages.bytes_of(tx, row.raw_id) if row.raw_id is not None else b"")
            if not data:
                pruned += 1
                continue
            count += 1
            head = headers(data)
            context = store.read(lambda tx: _context(tx, desk, row, match.ids_of(head)))
            reading = careful(desk, read(data, context), head)
            fields = differences(from_json(row.data), reading)
            if fields:
                found.append(Otherwise(row.from_address or "", row.received_at, row.subject or "", fields, reading))
    return Reread(count, pruned, tuple(found))


def differences(old: Reading, new: Reading) -> dict[str, tuple[Any, Any]]:
    """The fields that decide over what is done, where they differ: as it was, as it is now (JSON values)."""
    before, after = as_json(old), as_json(new)
    return {name: (before[name], after[name]) for name in COMPARED if before[name] != after[name]}


def document(found: Reread) -> dict[str, Any]:
    """The document of `reread --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "read": found.read,
        "pruned": found.pruned,
        "otherwise": [
            {
                "email": one.email,
                "received_at": one.received_at.isoformat(),
                "subject": one.subject,
                "fields": {name: {"was": was, "now": now} for name, (was, now) in one.fields.items()},
                "confidence": round(one.reading.confidence, 4),
                "why": list(one.reading.why),
            }
            for one in found.otherwise
        ],
    }


def _context(tx: Transaction, desk: Desk, row: Row[Any], ids: tuple[str, ...]) -> Context:
    """The context in which the mail was read when it came."""
    person = contacts.as_contact(contacts.get(tx, row.contact_id)) if row.contact_id is not None else None
    answered = outbox.find(tx, desk.mailbox.id, row.answers_outbox_id) if row.answers_outbox_id is not None else None
    return Context(
        own_addresses=desk.mailbox.own_addresses,
        known_ids=frozenset(ids) if row.match == Match.thread else frozenset(),
        contact=person,
        step=Step(answered.step) if answered is not None else None,
        received_at=row.received_at,
        zone=person.timezone if person is not None else None,
        language=person.language if person is not None else None,
    )

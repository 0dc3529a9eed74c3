"""Writes out what is known: contacts as a table, or everything as one JSON document."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from worker.contacts.fields import NAMES
from worker.jobs.desk import Desk
from worker.jobs.status import shown_state
from worker.store import Store, Transaction, contacts, conversations, dump

SCHEMA_VERSION = 1


def contact_rows(tx: Transaction, desk: Desk) -> Iterator[dict[str, str]]:
    """Every contact with its fields, its extra columns, and where its newest conversation stands."""
    people = contacts.every(tx, desk.mailbox.id)
    talks = {row.contact_id: row for row in conversations.with_contacts(tx, desk.mailbox.id)}
    for row in people:
        talk = talks.get(row.id)
        state = shown_state(talk.state, row.away_until, desk.today) if talk is not None else ""
        yield (
            {name: getattr(row, name) or "" for name in NAMES}
            | {str(name): str(value) for name, value in (row.extra or {}).items() if name not in NAMES}
            | {"campaign": talk.campaign if talk is not None else "", "state": state}
        )


def write_contacts(store: Store, desk: Desk, out: IO[str], *, as_json: bool) -> int:
    """Write the contacts as CSV, which can be imported again, or as JSON; gives how many there are."""
    found = store.read(lambda tx: list(contact_rows(tx, desk)))
    if as_json:
        json.dump({"schema_version": SCHEMA_VERSION, "contacts": found}, out, ensure_ascii=False, indent=2)
        out.write("\n")
        return len(found)
    extra = dict.fromkeys(name for row in found for name in row if name not in (*NAMES, "campaign", "state"))
    writer = csv.DictWriter(out, [*NAMES, *extra, "campaign", "state"], restval="")
    writer.writeheader()
    writer.writerows(found)
    return len(found)


def write_everything(store: Store, desk: Desk, out: IO[str]) -> dict[str, int]:
    """Write all that is known of this mailbox as one JSON document; gives how many rows each table has.

    Times are ISO 8601 in UTC; mails are text where they are UTF-8, else {"base64": ...}. No key and no password is
    in it.
    """
    counts: dict[str, int] = {}

    def work(tx: Transaction) -> None:
        counts.clear()
        head = {
            "schema_version": SCHEMA_VERSION,
            "exported_at": desk.now.isoformat(),
            "mailbox": desk.mailbox.address,
        }
        out.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "tables": {')
        for number, name in enumerate(dump.tables()):
            out.write(f"{', ' if number else ''}\n{json.dumps(name)}: [")
            counts[name] = 0
            for row in dump.rows(tx, desk.mailbox.id, name):
                out.write(f"{',' if counts[name] else ''}\n{json.dumps(_plain(row), ensure_ascii=False)}")
                counts[name] += 1
            out.write("]")
        out.write("}}\n")

    store.read(work)
    return counts


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in row.items()}


def _value(value: Any) -> Any:
    import base64

    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        data = bytes(value)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(data).decode()}
    return value

"""Everything that happened with one person, as lines: when, what, their own words, by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, conversations, journal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story; `at` is aware, in the owner's zone."""

    at: datetime
    what: str
    text: str
    words: str | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """One person and everything that happened with them."""

    contact: Row[Any]
    state: str
    campaign: str
    lines: tuple[Line, ...]


def story(tx: Transaction, desk: Desk, email: str) -> Story | None:
    """The story of the person with this address; None where nobody is known by it."""
    person = contacts.by_key(tx, desk.mailbox.id, canonical(email))
    if person is None:
        return None
    begun = conversations.of_contact(tx, person.id)
    lines: list[Line] = []
    for conversation in reversed(begun):
        for row in journal.of_conversation(tx, conversation.id):
            lines.append(Line(row.at.astimezone(desk.mailbox.zone), row.what, row.text, row.words, row.rule))
    newest = begun[0] if begun else None
    return Story(person, newest.state if newest else "", newest.campaign if newest else "", tuple(lines))


def as_json(found: Story) -> dict[str, Any]:
    """The story as `story --json` prints it."""
    return {
        "schema_version": 1,
        "email": found.contact.email,
        "name": found.contact.name,
        "state": found.state,
        "campaign": found.campaign,
        "lines": [
            {"at": line.at.isoformat(), "what": line.what, "text": line.text, "words": line.words, "rule": line.rule}
            for line in found.lines
        ],
    }

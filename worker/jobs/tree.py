"""Who led to whom: every person with those they named, how many said yes, who is still owed a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import State, Step
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, conversations, outbox, people

YES = frozenset({State.talking, State.met})


@dataclass(frozen=True, slots=True)
class Node:
    """One person: what became of them, what they are owed, and whom they led to. `depth` counts introductions."""

    id: str
    name: str
    email: str | None
    company: str | None
    state: str
    depth: int
    asked: bool
    owed: tuple[str, ...]
    to: tuple[Node, ...]

    @property
    def everybody(self) -> Iterator[Node]:
        """This person and all below."""
        yield self
        for one in self.to:
            yield from one.everybody

    @property
    def asked_in_all(self) -> int:
        """How many of the branch were asked."""
        return sum(one.asked for one in self.everybody)

    @property
    def yes_in_all(self) -> int:
        """How many of the branch said yes."""
        return sum(one.asked and one.state in YES for one in self.everybody)

    @property
    def deepest(self) -> int:
        """How many introductions the branch is deep."""
        return max(one.depth for one in self.everybody) - self.depth

    def json(self) -> dict[str, Any]:
        """As `tree --json` prints it."""
        asked, yes = self.asked_in_all, self.yes_in_all
        return {
            "id": self.id,
            "email": self.email,
            "name": self.name,
            "company": self.company,
            "state": self.state,
            "depth": self.depth,
            "branch": {
                "people": sum(1 for _ in self.everybody),
                "asked": asked,
                "yes": yes,
                "yes_rate": round(yes / asked, 4) if asked else None,
                "deepest": self.deepest,
            },
            "owed": list(self.owed),
            "led_to": [one.json() for one in self.to],
        }


def tree(tx: Transaction, desk: Desk) -> tuple[Node, ...]:
    """Every person, below whoever named them; in the order in which they came. One node a person, whatever the
    campaigns."""
    rows: dict[int, Row[Any]] = {}
    for row in conversations.with_contacts(tx, desk.mailbox.id):
        rows[row.contact_id] = row  # the newest conversation speaks for the person
    below: dict[int | None, list[int]] = {}
    for contact_id, row in rows.items():
        parent = row.introducer_id if row.introducer_id in rows else None
        below.setdefault(parent, []).append(contact_id)
    placed: set[int] = set()

    def grow(contact_id: int, depth: int) -> Node:
        placed.add(contact_id)
        children = tuple(grow(one, depth + 1) for one in below.get(contact_id, []) if one not in placed)
        row = rows[contact_id]
        return Node(
            id=f"c{row.id}",
            name=row.name or row.email or row.phone or "somebody",
            email=row.email,
            company=row.company,
            state=row.state,
            depth=depth,
            asked=row.asked_at is not None or row.state in YES,
            owed=tuple(_owed(tx, row)),
            to=children,
        )

    found = [grow(one, 0) for one in below.get(None, [])]
    # people who named each other in a ring hang below nobody
    found += [grow(one, 0) for one in rows if one not in placed]
    return tuple(found)


def _owed(tx: Transaction, row: Row[Any]) -> list[str]:
    """The words that this person still waits for: thanks for a name, for a talk, how it went."""
    contact = contacts.get(tx, row.contact_id)
    if contact.opted_out_at is not None or contact.dead_at is not None or contact.email is None:
        return []
    mails = {mail.step: mail for mail in outbox.of_conversation(tx, row.id)}

    def left(step: Step) -> bool:
        return step in mails and mails[step].state in outbox.LEFT

    found = []
    named = any(one.state != "refused" for one in people.named_by(tx, contact.id))
    if named and row.state == State.referred and not left(Step.thanks_for_name) and not left(Step.farewell):
        found.append(Step.thanks_for_name.value)
    if row.state == State.met and not left(Step.thanks_for_talk):
        found.append(Step.thanks_for_talk.value)
    met = [
        one
        for person in contacts.introduced_by(tx, contact.id)
        for one in conversations.of_contact(tx, person.id)
        if one.state == State.met
    ]
    if met and not left(Step.report_back):
        found.append(Step.report_back.value)
    return found

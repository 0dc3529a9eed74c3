"""Takes contacts in, from a file or one by one: each person is known once, and asked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row as StoreRow

from worker.contacts import Reject, Row, Table, canonical, company_keys, is_role_address
from worker.conversation.vocabulary import Contact, State
from worker.errors import InputError
from worker.jobs.desk import Desk
from worker.store import Store, Transaction, contacts, conversations, journal, people, suppressions

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row: added, call (no address), known, or not wanted, with the reason."""

    row: int
    email: str | None
    name: str | None
    what: str
    why: str = ""


@dataclass(slots=True)
class Enlisted:
    """What an import did, or would do."""

    lines: list[Line] = field(default_factory=list)
    rejects: tuple[Reject, ...] = ()
    remarks: list[str] = field(default_factory=list)

    def count(self, what: str) -> int:
        """How many rows became `what`."""
        return sum(line.what == what for line in self.lines)


def enlist(store: Store, desk: Desk, table: Table, campaign: str, *, dry_run: bool = False) -> Enlisted:
    """Add the rows of a table to a campaign; with `dry_run` only say what would happen.

    Raises InputError for a campaign whose name cannot be a folder.
    """
    check_campaign(campaign)
    result = Enlisted(rejects=table.rejects, remarks=list(table.remarks))
    rows = list(table.rows)
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE]
        if dry_run:
            result.lines += store.read(lambda tx: _look(tx, desk, some))
        else:
            result.lines += store.transaction(lambda tx: _add(tx, desk, some, campaign))
    for row in rows:
        result.remarks += [f"row {row.number}: {remark}" for remark in row.remarks]
        if row.contact.email and is_role_address(row.contact.email):
            result.remarks.append(f"row {row.number}: {row.contact.email} reads like an office, not a person")
    return result


def check_campaign(campaign: str) -> None:
    """Raise InputError for a name of a campaign that cannot be a folder's."""
    if not campaign or len(campaign) > 100 or not all(c.isalnum() or c in "-_ " for c in campaign):
        raise InputError(
            f"{campaign!r} cannot be a campaign's name.",
            where="--campaign",
            todo="Use letters, digits, - and _: templates for it may lie in a folder of that name.",
        )


def _look(tx: Transaction, desk: Desk, rows: Sequence[Row]) -> list[Line]:
    return [
        _why_not(tx, desk, row) or Line(row.number, row.contact.email, row.contact.name, _kind(row)) for row in rows
    ]


def _kind(row: Row) -> str:
    return "added" if row.contact.email else "call"


def _why_not(tx: Transaction, desk: Desk, row: Row) -> Line | None:
    person = row.contact

    def line(what: str, why: str) -> Line:
        return Line(row.number, person.email, person.name, what, why)

    if row.repeats is not None:
        return line("known", f"the same person as in row {row.repeats}")
    if person.email is None:
        known = contacts.by_phone(tx, desk.mailbox.id, person.phone or "", person.name)
        return line("known", "known already") if known is not None else None
    key = canonical(person.email)
    if key in desk.mailbox.own_addresses:
        return line("unwanted", "this is your own address")
    found = suppressions.blocking(tx, desk.mailbox.id, key)
    if found is not None:
        return line("unwanted", f"on the suppression list: {found.reason}")
    known = contacts.by_key(tx, desk.mailbox.id, key)
    return line("known", _how_known(tx, known)) if known is not None else None


def _how_known(tx: Transaction, known: StoreRow[Any]) -> str:
    begun = conversations.of_contact(tx, known.id)
    if not begun:
        return "known already"
    return f"known already in campaign {begun[0].campaign}: {begun[0].state}"


def _add(tx: Transaction, desk: Desk, rows: Sequence[Row], campaign: str) -> list[Line]:
    lines = []
    for row in rows:
        refused = _why_not(tx, desk, row)
        lines.append(refused or Line(row.number, row.contact.email, row.contact.name, _kind(row)))
        if refused is None:
            add_contact(tx, desk, row.contact, campaign)
    return lines


def add_contact(tx: Transaction, desk: Desk, person: Contact, campaign: str) -> int:
    """Add a person who is not known yet, with a planned conversation; gives the conversation's id."""
    key = canonical(person.email) if person.email else None
    introducer = None
    if person.referred_by:
        introducer = contacts.by_key(tx, desk.mailbox.id, canonical(person.referred_by))
    made = contacts.add(
        tx,
        desk.mailbox.id,
        person,
        key=key,
        companies=company_keys(person.email, person.company),
        now=desk.now,
        introducer_id=introducer.id if introducer is not None else None,
    )
    begun = conversations.add(tx, desk.mailbox.id, made, campaign, State.planned, desk.now)
    if key is not None:
        waiting = people.proposed_as(tx, desk.mailbox.id, key)
        if waiting is not None:
            people.note(tx, waiting.id, state="known", why="you added them yourself", settled_at=desk.now)
            if introducer is None and waiting.introducer_id is not None:
                named_by = contacts.get(tx, waiting.introducer_id)
                contacts.note(tx, made, introducer_id=named_by.id, referred_by=named_by.email)
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "added",
        f"{person.name or person.email or person.phone} is a new contact",
        conversation_id=begun,
        contact_id=made,
    )
    return begun

"""Takes contacts in, from a file or one by one: each person is known once, and asked once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Row as StoreRow

from worker.contacts import Reject, Row, Table, canonical, company_keys, is_free_mail, is_role_address
from worker.conversation.vocabulary import Contact, State
from worker.errors import InputError
from worker.jobs.desk import Desk
from worker.jobs.zones import Zone, zone_of
from worker.store import Store, Transaction, contacts, conversations, journal, people, suppressions
from worker.store.contacts import Newcomer

AT_ONCE = 500
Rows = Callable[[], Iterable[Row | Reject]]


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row: added, call (no address), known, or not wanted, with the reason.

    `first_name` is how they would be greeted, where that is certain; `zone` whose clock their mail keeps.
    """

    row: int
    email: str | None
    name: str | None
    what: str
    why: str = ""
    first_name: str | None = None
    zone: Zone | None = None


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
    result = take_in(store, desk, lambda: (*table.rows, *table.rejects), campaign, dry_run=dry_run)
    result.remarks[:0] = table.remarks
    return result


def take_in(
    store: Store,
    desk: Desk,
    rows: Rows,
    campaign: str,
    *,
    dry_run: bool = False,
    refused: Mapping[str, str] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Enlisted:
    """Add people to a campaign in one transaction, so that an import that is cut off leaves nothing.

    Parameters: rows, which gives them anew at each call (a transaction may have to run again); dry_run, to say only
    what would happen; refused, domains that take no mail, with the reason; progress, told how many rows were looked
    at. Raises InputError for a campaign whose name cannot be a folder.
    """
    check_campaign(campaign)

    def work(tx: Transaction) -> Enlisted:
        return _Intake(tx, desk, campaign, dry_run, refused or {}).take(rows(), progress)

    return store.read(work) if dry_run else store.transaction(work)


def check_campaign(campaign: str) -> None:
    """Raise InputError for a name of a campaign that cannot be a folder's."""
    if not campaign or len(campaign) > 100 or not all(c.isalnum() or c in "-_ " for c in campaign):
        raise InputError(
            f"{campaign!r} cannot be a campaign's name.",
            where="--campaign",
            todo="Use letters, digits, - and _: templates for it may lie in a folder of that name.",
        )


class _Intake:
    """One import: batch by batch, with what is known of all of it at the end."""

    def __init__(self, tx: Transaction, desk: Desk, campaign: str, dry_run: bool, refused: Mapping[str, str]) -> None:
        self._tx = tx
        self._desk = desk
        self._mailbox = desk.mailbox.id
        self._campaign = campaign
        self._dry_run = dry_run
        self._refused = refused
        self._result = Enlisted()
        self._named_by: list[tuple[int, str]] = []
        self._were_proposed: list[tuple[int, StoreRow[Any]]] = []
        self._namesakes: dict[int, str] = {}

    def take(self, rows: Iterable[Row | Reject], progress: Callable[[int], None]) -> Enlisted:
        self._namesakes = {_called(*found): found[2] for found in contacts.names(self._tx, self._mailbox)}
        rejects: list[Reject] = []
        left = iter(rows)
        done = 0
        while some := list(islice(left, AT_ONCE)):
            good: list[Row] = []
            for one in some:
                reason = self._refused_by_domain(one)
                if isinstance(one, Reject) or reason:
                    rejects.append(one if isinstance(one, Reject) else Reject(one.number, reason))
                else:
                    good.append(one)
            self._batch(good)
            done += len(some)
            progress(done)
        self._result.rejects = tuple(rejects)
        if not self._dry_run:
            self.introduce()
        return self._result

    def _refused_by_domain(self, one: Row | Reject) -> str:
        if isinstance(one, Reject) or one.contact.email is None:
            return ""
        return self._refused.get(one.contact.email.rpartition("@")[2].lower(), "")

    def _batch(self, rows: list[Row]) -> None:
        keys = {canonical(row.contact.email) for row in rows if row.contact.email}
        known = contacts.by_keys(self._tx, self._mailbox, keys)
        begun = conversations.of_contacts(self._tx, [row.id for row in known.values()])
        unwanted = suppressions.blocking_among(self._tx, self._mailbox, keys)
        phones = {row.contact.phone for row in rows if row.contact.email is None and row.contact.phone}
        called = contacts.by_phones(self._tx, self._mailbox, phones)
        new: list[Row] = []
        for row in rows:
            why = self._why_not(row, known, begun, unwanted, called)
            self._result.lines.append(why or self._line(row, "added" if row.contact.email else "call"))
            self._remark(row, added=why is None)
            if why is None:
                new.append(row)
        if not self._dry_run:
            self.add([row.contact for row in new])

    def _why_not(
        self,
        row: Row,
        known: Mapping[str, StoreRow[Any]],
        begun: Mapping[int, StoreRow[Any]],
        unwanted: Mapping[str, StoreRow[Any]],
        called: Mapping[tuple[str, str | None], StoreRow[Any]],
    ) -> Line | None:
        person = row.contact
        if row.repeats is not None:
            return self._line(row, "known", f"the same person as in row {row.repeats}")
        if person.email is None:
            there = (person.phone or "", person.name) in called
            return self._line(row, "known", "known already") if there else None
        key = canonical(person.email)
        if key in self._desk.mailbox.own_addresses:
            return self._line(row, "unwanted", "this is your own address")
        if key in unwanted:
            return self._line(row, "unwanted", f"on the suppression list: {unwanted[key].reason}")
        if key not in known:
            return None
        talk = begun.get(known[key].id)
        where = f" in campaign {talk.campaign}: {talk.state}" if talk is not None else ""
        return self._line(row, "known", f"known already{where}")

    def _line(self, row: Row, what: str, why: str = "") -> Line:
        person = row.contact
        return Line(row.number, person.email, person.name, what, why, person.first_name, zone_of(self._desk, person))

    def _remark(self, row: Row, *, added: bool) -> None:
        said = self._result.remarks
        person = row.contact
        said += [f"row {row.number}: {remark}" for remark in row.remarks]
        if person.email and is_role_address(person.email):
            said.append(f"row {row.number}: {person.email} reads like an office, not a person")
        if added and person.email and person.name and " " in person.name:
            other = self._namesakes.get(_called(person.name, person.company, person.email))
            if other is not None:
                said.append(f"row {row.number}: {person.name} is known as {other}: one person with two addresses?")

    def add(self, new: list[Contact]) -> list[int]:
        """Add people who are not known yet; gives the ids of their conversations."""
        keys = [canonical(person.email) if person.email else None for person in new]
        waiting = people.proposed_among(self._tx, self._mailbox, {key for key in keys if key})
        made = contacts.add_many(
            self._tx,
            self._mailbox,
            [
                Newcomer(person, key, company_keys(person.email, person.company))
                for person, key in zip(new, keys, strict=True)
            ],
            self._desk.now,
        )
        begun = conversations.add_many(self._tx, self._mailbox, made, self._campaign, State.planned, self._desk.now)
        journal.write_many(
            self._tx,
            self._mailbox,
            self._desk.now,
            "added",
            [
                (f"{person.name or person.email or person.phone} is a new contact", talk, id_)
                for person, talk, id_ in zip(new, begun, made, strict=True)
            ],
        )
        for person, key, id_ in zip(new, keys, made, strict=True):
            if person.referred_by:
                self._named_by.append((id_, canonical(person.referred_by)))
            if key in waiting:
                self._were_proposed.append((id_, waiting[key]))
        return begun

    def introduce(self) -> None:
        """Tie people to who named them, who may stand further down in the file."""
        found = contacts.by_keys(self._tx, self._mailbox, {key for _, key in self._named_by})
        introduced: set[int] = set()
        for id_, key in self._named_by:
            if key in found and found[key].id != id_:
                contacts.note(self._tx, id_, introducer_id=found[key].id)
                introduced.add(id_)
        for id_, waiting in self._were_proposed:
            people.note(
                self._tx,
                waiting.id,
                state="known",
                why="you added them yourself",
                settled_at=self._desk.now,
            )
            if id_ not in introduced and waiting.introducer_id is not None:
                named_by = contacts.get(self._tx, waiting.introducer_id)
                contacts.note(self._tx, id_, introducer_id=named_by.id, referred_by=named_by.email)


def add_contact(tx: Transaction, desk: Desk, person: Contact, campaign: str) -> int:
    """Add a person who is not known yet, with a planned conversation; gives the conversation's id."""
    intake = _Intake(tx, desk, campaign, False, {})
    (begun,) = intake.add([person])
    intake.introduce()
    return begun


def domains(rows: Iterable[Row | Reject]) -> Collection[str]:
    """The domains of all addresses among these rows."""
    return {row.contact.email.rpartition("@")[2].lower() for row in rows if isinstance(row, Row) and row.contact.email}


def _called(name: str, company: str | None, email: str) -> int:
    """By which two addresses are taken for one person's: the full name, at one company or in one domain."""
    domain = email.rpartition("@")[2].lower()
    place = (company or "").casefold() or ("" if is_free_mail(domain) else domain)
    return hash((name.casefold(), place or email.lower()))

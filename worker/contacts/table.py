"""A file of contacts: CSV from whatever program, read row by row into contacts and rejects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.contacts import address, encoding
from worker.contacts.fields import AROUND, NOTHING, Unusable
from worker.contacts.person import person
from worker.contacts.sheet import Sheet, open_sheet
from worker.conversation.vocabulary import Contact


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the file; `number` is the row as a spreadsheet counts (the header is 1).

    `repeats` is the earlier row with the same person, `remarks` are values that were left out, a sentence each.
    """

    number: int
    contact: Contact
    repeats: int | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be used, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds; `columns` are the fields that were recognised, then the extra ones by name.

    `remarks` are about the file as a whole, a sentence each.
    """

    rows: tuple[Row, ...]
    rejects: tuple[Reject, ...]
    columns: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Passage:
    """One way through a sheet, row by row: no more is kept than by what people are known, and where they stood.

    When it is through, `remarks` say what is to be said about the file as a whole.
    """

    sheet: Sheet
    seen: dict[int, int] = field(default_factory=dict)
    called: dict[int, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row | Reject]:
        sheet = self.sheet
        doubled = [(name, at) for name, at in sheet.columns.fields.items() if len(at) > 1]
        width = len(sheet.header)
        for number, cells in sheet.records():
            for name, positions in doubled:
                self.lost[name] = self.lost.get(name, 0) + _differ(cells, positions)
            try:
                found = person(cells, sheet.columns, width)
            except Unusable as error:
                yield Reject(number, str(error))
                continue
            # hashes, since a long file has many addresses
            key = hash(_key(found.contact))
            remarks = found.remarks
            repeats = self.seen.get(key)
            if repeats is None and (other := self._namesake(found.contact, number)) is not None:
                remarks = (*remarks, f"has the name and the company of row {other}: one person with two addresses?")
            yield Row(number, found.contact, repeats, remarks)
            self.seen.setdefault(key, number)

    def _namesake(self, contact: Contact, number: int) -> int | None:
        """The earlier row with the same name at the same company, under another address."""
        if not contact.name or not contact.email or " " not in contact.name:
            return None
        place = (contact.company or "").casefold()
        domain = contact.email.rpartition("@")[2].lower()
        if not place and address.is_free_mail(domain):
            return None
        key = hash((contact.name.casefold(), place or domain))
        other = self.called.get(key)
        self.called.setdefault(key, number)
        return other

    def remarks(self) -> tuple[str, ...]:
        """Which fields have several columns, which of these counts, and how often another one says something else."""
        said = []
        for name, positions in self.sheet.columns.fields.items():
            lost = self.lost.get(name, 0)
            if len(positions) < 2 or not (lost or name == "email"):
                continue
            if self.sheet.exported_by is not None and name in ("email", "phone"):
                continue  # an address book has a column for each address of a person, as it should be
            titles = [f'"{self.sheet.header[at].strip()[:40]}" (column {at + 1})' for at in positions]
            rows = f"; in {lost} row{'s' if lost != 1 else ''} the others say something else, which is left out"
            said.append(
                f"{len(titles)} columns hold {name}: {', '.join(titles)}. The first of these counts, the next "
                f"where it is empty{rows if lost else ''}"
            )
        return tuple(said)


def parse(data: bytes, filename: str) -> Table:
    """The contacts of a CSV or TSV file in any common delimiter and encoding.

    Raises ContactsError where nothing can be read: no text, no header row, no column with addresses or phones.
    """
    passage = Passage(open_sheet(encoding.as_file(data), filename))
    found = list(passage)
    return Table(
        tuple(one for one in found if isinstance(one, Row)),
        tuple(one for one in found if isinstance(one, Reject)),
        passage.sheet.columns.names,
        passage.remarks(),
    )


def _differ(cells: list[str], positions: tuple[int, ...]) -> bool:
    said = [cells[at].strip(AROUND) for at in positions if at < len(cells)]
    return len({one.casefold() for one in said if one and one.casefold() not in NOTHING}) > 1


def _key(contact: Contact) -> str:
    if contact.email:
        return address.canonical(contact.email)
    digits = re.sub(r"\D", "", contact.phone or "")
    return f"tel:{digits}:{(contact.name or '').casefold()}"

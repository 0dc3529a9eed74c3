"""A file of contacts: CSV from whatever program, read row by row into contacts and rejects."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from worker.contacts import address, columns, company, names, places
from worker.contacts.columns import Columns
from worker.conversation.vocabulary import Contact
from worker.errors import ContactsError

LONGEST = 200
LONGEST_TEXT = 2000
_DELIMITERS = (",", ";", "\t", "|")
# Some programs put a few lines of advice above the header row.
_HEADER_WITHIN = 15
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ENCODED_WORD = re.compile(r"=\?.*\?=|=\?[\w.*-]+\?[bq]\?", re.IGNORECASE)
_AROUND = " \t\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}\u200e\u200f"
_NOTHING = frozenset(
    ("-", "--", "---", "\N{EN DASH}", "\N{EM DASH}", "?", "n/a", "na", "none", "null", "nil", "k.a.", "unknown")
)
_HONORIFIC = frozenset("mr mrs ms miss mx dr prof herr frau hr fr mme m mlle sir".split())
_MAGIC = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"SQLite format 3": "a database",
}


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


class _Unusable(ValueError):
    """Why a row is rejected."""


def parse(data: bytes, filename: str) -> Table:
    """The contacts of a CSV or TSV file in any common delimiter and encoding.

    Raises ContactsError where nothing can be read: no text, no header row, no column with addresses or phones.
    """
    text = _decode(data, filename)
    delimiter = _delimiter(text)
    records = _records(text, delimiter, filename)
    found, start = _header(records, filename)
    rows: list[Row] = []
    rejects: list[Reject] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(records, start=1):
        if number <= start or not any(cell.strip(_AROUND) for cell in cells):
            continue
        try:
            contact, remarks = _contact(cells, found, len(records[start - 1]))
        except _Unusable as error:
            rejects.append(Reject(number, str(error)))
            continue
        key = _key(contact)
        rows.append(Row(number, contact, seen.get(key), remarks))
        seen.setdefault(key, number)
    return Table(tuple(rows), tuple(rejects), found.names, tuple(_doubled(records, start, found)))


def _doubled(records: list[list[str]], start: int, found: Columns) -> Iterator[str]:
    """Which fields have several columns, which of these counts, and how often another one says something else."""
    for field, positions in found.fields.items():
        if len(positions) < 2:
            continue
        lost = 0
        for cells in records[start:]:
            said = [cells[at].strip(_AROUND) for at in positions if at < len(cells)]
            different = {one.casefold() for one in said if one and one.casefold() not in _NOTHING}
            lost += len(different) > 1
        titles = [f'"{records[start - 1][at].strip()[:40]}" (column {at + 1})' for at in positions]
        if lost or field == "email":
            rows = f"; in {lost} row{'s' if lost != 1 else ''} the others say something else, which is left out"
            yield (
                f"{len(titles)} columns hold {field}: {', '.join(titles)}. The first of these counts, the next "
                f"where it is empty{rows if lost else ''}"
            )


def _key(contact: Contact) -> str:
    if contact.email:
        return address.canonical(contact.email)
    return "tel:" + re.sub(r"\D", "", contact.phone or "")


def _decode(data: bytes, filename: str) -> str:
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise ContactsError(
                f"This is {kind}, not a CSV file.", where=filename, todo="Save it as CSV (UTF-8) first."
            )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    elif len(data) > 3 and data[1::2].count(0) > len(data) // 4 and not data[::2].count(0):
        text = data.decode("utf-16-le", "replace")
    elif len(data) > 3 and data[::2].count(0) > len(data) // 4 and not data[1::2].count(0):
        text = data.decode("utf-16-be", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            # What spreadsheets on Windows write; the five bytes that it does not know stay control characters.
            text = (
                data.decode("cp1252", "replace")
                if not set(data) & set(b"\x81\x8d\x8f\x90\x9d")
                else data.decode("latin-1")
            )
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise ContactsError(
            "The file is empty.", where=filename, todo="Its first row names the columns: email, name, company ..."
        )
    for beginning, kind in (("BEGIN:VCARD", "a file of vCards"), ("{", "JSON"), ("[", "JSON"), ("<", "a page or XML")):
        if text.lstrip().startswith(beginning):
            raise ContactsError(f"This is {kind}, not a CSV file.", where=filename, todo="Export the contacts as CSV.")
    if "\0" in text:
        raise ContactsError("This is no text file.", where=filename, todo="Save the table as CSV (UTF-8).")
    return text


def _delimiter(text: str) -> str:
    """The one that makes the most known columns of a header row, else the most columns at all."""
    if named := re.match(r'"?sep=(.)"?\r?\n', text):
        return named[1]

    def quality(delimiter: str) -> tuple[int, int]:
        lines = text.splitlines()[: _HEADER_WITHIN * 2]
        found = [
            (columns.recognise(row), len(row)) for line in lines for row in csv.reader([line], delimiter=delimiter)
        ]
        return max(((len(known.fields) if known.reachable else 0), width) for known, width in found)

    return max(_DELIMITERS, key=quality)


def _records(text: str, delimiter: str, filename: str) -> list[list[str]]:
    body = re.sub(r'\A"?sep=.("?)\r?\n', "", text)
    for strict in (True, False):
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=strict)
        records: list[list[str]] = []
        try:
            records.extend(reader)
            return records
        except csv.Error as error:
            if not strict or "end of data" in str(error) or "field larger" in str(error):
                raise ContactsError(
                    f"A quotation mark that opens in row {len(records) + 1} is never closed.",
                    where=f"{filename}: row {len(records) + 1}",
                    todo="Close it, or write it twice where it belongs to the text.",
                ) from None
    raise AssertionError("the second reading is lenient")


def _header(records: list[list[str]], filename: str) -> tuple[Columns, int]:
    """What the columns hold, and the number of the header row."""
    for number, cells in enumerate(records[:_HEADER_WITHIN], start=1):
        found = columns.recognise(cells)
        if found.reachable:
            if any(_FORBIDDEN.search(cell.strip()) or len(cell) > LONGEST for cell in cells):
                raise ContactsError("The header row holds control characters.", where=f"{filename}: row {number}")
            return found, number
    first = next((cells for cells in records if any(cell.strip() for cell in cells)), [])
    if any("@" in cell for cell in first):
        raise ContactsError(
            "The file has no header row.",
            where=f"{filename}: row 1",
            todo="Put one above: email,name,company, as the columns are.",
        )
    shown = ", ".join(_FORBIDDEN.sub(" ", cell.strip())[:30] for cell in first[:8])
    raise ContactsError(
        "There is no column with mail addresses or phone numbers.",
        where=f"{filename}: the columns are {shown}",
        todo='Name one of them "email" or "phone".',
    )


def _contact(cells: list[str], found: Columns, width: int) -> tuple[Contact, tuple[str, ...]]:
    if any(cell.strip(_AROUND) for cell in cells[width:]):
        raise _Unusable(
            f"{len(cells)} cells, but only {width} columns: put quotation marks around a cell with the delimiter in it"
        )
    values = {field: _pick(field, cells, positions) for field, positions in found.fields.items()}
    extra: dict[str, str] = {}
    for position, name in found.extra.items():
        value = _clean(cells[position], name, LONGEST) if position < len(cells) else ""
        if value:
            extra.setdefault(name, value)
    remarks: list[str] = []
    contact = Contact(email=None, extra=extra)
    contact = _reached(contact, values, remarks)
    contact = _placed(contact, values, extra, remarks)
    contact = _named(contact, values)
    role = values.get("role") or None
    if (
        role and role.casefold().rstrip(".") in _HONORIFIC
    ):  # a column Title holds Mr. and Ms. in exports of mail programs
        role = None
    contact = replace(
        contact,
        role=role,
        profession=values.get("profession") or None,
        opening=values.get("opening") or None,
        notes=values.get("notes") or None,
        source=values.get("source") or None,
    )
    return contact, tuple(remarks)


def _pick(field: str, cells: list[str], positions: tuple[int, ...]) -> str:
    longest = LONGEST_TEXT if field in ("notes", "opening") else LONGEST
    read = [_clean(cells[position], field, longest) for position in positions if position < len(cells)]
    return next((value for value in read if value and value.casefold() not in _NOTHING), "")


def _clean(cell: str, field: str, longest: int) -> str:
    value = cell.strip(_AROUND)
    if len(value) > longest:
        raise _Unusable(f"{field} has {len(value)} characters, {longest} are allowed")
    if _FORBIDDEN.search(value):
        raise _Unusable(f"{field} holds a line break or a control character")
    if _ENCODED_WORD.search(value):
        raise _Unusable(f"{field} holds an encoded word (=?...?=)")
    return value


def _reached(contact: Contact, values: dict[str, str], remarks: list[str]) -> Contact:
    written, phone = values.get("email", ""), values.get("phone", "")
    email = None
    if written:
        named = re.fullmatch(r'"?([^"<>]*)"?\s*<([^<>]+)>', written)
        if named:
            written = named[2]
            values.setdefault("name", "")
            values["name"] = values["name"] or named[1].strip()
        written = re.sub(r"(?i)^mailto:", "", written).strip().rstrip(",;.")
        if len(re.findall(r"@", written)) > 1 and re.search(r"[,;\s]", written):
            raise _Unusable("email holds more than one address")
        try:
            email = address.check_email(written)
        except ValueError as error:
            raise _Unusable(f"email {written[:60]!r} is no address: {error}") from None
        if address.is_no_reply(email):
            raise _Unusable(f"email {email} is an address that nobody reads")
    if phone and (len(re.findall(r"\d", phone)) < 5 or re.search(r"\de\+\d", phone, re.IGNORECASE)):
        remarks.append(f"phone {phone[:40]} is no number that can be called")
        phone = ""
    if not email and not phone:
        raise _Unusable("neither a mail address nor a phone number")
    return replace(contact, email=email, phone=phone or None)


def _placed(contact: Contact, values: dict[str, str], extra: dict[str, str], remarks: list[str]) -> Contact:
    readers = {"timezone": places.timezone, "country": places.country, "language": places.language}
    known: dict[str, str | None] = {}
    for field, read in readers.items():
        written = values.get(field, "")
        known[field] = read(written) if written else None
        if written and known[field] is None:
            remarks.append(f"{field} {written[:40]} is not known and was left out")
    introducer = values.get("referred_by", "")
    referred_by = None
    if introducer:
        try:
            referred_by = address.check_email(re.sub(r"^.*<|>.*$", "", introducer))
        except ValueError:
            remarks.append(f"referred_by {introducer[:40]} is no mail address and was kept as an extra column")
            extra.setdefault("referred_by", introducer)
    return replace(
        contact,
        timezone=known["timezone"],
        country=known["country"],
        language=known["language"],
        referred_by=referred_by,
        extra=dict(extra),
    )


def _named(contact: Contact, values: dict[str, str]) -> Contact:
    organisation = values.get("company") or None
    name, first, last = (values.get(field, "") for field in ("name", "first_name", "last_name"))
    if "@" in name:  # an address was put where the name belongs
        name = ""
    if name and first and not last and names.one_family(name):  # Vorname and Name, Prénom and Nom
        last, name = name, ""
    elif name and last and not first and not name.casefold().endswith(last.casefold()):  # Nombre and Apellidos
        first, name = name, ""
    name = name or " ".join(part for part in (first, last) if part)
    certain_first, certain_last = names.given(first) if first else None, last or None
    if name and not first:
        same = organisation and company.company_keys(None, name) & company.company_keys(None, organisation)
        split_first, split_last = (None, None) if same else names.split(name)
        certain_first, certain_last = split_first, certain_last or split_last
    return replace(contact, name=name or None, first_name=certain_first, last_name=certain_last, company=organisation)

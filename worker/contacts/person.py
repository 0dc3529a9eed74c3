"""The cells of one row as a contact."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from worker.contacts import address, company, names, places
from worker.contacts.columns import Columns
from worker.contacts.fields import AROUND, LONGEST, NOTHING, Unusable, clean
from worker.conversation.vocabulary import Contact

_HONORIFIC = frozenset(
    """
    mr mrs ms miss mx dr prof professor herr frau hr fr mme m mlle monsieur madame sir dame sr sra srta don dona sig
    sigra dott dottssa ing dipl mag dhr mevr mw ir drs rev phd
    """.split()
)
# Google writes several values of one kind into one cell.
_SEVERAL = re.compile(r"\s*:::\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """A contact, and values of its row that were left out, a sentence each."""

    contact: Contact
    remarks: tuple[str, ...]


def person(cells: list[str], found: Columns, width: int) -> Found:
    """Read the cells of a row whose table has `width` columns. Raises Unusable with the reason."""
    if any(cell.strip(AROUND) for cell in cells[width:]):
        raise Unusable(
            f"{len(cells)} cells, but only {width} columns: put quotation marks around a cell with the delimiter in it"
        )
    values = {
        field: _pick(field, cells, positions, found) for field, positions in found.fields.items() if field != "email"
    }
    extra: dict[str, str] = {}
    for position, name in found.extra.items():
        value = clean(cells[position], name, LONGEST) if position < len(cells) else ""
        if value:
            extra.setdefault(name, value)
    remarks: list[str] = []
    contact = Contact(email=None, extra=extra)
    written = [cells[at] for at in found.fields.get("email", ()) if at < len(cells)]
    contact = _reached(contact, written, values, remarks)
    contact = _placed(contact, values, extra, remarks)
    contact = _named(contact, values)
    role = values.get("role") or None
    words = re.findall(r"[^\W\d_]+", (role or "").casefold())
    if words and all(word in _HONORIFIC for word in words):
        role = None  # a column Title holds Mr. and Ms. in exports of mail programs
    contact = replace(
        contact,
        role=role,
        profession=values.get("profession") or None,
        opening=values.get("opening") or None,
        notes=values.get("notes") or None,
        source=values.get("source") or None,
    )
    return Found(contact, tuple(remarks))


def _pick(field: str, cells: list[str], positions: tuple[int, ...], found: Columns) -> str:
    # address books hold notes of several lines; in a table that somebody wrote they are a mistake
    lines = found.exported_by is not None and field == "notes"
    read = [clean(cells[position], field, lines=lines) for position in positions if position < len(cells)]
    if found.exported_by is not None:
        read = [_SEVERAL.split(value)[0] for value in read]
    return next((value for value in read if value and value.casefold() not in NOTHING), "")


def _reached(contact: Contact, written: list[str], values: dict[str, str], remarks: list[str]) -> Contact:
    phone = values.get("phone", "")
    email: str | None = None
    wrong: Unusable | None = None
    for cell in written:
        try:
            value = clean(cell, "email")
            if not value or value.casefold() in NOTHING:
                continue
            email = _address(value, values)
            break
        except Unusable as error:
            wrong = wrong or error
    if email is None and wrong is not None:
        raise wrong
    if wrong is not None:
        remarks.append(f"{wrong}; {email} is used")
    if phone and (len(re.findall(r"\d", phone)) < 5 or re.search(r"\de\+\d", phone, re.IGNORECASE)):
        remarks.append(f"phone {phone[:40]} is no number that can be called")
        phone = ""
    if not email and not phone:
        raise Unusable("neither a mail address nor a phone number")
    return replace(contact, email=email, phone=phone or None)


def _address(written: str, values: dict[str, str]) -> str:
    written = _SEVERAL.split(written)[0]
    named = re.fullmatch(r'"?([^"<>]*)"?\s*<([^<>]+)>', written)
    if named:
        written = named[2]
        values["name"] = values.get("name") or named[1].strip()
    written = re.sub(r"(?i)^mailto:", "", written).strip().rstrip(",;.")
    if len(re.findall(r"@", written)) > 1 and re.search(r"[,;\s]", written):
        raise Unusable("email holds more than one address")
    try:
        email = address.check_email(written)
    except ValueError as error:
        raise Unusable(f"email {written[:60]!r} is no address: {error}") from None
    if address.is_no_reply(email):
        raise Unusable(f"email {email} is an address that nobody reads")
    return email


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
    if last and (particle := values.get("particle", "")) and not last.casefold().startswith(particle.casefold()):
        last = f"{particle} {last}"
    if "@" in name:  # an address was put where the name belongs
        name = ""
    if name and first and not last and not _holds(name, first):  # Vorname and Name, Prénom and Nom
        last, name = name, ""
    elif name and last and not first and not name.casefold().endswith(last.casefold()):  # Nombre and Apellidos
        first, name = name, ""
    name = name or " ".join(part for part in (first, last) if part)
    certain_first, certain_last = None, last or None
    if first and not _is_company(first, organisation):
        certain_first = names.given(first)
    elif name and not first:
        split = (None, None) if _is_company(name, organisation) else names.split(name)
        if names.turned_round(*split, contact.email):
            split = None, None
        certain_first, certain_last = split[0], certain_last or split[1]
    return replace(contact, name=name or None, first_name=certain_first, last_name=certain_last, company=organisation)


def _holds(name: str, first: str) -> bool:
    """Whether a full name holds this first name."""
    words = {word.casefold().strip(".,") for word in name.split()}
    return all(word.casefold().strip(".,") in words for word in first.split())


def _is_company(name: str, organisation: str | None) -> bool:
    if not name or not organisation:
        return False
    return bool(company.company_keys(None, name) & company.company_keys(None, organisation))

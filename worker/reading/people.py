"""Finds the persons whom a reply hands over as somebody to talk to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from worker.conversation.vocabulary import Context, Person, Step
from worker.reading import phones
from worker.reading.addressed import fits, name_for, small_name
from worker.reading.addresses import ROLE, Written, addresses_in
from worker.reading.evidence import Evidence
from worker.reading.folding import Flat, fold
from worker.reading.headers import Headers
from worker.reading.mentioned import (
    alone,
    below_closing,
    dismissed,
    greeting_or_closing,
    listed,
    pointed,
    rejected_place,
)
from worker.reading.names import Named, clean, first_names, names, not_names, ordered

POINTS = re.compile(
    r"\b(?:cc|cc'?d|cc:|copy|copied|copying|kopie|copie|copia|conhecimento|conoscenza|looped|looping"
    r"|adding|added|kopia|in cc|ins cc|hier mit|unten|below)\b"
)


OWN_NUMBER = re.compile(
    r"\b(?:me|my|us|our|mich|meine?|moi|mon|ma|mi|meu|minha|mio|mij|mijn|tel|phone|fax|office|buro)\b[ .:]*[^.]{0,20}$"
)
"""What makes a number the writer's own."""

THEIRS = re.compile(
    r"\b(?:his|her|their|him|sein\w*|ihre?|son|sa|leur|su|sus|seu|sua|dela|dele|suo|sua|zijn|haar|numero|telefoonnummer)\b"
    r"[^.!?\n]{0,30}$"
)
"""What makes a number that of the person spoken of."""

FOLLOWED = re.compile(
    r", (?:who|whom|my|our|the|he|she|der|die|das|meine?|unsere?|qui|que|mon|ma|notre"
    r"|che|il|la|el|o|a|de)\b"
)
"""What shows that a name at the very beginning is spoken about, and nobody's greeting."""


@dataclass(frozen=True, slots=True)
class People:
    """The persons handed over, how many of them are copied in, and a stand-in's address."""

    persons: tuple[Person, ...] = ()
    copied: int = 0
    standin: str | None = None


def handed_over(
    found: Evidence, headers: Headers, context: Context, cards: Iterable[str] = (), signature: str = ""
) -> People:
    """Who is handed over in a reply whose evidence was found.

    `cards` are vCard texts that came with it; the `signature` only completes who was named in the text. The sender, the
    owner, role addresses, stand-ins, authors and people who are merely mentioned are left out.
    """
    flat = found.flat
    own = _own(headers, context)
    sender_names = {fold(part) for name in _sender_names(headers, context) for part in name.split() if len(part) > 2}
    numbers = phones.find(flat.shown)
    addresses = [written for written in addresses_in(flat.shown) if not _excluded(written.email, own)]
    named = [
        name
        for name in names(flat.shown)
        if not _is_sender(name.name, sender_names) and not _in_address(name, flat, addresses)
    ]
    called = named
    greeted = {fold(name.name) for name in named if _greeted(flat, name, numbers, addresses, context.step)}
    named = [name for name in named if fold(name.name) not in greeted]
    below = below_closing(flat, sender_names)
    named = [name for name in named if name.start < below and not greeting_or_closing(flat, name)]
    persons: list[tuple[int, Person]] = []
    used: set[int] = set()
    for written in addresses:
        if rejected_place(flat, found, written.start, written.end):
            continue
        name = name_for(written, named, addresses, flat, used)
        if name is not None:
            used.add(name.start)
            if dismissed(flat, found, name, addressed=fits(name.name, written.email) > 0):
                continue
        elif not ROLE.match(written.email.split("@")[0].lower()):
            name = small_name(written, flat, addresses)
        if ROLE.match(written.email.split("@")[0].lower()):
            if name is not None and pointed(flat, found, name):
                persons.append(
                    (name.start, Person(clean(name.name), None, _phone_near(flat, numbers, name.start, written.end)))
                )
            continue
        place = min(written.start, name.start) if name else written.start
        end = max(written.end, name.end) if name else written.end
        persons.append(
            (place, Person(clean(name.name) if name else None, written.email, _phone_near(flat, numbers, place, end)))
        )
    for name in named:
        if (
            name.start in used
            or dismissed(flat, found, name)
            or any(_same(name.name, person.name) for _, person in persons)
        ):
            continue
        phone = _phone_near(flat, numbers, name.start, name.end, 40)
        if phone and name.certain:
            persons.append((name.start, Person(clean(name.name), None, phone)))
        elif pointed(flat, found, name) or listed(flat, found, name, persons) or alone(flat, found, name, context.step):
            persons.append(
                (name.start, Person(clean(name.name), None, _phone_near(flat, numbers, name.start, name.end)))
            )
    persons += _called_by_phone(
        found, numbers, [place for place, _ in persons], named, sender_names, below, context.step
    )
    if not persons:
        persons += _only_one(found, named)
    persons.sort(key=lambda pair: pair[0])
    persons = _with_their_numbers(persons, flat, numbers)
    result = [person for _, person in persons if person.name or person.email]
    result, copied = _with_copied(result, found, headers, own, called)
    for card in cards:
        result = _with_card(result, card, own, sender_names)
    result = [_completed(person, signature) for person in result]
    return People(tuple(_unique(result)), copied, _standin(found, own))


def _greeted(
    flat: Flat, name: Named, numbers: list[tuple[int, int, str]], addresses: list[Written], step: Step | None
) -> bool:
    """Whether the text opens by calling this person: the owner, even where the address does not say so."""
    if name.start > 0 or step is Step.referral_request:
        return greeting_or_closing(flat, name) and flat.plain.count("\n", 0, name.start) == 0
    near = any(0 <= first - name.end < 60 for first, _, _ in numbers) or any(
        0 <= written.start - name.end < 60 for written in addresses
    )
    called = re.match(r"(?: hi| hello| dear)?[,!:]| -", flat.plain[name.end :])
    return bool(called) and not near and not FOLLOWED.match(flat.plain[name.end :])


def _called_by_phone(
    found: Evidence,
    numbers: list[tuple[int, int, str]],
    places: list[int],
    named: list[Named],
    sender: set[str],
    below: int,
    step: Step | None,
) -> list[tuple[int, Person]]:
    """Who stands right before a number that is nobody's yet, in large or small letters: "call yolanda 555 0190"."""
    flat = found.flat
    hands = step is Step.referral_request or any(cue.feature == "hand" and cue.weight >= 4 for cue in found.cues)
    result: list[tuple[int, Person]] = []
    for first, _, written in numbers:
        low = max(0, first - 60, flat.plain.rfind("\n", 0, first) + 1)
        before = flat.plain[low:first]
        if first > below or any(low - 20 <= place < first for place in places) or OWN_NUMBER.search(before):
            continue
        large = [name for name in named if low <= name.start and 0 <= first - name.end <= 40]
        large = [name for name in large if name.certain or (hands and found.lang != "de")]
        small = [
            word
            for word in re.finditer(r"[^\W\d_]{3,}", before)
            if flat.shown[low + word.start()].islower()
            and word.group() in first_names() - not_names()
            and word.group() not in sender
            and len(before) - word.end() <= 30
        ]
        if large:
            result.append((large[-1].start, Person(clean(large[-1].name), None, written)))
        elif small:
            start, end = low + small[-1].start(), low + small[-1].end()
            result.append((start, Person(clean(flat.shown[start:end]), None, written)))
    return result


def _with_their_numbers(
    persons: list[tuple[int, Person]], flat: Flat, numbers: list[tuple[int, int, str]]
) -> list[tuple[int, Person]]:
    """Give "his number is ..." to the person named last before it, where that person has none yet."""
    given = {person.phone for _, person in persons}
    result = list(persons)
    for first, _, written in numbers:
        before = flat.plain[max(0, first - 40) : first]
        places = [number for number, (place, _) in enumerate(result) if place < first]
        if written in given or not THEIRS.search(before) or OWN_NUMBER.search(before) or not places:
            continue
        place, person = result[places[-1]]
        if person.phone is None and flat.sentence_at(first) - flat.sentence_at(place) <= 2:
            result[places[-1]] = (place, replace(person, phone=written))
    return result


def _only_one(found: Evidence, named: list[Named]) -> list[tuple[int, Person]]:
    """The one full name in a text that hands over, wherever it stands."""
    if not any(cue.feature in ("hand", "pass") and cue.weight >= 4 for cue in found.cues):
        return []
    full = {
        name.name: name
        for name in named
        if name.certain and " " in name.name and not dismissed(found.flat, found, name)
    }
    return [(name.start, Person(clean(name.name))) for name in full.values()] if len(full) == 1 else []


def _own(headers: Headers, context: Context) -> frozenset[str]:
    own = {address.lower() for address in context.own_addresses}
    own |= {address.lower() for _, address in (*headers.from_, *headers.reply_to, *headers.to, *headers.sender)}
    if context.contact and context.contact.email:
        own.add(context.contact.email.lower())
    return frozenset(own)


def _excluded(email: str, own: frozenset[str]) -> bool:
    return email in own or re.sub(r"\+[^@]*", "", email) in own


def _sender_names(headers: Headers, context: Context) -> list[str]:
    found = [ordered(name) for name, _ in (*headers.from_, *headers.to)]
    if context.contact and context.contact.name:
        found.append(context.contact.name)
    # The owner is called by name in the text, and is nobody to talk to.
    found += [" ".join(re.split(r"[\W\d_]+", address.split("@")[0])) for address in context.own_addresses]
    for _, address in headers.from_[:1]:
        if not found[:1] or not found[0]:
            found.append(" ".join(re.split(r"[._-]", address.split("@")[0])))
    return [name for name in found if name]


def _is_sender(name: str, sender: set[str]) -> bool:
    parts = [fold(part).strip(".") for part in clean(name).split()] if clean(name) else []  # type: ignore[union-attr]
    return (
        bool(parts) and all(part in sender for part in parts if len(part) > 2) and any(len(part) > 2 for part in parts)
    )


def _in_address(name: Named, flat: Flat, addresses: list[Written]) -> bool:
    if any(written.start <= name.start < written.end for written in addresses):
        return True
    around = flat.shown[max(0, name.start - 1) : name.end + 1]
    return "@" in around or "/" in around


def _phone_near(flat: Flat, numbers: list[tuple[int, int, str]], start: int, end: int, reach: int = 70) -> str | None:
    """A number after the person on the same line or in the next sentence; not "my number"."""
    for first, _, written in numbers:
        if 0 <= first - end <= reach and flat.sentence_at(first) - flat.sentence_at(end - 1) <= 1:
            between = flat.plain[end:first]
            if (
                re.search(r"\b(?:me|my|mich|meine|moi|mon|me|mi|meu|minha|mio|mij|mijn)\b", between)
                or between.count("\n") > 1
            ):
                continue
            return written
    return None


def _with_copied(
    result: list[Person], found: Evidence, headers: Headers, own: frozenset[str], named: list[Named]
) -> tuple[list[Person], int]:
    """Add who is in Cc where the words point there, and complete first names from Cc."""
    flat = found.flat
    copied = 0
    points = bool(POINTS.search(flat.plain)) or any(cue.feature in ("pass", "hand") for cue in found.cues)
    for display, address in headers.cc[:10]:
        email = address.lower()
        if _excluded(email, own) or ROLE.match(email.split("@")[0]):
            continue
        full = clean(ordered(display)) if display and "@" not in display else None
        mine = [name for name in named if (full and _shares(name.name, full)) or (not full and fits(name.name, email))]
        if any(dismissed(flat, found, name) for name in mine):
            continue
        number = next((n for n, person in enumerate(result) if person.email == email), None)
        if number is None:
            number = next(
                (
                    n
                    for n, person in enumerate(result)
                    if person.email is None
                    and person.name
                    and ((full and _shares(person.name, full)) or fits(person.name, email))
                ),
                None,
            )
        if number is not None:
            person = result[number]
            longer = (
                full if full and person.name and len(full.split()) > len(person.name.split()) else person.name or full
            )
            result[number] = replace(person, name=longer, email=email)
            copied += 1
        elif mine or points:
            result.append(Person(full or (clean(mine[0].name) if mine else None), email, None))
            copied += 1
    return result, copied


def _shares(name: str, full: str) -> bool:
    words = {fold(word) for word in full.split()}
    return all(fold(word).strip(".") in words for word in name.split())


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and (_shares(str(one), str(other)) or _shares(str(other), str(one)))


def _with_card(result: list[Person], card: str, own: frozenset[str], sender: set[str]) -> list[Person]:
    """Add the person of a vCard (RFC 6350 FN, EMAIL, TEL) that is not the sender's own."""
    text = re.sub(r"\r?\n[ \t]", "", card[:20000])
    found = re.findall(r"^(?:item\d\.)?(FN|EMAIL|TEL)[^:\r\n]*:(?:tel:|mailto:)?([^\r\n]+)", text, re.I | re.M)
    fields = {key.upper(): value.strip() for key, value in found}
    email = fields.get("EMAIL", "").lower() or None
    name = clean(fields.get("FN"))
    if (email and _excluded(email, own)) or (name and _is_sender(name, sender)) or not (name or email):
        return result
    for number, person in enumerate(result):
        if (email and person.email == email) or _same(person.name, name):
            result[number] = Person(name or person.name, person.email or email, person.phone or fields.get("TEL"))
            return result
    return [*result, Person(name, email, fields.get("TEL"))]


def _completed(person: Person, signature: str) -> Person:
    """Take the address of a named person from the contact block below, if it stands there."""
    if person.email or not person.name or not signature:
        return person
    for written in addresses_in(signature):
        if fits(person.name, written.email) > 1 and not ROLE.match(written.email.split("@")[0]):
            return replace(person, email=written.email)
    return person


def _unique(persons: list[Person]) -> list[Person]:
    kept: list[Person] = []
    for person in persons:
        for number, other in enumerate(kept):
            if (person.email and person.email == other.email) or (
                _same(person.name, other.name) and not (person.email and other.email)
            ):
                longest = max((other.name or "", person.name or ""), key=len) or None
                kept[number] = Person(longest, other.email or person.email, other.phone or person.phone)
                break
        else:
            kept.append(person)
    return kept


def _standin(found: Evidence, own: frozenset[str]) -> str | None:
    """The first foreign address of an absence message."""
    return next(
        (written.email for written in addresses_in(found.flat.shown) if not _excluded(written.email, own)), None
    )

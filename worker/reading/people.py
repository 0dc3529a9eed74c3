"""Finds the persons whom a reply hands over as somebody to talk to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from worker.conversation.vocabulary import Context, Person
from worker.reading import phones
from worker.reading.addresses import ROLE, Written, addresses_in
from worker.reading.evidence import Evidence
from worker.reading.folding import Flat, fold
from worker.reading.headers import Headers
from worker.reading.mentioned import alone, dismissed, greeting_or_closing, listed, name_like, pointed, rejected_place
from worker.reading.names import Named, clean, first_names, names, ordered

POINTS = re.compile(
    r"\b(?:cc|cc'?d|cc:|copy|copied|copying|kopie|copie|copia|conhecimento|conoscenza|looped|looping"
    r"|adding|added|kopia|in cc|ins cc|hier mit|unten|below)\b"
)


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
    addresses = [written for written in addresses_in(flat.shown) if not _excluded(written.email, own)]
    named = [
        name
        for name in names(flat.shown)
        if not _is_sender(name.name, sender_names) and not _in_address(name, flat, addresses)
    ]
    named = [name for name in named if not greeting_or_closing(flat, name)]
    numbers = phones.find(flat.shown)
    persons: list[tuple[int, Person]] = []
    used: set[int] = set()
    for written in addresses:
        if rejected_place(flat, found, written.start, written.end):
            continue
        name = _name_for(written, named, addresses, flat, used)
        if name is not None:
            used.add(name.start)
            if dismissed(flat, found, name):
                continue
        else:
            name = _small_name(written, flat)
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
        if pointed(flat, found, name) or listed(flat, found, name, persons) or alone(flat, found, name, context.step):
            persons.append(
                (name.start, Person(clean(name.name), None, _phone_near(flat, numbers, name.start, name.end)))
            )
    persons.sort(key=lambda pair: pair[0])
    result = [person for _, person in persons if person.name or person.email]
    result, copied = _with_copied(result, found, headers, own, named)
    for card in cards:
        result = _with_card(result, card, own, sender_names)
    result = [_completed(person, signature) for person in result]
    return People(tuple(_unique(result)), copied, _standin(found, own))


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


def _parts(email: str) -> list[str]:
    return [part for part in re.split(r"[._+\d-]+", email.split("@")[0]) if part]


def _fits(name: str, email: str) -> int:
    """How well a name fits an address: how many of its words stand in the part before the @."""
    local = re.sub(r"[^a-z]", "", fold(email.split("@")[0]))
    words = [re.sub(r"[^a-z]", "", fold(word)) for word in re.split(r"[ -]", name)]
    whole = sum(
        1
        for word in words
        if len(word) > 2
        and (
            word in local
            or word.replace("a", "ae") in local
            or word.replace("u", "ue") in local
            or word.replace("o", "oe") in local
        )
    )
    if whole:
        return whole + 1
    parts = _parts(fold(email))
    if any(len(word) > 1 and word in parts for word in words):
        return 2
    initials = "".join(word[0] for word in words if word)
    return (
        1
        if len(words) > 1
        and (
            local == initials
            or (len(local) > 2 and words[-1] and local.startswith(words[0][:1]) and words[-1][:4] in local)
        )
        else 0
    )


def _name_for(
    written: Written, named: list[Named], addresses: list[Written], flat: Flat, used: set[int]
) -> Named | None:
    """The name that belongs to an address: right beside it, or fitting it in this or the sentence before."""
    sentence = flat.sentence_at(written.start)
    best: tuple[float, Named] | None = None
    for name in named:
        if name.start in used:
            continue
        apart = sentence - flat.sentence_at(name.start)
        distance = written.start - name.end if name.end <= written.start else name.start - written.end
        between = flat.plain[min(name.end, written.end) : max(name.start, written.start)]
        other = any(
            min(name.end, written.end) <= a.start < max(name.start, written.start)
            for a in addresses
            if a is not written
        )
        fit = _fits(name.name, written.email)
        if fit == 0 and (other or not name_like(name) or abs(apart) > 1 or distance > 140):
            continue
        if (
            fit == 0
            and name.start > written.start
            and (apart or distance > 4 or not re.fullmatch(r"[ (>\-,]*", between))
        ):
            continue
        if fit == 0 and apart == 1 and distance > 110:
            continue
        rank = (
            fit * 100 - distance - 60 * abs(apart) + (40 if re.fullmatch(r"[ <(\[:,>-]*(?:mailto:)?", between) else 0)
        )
        if fit or rank > -170:
            rank += 20 if name.certain else 0
            if best is None or rank > best[0]:
                best = (rank, name)
    return best[1] if best else None


def _small_name(written: Written, flat: Flat) -> Named | None:
    """A name in small letters before its address ("ask ann lee, ann.lee@...")."""
    parts = [fold(part) for part in _parts(written.email) if len(part) > 1]
    if not parts:
        return None
    low = max(0, written.start - 80)
    before = flat.plain[low : written.start]
    words = list(re.finditer(r"[^\W\d_][\w'-]*", before))
    for first in range(len(words)):
        run = [words[first]]
        for following in words[first + 1 :]:
            if before[run[-1].end() : following.start()] != " ":
                break
            run.append(following)
        for length in (3, 2, 1):
            chosen = [word.group() for word in run[:length]]
            if len(chosen) == length and all(
                any(word == part or (len(part) > 3 and word in "".join(parts) and len(word) > 2) for part in parts)
                for word in chosen
            ):
                if length == 1 and chosen[0] not in first_names():
                    continue
                start = low + run[0].start()
                end = low + run[length - 1].end()
                return Named(start, end, flat.shown[start:end], True)
    return None


def _phone_near(flat: Flat, numbers: list[tuple[int, int, str]], start: int, end: int) -> str | None:
    """A number after the person on the same line or in the next sentence; not "my number"."""
    for first, _, written in numbers:
        if 0 <= first - end <= 70 and flat.sentence_at(first) - flat.sentence_at(end - 1) <= 1:
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
        mine = [name for name in named if (full and _shares(name.name, full)) or (not full and _fits(name.name, email))]
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
                    and ((full and _shares(person.name, full)) or _fits(person.name, email))
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
        if _fits(person.name, written.email) > 1 and not ROLE.match(written.email.split("@")[0]):
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

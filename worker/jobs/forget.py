"""Erases a person from the database, so that nothing is kept but that they are never written to again."""

from __future__ import annotations

import glob
import html
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Row

from worker.contacts import canonical
from worker.errors import InputError
from worker.jobs import domains
from worker.jobs.desk import Desk
from worker.reading import headers
from worker.store import Store, Transaction, contacts, erasure, journal, people, suppressions

INSTEAD = "(forgotten)"
SHORTEST_PHONE = 6  # digits: fewer may be anything


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: whether there was anything, whether the file is clean already, copies that still hold it.

    `in_question` is the domain of which the owner has not said yet whether others there may be written to, where the
    question goes with this person.
    """

    was_known: bool
    rewritten: bool
    copies: tuple[str, ...] = ()
    in_question: str | None = None


def forget(store: Store, desk: Desk, email: str, fresh_key: str) -> Forgotten:
    """Erase everything about who is known under `email`; the caller holds the turn's lock.

    `fresh_key` becomes the key of this installation where it has none. Raises InputError for an own address, and
    for what is no address.
    """
    key = canonical(email)
    if "@" not in key:
        raise InputError(f"{email!r} is no mail address.", todo="Use an address from askaround contacts.")
    if key in desk.mailbox.own_addresses:
        raise InputError(f"{email} is your own address; nothing was changed.")

    def work(tx: Transaction) -> tuple[bool, str | None]:
        erasure.overwrite_deleted(tx)
        person = contacts.by_key(tx, desk.mailbox.id, key)
        last = person is not None and [one.id for one in domains.asked_about(tx, desk, person.id)] == [person.id]
        domain = domains.domain_of(person.email) if person is not None and last else None
        return _forget(tx, desk, key, fresh_key), domain

    known, domain = store.transaction(work)
    return Forgotten(known, erasure.rewrite(store), _copies(store), domain)


def _copies(store: Store) -> tuple[str, ...]:
    """Copies of the database beside it, as backups and upgrades leave them."""
    return tuple(
        str(copy)
        for file in store.files()[:1]
        for copy in sorted(file.parent.glob(f"{glob.escape(file.name)}.*"))
        if copy.suffix in (".backup", ".damaged")
    )


def _forget(tx: Transaction, desk: Desk, key: str, fresh_key: str) -> bool:
    mailbox_id = desk.mailbox.id
    person = contacts.by_key(tx, mailbox_id, key)
    named = people.known_as(tx, mailbox_id, key)
    addresses = {key}
    if person is not None:
        addresses |= erasure.addresses_of(tx, person.id) | ({person.email.lower()} if person.email else set())
    addresses = {one for one in addresses if canonical(one) not in desk.mailbox.own_addresses}
    keys = {canonical(one) for one in addresses}
    secret = suppressions.secret_of(tx, fresh_key)
    for one in sorted(keys):
        suppressions.forget(tx, mailbox_id, one, secret, desk.now)
    pattern = _pattern(addresses | keys, [row for row in (person, *named) if row is not None], desk)
    if person is not None:
        erasure.delete_person(tx, mailbox_id, person.id, desk.now)
    erasure.delete_mentioned(tx, mailbox_id, keys)
    erasure.scrub(tx, mailbox_id, lambda words: pattern.sub(INSTEAD, words), _mentions(pattern), desk.now)
    journal.write(tx, mailbox_id, desk.now, "forgotten", "a person was forgotten at your word")
    return person is not None or bool(named)


def _pattern(addresses: Collection[str], rows: Collection[Row[tuple[object, ...]]], desk: Desk) -> re.Pattern[str]:
    """What names this person: addresses (with any plus), full names, phones; never what is the owner's too."""
    parts = []
    for address in addresses:
        local, _, domain = address.rpartition("@")
        parts.append(rf"(?<![\w.+-]){re.escape(local)}(?:\+[\w.-]*)?@{re.escape(domain)}(?![\w-])")
    owner = desk.mailbox.owner
    for row in rows:
        names = {row.name, " ".join(filter(None, (getattr(row, "first_name", None), getattr(row, "last_name", None))))}
        for name in names:
            words = re.findall(r"\w[\w.'’-]*", name or "")
            if len(words) > 1 and (name or "").casefold() != owner.name.casefold():
                parts += [_apart(words), _apart([*words[1:], words[0]])]
        digits = re.findall(r"\d", row.phone or "")
        if len(digits) >= SHORTEST_PHONE and digits != re.findall(r"\d", owner.phone or ""):
            parts.append(r"(?<!\d)\+?" + r"[\s()./-]{0,3}".join(digits) + r"(?!\d)")
    return re.compile("|".join(sorted(set(parts), key=len, reverse=True)), re.IGNORECASE)


def _apart(words: list[str]) -> str:
    return r"(?<!\w)" + r"[\s,]+".join(re.escape(word) for word in words) + r"(?!\w)"


def _mentions(pattern: re.Pattern[str]) -> Callable[[bytes], bool]:
    """Whether a mail speaks of them anywhere: in its header, in any part of it."""
    return lambda data: any(pattern.search(words) for words in _texts(data))


def _texts(data: bytes) -> Iterator[str]:
    from email import message_from_bytes

    from worker.reading.charset import decode

    yield data.decode("latin-1")
    yield from (value for _, value in headers(data).fields)
    for part in message_from_bytes(data).walk():
        yield from (f"{name}: {value}" for name, value in part.items())
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and part.get_content_maintype() != "image":
            words = decode(payload, part.get_content_charset())
            yield words
            yield " ".join(html.unescape(re.sub(r"<[^>]*>", " ", words)).split())

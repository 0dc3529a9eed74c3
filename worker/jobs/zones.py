"""Whose clock the mail to a person keeps, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from worker.conversation import country
from worker.conversation.vocabulary import Contact
from worker.jobs.desk import Desk


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone; `guessed_from` is empty where it was given, else what it was taken from."""

    name: str
    guessed_from: str = ""

    def __str__(self) -> str:
        return f"{self.name}?" if self.guessed_from else self.name


def zone_of(desk: Desk, person: Contact) -> Zone:
    """The zone that pacing keeps for this person: theirs, else their country's if it has one, else the owner's."""
    return _zone(person.timezone, person.country, desk.mailbox.owner.timezone)


@lru_cache(maxsize=1000)
def _zone(timezone: str | None, place: str | None, owners: str) -> Zone:
    given = country.zone_named(timezone)
    if given is not None:
        return Zone(given.key)
    guessed = country.zone_of(country.country_code(place))
    if guessed is not None:
        return Zone(guessed.key, place or "")
    return Zone(owners, "yours")

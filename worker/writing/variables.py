"""What a template may use: contact, owner and the people between them, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from worker.conversation.vocabulary import Contact, Person, Step
from worker.writing.names import checked_name, first_name
from worker.writing.tongue import DEFAULT, own_words, tongue, without_tables


@dataclass(frozen=True, slots=True)
class Owner:
    """The person the worker writes for; `about` has free keys (field, meet, background, why, link ...)."""

    name: str
    email: str
    phone: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


def template_name(step: Step | str, *, referred: bool = False) -> str:
    """The template of a step; the ask to somebody who was named by a contact has its own."""
    return "ask.referred" if referred and step == Step.ask else str(step)


def variables(
    contact: Contact,
    owner: Owner,
    *,
    introducer: Contact | Person | None = None,
    named: Iterable[Contact | Person] = (),
    introduced: Iterable[Contact | Person] = (),
    asked_for_name: bool = False,
    sent: Mapping[Step, date] | None = None,
    stands: str = "asked",
    language: str = DEFAULT,
) -> dict[str, Any]:
    """Everything that a template may use.

    Parameters: the contact who is written to; the owner; introducer, who named this contact; named, whom this
    contact handed to us; introduced, those of them whom the owner has talked to; asked_for_name, whether this
    person was ever asked for a name; sent, the local date on which a step left; stands, the conversation's state;
    language, that of the template, in which the variables' own words are.
    Returns a dict for `render`. Names of third people are checked (`checked_name`); one that fails is left out.
    Fields that are not known are None.
    """
    person = _contact(contact)
    return {
        "contact": person,
        "greeting": tongue(language).greet(person["first_name"], person["last_name"]),
        "words": own_words(owner.about, language),
        "owner": {
            "name": owner.name,
            "first_name": first_name(owner.name) or owner.name,
            "email": owner.email,
            "phone": owner.phone or None,
            "about": without_tables(owner.about, language),
        },
        "introducer": _person(introducer),
        "named": _names(named),
        "introduced": _names(introduced),
        "asked_for_name": asked_for_name,
        "stands": stands,
        "sent": {step.value: (sent or {}).get(step) for step in Step},
    }


def _contact(contact: Contact) -> dict[str, Any]:
    handed_on = contact.referred_by is not None
    name = checked_name(contact.name) if handed_on else _filled(contact.name)
    whole = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    given = checked_name(contact.first_name)
    return {
        "email": contact.email,
        "name": name or checked_name(whole),
        "first_name": given,
        "last_name": checked_name(contact.last_name) if handed_on else _filled(contact.last_name),
        "company": _filled(contact.company),
        "role": _filled(contact.role),
        "profession": _filled(contact.profession),
        "phone": _filled(contact.phone),
        "timezone": _filled(contact.timezone),
        "country": _filled(contact.country),
        "language": _filled(contact.language),
        "opening": _filled(contact.opening),
        "source": _filled(contact.source),
        "extra": dict(contact.extra),
    }


def _person(person: Contact | Person | None) -> dict[str, Any]:
    name = checked_name(person.name) if person else None
    return {"name": name, "first_name": first_name(name)}


def _names(people: Iterable[Contact | Person]) -> tuple[str, ...]:
    found = (checked_name(person.name) for person in people)
    return tuple(dict.fromkeys(name for name in found if name))


def _filled(value: str | None) -> str | None:
    return (value or "").strip() or None

"""Fills in every template for everybody who could get it, and says for whom that does not work."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Contact, State, Step
from worker.errors import TemplateError
from worker.jobs.desk import Desk, Templates
from worker.jobs.templates import languages
from worker.store import Transaction, contacts, conversations, outbox
from worker.writing import Draft, Owner, code_of, render, signs, template_name, variables

SUFFIX = ".md"
BARE = Contact(email="somebody@example.org")
WHOLE = Contact(
    email="somebody@example.org",
    name="Sam Sample",
    first_name="Sam",
    last_name="Sample",
    company="Example Ltd",
    role="head of samples",
    profession="sampling",
    phone="+1 555 0100",
    timezone="Europe/Berlin",
    country="DE",
    language="en",
    opening="I read what you wrote about samples.",
    source="a list",
)
SOMEBODY = Contact(email="other@example.org", name="Kim Other", first_name="Kim", last_name="Other")
# What somebody in this state can still get; a step that has left does not leave again.
_ANSWERS = (Step.referral_request, Step.thanks_for_name, Step.thanks_for_talk)
CAN_GET: Mapping[State, tuple[Step, ...]] = {
    State.planned: (Step.ask, Step.nudge, Step.check_in, *_ANSWERS),
    State.snoozed: (Step.ask, Step.nudge, Step.check_in, *_ANSWERS),
    State.asked: (Step.nudge, Step.check_in, *_ANSWERS),
    State.silent: (Step.check_in, *_ANSWERS),
    State.declined: _ANSWERS,
    State.referral_asked: (Step.thanks_for_name, Step.thanks_for_talk),
    State.referred: (Step.thanks_for_name, Step.thanks_for_talk),
    State.talking: (Step.thanks_for_talk,),
    State.met: (Step.thanks_for_talk,),
}


@dataclass(slots=True)
class Trouble:
    """One thing that is wrong with a template, and for whom; nobody in `people`: for everybody."""

    campaign: str
    template: str
    error: TemplateError
    people: list[str] = field(default_factory=list)
    only_maybe: bool = False  # nobody can get it yet, and a made-up person with nothing but an address could not


@dataclass(slots=True)
class Rehearsal:
    """What was tried: troubles, how many people there were, and which templates only a made-up person was tried on."""

    troubles: list[Trouble] = field(default_factory=list)
    people: int = 0
    made_up: list[str] = field(default_factory=list)
    signs: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # template and what speaks against it: whom


def rehearse(tx: Transaction, desk: Desk) -> Rehearsal:
    """Fill in all templates; nothing is recorded."""
    result = Rehearsal()
    rows = [row for row in conversations.with_contacts(tx, desk.mailbox.id) if row.email]
    result.people = len(rows)
    for campaign in sorted({"default"} | {row.campaign for row in rows}):
        found = {language: desk.mailbox.templates(campaign, language) for language in _spoken(desk, campaign)}
        tried: dict[str | None, set[str]] = {}
        for row in rows:
            if row.campaign == campaign:
                person = contacts.get(tx, row.contact_id)
                language = code_of(person.language) if code_of(person.language) in found else None
                _try_for(tx, desk, row, person, found[language], result, tried.setdefault(language, set()))
        for language, templates in found.items():
            for name in sorted({*names()} - tried.get(language, set())):
                if language is None or templates.origin.get(name + SUFFIX) != found[None].origin.get(name + SUFFIX):
                    _try_on_nobody(desk, campaign, name, templates, result)
    return result


def _spoken(desk: Desk, campaign: str) -> list[str | None]:
    return [None, *languages(desk.mailbox.templates_folder, campaign)]


def names() -> list[str]:
    """The templates of all steps, in the order of the steps."""
    return list(dict.fromkeys(template_name(step, referred=referred) for step in Step for referred in (False, True)))


def _owner(desk: Desk) -> Owner:
    owner = desk.mailbox.owner
    return Owner(owner.name, owner.email, owner.phone, owner.about)


def _try_for(
    tx: Transaction,
    desk: Desk,
    row: Row[Any],
    contact: Row[Any],
    templates: Templates,
    result: Rehearsal,
    tried: set[str],
) -> None:
    if contact.dead_at is not None or contact.opted_out_at is not None:
        return
    person = contacts.as_contact(contact)
    introducer = contacts.get(tx, contact.introducer_id) if contact.introducer_id is not None else None
    named_by = contacts.as_contact(introducer) if introducer is not None else None
    if named_by is None and person.referred_by:
        named_by = Contact(email=person.referred_by)
    left = {mail.step for mail in outbox.of_conversation(tx, row.id) if mail.state in outbox.LEFT}
    for step in (*CAN_GET.get(State(row.state), ()), *_news_for(tx, contact)):
        if step in left:
            continue
        name = template_name(step, referred=named_by is not None)
        tried.add(name)
        error = _tried(desk, person, named_by, templates, name, result)
        if error is not None:
            _note(result, row.campaign, name, error, person.email or "")


def _news_for(tx: Transaction, contact: Row[Any]) -> tuple[Step, ...]:
    """Who led to somebody can be told how it went."""
    return (Step.report_back,) if contacts.introduced_by(tx, contact.id) else ()


def _tried(
    desk: Desk, person: Contact, introducer: Contact | None, templates: Templates, name: str, result: Rehearsal
) -> TemplateError | None:
    language = templates.language(name)
    given = _given(desk, person, introducer, language)
    try:
        draft = render(templates.texts, name, given, origin=templates.origin, language=language)
    except TemplateError as error:
        return error
    begins = name in (template_name(Step.ask, referred=False), template_name(Step.ask, referred=True))
    for sign in signs(draft.subject, draft.body, first_name=person.first_name, begins=begins):
        whom = result.signs.setdefault((templates.origin.get(name + SUFFIX, name), sign), [])
        if person is not WHOLE and person is not BARE and person.email not in whom:
            whom.append(person.email or "")
    return None


def _given(desk: Desk, person: Contact, introducer: Contact | None, language: str) -> dict[str, Any]:
    """The variables, with something in each that only the course of a conversation fills in."""
    return variables(
        person,
        _owner(desk),
        introducer=introducer,
        named=[SOMEBODY],
        introduced=[SOMEBODY],
        sent=dict.fromkeys(Step, desk.today),
        language=language,
    )


def _note(result: Rehearsal, campaign: str, name: str, error: TemplateError, who: str) -> None:
    for one in result.troubles:
        if (one.campaign, one.error.what, one.error.where) == (campaign, error.what, error.where):
            if who not in one.people:
                one.people.append(who)
            return
    result.troubles.append(Trouble(campaign, name, error, [who]))


def _try_on_nobody(desk: Desk, campaign: str, name: str, templates: Templates, result: Rehearsal) -> None:
    """A template that nobody here can get yet, tried on a person with every field, then on one with none."""
    referred = name == template_name(Step.ask, referred=True)
    result.made_up.append(name)
    for person, maybe in ((WHOLE, False), (BARE, True)):
        error = _tried(desk, person, SOMEBODY if referred else None, templates, name, result)
        if error is not None:
            # a column of one's own is in nobody's made-up row
            only_maybe = maybe or "extra" in error.what
            result.troubles.append(Trouble(campaign, name, error, only_maybe=only_maybe))
            return


def sample(desk: Desk, campaign: str, name: str, language: str | None) -> Draft:
    """A template filled in for a made-up person, in one language; raises TemplateError."""
    return _rendered(desk, campaign, name, language, WHOLE)


def written(desk: Desk, campaign: str, name: str, person: Contact) -> Draft:
    """A template filled in for a person, with a made-up one where somebody else is spoken of; raises TemplateError."""
    return _rendered(desk, campaign, name, person.language, person)


def _rendered(desk: Desk, campaign: str, name: str, language: str | None, person: Contact) -> Draft:
    templates = desk.mailbox.templates(campaign, language)
    spoken = templates.language(name)
    given = _given(desk, person, SOMEBODY if name == template_name(Step.ask, referred=True) else None, spoken)
    return render(templates.texts, name, given, origin=templates.origin, language=spoken)


def strange_files(desk: Desk, tx: Transaction, shipped: Path) -> Iterator[tuple[str, str]]:
    """Templates whose names stand for no step: each with the name that may be meant, or ""."""
    known = {name + SUFFIX for name in names()} | {file.name for file in shipped.glob(f"*{SUFFIX}")}
    seen: set[str] = set()
    for campaign in sorted({"default"} | {row.campaign for row in conversations.with_contacts(tx, desk.mailbox.id)}):
        for language in _spoken(desk, campaign):
            for name, file in sorted(desk.mailbox.templates(campaign, language).origin.items()):
                if name not in known and file not in seen:
                    seen.add(file)
                    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
                    yield file, near[0] if near else ""

"""Gathers what the owner should know before a talk with one person, and the times as a calendar file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from worker.contacts import canonical, is_free_mail
from worker.conversation.pacing import calendar_for
from worker.conversation.vocabulary import Contact, State, Step
from worker.errors import InputError
from worker.jobs import word
from worker.jobs.desk import Desk
from worker.jobs.readings import from_json
from worker.reading.slots import Slot, slots
from worker.store import Transaction, contacts, conversations, messages, outbox
from worker.writing import Draft, Owner, variables
from worker.writing.brief import brief as written
from worker.writing.briefwords import BRIEF_WORDS, BriefWords
from worker.writing.summary import Words, words_for
from worker.writing.summary.phrases import quoted

MOST = 1600  # characters of one mail that are shown


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of a thread as the owner reads it: when (aware, in the owner's zone), who wrote it, what it is."""

    at: datetime
    who: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody else of the same company, and what became of them."""

    name: str
    email: str | None
    role: str | None
    state: State
    asked_at: datetime | None

    def said(self, zone: ZoneInfo, lang: Words) -> str:
        """ "asked on Wednesday, 3 March 2027, no answer yet"."""
        told = BRIEF_WORDS[lang.code]
        dated = told.asked.get(self.state)
        if self.asked_at is None or dated is None:
            return told.states[self.state]
        return dated.format(day=_date(self.asked_at.astimezone(zone), lang))


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything about one talk. `talk_at` is aware; at midnight of the owner's zone only its day is known."""

    person: Contact
    name: str
    zone: ZoneInfo
    their_zone: ZoneInfo | None
    now: datetime
    conversation_id: int
    state: State
    talk_at: datetime | None
    thread: tuple[Mail, ...]
    colleagues: tuple[Colleague, ...]
    introducer: Contact | None
    introduced_at: datetime | None
    introduction: str
    times: tuple[str, ...]
    slots: tuple[Slot, ...]
    links: tuple[str, ...]
    website: str | None
    asked_for_name: bool
    language: str
    draft: Draft

    @property
    def lang(self) -> Words:
        """The words of its language."""
        return words_for(self.language)

    @property
    def told(self) -> BriefWords:
        """What a brief alone says, in its language."""
        return BRIEF_WORDS[self.lang.code]

    @property
    def has_clock(self) -> bool:
        """Whether the talk has a time beside its day."""
        return self.talk_at is not None and knows_the_hour(self.talk_at, self.zone)


def knows_the_hour(talk_at: datetime, zone: ZoneInfo) -> bool:
    """Whether more than the day is known of a talk: a bare day is kept as its midnight."""
    local = talk_at.astimezone(zone)
    return (local.hour, local.minute) != (0, 0)


def brief_of(tx: Transaction, desk: Desk, who: str) -> Brief:
    """The brief about a person, by address, name or id. Raises InputError where nobody is known, TemplateError."""
    subject = word.find(tx, desk, who)
    if subject.conversation is None or subject.person is not None:
        raise InputError(f"{subject.name} is no contact yet.", todo="askaround contacts lists everybody.")
    return gather(tx, desk, subject.conversation)


def gather(tx: Transaction, desk: Desk, conversation: Row[Any], *, language: str = "en") -> Brief:
    """The brief of one conversation, in a language of the summary.

    Raises TemplateError where the template cannot be filled in.
    """
    row = contacts.get(tx, conversation.contact_id)
    person = contacts.as_contact(row)
    zone = desk.mailbox.zone
    lang = words_for(language)
    known = bool(row.timezone or row.country)
    their_zone = calendar_for(desk.mailbox.pace, row.timezone, row.country, zone.key).zone if known else None
    introducer = contacts.get(tx, row.introducer_id) if row.introducer_id is not None else None
    at, introduction = _introduction(tx, introducer, row)
    times, found, links = _offered(tx, conversation.id, their_zone or zone)
    domain = canonical(row.email).rpartition("@")[2] if row.email else ""
    parts: dict[str, Any] = {
        "person": person,
        "name": row.name or row.email or row.phone or BRIEF_WORDS[lang.code].somebody,
        "language": lang.code,
        "zone": zone,
        "their_zone": their_zone,
        "now": desk.now,
        "conversation_id": conversation.id,
        "state": State(conversation.state),
        "talk_at": conversation.talk_at,
        "thread": tuple(_thread(tx, desk, conversation.id, BRIEF_WORDS[lang.code])),
        "colleagues": tuple(_colleagues(tx, desk, conversation, row, BRIEF_WORDS[lang.code])),
        "introducer": contacts.as_contact(introducer) if introducer is not None else _by_address(person),
        "introduced_at": at,
        "introduction": introduction,
        "times": times,
        "slots": found,
        "links": links,
        "website": f"https://{domain}" if domain and not is_free_mail(domain) else None,
        "asked_for_name": row.asked_for_name_at is not None,
    }
    bare = Brief(**parts, draft=Draft("", ""))
    templates = desk.mailbox.templates(conversation.campaign, lang.code)
    draft = written(templates.texts, given(bare, desk), origin=templates.origin)
    return Brief(**parts, draft=draft)


def _by_address(person: Contact) -> Contact | None:
    return Contact(email=person.referred_by) if person.referred_by else None


def _thread(tx: Transaction, desk: Desk, conversation_id: int, told: BriefWords) -> list[Mail]:
    """Every mail between the two, by time: ours and the owner's own as they were written, theirs without quotes."""
    zone = desk.mailbox.zone
    found = []
    sent: dict[int, datetime] = {}
    for mail in outbox.of_conversation(tx, conversation_id):
        left = mail.sent_at or mail.in_flight_at
        if left is not None and mail.state in outbox.LEFT:
            sent[mail.id] = left
            found.append(Mail(left.astimezone(zone), told.you, told.steps[Step(mail.step)], _text_of(mail.raw)))
    for message in messages.of_conversation(tx, conversation_id):
        came = _came(message, sent.get(message.answers_outbox_id)).astimezone(zone)
        if message.by_owner:
            text = _new_text(messages.bytes_of(tx, message.raw_id)) if message.raw_id is not None else ""
            found.append(Mail(came, told.you, told.by_hand, text or message.subject or ""))
        elif message.human:
            reading = from_json(messages.newest_reading(tx, message.id).data)
            who = message.from_name or message.from_address or told.they
            what = "" if message.from_contact else told.other
            found.append(Mail(came, who, what, reading.new_text))
    found.sort(key=lambda one: one.at)
    return found


def _came(message: Row[Any], after: datetime | None = None) -> datetime:
    """When a mail was written: its own date, between the mail that it answers and our reading of it."""
    moment: datetime = min(message.sent_at or message.received_at, message.read_at)
    return max(moment, after) if after is not None else moment


def _text_of(raw: bytes | None) -> str:
    from email import message_from_bytes, policy

    if raw is None:
        return ""
    part = message_from_bytes(bytes(raw), policy=policy.default).get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def _new_text(raw: bytes) -> str:
    from worker.reading.letter import Letter
    from worker.reading.quotes import divide

    return divide(Letter(raw).text).new if raw else ""


def _introduction(tx: Transaction, introducer: Row[Any] | None, row: Row[Any]) -> tuple[datetime | None, str]:
    """When the introducer handed this person on, and in which words."""
    if introducer is None:
        return None, ""
    from worker.store import people

    for person in people.named_by(tx, introducer.id):
        if person.message_id is not None and (person.contact_id == row.id or person.email_key == row.email_key):
            message = messages.get(tx, person.message_id)
            return _came(message), from_json(messages.newest_reading(tx, message.id).data).new_text
    return None, ""


def _offered(
    tx: Transaction, conversation_id: int, zone: ZoneInfo
) -> tuple[tuple[str, ...], tuple[Slot, ...], tuple[str, ...]]:
    """The times and booking pages of their newest mail that has any; the times also as days and clock times."""
    theirs = [one for one in messages.of_conversation(tx, conversation_id) if one.human and not one.by_owner]
    for message in reversed(theirs):
        reading = from_json(messages.newest_reading(tx, message.id).data)
        if reading.times or reading.links:
            day = _came(message).astimezone(zone).date()
            return reading.times, slots(reading.times, written=day), reading.links
    return (), (), ()


def _colleagues(
    tx: Transaction, desk: Desk, conversation: Row[Any], row: Row[Any], told: BriefWords
) -> list[Colleague]:
    keys = contacts.company_keys(tx, row.id)
    found: dict[int, Colleague] = {}
    for other in conversations.at_companies(tx, desk.mailbox.id, keys, but=conversation.id):
        if other.contact_id == row.id:
            continue
        person = contacts.get(tx, other.contact_id)
        name = person.name or person.email or person.phone or told.somebody
        found[other.contact_id] = Colleague(name, person.email, person.role, State(other.state), other.asked_at)
    return list(found.values())


def given(found: Brief, desk: Desk) -> dict[str, Any]:
    """What the template of a brief may use."""
    owner = desk.mailbox.owner
    mine = Owner(owner.name, owner.email, owner.phone, owner.about)
    person = found.person
    base = variables(person, mine, introducer=found.introducer, asked_for_name=found.asked_for_name)
    introducer = found.introducer
    return {
        **{name: base[name] for name in ("contact", "owner", "asked_for_name")},
        "name": found.name,
        "who": person.email or f"c{found.conversation_id}",
        "notes": _line(person.notes),
        "place": ", ".join(filter(None, (person.country, person.timezone))) or None,
        "further": tuple({"label": name, "text": _line(text)} for name, text in person.extra.items() if _line(text)),
        "introducer": {
            **base["introducer"],
            "email": introducer.email if introducer is not None else None,
            "about": ", ".join(filter(None, (introducer.role, introducer.company))) if introducer is not None else None,
            "day": _date(found.introduced_at.astimezone(found.zone), found.lang)
            if found.introduced_at is not None
            else None,
            "lines": tuple(quoted(found.introduction, 500)),
        },
        "talk": _talk(found),
        "clock": _clock(found),
        "times": found.times,
        "links": found.links,
        "website": found.website,
        "thread": tuple(
            {
                "when": f"{_date(one.at, found.lang)} {one.at:%H:%M}",
                "who": one.who,
                "what": one.what or None,
                "lines": tuple(quoted(one.text, MOST)),
            }
            for one in found.thread
        ),
        "colleagues": tuple(
            {"name": one.name, "role": one.role, "said": one.said(found.zone, found.lang)} for one in found.colleagues
        ),
    }


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _date(moment: datetime, lang: Words) -> str:
    return lang.day(moment.date(), short=False)


def _talk(found: Brief) -> dict[str, Any] | None:
    if found.talk_at is None:
        return None
    mine = found.talk_at.astimezone(found.zone)
    day = _date(mine, found.lang)
    if not found.has_clock:
        return {"day": day, "yours": found.told.no_hour.format(day=day), "theirs": None}
    theirs = None
    if found.their_zone is not None:
        there = found.talk_at.astimezone(found.their_zone)
        if there.utcoffset() != mine.utcoffset():
            theirs = f"{there:%H:%M}" if there.date() == mine.date() else _weekday(there, found.lang)
    return {"day": f"{day} {mine:%H:%M}", "yours": f"{day}, {mine:%H:%M}", "theirs": theirs}


def _weekday(moment: datetime, lang: Words) -> str:
    """ "Monday 14:30"."""
    return f"{lang.days[moment.weekday()]} {moment:%H:%M}"


def _clock(found: Brief) -> dict[str, Any] | None:
    if found.their_zone is None:
        return None
    theirs, mine = found.now.astimezone(found.their_zone), found.now.astimezone(found.zone)
    return {
        "theirs": _weekday(theirs, found.lang),
        "yours": _weekday(mine, found.lang),
        "differs": theirs.utcoffset() != mine.utcoffset(),
    }


def as_json(found: Brief) -> dict[str, Any]:
    """The document of `brief --json`."""
    person = found.person
    fields = ("email", "name", "company", "role", "profession", "phone", "timezone", "country", "language", "notes")
    zone = found.zone
    return {
        "schema_version": 1,
        "id": f"c{found.conversation_id}",
        **{name: getattr(person, name) for name in fields},
        "state": found.state.value,
        "extra": dict(person.extra),
        "talk_at": found.talk_at.astimezone(zone).isoformat() if found.talk_at is not None else None,
        "talk_has_time": found.has_clock,
        "their_time": found.now.astimezone(found.their_zone).isoformat() if found.their_zone is not None else None,
        "introducer": {
            "email": found.introducer.email,
            "name": found.introducer.name,
            "words": found.introduction or None,
        }
        if found.introducer is not None
        else None,
        "thread": [
            {"at": one.at.isoformat(), "from": one.who, "what": one.what or None, "text": one.text}
            for one in found.thread
        ],
        "colleagues": [
            {
                "email": one.email,
                "name": one.name,
                "role": one.role,
                "state": one.state.value,
                "asked_at": one.asked_at.astimezone(zone).isoformat() if one.asked_at is not None else None,
            }
            for one in found.colleagues
        ],
        "times": [
            {
                "words": one.words,
                "day": one.day.isoformat(),
                "begins": one.begins.strftime("%H:%M") if one.begins is not None else None,
            }
            for one in found.slots
        ],
        "proposed": list(found.times),
        "links": list(found.links),
        "asked_for_name": found.asked_for_name,
        "subject": found.draft.subject,
        "text": found.draft.body,
    }

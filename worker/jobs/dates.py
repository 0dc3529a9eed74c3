"""Calendar files for the owner: of a talk, of the times that were proposed for one, of a call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from worker.jobs.briefs import Brief
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts
from worker.writing.briefwords import BRIEF_WORDS
from worker.writing.ics import Event, calendar
from worker.writing.summary import words_for

TALK = timedelta(minutes=30)


def ics(found: Brief) -> bytes | None:
    """The calendar file of a brief, in the owner's zone; None where no time is known."""
    made = events(found)
    return calendar(made, zone=found.zone, made_at=found.now) if made else None


def events(found: Brief) -> tuple[Event, ...]:
    """The talk as an event where its time is known, else each proposed time as a tentative one of thirty minutes."""
    person = found.person
    title = found.told.talk.format(name=found.name) + (f", {person.company}" if person.company else "")
    link = f"mailto:{person.email}" if person.email and person.email.isascii() else ""
    about = "\n".join(filter(None, (person.role, person.company, person.phone, person.email)))
    if found.talk_at is not None:
        if not found.has_clock:
            return ()
        uid = _uid(found, "talk")
        return (Event(uid, found.talk_at, found.talk_at + TALK, title, about, person.phone or "", link),)
    made = []
    for slot in found.slots:
        if slot.begins is None:
            continue
        begins = datetime.combine(slot.day, slot.begins, found.their_zone or found.zone)
        text = f"{found.told.proposed.format(words=slot.words)}\n{about}"
        made.append(
            Event(
                _uid(found, begins.isoformat()),
                begins.astimezone(UTC),
                begins.astimezone(UTC) + TALK,
                f"{title}?",
                text,
                person.phone or "",
                link,
                tentative=True,
            )
        )
    return tuple(made)


def call_event(tx: Transaction, desk: Desk, conversation: Row[Any], *, begins: datetime) -> bytes:
    """A call as a calendar file in the owner's zone: fifteen minutes from `begins`."""
    row = contacts.get(tx, conversation.contact_id)
    told = BRIEF_WORDS[words_for(desk.mailbox.summary_language).code]
    name = row.name or row.phone or row.email or told.somebody
    event = Event(
        uid=sha256(f"{conversation.id}\0{row.phone}\0call".encode("utf-8", "replace")).hexdigest()[:32] + "@askaround",
        starts=begins,
        ends=begins + timedelta(minutes=15),
        title=told.call.format(name=name) + (f", {row.company}" if row.company else ""),
        text="\n".join(filter(None, (row.phone, row.role, row.email))),
        place=row.phone or "",
        tentative=True,
    )
    return calendar((event,), zone=desk.mailbox.zone, made_at=desk.now)


def _uid(found: Brief, what: str) -> str:
    who = found.person.email or found.person.phone or found.name
    digest = sha256(f"{found.conversation_id}\0{who}\0{what}".encode("utf-8", "replace")).hexdigest()[:32]
    return f"{digest}@askaround"

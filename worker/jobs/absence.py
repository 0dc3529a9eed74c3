"""The owner's absences: by word and by configuration; nothing leaves, and no wait runs meanwhile."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from worker.conversation import pacing
from worker.conversation.pacing import Calendar
from worker.conversation.vocabulary import Delivery, State, Step
from worker.errors import NotUnderstood
from worker.jobs.desk import Desk, Mailbox
from worker.store import Store, Transaction, absences, contacts, conversations, journal, outbox

if TYPE_CHECKING:  # `status` asks here too, and reads no words
    from worker.jobs.word import Subject
    from worker.reading.tell import Order

Days = tuple[tuple[date, date], ...]
EVE = timedelta(days=1)  # an answer to what leaves on the day before would find nobody


@dataclass(frozen=True, slots=True)
class _NotThere:
    """Days that are holidays, or on which the owner is away."""

    holidays: Container[date]
    away: Sequence[tuple[date, date]]

    def __contains__(self, day: object) -> bool:
        return day in self.holidays or (
            isinstance(day, date) and any(first <= day <= last for first, last in self.away)
        )


def waiting(desk: Desk, calendar: Calendar) -> Calendar:
    """The calendar by which a wait for an answer runs: it stands still on the owner's days of absence."""
    away = desk.mailbox.owner.away
    return replace(calendar, holidays=_NotThere(calendar.holidays, away)) if away else calendar


def with_absences(tx: Transaction, mailbox: Mailbox) -> Mailbox:
    """The mailbox with the absences that the owner has told of beside those of the configuration."""
    said = tuple((row.first_day, row.last_day) for row in absences.every(tx, mailbox.id))
    owner = mailbox.owner
    configured = owner.configured if owner.configured is not None else owner.away
    both = tuple(dict.fromkeys((*configured, *said)))
    return replace(mailbox, owner=replace(owner, away=both, configured=configured))


def informed(tx: Transaction, desk: Desk) -> Desk:
    """The desk with what the owner has said about absences until now."""
    return replace(desk, mailbox=with_absences(tx, desk.mailbox))


def refreshed(store: Store, desk: Desk) -> Desk:
    """The same, in a transaction of its own."""
    return store.read(lambda tx: informed(tx, desk))


def last_day(desk: Desk) -> date | None:
    """The last day of the absence because of which nothing leaves today; None where mail may leave."""
    found: date | None = None
    day = desk.today
    for first, last in sorted(desk.mailbox.owner.away):
        if first - EVE <= day <= last:
            found = last
            day = last + EVE
    return found


def away_until(tx: Transaction, desk: Desk, subject: Subject | None, order: Order) -> str:
    """ "away until DATE": from today, or from a later day, up to and including that date nothing leaves."""
    if order.day is None:
        raise NotUnderstood("away needs a date; nothing was changed.", todo="For example: away until 2027-03-01.")
    return begin(tx, desk, desk.today, order.day)


def begin(tx: Transaction, desk: Desk, first: date, last: date) -> str:
    """Record an absence from `first` to `last`, both included; gives a sentence. Raises NotUnderstood."""
    if last < max(first, desk.today):
        raise NotUnderstood(f"{last} is not ahead; nothing was changed.", todo="Name a later day.")
    if first <= desk.today:
        absences.end(tx, desk.mailbox.id, desk.today)  # a newer word about now replaces an older one
    absences.add(tx, desk.mailbox.id, first, last, desk.now)
    journal.write(tx, desk.mailbox.id, desk.now, "owner_away", f"you are away from {first} until {last}")
    from_when = "" if first <= desk.today else f" from {first.isoformat()}"
    move_waits(tx, informed(tx, desk))
    return (
        f"You are away{from_when} until {last.isoformat()}, that day included: nothing leaves, "
        "no wait runs; mail is read."
    )


def end(tx: Transaction, desk: Desk) -> int:
    """The owner is back from the absence because of which nothing leaves today; gives how many that ended."""
    return _end(tx, desk, desk.today + EVE)


def drop_what_lies_ahead(tx: Transaction, desk: Desk) -> int:
    """The owner will not be away after all, as far as they have said so; gives how many absences that dropped."""
    return _end(tx, desk, date.max)


def _end(tx: Transaction, desk: Desk, beginning_until: date) -> int:
    ended = absences.end(tx, desk.mailbox.id, desk.today, beginning_until=beginning_until)
    if ended:
        journal.write(tx, desk.mailbox.id, desk.now, "owner_back", "you are back")
        move_waits(tx, informed(tx, desk))
    return ended


def away(store: Store, desk: Desk, words: str, first: str | None = None) -> str:
    """The command `away`: an absence in the owner's words, from today or from a first day. Raises NotUnderstood."""
    last = _day(desk, words)
    begins = _day(desk, first) if first else desk.today
    return store.transaction(lambda tx: begin(tx, desk, begins, last))


def _day(desk: Desk, words: str) -> date:
    from worker.reading.tell import parse

    bare = words.strip()
    for lead in ("until ", "till ", "to "):
        bare = bare.removeprefix(lead)
    told = parse(f"away until {bare}", today=desk.today)
    day = told.orders[0].day if len(told.orders) == 1 and not told.leftover else None
    if day is None:
        raise NotUnderstood(
            f"{bare!r} is no day within the next two years; nothing was changed.",
            todo=f"For example: {desk.today + timedelta(days=14)}",
        )
    return day


def nudge_due(desk: Desk, asked_at: datetime, days: int, calendar: Calendar) -> datetime:
    """When a reminder is due: business days from the ask on which the owner was there too."""
    return pacing.fits(pacing.add_business_days(asked_at, days, waiting(desk, calendar)), calendar)


def move_waits(tx: Transaction, desk: Desk) -> None:
    """Reckon anew when the reminders that wait fall due."""
    for conversation in conversations.in_states(tx, desk.mailbox.id, {State.asked}):
        nudge = outbox.step_of(tx, conversation.id, Step.nudge)
        if nudge is not None:
            moved(tx, desk, conversation, contacts.get(tx, conversation.contact_id), nudge, earlier=True)


def moved(
    tx: Transaction, desk: Desk, conversation: Row[Any], contact: Row[Any], nudge: Row[Any], *, earlier: bool = False
) -> Row[Any]:
    """The reminder with its time reckoned anew by the owner's absences; never `earlier` unless that is said."""
    days = desk.mailbox.sequence.nudge_after_days
    ask = outbox.step_of(tx, conversation.id, Step.ask)
    if days is None or conversation.asked_at is None or ask is None or (not desk.mailbox.owner.away and not earlier):
        return nudge
    if nudge.state not in (Delivery.due, Delivery.held, Delivery.draft) or nudge.attempt:
        return nudge
    if nudge.released_at is not None or ask.second_time:
        return nudge  # the owner's own word, or the ask's second try, has set its time
    calendar = desk.calendar(contact)
    due = nudge_due(desk, conversation.asked_at, days, calendar)
    due = pacing.later_than_absence(due, contact.away_until, calendar)
    if due == nudge.due or (due < nudge.due and not earlier):
        return nudge
    outbox.note(tx, nudge.id, due=due)
    return outbox.get(tx, nudge.id)


def back_at(desk: Desk) -> datetime | None:
    """From when on mail may leave again; None where the owner is here."""
    last = last_day(desk)
    return datetime.combine(last + EVE, time(0), desk.mailbox.zone) if last is not None else None

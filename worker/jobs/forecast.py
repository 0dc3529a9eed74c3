"""Foretells when each planned mail can really leave, by the same rules that let it leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.conversation import pacing
from worker.conversation.vocabulary import Delivery, State, Step
from worker.jobs import absence, guard
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, conversations, mailboxes, messages, outbox


@dataclass(slots=True)
class _Waiting:
    """A mail that waits, with what its pace needs."""

    mail: Row[Any]
    contact: Row[Any]
    conversation: Row[Any]
    calendar: pacing.Calendar
    ready: datetime
    keys: frozenset[str]
    colleagues: list[pacing.Colleague] | None  # None: it never waits for colleagues

    @property
    def turn(self) -> tuple[int, int, datetime, int]:
        """Its place in the line, as the store lines them up."""
        return (1 if self.mail.attempt > 0 else 0, self.mail.priority, self.mail.due, self.mail.id)


@dataclass(slots=True)
class _Day:
    """What has left, as far as the pace asks."""

    last_at: datetime | None
    left: dict[date, int] = field(default_factory=dict)


def departures(tx: Transaction, desk: Desk, until: datetime) -> list[tuple[Row[Any], datetime]]:
    """The mails that can leave before `until` with the instant of each, in that order; nothing is recorded.

    It counts on a mailbox that can be read and a server that takes what it is given, and on the notice in the summary
    that is being made.
    """
    box = mailboxes.get(tx, desk.mailbox.id)
    begins = _may_begin(box, desk.now)
    if begins is None:
        return []
    waiting = sorted(_waiting(tx, desk, until), key=lambda one: one.turn)
    day = _Day(_last_left(tx, desk), {desk.today: _left_today(tx, desk)})
    found: list[tuple[Row[Any], datetime]] = []
    now = begins
    while waiting and now < until:
        gone, later = _step(tx, desk.at(now), waiting, day)
        if gone is not None:
            waiting.remove(gone)
            found.append((gone.mail, now))
            _count(desk.at(now), gone, day, waiting)
        elif later is not None and later > now:
            now = later
        else:
            break
    return found


def _may_begin(box: Row[Any], now: datetime) -> datetime | None:
    """From when on anything leaves; None where only the owner's word lets it."""
    if getattr(box, "hold_since", None) is not None:
        return None
    if guard.paused(box, now):
        if box.paused_until is None:
            return None
        now = max(now, box.paused_until)
    return max(now, box.blocked_until) if box.blocked_until is not None else now


def _waiting(tx: Transaction, desk: Desk, until: datetime) -> Iterable[_Waiting]:
    for mail in outbox.in_states(tx, desk.mailbox.id, {Delivery.due, Delivery.retry}):
        ready = max(mail.due, mail.not_before or mail.due)
        if ready >= until:
            continue
        conversation, contact = conversations.get(tx, mail.conversation_id), contacts.get(tx, mail.contact_id)
        handed = contact.introducer_id is not None or bool(contact.referred_by)
        keys = frozenset(contacts.company_keys(tx, contact.id))
        alone = mail.step != Step.ask or handed
        colleagues = None if alone else guard.colleagues(tx, desk, conversation, contact)
        yield _Waiting(mail, contact, conversation, desk.calendar(contact, mail.step), ready, keys, colleagues)


def _last_left(tx: Transaction, desk: Desk) -> datetime | None:
    last = outbox.last_left_at(tx, desk.mailbox.id)
    return max(filter(None, (last.claimed_at, last.in_flight_at, last.sent_at))) if last is not None else None


def _left_today(tx: Transaction, desk: Desk) -> int:
    left = outbox.left_since(tx, desk.mailbox.id, desk.midnight)
    return left + messages.by_owner_since(tx, desk.mailbox.id, desk.midnight)


def _step(tx: Transaction, desk: Desk, waiting: list[_Waiting], day: _Day) -> tuple[_Waiting | None, datetime | None]:
    """The mail that leaves at `desk.now`, or the next instant at which one might."""
    later = [one.ready for one in waiting if one.ready > desk.now]
    for one in [one for one in waiting if one.ready <= desk.now]:
        answer = _pace(desk, one, day)
        if isinstance(answer, pacing.Wait):
            later.append(answer.until)
            if _everything_waits(desk, one, day):
                break
            continue
        if _colleague_first(desk, one):
            later.append(desk.now + timedelta(hours=1))
            continue
        if guard.stands_in_the_way(tx, desk, one.mail) is None:
            return one, None
        waiting.remove(one)
    return None, min(later, default=None)


def _pace(desk: Desk, one: _Waiting, day: _Day) -> pacing.Go | pacing.Wait:
    pace = desk.mailbox.pace
    return pacing.may_leave(
        desk.now,
        one.calendar,
        sent_today=day.left.get(desk.today, 0),
        per_day=pace.per_day,
        last_sent_at=day.last_at,
        gap_minutes=guard.gap_of(desk, one.mail) if day.last_at is not None else 0.0,
        owner_away=desk.mailbox.owner.away,
        owner_zone=desk.mailbox.zone,
    )


def _everything_waits(desk: Desk, one: _Waiting, day: _Day) -> bool:
    """Whether those behind this mail wait with it: for its gap, for the next day, for the owner."""
    resting = day.last_at is not None and desk.now < day.last_at + timedelta(minutes=guard.gap_of(desk, one.mail))
    return resting or desk.owner_away or day.left.get(desk.today, 0) >= desk.mailbox.pace.per_day


def _colleague_first(desk: Desk, one: _Waiting) -> bool:
    pace = desk.mailbox.pace
    return one.colleagues is not None and pacing.company_is_busy(
        one.colleagues,
        desk.now,
        at_once=pace.per_company_at_once,
        rest_days=pace.company_rest_days,
        calendar=absence.waiting(desk, one.calendar),
    )


def _count(desk: Desk, gone: _Waiting, day: _Day, waiting: Sequence[_Waiting]) -> None:
    """What has left counts for those that follow: of that day, and of that company."""
    day.left[desk.today] = day.left.get(desk.today, 0) + 1
    day.last_at = desk.now
    if gone.mail.step != Step.ask:
        return
    for other in waiting:
        if other.colleagues is not None and other.keys & gone.keys:
            other.colleagues.append(pacing.Colleague(State.asked, sent_at=desk.now))

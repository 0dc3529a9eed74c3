"""Stops sending to contacts and begins it again."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from worker.errors import NotUnderstood
from worker.jobs import absence, bounces, finishing, guard
from worker.jobs.desk import Desk
from worker.jobs.word import Subject
from worker.reading.tell import Order, Verb, parse
from worker.store import (
    Store,
    Transaction,
    journal,
    mailboxes,
)

ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")


def told_past(words: str, today: date, *, where: str | None = None) -> None:
    """Raises NotUnderstood where the words name a day that is over, and say so: they are not merely unclear."""
    for year, month, day in ISO.findall(words):
        try:
            named = date(int(year), int(month), int(day))
        except ValueError:
            raise NotUnderstood(f"{year}-{month}-{day} is no date; nothing was changed.", where=where) from None
        if named <= today:
            over = "is over" if named < today else "is today"
            raise NotUnderstood(f"{named} {over}; nothing was changed.", where=where, todo="Name a later day.")


def pause_now(tx: Transaction, desk: Desk, subject: Subject | None, order: Order) -> str:
    """Stop sending to contacts, until a date where one is named."""
    until = None
    if order.day is not None:
        if order.day <= desk.today:
            raise NotUnderstood(f"{order.day} is not ahead; nothing was changed.", todo="Name a later day.")
        # "away until the third" is back on the fourth; "pause until the third" goes on on the third
        day = order.day + timedelta(days=1) if order.verb is Verb.away_until else order.day
        until = datetime.combine(day, time(0), desk.mailbox.zone)
    mailboxes.note(tx, desk.mailbox.id, paused_at=desk.now, paused_until=until)
    journal.write(tx, desk.mailbox.id, desk.now, "paused", f"paused{f' until {until.date()}' if until else ''}")
    shown = f" until {until.date().isoformat()}" if until else ""
    return f"Paused{shown}: mail is read, nothing leaves to contacts."


def resume_now(tx: Transaction, desk: Desk, subject: Subject | None, order: Order | None) -> str:
    """Send again; "resume on Monday": from that day on."""
    if order is not None and order.day is not None and order.day > desk.today:
        return _resume_on(tx, desk, order)
    paused = mailboxes.get(tx, desk.mailbox.id).paused_at is not None
    mailboxes.note(tx, desk.mailbox.id, paused_at=None, paused_until=None)
    asks = bounces.begin_anew(tx, desk)
    back = absence.end(tx, desk)
    again = finishing.undo(tx, desk)
    # said while nothing stands still, it can only be about an absence that lies ahead
    dropped = 0 if paused or asks or back or again else absence.drop_what_lies_ahead(tx, desk)
    journal.write(tx, desk.mailbox.id, desk.now, "resumed", "sending goes on")
    known = (
        ("You are back. ", back),
        ("Your search goes on. ", again),
        ("You will not be away after all. ", dropped),
    )
    said = "".join(words for words, holds in known if holds)
    still = absence.last_day(absence.informed(tx, desk))
    if still is not None:
        return f"{said}{_configured(still)}"
    return f"{said}Sending goes on, {'asks too, ' if asks else ''}at the pace that you set."


def _configured(still: date) -> str:
    return f"Your configuration says that you are away until {still}: nothing leaves ([owner] away)."


def _resume_on(tx: Transaction, desk: Desk, order: Order) -> str:
    """A pause and an absence that hold today end on that day. Raises NotUnderstood where there is neither."""
    assert order.day is not None
    paused = guard.paused(mailboxes.get(tx, desk.mailbox.id), desk.now)
    away = absence.last_day(absence.informed(tx, desk))
    said = [pause_now(tx, desk, None, order)] if paused else []
    if away is not None and (away >= order.day or not paused):
        absence.end(tx, desk)  # also one that begins tomorrow, which would last longer
        said.append(absence.begin(tx, desk, desk.today, order.day - timedelta(days=1)))
        still = absence.last_day(absence.informed(tx, desk))
        said += [_configured(still)] if still is not None and still >= order.day else []
    if not said:
        raise NotUnderstood("Nothing is paused; nothing was changed.", todo="For example: pause until Monday.")
    return " ".join(said)


def pause(store: Store, desk: Desk, until: str | None) -> str:
    """Stop sending to contacts, for good or until a date in the owner's words. Raises NotUnderstood."""
    told_past(until or "", desk.today, where="--until")
    told = parse(f"pause until {until}" if until else "pause", today=desk.today)
    if len(told.orders) != 1 or told.leftover or told.orders[0].verb is not Verb.pause:
        raise NotUnderstood(f"{until!r} is not understood as a date.", where="--until", todo="Write 2026-12-01.")
    order = told.orders[0]
    if until and order.day is None:
        raise NotUnderstood(f"{until!r} is not understood as a date.", where="--until", todo="Write 2026-12-01.")
    return store.transaction(lambda tx: pause_now(tx, desk, None, order))


def resume(store: Store, desk: Desk) -> str:
    """Send to contacts again."""
    return store.transaction(lambda tx: resume_now(tx, desk, None, None))

"""Foretells who is asked on which of the next days, as if every ask had its word; nothing is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Delivery, State, Step
from worker.jobs import forecast, guard
from worker.jobs.desk import Desk
from worker.jobs.plan import plan_ask
from worker.store import Store, Transaction, contacts, conversations, mailboxes, outbox

DAYS = 7
LEAST, MOST = 150, 400  # asks that are looked at: more than can leave in a week are of no use, and cost time


@dataclass(frozen=True, slots=True)
class Day:
    """Who is asked on a day of the owner's, with the time of the first and of the last."""

    day: date
    first: str
    last: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """`waiting` asks are there at all; `drafts` of them wait for a word, `held` ones too, for a reason of their own."""

    days: tuple[Day, ...] = ()
    waiting: int = 0
    drafts: int = 0
    held: int = 0
    stopped: str = ""


class _Undone(Exception):
    """Takes back what was only planned to look at it."""

    def __init__(self, week: Week) -> None:
        self.week = week


def first_week(store: Store, desk: Desk) -> Week:
    """The asks of the next days, those of people too who were not planned for yet."""

    def work(tx: Transaction) -> None:
        raise _Undone(_plan(tx, desk))

    try:
        store.transaction(work)
    except _Undone as planned:
        return planned.week
    raise AssertionError  # work always raises


def _plan(tx: Transaction, desk: Desk) -> Week:
    reachable = {row.id for row in conversations.with_contacts(tx, desk.mailbox.id) if row.email}
    new = [
        row for row in conversations.without_step(tx, desk.mailbox.id, State.planned, Step.ask) if row.id in reachable
    ]
    drafts = _asks(tx, desk, Delivery.draft)
    held, known = len(_asks(tx, desk, Delivery.held)), 0
    most = min(max(LEAST, 2 * DAYS * desk.mailbox.pace.per_day), MOST)
    there = _asks(tx, desk, Delivery.due)
    line = [*drafts, *there]
    for ask in line[:most]:
        outbox.note(tx, ask.id, state=Delivery.due, released_at=desk.now)
    outbox.set_aside(tx, [ask.id for ask in line[most:]])
    for row in new[: max(0, most - len(line))]:
        plan_ask(tx, desk, row.id)
        mail = outbox.step_of(tx, row.id, Step.ask)
        if mail is not None and mail.state == Delivery.held:
            known += 1
        elif mail is not None:
            outbox.note(tx, mail.id, state=Delivery.due, released_at=desk.now)
    waiting = len(new) - known + len(line)
    stopped = _stopped(tx, desk)
    leaving = forecast.departures(tx, desk, desk.midnight + timedelta(days=DAYS)) if not stopped else []
    days: dict[date, list[tuple[str, str]]] = {}
    for mail, moment in leaving:
        if mail.step == Step.ask:
            local = moment.astimezone(desk.mailbox.zone)
            person = contacts.get(tx, mail.contact_id)
            days.setdefault(local.date(), []).append((f"{local:%H:%M}", person.name or person.email))
    found = tuple(Day(day, line[0][0], line[-1][0], tuple(name for _, name in line)) for day, line in days.items())
    return Week(found, waiting, len(drafts), held + known, stopped)


def _asks(tx: Transaction, desk: Desk, state: Delivery) -> list[Row[Any]]:
    return [mail for mail in outbox.in_states(tx, desk.mailbox.id, {state}) if mail.step == Step.ask]


def _stopped(tx: Transaction, desk: Desk) -> str:
    """Why no ask leaves whatever the day; empty where nothing stops them."""
    box = mailboxes.get(tx, desk.mailbox.id)
    if box.finished_at is not None:
        return "you have finished"
    if box.hold_since is not None:
        return box.hold_why or "everything is held"
    if box.asks_paused_at is not None:
        return f"asks are paused: {box.asks_paused_why}"
    if guard.paused(box, desk.now) and box.paused_until is None:
        return "you have paused (askaround resume)"
    if desk.mailbox.pace.per_day == 0:
        return "[pace] per_day is 0"
    return ""

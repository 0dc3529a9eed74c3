"""Words about a talk: it did not take place yet, there will be none, it was moved to another time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import State
from worker.errors import NotUnderstood
from worker.jobs import effects, told, told_person
from worker.jobs.desk import Desk
from worker.jobs.word import Subject
from worker.reading.tell import Order
from worker.store import Transaction, conversations

AGAIN = timedelta(days=7)  # after which it is asked again whether the talk took place


def not_met(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The talk has not taken place: it stays agreed, and the question comes again in a week, or after its time."""
    case = told.case_of(tx, desk, subject, order.text)
    _must_talk(case.conversation.state, case.name)
    ahead = case.conversation.talk_at is not None and case.conversation.talk_at > desk.now
    if ahead:
        conversations.note(tx, case.conversation.id, talk_asked_at=None)
        return f"{case.name}: stays talking; whether it took place is asked on the morning after the talk"
    day = desk.today + AGAIN
    conversations.note(tx, case.conversation.id, talk_asked_at=None, talk_at=None, talk_again_on=day)
    return (
        f"{case.name}: stays talking; asked again on {day.isoformat()}. "
        'If there will be no talk, say "no talk"; if it has a new time, "moved to Friday at 15:00".'
    )


def moved(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The talk has a time: a day, and an hour where that was said. Who was not talking yet has said yes with it."""
    case = told.case_of(tx, desk, subject, order.text)
    if case.conversation.state in (State.met, State.opted_out):
        state = case.conversation.state.replace("_", " ")
        raise NotUnderstood(f"{case.name}: {state}; nothing was changed.", todo=told.EXAMPLES)
    if order.day is None or order.day < desk.today:
        raise NotUnderstood(
            "That is no day ahead; nothing was changed.", todo='For example: "moved to Friday at 15:00".'
        )
    if case.conversation.state != State.talking:
        told.settle_reviews(tx, desk, case, order.verb.value)
        conversations.note(tx, case.conversation.id, waiting=False)
        effects.happen(tx, desk, case, (Occurrence.told_yes,))
    at = datetime.combine(order.day, order.clock or time(0), desk.mailbox.zone)
    conversations.note(tx, case.conversation.id, talk_at=at, talk_asked_at=None, talk_again_on=None)
    clock = f" at {order.clock:%H:%M}" if order.clock is not None else ""
    return f"{case.name}: talk on {order.day:%a %d %b %Y}{clock}; the brief comes with that morning's summary"


no_talk = told_person.about_person(Occurrence.told_no)


def _must_talk(state: str, name: str) -> None:
    if state != State.talking:
        raise NotUnderstood(
            f"{name} is {state.replace('_', ' ')}: no talk is agreed; nothing was changed.", todo=told.EXAMPLES
        )

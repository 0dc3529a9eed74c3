"""Words about a person: yes, no, met, stop, remove, called, wait, later, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import Intent, State, Step
from worker.errors import NotUnderstood
from worker.jobs import effects, steps, told, told_review, word
from worker.jobs import undo as undoing
from worker.jobs.desk import Desk
from worker.jobs.plan import plan_ask
from worker.jobs.word import Subject
from worker.reading.tell import Order
from worker.store import (
    Transaction,
    conversations,
    outbox,
)


def about_person(occurrence: Occurrence) -> Callable[[Transaction, Desk, Subject, Order], str]:
    """What carries out a word that is one occurrence of the table."""

    def perform(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
        case = told.case_of(tx, desk, subject, order.text)
        told.settle_reviews(tx, desk, case, order.verb.value)
        answer = told.newest_answer(tx, case.conversation.id)
        if occurrence is Occurrence.told_no and answer is not None:
            case = replace(case, message_id=answer)
        conversations.note(tx, case.conversation.id, waiting=False)
        effects.happen(tx, desk, case, (occurrence,))
        state = conversations.get(tx, case.conversation.id).state
        return f"{case.name}: {state.replace('_', ' ')}{told.what_waits(tx, desk, case.conversation.id)}"

    return perform


def wait(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """Hold everything of this person until "ok"."""
    case = told.case_of(tx, desk, subject, order.text)
    conversations.note(tx, case.conversation.id, waiting=True)
    for mail in outbox.pending(tx, case.conversation.id):
        steps.hold(tx, mail, "you said wait")
    effects.happen(tx, desk, case, (Occurrence.told_wait,))
    return f"{case.name}: everything is held until you say ok"


def called(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The call reached them: no nudge."""
    case = told.case_of(tx, desk, subject, order.text)
    effects.happen(tx, desk, case, (Occurrence.told_called,))
    return f"{case.name}: called; no nudge"


def no_answer(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The call reached nobody: the nudge stays."""
    case = told.case_of(tx, desk, subject, order.text)
    if case.contact.email is None:
        return f"{case.name}: called, no answer; they stay on the list of calls"  # nothing else would reach them
    conversations.note(tx, case.conversation.id, called_at=desk.now, call_result="no answer")
    return f"{case.name}: called, no answer; the nudge stays"


def later(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """Write again on a date; of a mail that waits: it is meant as a "later"."""
    waiting = word.open_reviews(tx, subject)
    if order.day is None and waiting:  # then it says how the mail is meant, and the date may stand there
        return told_review.carry_out(tx, desk, subject, waiting[-1], order, Intent.later)
    if order.day is None:
        raise NotUnderstood("later needs a date; nothing was changed.", todo="For example: later 2027-03-01.")
    if order.day <= desk.today:
        raise NotUnderstood(f"{order.day} is not ahead; nothing was changed.", todo="Name a later day.")
    if subject.conversation is not None and outbox.step_of(tx, subject.conversation.id, Step.ask) is None:
        plan_ask(tx, desk, subject.conversation.id)  # so that there is something to put off, and to undo
    case = told.case_of(tx, desk, subject, order.text)
    told.settle_reviews(tx, desk, case, "later")
    conversations.note(tx, case.conversation.id, resume_after=order.day, check_in_undated=False, waiting=False)
    effects.happen(
        tx, desk, replace(case, conversation=conversations.get(tx, case.conversation.id)), (Occurrence.told_later,)
    )
    state = conversations.get(tx, case.conversation.id).state
    if state != State.snoozed:
        return f"{case.name}: stays {state.replace('_', ' ')}; nothing is written"
    if case.contact.email is None:
        conversations.note(tx, case.conversation.id, called_at=None)  # then they are to be called again
    return f"{case.name}: snoozed until {order.day.isoformat()}"


def take_back(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """Undo the last reading or word."""
    if subject.conversation is None:
        raise NotUnderstood("There is nothing to undo; nothing was changed.", todo=told.EXAMPLES)
    return undoing.undo(tx, desk, subject.conversation.id)

"""Words about a mail: send, cancel, arrived, did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Delivery
from worker.errors import NotUnderstood
from worker.jobs import domains, first_asks, guard, needs, steps, told, told_named, told_review, word
from worker.jobs.delivered import delivered
from worker.jobs.desk import Desk
from worker.jobs.outcome import take_back
from worker.jobs.word import Subject
from worker.reading.tell import Order
from worker.store import (
    Transaction,
    contacts,
    conversations,
    outbox,
    people,
    reviews,
)


def send(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """Let the mail leave at the next minute that pace and guard allow, without further notice."""
    if subject.person is not None:
        return told_named.ask_named(tx, desk, subject, order)
    mails = [mail for mail in word.mails_waiting(tx, subject) if mail.state in outbox.PENDING or _is_open(tx, mail)]
    if subject.mail is None:
        # said of a person, it means what waits for a word; what is merely due later keeps its time
        waits = (Delivery.draft, Delivery.held, Delivery.failed)
        mails = [mail for mail in mails if mail.state in waits or _waits_for_owner(tx, desk, mail)]
    if not mails:
        raise NotUnderstood(f"No mail to {subject.name} waits for your word; nothing was changed.", todo=told.EXAMPLES)
    told.case_of(tx, desk, subject, order.text)  # so that it can be taken back
    said = []
    for mail in mails:
        state = Delivery.retry if mail.raw is not None and mail.attempt > 0 else Delivery.due
        if mail.state == Delivery.failed:
            # nothing was ever accepted: it is written anew, and refusals count anew
            state = Delivery.due
            outbox.note(tx, mail.id, raw=None, last_answer=None, finished_at=None)
        outbox.note(
            tx,
            mail.id,
            state=state,
            due=min(mail.due, desk.now),
            not_before=None,
            hold_why=None,
            held_for_review=False,
            released_at=desk.now,
        )
        contacts.note(tx, mail.contact_id, written_before_ok=True)
        conversations.note(tx, mail.conversation_id, waiting=False)
        said.append(f"{mail.step.replace('_', ' ')} to {subject.name} leaves as soon as the pace allows")
    return "; ".join(said)


def _waits_for_owner(tx: Transaction, desk: Desk, mail: Row[Any]) -> bool:
    return first_asks.hold_back(tx, desk, mail) or domains.in_question(tx, desk, mail) is not None


def _is_open(tx: Transaction, mail: Row[Any]) -> bool:
    return needs.is_open(tx, mail, contacts.get(tx, mail.contact_id))


def cancel(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The mail never leaves; of a review or somebody named: nothing follows."""
    if subject.person is not None:
        if subject.person.state != "proposed":
            raise NotUnderstood(f"{subject.name} is not waiting for your word; nothing was changed.")
        people.note(tx, subject.person.id, state="dropped", why="your word", settled_at=desk.now)
        return f"{subject.name}: dropped"
    if subject.review is not None:
        if subject.review.reading_id is None and subject.review.settled_at is None:
            return _cancel_held(tx, desk, subject, subject.review.id, order)
        return told_review.not_that(tx, desk, subject, order)
    mails = word.mails_waiting(tx, subject)
    if subject.mail is None and any(mail.state != Delivery.failed for mail in mails):
        mails = [mail for mail in mails if mail.state != Delivery.failed]
    if not mails:
        raise NotUnderstood(f"No mail to {subject.name} waits to leave; nothing was changed.", todo=told.EXAMPLES)
    case = told.case_of(tx, desk, subject, order.text)
    for mail in mails:
        if mail.state == Delivery.uncertain:
            outbox.note(tx, mail.id, state=Delivery.failed, hold_why="your word: never again", finished_at=desk.now)
        elif mail.state in outbox.PENDING or outbox.given_up(mail):
            steps.cancel(tx, desk, mail, "your word")
        else:
            raise NotUnderstood(f"{subject.who} is {mail.state}; nothing was changed.")
    steps.settle_holds(tx, desk, case.conversation.id)
    return f"{case.name}: {_steps(mails)} cancelled"


def _cancel_held(tx: Transaction, desk: Desk, subject: Subject, review_id: int, order: Order) -> str:
    """A review that no mail of theirs opened asks whether what it holds may leave: it may not."""
    case = told.case_of(tx, desk, subject, order.text)
    held = [mail for mail in outbox.pending(tx, case.conversation.id) if mail.held_for_review]
    for mail in held:
        steps.cancel(tx, desk, mail, "your word")
    reviews.settle(tx, review_id, order.text[:200], desk.now)
    steps.settle_holds(tx, desk, case.conversation.id)
    return f"{case.name}: {_steps(held)} cancelled" if held else f"{case.name}: settled"


def _steps(mails: Sequence[Row[Any]]) -> str:
    return ", ".join(mail.step.replace("_", " ") for mail in mails)


def uncertain(tx: Transaction, subject: Subject) -> Row[Any]:
    """The mail whose fate the owner settles; raises NotUnderstood where none is uncertain."""
    found = [mail for mail in word.mails_waiting(tx, subject) if mail.state == Delivery.uncertain]
    if not found:
        raise NotUnderstood(f"No mail to {subject.name} is uncertain; nothing was changed.", todo=told.EXAMPLES)
    return found[0]


def arrived(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The uncertain mail arrived: it counts as sent."""
    mail = uncertain(tx, subject)
    delivered(tx, desk, mail, mail.in_flight_at or desk.now, "arrived, you say")
    return f"{subject.name}: the {mail.step.replace('_', ' ')} arrived"


def not_arrived(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The uncertain mail did not arrive: the same bytes leave once more, where the conversation still asks for them."""
    mail = uncertain(tx, subject)
    take_back(tx, mail)
    outbox.note(
        tx,
        mail.id,
        state=Delivery.retry,
        due=min(mail.due, desk.now),
        not_before=None,
        in_flight_at=None,
        hold_why=None,
        released_at=desk.now,
    )
    name = mail.step.replace("_", " ")
    mail = outbox.get(tx, mail.id)
    stops = guard.for_good(tx, desk, mail)
    if stops is not None:
        # in_flight_at is gone, and the owner knows best: it never arrived
        steps.cancel(tx, desk, mail, stops.why)
        return f"{subject.name}: nothing leaves, the {name} is cancelled: {stops.why}"
    return f"{subject.name}: the {name} leaves once more, the same bytes"

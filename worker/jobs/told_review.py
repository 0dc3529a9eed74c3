"""Words about a reading that waits: it is carried out as read, as the owner reads it, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from worker.conversation.standing import Act
from worker.conversation.table import occurrences
from worker.conversation.vocabulary import Delivery, Intent, Kind, Match, Step
from worker.errors import NotUnderstood
from worker.jobs import effects, introductions, steps, strangers, told, word
from worker.jobs.case import Case
from worker.jobs.desk import Desk
from worker.jobs.readings import from_json
from worker.jobs.undo import undo
from worker.jobs.word import Subject
from worker.reading.tell import Order
from worker.store import (
    Transaction,
    changes,
    conversations,
    messages,
    outbox,
    reviews,
)


def carry_out(
    tx: Transaction, desk: Desk, subject: Subject, review: Row[Any], order: Order, intent: Intent | None
) -> str:
    """Carry out the row of a review's reading, as it was read or as the owner reads it."""
    case = told.case_of(tx, desk, subject, order.text)
    reviews.settle(tx, review.id, order.text[:200], desk.now)
    if review.reading_id is None:
        go_on(tx, desk, case, human=False)
        return f"{case.name}: settled"
    row = messages.get_reading(tx, review.reading_id)
    message = messages.get(tx, row.message_id)
    reading = replace(from_json(row.data), sure=True, confidence=1.0)
    if intent is not None:
        reading = replace(reading, intent=intent, kind=Kind.reply, human=True)
    case = replace(
        case,
        reading=reading,
        message_id=row.message_id,
        reading_id=row.id,
        match=Match.thread,
        from_address=message.from_address or "",
        from_name=message.from_name or "",
    )
    if message.match == Match.guess:
        # the owner says that it is theirs: from now on it counts as part of the thread
        messages.note(tx, message.id, match=Match.thread)
    stranger = strangers.wrote(message, case.contact) and reading.intent is Intent.interested
    if stranger:
        # their yes is not the contact's: they are a new contact, whose talk is theirs
        introductions.add_stranger(tx, desk, case)
    happened = occurrences(reading, match=Match.thread, in_junk=False, from_contact=not stranger)
    decisions = effects.happen(tx, desk, case, happened, by_ok=True)
    if not any(Act.hold_pending in one.acts for one in decisions):
        # an absence moves what is pending, whoever wrote it
        go_on(tx, desk, case, human=message.human and reading.intent is not Intent.out_of_office)
    state = conversations.get(tx, case.conversation.id).state
    said = ", ".join(one.row for one in decisions) or "nothing to do"
    return f"{case.name}: {state.replace('_', ' ')} ({said}){told.what_waits(tx, desk, case.conversation.id)}"


def go_on(tx: Transaction, desk: Desk, case: Case, *, human: bool) -> None:
    """Once no review is open, what it held leaves when due; but nothing that follows silence, if a person wrote."""
    if reviews.of_conversation(tx, case.conversation.id):
        return
    if human:
        for mail in outbox.pending(tx, case.conversation.id):
            if mail.step in (Step.nudge, Step.check_in) and mail.state == Delivery.held and mail.held_for_review:
                steps.cancel(tx, desk, mail, f"{case.name} wrote")
    steps.release(tx, case.conversation.id)


def read_as(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The owner says what the mail means: that row is carried out."""
    waiting = word.open_reviews(tx, subject)
    if not waiting:
        raise NotUnderstood(f"Nothing of {subject.name} waits to be read; nothing was changed.", todo=told.EXAMPLES)
    return carry_out(tx, desk, subject, waiting[-1], order, order.value)


def not_that(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """The reading is wrong: no row is carried out; one that was carried out is taken back first."""
    waiting = word.open_reviews(tx, subject)
    if subject.review is not None and not waiting:
        raise NotUnderstood(f"{subject.who} was settled before; nothing was changed.")
    if subject.conversation is None:
        raise NotUnderstood("There is nothing to take back; nothing was changed.", todo=told.EXAMPLES)
    if strangers.is_theirs(tx, subject.conversation) and order.value in (Intent.interested, None):
        return strangers.drop(tx, desk, subject.conversation)
    wrong = None
    if subject.review is None and not any(reads_as(tx, one, order.value) for one in waiting):
        wrong = take_back(tx, desk, subject.conversation.id, order.value)
        if wrong is None and not waiting:
            raise NotUnderstood(f"Nothing of {subject.name} was read so; nothing was changed.", todo=told.EXAMPLES)
        if wrong is not None:
            waiting = [one for one in reviews.of_conversation(tx, subject.conversation.id) if one.message_id == wrong]
    case = told.case_of(tx, desk, subject, order.text)
    human = wrong is not None
    for one in waiting:
        reviews.settle(tx, one.id, order.text[:200], desk.now)
        strangers.take_back(tx, desk, one)
        human = human or (one.message_id is not None and messages.get(tx, one.message_id).human)
    go_on(tx, desk, case, human=human)
    state = conversations.get(tx, case.conversation.id).state.replace("_", " ")
    return f"{case.name}: as you say; nothing follows from it, it stands at {state}"


def reads_as(tx: Transaction, review: Row[Any], intent: Intent | None) -> bool:
    """Whether a review is about a mail that was read so."""
    if intent is None or review.reading_id is None:
        return True
    return bool(messages.get_reading(tx, review.reading_id).intent == intent)


def _was_read_as(reading: Row[Any], intent: Intent | None) -> bool:
    """Whether it was read so; an invitation counts as a yes."""
    return intent is None or reading.intent == intent or (intent is Intent.interested and reading.kind == Kind.calendar)


def take_back(tx: Transaction, desk: Desk, conversation_id: int, intent: Intent | None) -> int | None:
    """Take back the newest reading of that intent, and what came after it; gives its message, None where none is."""
    for change in changes.standing(tx, conversation_id):
        reading_id = change.before.get("reading")
        if reading_id is None or not _was_read_as(messages.get_reading(tx, reading_id), intent):
            continue
        while (last := changes.last(tx, conversation_id)) is not None:
            undo(tx, desk, conversation_id)
            if last.id == change.id:
                break
        return int(change.before["message"])
    return None

"""Plans what time makes due: asks, nudges, calls, silence, check-ins, the question whether a talk took place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row

from worker.conversation import pacing
from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import Delivery, State, Step
from worker.jobs import absence, effects, first_asks, steps
from worker.jobs.case import Case
from worker.jobs.desk import Desk
from worker.store import Store, Transaction, contacts, conversations, journal, mailboxes, outbox

TALK_TAKES = timedelta(days=7)
PAUSE_IS_OVER = "the pause is over"
Work = Callable[[Transaction, Desk, int], None]

AT_ONCE = 200  # conversations in one transaction: a long plan must not lock others out


def plan(store: Store, desk: Desk) -> None:
    """Plan everything that time has made due at `desk.now`."""
    store.transaction(lambda tx: _end_pause(tx, desk))
    for state, work in (
        (State.planned, plan_ask),
        (State.asked, _asked),
        (State.snoozed, _snoozed),
        (State.referral_asked, _referral_asked),
        (State.talking, _talking),
    ):
        ids = store.read(lambda tx: _waiting(tx, desk, state))
        for begin in range(0, len(ids), AT_ONCE):
            some = ids[begin : begin + AT_ONCE]

            def run(tx: Transaction, some: list[int] = some, work: Work = work) -> None:
                for conversation_id in some:
                    work(tx, desk, conversation_id)

            store.transaction(run)
    store.transaction(lambda tx: first_asks.lay_out(tx, desk))  # also where it was switched off since


def _waiting(tx: Transaction, desk: Desk, state: State) -> list[int]:
    if state is State.planned:
        return [row.id for row in conversations.without_step(tx, desk.mailbox.id, state, Step.ask)]
    if state is State.asked and not any(last >= desk.today for _, last in desk.mailbox.owner.away):
        # business days are at least as many days; an absence of the owner's moves the reminders until it is over
        quiet_since = desk.now - timedelta(days=desk.mailbox.sequence.silent_after_days - 1)
        return [row.id for row in conversations.asked_and_due(tx, desk.mailbox.id, desk.now, quiet_since)]
    return [row.id for row in conversations.in_states(tx, desk.mailbox.id, {state})]


def _end_pause(tx: Transaction, desk: Desk) -> None:
    box = mailboxes.get(tx, desk.mailbox.id)
    if box.paused_at is not None and box.paused_until is not None and desk.now >= box.paused_until:
        mailboxes.note(tx, desk.mailbox.id, paused_at=None, paused_until=None)
        journal.write(tx, desk.mailbox.id, desk.now, "resumed", PAUSE_IS_OVER)


def _both(tx: Transaction, conversation_id: int) -> tuple[Row[Any], Row[Any]]:
    conversation = conversations.get(tx, conversation_id)
    return conversation, contacts.get(tx, conversation.contact_id)


def plan_ask(tx: Transaction, desk: Desk, conversation_id: int) -> None:
    """A new contact gets an ask, as soon as the working time there allows."""
    conversation, contact = _both(tx, conversation_id)
    if conversation.state != State.planned or contact.email is None or contact.asked_at is not None:
        return
    why = None
    if contact.written_before_at is not None and not contact.written_before_ok:
        why = f"you wrote to them on {contact.written_before_at.astimezone(desk.mailbox.zone):%d %b %Y}"
    due = pacing.fits(desk.now, desk.calendar(contact))
    steps.plan_step(tx, desk, conversation, contact, Step.ask, due, hold_why=why)


def silence_begins(conversation: Row[Any]) -> datetime | None:
    """From when silence counts: the last check_in, else the ask; None where neither left."""
    moment: datetime | None = conversation.checked_in_at or conversation.asked_at
    return moment


def call_due(desk: Desk, conversation: Row[Any], contact: Row[Any]) -> datetime | None:
    """When somebody who does not answer is to be called: business days from the ask; None for never."""
    days = desk.mailbox.sequence.call_after_days
    if days is None or not contact.phone or conversation.asked_at is None or conversation.checked_in_at is not None:
        return None
    calendar = desk.calendar(contact)
    due = pacing.add_business_days(conversation.asked_at, days, absence.waiting(desk, calendar))
    return pacing.later_than_absence(due, contact.away_until, calendar)


def _asked(tx: Transaction, desk: Desk, conversation_id: int) -> None:
    """Call item, nudge, silent: business days from the ask; after a check_in only silence."""
    conversation, contact = _both(tx, conversation_id)
    began = silence_begins(conversation)
    if conversation.state != State.asked or began is None:
        return
    calendar = desk.calendar(contact)
    waits = absence.waiting(desk, calendar)  # no wait runs while the owner is away
    sequence = desk.mailbox.sequence
    nudge = outbox.step_of(tx, conversation_id, Step.nudge)
    ask = outbox.step_of(tx, conversation_id, Step.ask)
    arrived = ask is not None and ask.state == Delivery.sent
    first_time = conversation.checked_in_at is None
    if conversation.call_raised_at is None and conversation.called_at is None:
        due_call = call_due(desk, conversation, contact)
        # the morning's summary holds what falls due on its day, at whatever minute
        if due_call is not None and due_call.astimezone(desk.mailbox.zone).date() <= desk.today:
            conversations.note(tx, conversation_id, call_raised_at=desk.now)
            _write(tx, desk, conversation, "call", f"no answer yet: call {contact.phone}")
    reached = conversation.call_result == "reached"
    if first_time and arrived and sequence.nudge_after_days is not None and nudge is None and not reached:
        due = absence.nudge_due(desk, began, sequence.nudge_after_days, calendar)
        steps.plan_step(tx, desk, conversation, contact, Step.nudge, due)
        nudge = outbox.step_of(tx, conversation_id, Step.nudge)
    waiting = nudge is not None and nudge.state in (*outbox.PENDING, Delivery.sending, Delivery.in_flight)
    if waiting and nudge is not None and sequence.nudge_after_days is not None:
        nudge = absence.moved(tx, desk, conversation, contact, nudge)
        stale = nudge.released_at is None and pacing.nudge_is_stale(
            nudge.due, desk.now, sequence.nudge_after_days, waits
        )
        if stale and nudge.state in outbox.PENDING and not nudge.held_for_review:
            steps.cancel(tx, desk, nudge, "it is too late for a nudge")
            _write(tx, desk, conversation, "cancelled", "nudge dropped: it is too late for one")
            waiting = False
    silent_due = pacing.add_business_days(began, sequence.silent_after_days, waits)
    silent_due = pacing.later_than_absence(silent_due, contact.away_until, calendar)
    resending = ask is not None and ask.state in (Delivery.due, Delivery.retry)
    if not waiting and not resending and desk.now >= silent_due:
        effects.happen(tx, desk, Case(conversation, contact), (Occurrence.silence_over,))


def _snoozed(tx: Transaction, desk: Desk, conversation_id: int) -> None:
    """The date has come, and the check_in was sent before: only the owner knows what is right now."""
    conversation, contact = _both(tx, conversation_id)
    if conversation.state != State.snoozed or conversation.resume_after is None:
        return
    due = pacing.first_moment_on(conversation.resume_after, desk.calendar(contact))
    if conversation.checked_in_at is not None and due.astimezone(desk.mailbox.zone).date() <= desk.today:
        conversations.note(tx, conversation_id, resume_after=None, check_in_undated=True)
        effects.happen(tx, desk, Case(conversation, contact), (Occurrence.snooze_over,))


def _referral_asked(tx: Transaction, desk: Desk, conversation_id: int) -> None:
    conversation, contact = _both(tx, conversation_id)
    if conversation.state != State.referral_asked or conversation.referral_asked_at is None:
        return
    calendar = desk.calendar(contact)
    waits = absence.waiting(desk, calendar)
    due = pacing.add_business_days(conversation.referral_asked_at, desk.mailbox.sequence.silent_after_days, waits)
    if desk.now >= pacing.later_than_absence(due, contact.away_until, calendar):
        effects.happen(tx, desk, Case(conversation, contact), (Occurrence.referral_silence_over,))


def _talking(tx: Transaction, desk: Desk, conversation_id: int) -> None:
    conversation, contact = _both(tx, conversation_id)
    if conversation.state != State.talking or conversation.talk_asked_at is not None:
        return
    due = conversation.state_since + TALK_TAKES
    if conversation.talk_at is not None:
        # on the morning after, when both have slept over it
        day = max(conversation.talk_at, conversation.state_since).astimezone(desk.mailbox.zone).date()
        due = datetime.combine(day + timedelta(days=1), time(0), desk.mailbox.zone)
    put_off = conversation.talk_again_on
    if desk.now >= due and (put_off is None or desk.today >= put_off):
        effects.happen(tx, desk, Case(conversation, contact), (Occurrence.talk_due,))


def _write(tx: Transaction, desk: Desk, conversation: Row[Any], what: str, text: str) -> None:
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        what,
        text,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        for_owner=what == "call",
    )

"""Enters a mail that the mailbox knows and the database did not, and lets follow what followed when it left."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import Contact, Delivery, State, Step
from worker.jobs import effects, steps
from worker.jobs.case import Case
from worker.jobs.delivered import delivered
from worker.jobs.desk import Desk
from worker.jobs.enlist import add_contact
from worker.jobs.guard import ASKED_IN
from worker.store import Transaction, contacts, conversations, journal, messages, outbox, people, strays

HOW = "left before the database was restored"

# A step that left shows which state asked for it, where the conversation does not know better.
SHOWS: dict[Step, State] = {
    Step.nudge: State.asked,
    Step.check_in: State.snoozed,
    Step.referral_request: State.declined,
    Step.thanks_for_name: State.referred,
    Step.thanks_for_talk: State.met,
}
BEFORE = frozenset({State.planned, State.asked, State.snoozed, State.silent, State.declined, State.referral_asked})


def enter(tx: Transaction, desk: Desk, stray_id: int, step: Step | None) -> None:
    """Make contact, conversation and a row of the outbox that goes by the stray's Message-ID; nothing follows yet."""
    stray = strays.get(tx, stray_id)
    if stray.settled_at is not None:
        return
    conversation = _conversation(tx, desk, stray, step)
    if step is None:
        return
    row = _row(tx, desk, conversation, stray, step)
    outbox.know_id(tx, desk.mailbox.id, row.id, stray.message_id)
    strays.note(tx, stray.id, outbox_id=row.id)
    if row.state == Delivery.sent:
        return  # the step is known as sent, under another id
    values: dict[str, Any] = {
        "state": Delivery.uncertain,  # until it counts as sent, in its turn
        "hold_why": HOW,
        "held_for_review": False,
        "attempt": max(row.attempt, 1),
        "message_id": stray.message_id[:500],
        "to_address": stray.to_address,
        "subject": stray.subject,
        "raw": None,
        "claimed_at": stray.sent_at,
        "in_flight_at": stray.sent_at,
        "copied_at": desk.now,
    }
    if stray.token:
        values["token"] = stray.token
    outbox.note(tx, row.id, **values)


def count_as_sent(tx: Transaction, desk: Desk, stray_id: int, step: Step | None) -> None:
    """The stray left at its time: what follows from that in the table follows now."""
    stray = strays.get(tx, stray_id)
    if stray.settled_at is not None:
        return
    if step is None:
        _stay_away(tx, desk, _conversation(tx, desk, stray, step), stray)
    elif stray.outbox_id is not None:
        row = outbox.get(tx, stray.outbox_id)
        if row.state != Delivery.sent:
            _advance(tx, desk, row, step)
            delivered(tx, desk, row, stray.sent_at, HOW)
    strays.settle(tx, stray.id, desk.now, "recorded")


def _advance(tx: Transaction, desk: Desk, row: Row[Any], step: Step) -> None:
    """Bring the conversation to where it must have been for this step, if what led there is not in the mailbox."""
    conversation = conversations.get(tx, row.conversation_id)
    shown = SHOWS.get(step)
    if shown is None or conversation.state in ASKED_IN[step] or State(conversation.state) not in BEFORE:
        return
    if step is Step.nudge and conversation.state != State.planned:
        return
    conversations.move(tx, conversation.id, shown, desk.now)
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "state",
        f"{conversation.state} -> {shown}",
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        outbox_id=row.id,
        rule=f"the {step} that {HOW} shows it",
    )
    for mail in outbox.pending(tx, conversation.id):
        if shown not in ASKED_IN[Step(mail.step)]:
            steps.cancel(tx, desk, mail, f"the {step} left")


def _stay_away(tx: Transaction, desk: Desk, conversation: Row[Any], stray: Row[Any]) -> None:
    """Which step it was is not known: the person counts as asked, and as asked for a name, and nothing follows."""
    person = contacts.get(tx, conversation.contact_id)
    contacts.note(
        tx,
        person.id,
        asked_at=person.asked_at or stray.sent_at,
        asked_for_name_at=person.asked_for_name_at or stray.sent_at,
    )
    case = Case(conversation, contacts.get(tx, person.id), words=stray.subject, by_owner=True)
    if conversation.state in BEFORE:
        effects.happen(tx, desk, case, (Occurrence.told_stop,))
    for mail in outbox.pending_of_contact(tx, person.id):
        steps.cancel(tx, desk, mail, "a mail of ours reached them that is not known here")
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "regained",
        f"a mail of {stray.sent_at.astimezone(desk.mailbox.zone):%d %b %Y} {HOW}; which step it was is not known",
        conversation_id=conversation.id,
        contact_id=person.id,
        words=stray.subject,
    )


def _conversation(tx: Transaction, desk: Desk, stray: Row[Any], step: Step | None) -> Row[Any]:
    """The conversation that the stray belongs to: in whose thread it lies, whose step is missing, else a new one."""
    key = canonical(stray.to_address)
    if stray.outbox_id is not None:
        return conversations.get(tx, outbox.get(tx, stray.outbox_id).conversation_id)
    by_id = outbox.by_message_ids(tx, desk.mailbox.id, {one for one in (stray.message_id, stray.in_reply_to) if one})
    for mail in by_id.values():
        return conversations.get(tx, mail.conversation_id)
    if stray.in_reply_to:
        for message in messages.in_threads(tx, desk.mailbox.id, {stray.in_reply_to}).values():
            if message.conversation_id is not None:
                return conversations.get(tx, message.conversation_id)
    person = contacts.by_key(tx, desk.mailbox.id, key)
    if person is None:
        return conversations.get(tx, _new(tx, desk, stray, key))
    begun = conversations.of_contact(tx, person.id)
    if not begun:
        made = conversations.add(tx, desk.mailbox.id, person.id, "default", State.planned, desk.now)
        return conversations.get(tx, made)
    for one in begun:
        there = outbox.step_of(tx, one.id, step) if step is not None else None
        if there is not None and there.state != Delivery.sent:
            return one
    return begun[-1]


def _new(tx: Transaction, desk: Desk, stray: Row[Any], key: str) -> int:
    named = people.proposed_as(tx, desk.mailbox.id, key)
    begun = add_contact(tx, desk, Contact(email=stray.to_address, name=stray.to_name), "default")
    if named is not None:
        people.note(tx, named.id, why="we had written to them already")
    contact_id = conversations.get(tx, begun).contact_id
    contacts.note(tx, contact_id, looked_in_sent_at=desk.now)
    return begun


def _row(tx: Transaction, desk: Desk, conversation: Row[Any], stray: Row[Any], step: Step) -> Row[Any]:
    """The outbox's row of this step: this conversation's, the person's in another campaign, else a new one."""
    there = outbox.step_of(tx, conversation.id, step)
    if there is None and step in (Step.ask, Step.referral_request):
        for other in conversations.of_contact(tx, conversation.contact_id):
            there = there or outbox.step_of(tx, other.id, step)
    if there is not None:
        return there
    made = outbox.plan(
        tx,
        mailbox_id=desk.mailbox.id,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        step=step,
        state=Delivery.held,
        due=stray.sent_at,
        now=desk.now,
        message_id=stray.message_id[:500],
        token=stray.token or desk.ids.token(),
        priority=steps.PRIORITY[step],
        hold_why=HOW,
    )
    assert made is not None
    return outbox.get(tx, made)

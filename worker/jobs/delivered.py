"""What follows once a mail has left: facts of the person, the conversation's state, the Message-IDs it goes by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import Delivery, Step
from worker.jobs import effects
from worker.jobs.case import Case
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, conversations, journal, outbox

SENT = {
    Step.ask: Occurrence.ask_sent,
    Step.nudge: Occurrence.nudge_sent,
    Step.check_in: Occurrence.check_in_sent,
    Step.referral_request: Occurrence.referral_request_sent,
}

# What counts as done to a person from the moment on at which it may have reached them.
COUNTS = {
    Step.ask: "asked_at",
    Step.referral_request: "asked_for_name_at",
    Step.thanks_for_talk: "asked_for_name_at",
}


def delivered(tx: Transaction, desk: Desk, mail: Row[Any], when: datetime, how: str) -> None:
    """Record that `mail` left at `when`; `how` says by which evidence. A second time changes nothing."""
    if mail.state == Delivery.sent:
        return
    step = Step(mail.step)
    outbox.note(tx, mail.id, state=Delivery.sent, sent_at=when, finished_at=desk.now, hold_why=None)
    facts: dict[str, Any] = {"last_sent_at": when, "last_step": step}
    person: dict[str, Any] = {}
    if step is Step.ask:
        facts["asked_at"] = when
        person["asked_at"] = when
    elif step is Step.check_in:
        facts["checked_in_at"] = when
    elif step is Step.referral_request:
        facts["referral_asked_at"] = when
        person["asked_for_name_at"] = when
    elif step is Step.thanks_for_talk and contacts.get(tx, mail.contact_id).asked_for_name_at is None:
        person["asked_for_name_at"] = when  # it asks who else might talk
    conversations.note(tx, mail.conversation_id, **facts)
    if person:
        contacts.note(tx, mail.contact_id, **person)
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "sent",
        f"{step} {how}",
        conversation_id=mail.conversation_id,
        contact_id=mail.contact_id,
        outbox_id=mail.id,
        words=mail.subject,
    )
    case = Case(conversations.get(tx, mail.conversation_id), contacts.get(tx, mail.contact_id))
    effects.happen(tx, desk, case, (SENT.get(step, Occurrence.other_sent),))


def proven(tx: Transaction, desk: Desk, mail: Row[Any], evidence: str) -> None:
    """Evidence has turned up that an uncertain mail did leave."""
    if mail.state in (Delivery.uncertain, Delivery.in_flight):
        delivered(tx, desk, mail, mail.in_flight_at or mail.claimed_at or desk.now, f"was uncertain; {evidence}")

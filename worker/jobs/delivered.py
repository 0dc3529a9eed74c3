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


def seen_to_have_left(tx: Transaction, desk: Desk, mail: Row[Any], when: datetime) -> Row[Any]:
    """A copy of this mail lies in Sent since `when`; where it was tried and counts as not left, its fate is open again.

    The server refused it and took it all the same, or it left after the copy of the database was made that is in use
    now. What is to leave a second time has left that second time only if the copy is so young. A mail that was
    cancelled stays so, and is never planned again.
    """
    undecided = mail.state in (*outbox.PENDING, Delivery.cancelled) or outbox.given_up(mail)
    if not mail.attempt or not undecided or (mail.second_time and when < mail.due):
        return mail
    left = max(min(when, desk.now), mail.claimed_at or when)
    values: dict[str, Any] = {"claimed_at": left, "in_flight_at": left}
    if mail.state == Delivery.cancelled:
        outbox.note(tx, mail.id, **values)
        _counts(tx, mail, left)
    else:
        values |= {"state": Delivery.uncertain, "not_before": None, "held_for_review": False}
        outbox.note(tx, mail.id, **values)
    return outbox.get(tx, mail.id)


def shown_to_have_arrived(tx: Transaction, desk: Desk, mail: Row[Any], evidence: str, *, bounced: bool) -> None:
    """Somebody answers this mail, or it comes back: it has left, whatever became of the last try at it.

    What is to leave a second time, since it came back, does not leave again once it is answered.
    """
    if mail.second_time and mail.state in outbox.PENDING:
        if not bounced:
            values = {"state": Delivery.sent, "second_time": False, "finished_at": desk.now, "not_before": None}
            outbox.note(tx, mail.id, hold_why=None, held_for_review=False, **values)
            _settled(tx, desk, mail, f"the {mail.step} does not leave once more: {evidence}")
        return
    if bounced and mail.state not in (*outbox.PENDING, *outbox.LEFT):
        return
    when = mail.in_flight_at or mail.claimed_at or desk.now
    proven(tx, desk, seen_to_have_left(tx, desk, mail, when), evidence)


def _counts(tx: Transaction, mail: Row[Any], when: datetime) -> None:
    fact = COUNTS.get(Step(mail.step))
    if fact and getattr(contacts.get(tx, mail.contact_id), fact) is None:
        contacts.note(tx, mail.contact_id, **{fact: when})


def _settled(tx: Transaction, desk: Desk, mail: Row[Any], text: str) -> None:
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "settled",
        text,
        conversation_id=mail.conversation_id,
        contact_id=mail.contact_id,
        outbox_id=mail.id,
    )


def proven(tx: Transaction, desk: Desk, mail: Row[Any], evidence: str) -> None:
    """Evidence has turned up that an uncertain mail did leave."""
    if mail.state in (Delivery.uncertain, Delivery.in_flight):
        delivered(tx, desk, mail, mail.in_flight_at or mail.claimed_at or desk.now, f"was uncertain; {evidence}")

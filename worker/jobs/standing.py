"""Where a conversation stands: the facts of the store that the table asks for, and the copy that `undo` puts back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from worker.conversation.standing import Standing
from worker.conversation.vocabulary import Delivery, State, Step
from worker.store import Transaction, contacts, conversations, outbox

OPEN = (Delivery.sending, Delivery.in_flight, Delivery.retry, Delivery.uncertain)
CONVERSATION_FACTS = (
    "state state_since resume_after check_in_undated closed_by_owner handed_on called_at call_result "
    "talk_at talk_asked_at talk_again_on waiting"
).split()
CONTACT_FACTS = (
    "away_until away_message_at dead_at dead_why opted_out_at domain_asked_at domain_settled_at written_before_ok"
).split()
MAIL_FACTS = "state due hold_why held_for_review not_before finished_at noticed_at released_at second_time".split()


def standing_of(tx: Transaction, conversation: Row[Any], contact: Row[Any]) -> Standing:
    """The table's view of a conversation."""
    mails = {Step(mail.step): mail for mail in outbox.of_conversation(tx, conversation.id)}
    ask = mails.get(Step.ask)
    check_in = mails.get(Step.check_in)
    left = [mail for mail in mails.values() if mail.state in outbox.LEFT]
    last = max(left, key=lambda mail: (mail.claimed_at, mail.id), default=None)
    return Standing(
        state=State(conversation.state),
        # a retry that never reached DATA cannot have arrived
        ask_open=ask is not None
        and ask.state in OPEN
        and (ask.state != Delivery.retry or ask.in_flight_at is not None),
        anything_sent=any(mail.state in (*outbox.LEFT, Delivery.failed) for mail in mails.values()),
        asked_for_name=contact.asked_for_name_at is not None,
        closed_by_owner=conversation.closed_by_owner,
        checked_in=conversation.checked_in_at is not None,
        check_in_open=check_in is not None and check_in.state in outbox.PENDING,
        last_step=Step(last.step) if last is not None else None,
        resent=last is not None and last.second_time,
        handed_on=conversation.handed_on,
    )


def snapshot(tx: Transaction, conversation: Row[Any], contact: Row[Any]) -> dict[str, Any]:
    """What `undo` needs to put the conversation back, as JSON."""
    return {
        "conversation": {name: _plain(getattr(conversation, name)) for name in CONVERSATION_FACTS},
        "contact": {name: _plain(getattr(contact, name)) for name in CONTACT_FACTS},
        "mails": {str(mail.id): facts_of(mail) for mail in outbox.pending_of_contact(tx, contact.id)},
    }


def facts_of(mail: Row[Any]) -> dict[str, Any]:
    """The facts of a mail that are put back, as JSON."""
    return {name: _plain(getattr(mail, name)) for name in MAIL_FACTS}


def put_back(tx: Transaction, before: dict[str, Any], conversation: Row[Any], contact: Row[Any]) -> None:
    """Undo a change: the facts of conversation, contact and pending mails become what they were."""
    conversations.note(tx, conversation.id, **{k: _rich(k, v) for k, v in before["conversation"].items()})
    contacts.note(tx, contact.id, **{k: _rich(k, v) for k, v in before["contact"].items()})
    for mail_id, facts in before["mails"].items():
        outbox.note(tx, int(mail_id), **{k: _rich(k, v) for k, v in facts.items()})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _rich(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name.endswith("_at") or name in ("due", "not_before", "state_since"):
        return datetime.fromisoformat(value)
    if name in ("away_until", "resume_after", "talk_again_on"):
        return date.fromisoformat(value)
    return value

"""Conversations: their state, and those that need something because time has passed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from worker.store.database import Transaction
from worker.store.outbox import PENDING
from worker.store.schema import contact, contact_company, conversation, outbox


def add(tx: Transaction, mailbox_id: int, contact_id: int, campaign: str, state: str, now: datetime) -> int:
    """Begin a conversation, and give its id."""
    values = {
        "mailbox_id": mailbox_id,
        "contact_id": contact_id,
        "campaign": campaign,
        "state": state,
        "state_since": now,
        "check_in_undated": False,
        "closed_by_owner": False,
        "handed_on": False,
        "waiting": False,
        "created_at": now,
    }
    return int(tx.execute(insert(conversation).values(values).returning(conversation.c.id)).scalar_one())


def add_many(
    tx: Transaction, mailbox_id: int, contact_ids: Sequence[int], campaign: str, state: str, now: datetime
) -> list[int]:
    """Begin a conversation with each of these contacts, and give their ids in the same order."""
    if not contact_ids:
        return []
    values = {
        "mailbox_id": mailbox_id,
        "campaign": campaign,
        "state": state,
        "state_since": now,
        "check_in_undated": False,
        "closed_by_owner": False,
        "handed_on": False,
        "waiting": False,
        "created_at": now,
    }
    rows = [values | {"contact_id": id_} for id_ in contact_ids]
    made = tx.execute(insert(conversation).returning(conversation.c.id, sort_by_parameter_order=True), rows)
    return [int(id_) for id_ in made.scalars()]


def of_contacts(tx: Transaction, contact_ids: Collection[int]) -> dict[int, Row[Any]]:
    """The newest conversation of each of these contacts."""
    query = select(conversation).where(conversation.c.contact_id.in_(sorted(contact_ids))).order_by(conversation.c.id)
    return {row.contact_id: row for row in tx.execute(query)}


def get(tx: Transaction, conversation_id: int) -> Row[Any]:
    """The conversation's row."""
    return tx.execute(select(conversation).where(conversation.c.id == conversation_id)).one()


def find(tx: Transaction, mailbox_id: int, conversation_id: int) -> Row[Any] | None:
    """The conversation's row, if this mailbox has it."""
    same = (conversation.c.id == conversation_id) & (conversation.c.mailbox_id == mailbox_id)
    return tx.execute(select(conversation).where(same)).one_or_none()


def of_contact(tx: Transaction, contact_id: int) -> list[Row[Any]]:
    """A person's conversations, the newest first."""
    query = select(conversation).where(conversation.c.contact_id == contact_id).order_by(conversation.c.id.desc())
    return list(tx.execute(query))


def note(tx: Transaction, conversation_id: int, **values: Any) -> None:
    """Set columns of the conversation."""
    tx.execute(update(conversation).where(conversation.c.id == conversation_id).values(values))


def move(tx: Transaction, conversation_id: int, state: str, now: datetime) -> None:
    """Bring the conversation into `state`."""
    tx.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.state != state)
        .values(state=state, state_since=now)
    )


def in_states(tx: Transaction, mailbox_id: int, states: Collection[str], *, limit: int | None = None) -> list[Row[Any]]:
    """The conversations in one of these states, the longest in it first."""
    same = (conversation.c.mailbox_id == mailbox_id) & conversation.c.state.in_(sorted(states))
    return list(tx.execute(select(conversation).where(same).order_by(conversation.c.state_since).limit(limit)))


def asked_and_due(tx: Transaction, mailbox_id: int, now: datetime, quiet_since: datetime) -> list[Row[Any]]:
    """The conversations in `asked` of which time may want something at `now`, the longest in it first.

    That is all but those with nobody to call whose reminder is planned for later, or has left after an ask that left
    after `quiet_since`.
    """
    waits = outbox.c.state.in_(PENDING) & (outbox.c.due > now)
    has_left = (outbox.c.state == "sent") & (conversation.c.asked_at > quiet_since)
    reminder = (outbox.c.conversation_id == conversation.c.id) & (outbox.c.step == "nudge") & (waits | has_left)
    no_call = (func.coalesce(contact.c.phone, "") == "") | conversation.c.call_raised_at.is_not(None)
    rests = select(outbox.c.id).where(reminder).exists() & no_call & conversation.c.checked_in_at.is_(None)
    query = (
        select(conversation)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(conversation.c.mailbox_id == mailbox_id, conversation.c.state == "asked", ~rests)
        .order_by(conversation.c.state_since)
    )
    return list(tx.execute(query))


def without_step(
    tx: Transaction, mailbox_id: int, state: str, step: str, *, limit: int | None = None
) -> list[Row[Any]]:
    """The conversations in `state` that have no mail of `step` in the outbox yet."""
    there = select(outbox.c.id).where(outbox.c.conversation_id == conversation.c.id, outbox.c.step == step)
    query = (
        select(conversation)
        .where(conversation.c.mailbox_id == mailbox_id, conversation.c.state == state, ~there.exists())
        .order_by(conversation.c.id)
        .limit(limit)
    )
    return list(tx.execute(query))


def at_companies(tx: Transaction, mailbox_id: int, keys: Collection[str], *, but: int) -> list[Row[Any]]:
    """Conversations with people of the same company, with facts of the contact, `person_asked_at` among them."""
    if not keys:
        return []
    people = select(contact_company.c.contact_id).where(contact_company.c.key.in_(sorted(keys)))
    query = (
        select(conversation, contact.c.asked_at.label("person_asked_at"))
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(
            conversation.c.mailbox_id == mailbox_id,
            conversation.c.contact_id.in_(people),
            conversation.c.id != but,
        )
    )
    return list(tx.execute(query))


def with_contacts(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """All conversations with the columns of their contacts that `status` and `contacts` show."""
    query = (
        select(
            conversation,
            contact.c.email,
            contact.c.name,
            contact.c.company,
            contact.c.phone,
            contact.c.referred_by,
            contact.c.introducer_id,
            contact.c.away_until,
            contact.c.timezone,
            contact.c.country,
            contact.c.written_before_at,
            contact.c.written_before_ok,
        )
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(conversation.c.mailbox_id == mailbox_id)
        .order_by(conversation.c.id)
    )
    return list(tx.execute(query))


def count_by_state(tx: Transaction, mailbox_id: int) -> dict[str, int]:
    """How many conversations stand in which state."""
    query = (
        select(conversation.c.state, func.count())
        .where(conversation.c.mailbox_id == mailbox_id)
        .group_by(conversation.c.state)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def to_call(tx: Transaction, mailbox_id: int, today: date) -> list[Row[Any]]:
    """The conversations whose person is to be called: no answer to the ask, or a phone and no address.

    Who has no address and was put off until a date is to be called from that date on.
    """
    raised = conversation.c.call_raised_at.is_not(None) & (conversation.c.state == "asked")
    back = (conversation.c.state == "snoozed") & (conversation.c.resume_after <= today)
    phone_only = contact.c.email.is_(None) & contact.c.phone.is_not(None) & ((conversation.c.state == "planned") | back)
    query = (
        select(conversation)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(conversation.c.mailbox_id == mailbox_id, conversation.c.called_at.is_(None), raised | phone_only)
        .order_by(conversation.c.id)
    )
    return list(tx.execute(query))

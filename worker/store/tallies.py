"""Counts for the summary: asked, answered, talks, referrals."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from worker.store.database import Transaction
from worker.store.schema import contact, conversation, message, outbox


class Overall(NamedTuple):
    """People asked, people who answered, talks agreed or held, people met through others."""

    asked: int
    answered: int
    talks: int
    referrals: int


def between(tx: Transaction, mailbox_id: int, first: datetime, last: datetime) -> tuple[int, int]:
    """How many people were asked, and how many answered for the first time, in [first, last)."""
    asked = select(func.count()).where(
        outbox.c.mailbox_id == mailbox_id, outbox.c.step == "ask", outbox.c.sent_at >= first, outbox.c.sent_at < last
    )
    answers = (
        select(func.min(message.c.received_at).label("at"))
        .where(message.c.mailbox_id == mailbox_id, message.c.human.is_(True), message.c.by_owner.is_(False))
        .group_by(message.c.conversation_id)
        .subquery()
    )
    answered = select(func.count()).select_from(answers).where(answers.c.at >= first, answers.c.at < last)
    return int(tx.execute(asked).scalar_one()), int(tx.execute(answered).scalar_one())


def overall(tx: Transaction, mailbox_id: int) -> Overall:
    """The counts over all time."""
    asked = select(func.count()).where(contact.c.mailbox_id == mailbox_id, contact.c.asked_at.is_not(None))
    answered = select(func.count(func.distinct(message.c.conversation_id))).where(
        message.c.mailbox_id == mailbox_id, message.c.human.is_(True), message.c.by_owner.is_(False)
    )
    talks = select(func.count()).where(
        conversation.c.mailbox_id == mailbox_id, conversation.c.state.in_(("talking", "met"))
    )
    referrals = select(func.count()).where(contact.c.mailbox_id == mailbox_id, contact.c.introducer_id.is_not(None))
    one, two, three, four = (int(tx.execute(query).scalar_one()) for query in (asked, answered, talks, referrals))
    return Overall(one, two, three, four)

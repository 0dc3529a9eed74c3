"""The outbox: outgoing mails, the claim, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, or_, select, true, update

from worker.store.database import Transaction
from worker.store.schema import contact, message, outbox, outbox_message_id

PENDING = ("draft", "held", "due", "retry")  # not yet on its way: can be held, moved, cancelled
UNFINISHED = (*PENDING, "sending", "in_flight", "uncertain")
LEFT = ("in_flight", "uncertain", "sent")  # may have reached somebody
BEHIND_FOR = timedelta(days=1)  # so long a retry stands behind what was never tried


def plan(
    tx: Transaction,
    *,
    mailbox_id: int,
    conversation_id: int,
    contact_id: int,
    step: str,
    state: str,
    due: datetime,
    now: datetime,
    message_id: str,
    token: str,
    priority: int,
    needs_notice: bool = False,
    answers_message_id: int | None = None,
    hold_why: str | None = None,
    change_id: int | None = None,
) -> int | None:
    """Plan one step of a conversation, and give its id; None where this step was ever planned and not cancelled unsent.

    A step that was cancelled before it left is planned again in its own row, so that each step leaves at most once.
    """
    same = (outbox.c.conversation_id == conversation_id) & (outbox.c.step == step)
    values: dict[str, Any] = {
        "state": state,
        "due": due,
        "not_before": None,
        "priority": priority,
        "answers_message_id": answers_message_id,
        "needs_notice": needs_notice,
        "noticed_at": None,
        "released_at": None,
        "hold_why": hold_why,
        "held_for_review": False,
        "raw": None,
        "edited_at": None,
        "planned_at": now,
        "finished_at": None,
        "planned_by_change": change_id,
    }
    there = tx.execute(select(outbox).where(same)).one_or_none()
    if there is not None:
        if there.state != "cancelled" or there.in_flight_at is not None:
            return None
        tx.execute(update(outbox).where(outbox.c.id == there.id).values(values))
        return int(there.id)
    # the same person in another campaign: never a second ask, never a second request for a name
    if step in ("ask", "referral_request"):
        other = select(outbox.c.id).where(outbox.c.contact_id == contact_id, outbox.c.step == step)
        if tx.execute(other).first() is not None:
            return None
    values |= {
        "mailbox_id": mailbox_id,
        "conversation_id": conversation_id,
        "contact_id": contact_id,
        "step": step,
        "message_id": message_id,
        "token": token,
        "attempt": 0,
        "second_time": False,
    }
    made = int(tx.execute(insert(outbox).values(values).returning(outbox.c.id)).scalar_one())
    know_id(tx, mailbox_id, made, message_id)
    return made


def know_id(tx: Transaction, mailbox_id: int, outbox_id: int, message_id: str) -> None:
    """Remember a Message-ID under which this mail travels (servers rewrite it)."""
    same = (outbox_message_id.c.mailbox_id == mailbox_id) & (outbox_message_id.c.message_id == message_id)
    if tx.execute(select(outbox_message_id.c.id).where(same)).first() is None:
        row = {"mailbox_id": mailbox_id, "outbox_id": outbox_id, "message_id": message_id}
        tx.execute(insert(outbox_message_id).values(row))


def get(tx: Transaction, outbox_id: int) -> Row[Any]:
    """The mail's row."""
    return tx.execute(select(outbox).where(outbox.c.id == outbox_id)).one()


def find(tx: Transaction, mailbox_id: int, outbox_id: int) -> Row[Any] | None:
    """The mail's row, if this mailbox has it."""
    same = (outbox.c.id == outbox_id) & (outbox.c.mailbox_id == mailbox_id)
    return tx.execute(select(outbox).where(same)).one_or_none()


def note(tx: Transaction, outbox_id: int, **values: Any) -> None:
    """Set columns of the mail."""
    tx.execute(update(outbox).where(outbox.c.id == outbox_id).values(values))


def by_message_ids(tx: Transaction, mailbox_id: int, ids: Collection[str]) -> dict[str, Row[Any]]:
    """Our mails among these Message-IDs."""
    found: dict[str, Row[Any]] = {}
    wanted = sorted(set(ids))
    for begin in range(0, len(wanted), 500):
        some = wanted[begin : begin + 500]
        rows = tx.execute(
            select(outbox, outbox_message_id.c.message_id.label("known_as"))
            .join(outbox_message_id, outbox_message_id.c.outbox_id == outbox.c.id)
            .where(outbox_message_id.c.mailbox_id == mailbox_id, outbox_message_id.c.message_id.in_(some))
        )
        found.update({row.known_as: row for row in rows})
    return found


def by_tokens(tx: Transaction, mailbox_id: int, tokens: Collection[str]) -> dict[str, Row[Any]]:
    """Our mails among these tokens."""
    wanted = sorted(set(tokens))
    if not wanted:
        return {}
    rows = tx.execute(select(outbox).where(outbox.c.mailbox_id == mailbox_id, outbox.c.token.in_(wanted[:900])))
    return {row.token: row for row in rows}


def of_conversation(tx: Transaction, conversation_id: int) -> list[Row[Any]]:
    """All mails of a conversation, in the order of planning."""
    query = select(outbox).where(outbox.c.conversation_id == conversation_id).order_by(outbox.c.planned_at, outbox.c.id)
    return list(tx.execute(query))


def step_of(tx: Transaction, conversation_id: int, step: str) -> Row[Any] | None:
    """The mail of one step of a conversation."""
    same = (outbox.c.conversation_id == conversation_id) & (outbox.c.step == step)
    return tx.execute(select(outbox).where(same)).one_or_none()


def pending(tx: Transaction, conversation_id: int) -> list[Row[Any]]:
    """The mails of a conversation that have not left."""
    same = (outbox.c.conversation_id == conversation_id) & outbox.c.state.in_(PENDING)
    return list(tx.execute(select(outbox).where(same).order_by(outbox.c.due)))


def pending_of_contact(tx: Transaction, contact_id: int) -> list[Row[Any]]:
    """The mails to one person, in every campaign, that have not left."""
    same = (outbox.c.contact_id == contact_id) & outbox.c.state.in_(PENDING)
    return list(tx.execute(select(outbox).where(same).order_by(outbox.c.due)))


def due(tx: Transaction, mailbox_id: int, now: datetime) -> list[Row[Any]]:
    """The mails whose time has come, with their person's zone and country: answers before asks, then the oldest.

    What was never tried comes first, so that one mail that is refused again and again stops no other; a retry that
    has waited for a day stands in line with the rest.
    """
    waits = func.coalesce(outbox.c.not_before, outbox.c.due)
    behind = case((and_(outbox.c.attempt > 0, waits > now - BEHIND_FOR), 1), else_=0)
    query = (
        select(
            outbox.c.id,
            outbox.c.step,
            outbox.c.contact_id,
            contact.c.email,
            contact.c.timezone,
            contact.c.country,
        )
        .join(contact, contact.c.id == outbox.c.contact_id)
        .where(
            outbox.c.mailbox_id == mailbox_id,
            outbox.c.state.in_(("due", "retry")),
            outbox.c.due <= now,
            or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now),
        )
        .order_by(behind, outbox.c.priority, outbox.c.due, outbox.c.id)
    )
    return list(tx.execute(query))


def next_due(tx: Transaction, mailbox_id: int) -> datetime | None:
    """When the next mail falls due, or may be tried again."""
    later = and_(outbox.c.not_before.is_not(None), outbox.c.not_before > outbox.c.due)
    query = select(func.min(case((later, outbox.c.not_before), else_=outbox.c.due))).where(
        outbox.c.mailbox_id == mailbox_id, outbox.c.state.in_(("due", "retry"))
    )
    return tx.execute(query).scalar()


def tried_before(tx: Transaction, mailbox_id: int, outbox_id: int) -> Row[Any] | None:
    """The mail that was tried last, apart from this one."""
    query = (
        select(outbox)
        .where(outbox.c.mailbox_id == mailbox_id, outbox.c.id != outbox_id, outbox.c.claimed_at.is_not(None))
        .order_by(outbox.c.claimed_at.desc(), outbox.c.id.desc())
        .limit(1)
    )
    return tx.execute(query).first()


def wait_because(tx: Transaction, ids: Collection[int], why: str) -> None:
    """Note why these mails, which are due, do not leave now."""
    for begin in range(0, len(ids), 500):
        some = sorted(ids)[begin : begin + 500]
        mine = outbox.c.id.in_(some) & outbox.c.state.in_(("due", "retry"))
        tx.execute(update(outbox).where(mine).values(hold_why=why))


def set_aside(tx: Transaction, ids: Collection[int]) -> None:
    """Hold these mails."""
    for begin in range(0, len(ids), 500):
        tx.execute(update(outbox).where(outbox.c.id.in_(sorted(ids)[begin : begin + 500])).values(state="held"))


def given_up(mail: Row[Any]) -> bool:
    """Whether a mail did not leave for sure, and could: refused again and again, or not taken as it was."""
    return bool(mail.state == "failed" and mail.in_flight_at is None)


def in_states(tx: Transaction, mailbox_id: int, states: Collection[str]) -> list[Row[Any]]:
    """The mails in one of these delivery states, by due time."""
    same = (outbox.c.mailbox_id == mailbox_id) & outbox.c.state.in_(sorted(states))
    return list(tx.execute(select(outbox).where(same).order_by(outbox.c.due, outbox.c.id)))


def claim(tx: Transaction, outbox_id: int, *, state: str, attempt: int, now: datetime, **values: Any) -> bool:
    """Take the mail for sending: a compare-and-set on id, state and attempt. False: somebody else was faster."""
    mine = and_(outbox.c.id == outbox_id, outbox.c.state == state, outbox.c.attempt == attempt)
    values |= {"state": "sending", "attempt": attempt + 1, "claimed_at": now}
    return tx.execute(update(outbox).where(mine).values(values)).rowcount == 1


def advance(tx: Transaction, outbox_id: int, *, state: str, attempt: int, to: str, **values: Any) -> bool:
    """Bring a claimed mail from `state` to `to`; False where it is no longer ours."""
    mine = and_(outbox.c.id == outbox_id, outbox.c.state == state, outbox.c.attempt == attempt)
    return tx.execute(update(outbox).where(mine).values(state=to, **values)).rowcount == 1


def left_since(tx: Transaction, mailbox_id: int, since: datetime) -> int:
    """How many mails to contacts left, or may have left, since then; what came back of them left too."""
    on_its_way = outbox.c.state.in_((*LEFT, "sending"))
    # a mail that left carries its moments, whatever became of it later: back for a second try, failed, cancelled
    once_left = or_(outbox.c.in_flight_at >= since, outbox.c.sent_at >= since)
    query = select(func.count()).where(
        outbox.c.mailbox_id == mailbox_id, outbox.c.claimed_at >= since, or_(on_its_way, once_left)
    )
    return int(tx.execute(query).scalar_one())


def last_left_at(tx: Transaction, mailbox_id: int) -> Row[Any] | None:
    """The mail that left last, or was refused for good: the next one waits after that too."""
    once_left = or_(outbox.c.in_flight_at.is_not(None), outbox.c.sent_at.is_not(None))
    query = (
        select(outbox)
        .where(
            outbox.c.mailbox_id == mailbox_id,
            outbox.c.claimed_at.is_not(None),
            or_(outbox.c.state.in_((*LEFT, "sending", "failed")), once_left),
        )
        .order_by(outbox.c.claimed_at.desc())
        .limit(1)
    )
    return tx.execute(query).first()


def last_asks(tx: Transaction, mailbox_id: int, how_many: int) -> list[Row[Any]]:
    """The newest asks that left, or were refused for good."""
    gone = outbox.c.state.in_(LEFT) | outbox.c.bounced_at.is_not(None)
    query = (
        select(outbox)
        .where(outbox.c.mailbox_id == mailbox_id, outbox.c.step == "ask", outbox.c.claimed_at.is_not(None), gone)
        .order_by(outbox.c.claimed_at.desc(), outbox.c.id.desc())
        .limit(how_many)
    )
    return list(tx.execute(query))


def last_to_address(
    tx: Transaction, mailbox_id: int, address: str, *, claimed_before: datetime | None = None
) -> Row[Any] | None:
    """Our last mail that left, or may have, to an address (any case); or the last whose sending had begun by then."""
    query = (
        select(outbox)
        .where(
            outbox.c.mailbox_id == mailbox_id,
            outbox.c.claimed_at.is_not(None),
            func.lower(outbox.c.to_address) == address.lower(),
            or_(outbox.c.state.in_(LEFT), outbox.c.in_flight_at.is_not(None), outbox.c.sent_at.is_not(None)),
            outbox.c.claimed_at <= claimed_before if claimed_before is not None else true(),
        )
        .order_by(outbox.c.claimed_at.desc())
        .limit(1)
    )
    return tx.execute(query).first()


def without_copy(tx: Transaction, mailbox_id: int) -> list[Row[Any]]:
    """Sent mails whose copy in Sent has not been seen yet."""
    same = and_(outbox.c.mailbox_id == mailbox_id, outbox.c.state == "sent", outbox.c.copied_at.is_(None))
    return list(tx.execute(select(outbox).where(same).order_by(outbox.c.sent_at).limit(50)))


def shown(tx: Transaction, mailbox_id: int, finished_since: datetime) -> list[Row[Any]]:
    """What `status` shows: every mail that is not finished, then those finished since then; with the address."""
    query = (
        select(outbox, contact.c.email, contact.c.name)
        .join(contact, contact.c.id == outbox.c.contact_id)
        .where(
            outbox.c.mailbox_id == mailbox_id,
            or_(outbox.c.state.in_(UNFINISHED), outbox.c.finished_at >= finished_since),
        )
        .order_by(outbox.c.state.in_(UNFINISHED).desc(), outbox.c.due, outbox.c.id)
    )
    return list(tx.execute(query))


def thread(tx: Transaction, conversation_id: int) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """What a thread is made of: our mails that left, and what the contact wrote in it, each by time.

    What others wrote there the contact may never have seen, its subject least of all.
    """
    ours = select(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.state.in_(LEFT))
    theirs = select(message).where(
        message.c.conversation_id == conversation_id,
        message.c.human.is_(True),
        message.c.by_owner.is_(False),
        message.c.from_contact.is_(True),
        message.c.match == "thread",
    )
    return (
        list(tx.execute(ours.order_by(outbox.c.claimed_at))),
        list(tx.execute(theirs.order_by(message.c.received_at, message.c.id))),
    )


def address_of(mails: Iterable[Row[Any]], contact: Row[Any]) -> str:
    """Where a thread with these mails goes on: where its last mail that left went; else the address of the person."""
    left = [mail for mail in mails if mail.state in LEFT and mail.to_address]
    last = max(left, key=lambda mail: mail.claimed_at, default=None)
    return str(last.to_address if last is not None else contact.email)


def any_left(tx: Transaction, mailbox_id: int) -> bool:
    """Whether a mail of this mailbox ever left, or may have."""
    # not by state: what is to leave once more has left before, and its bounces can still come
    same = (outbox.c.mailbox_id == mailbox_id) & outbox.c.claimed_at.is_not(None)
    return tx.execute(select(outbox.c.id).where(same).limit(1)).first() is not None


def planned_by(tx: Transaction, change_id: int) -> list[Row[Any]]:
    """The mails that a change planned."""
    return list(tx.execute(select(outbox).where(outbox.c.planned_by_change == change_id)))


def asks_let_go(tx: Transaction, mailbox_id: int, most: int) -> int:
    """How many asks have left, or may by the owner's word; counted up to `most`."""
    allowed = outbox.c.released_at.is_not(None) | outbox.c.claimed_at.is_not(None)
    gone = outbox.c.in_flight_at.is_not(None) | outbox.c.state.in_(LEFT)
    same = and_(
        outbox.c.mailbox_id == mailbox_id,
        outbox.c.step == "ask",
        or_(gone, and_(outbox.c.state.not_in(("draft", "cancelled")), allowed)),
    )
    return len(tx.execute(select(outbox.c.id).where(same).limit(most)).all())


def new_asks(tx: Transaction, mailbox_id: int, limit: int | None = None) -> list[int]:
    """The ids of asks that are due, now or later, were never tried and have no word of the owner's; the first first."""
    query = select(outbox.c.id).where(_new_ask(mailbox_id)).order_by(outbox.c.due, outbox.c.id)
    return list(tx.execute(query.limit(limit)).scalars())


def new_asks_wait(tx: Transaction, mailbox_id: int, why: str, *, instead_of: str) -> None:
    """Note what all those wait for, where they say nothing else; `instead_of` is a pattern of LIKE."""
    other = outbox.c.hold_why.is_(None) | (outbox.c.hold_why.like(instead_of) & (outbox.c.hold_why != why))
    tx.execute(update(outbox).where(_new_ask(mailbox_id), other).values(hold_why=why))


def new_asks_go(tx: Transaction, mailbox_id: int, why: str) -> None:
    """Those that waited for this, a pattern of LIKE, do so no more."""
    tx.execute(update(outbox).where(_new_ask(mailbox_id), outbox.c.hold_why.like(why)).values(hold_why=None))


def _new_ask(mailbox_id: int) -> ColumnElement[bool]:
    return and_(
        outbox.c.mailbox_id == mailbox_id,
        outbox.c.step == "ask",
        outbox.c.state == "due",
        outbox.c.released_at.is_(None),
        outbox.c.claimed_at.is_(None),
    )


def drafted_asks(tx: Transaction, mailbox_id: int) -> int:
    """How many asks are drafts."""
    same = and_(outbox.c.mailbox_id == mailbox_id, outbox.c.step == "ask", outbox.c.state == "draft")
    return int(tx.execute(select(func.count()).where(same)).scalar_one())


class Tally(NamedTuple):
    """How many mails were ever planned, and how many of them are cancelled."""

    planned: int
    cancelled: int


def tally(tx: Transaction, mailbox_id: int) -> Tally:
    """Count the mails of a mailbox."""
    every = select(func.count()).where(outbox.c.mailbox_id == mailbox_id)
    planned = int(tx.execute(every).scalar_one())
    return Tally(planned, int(tx.execute(every.where(outbox.c.state == "cancelled")).scalar_one()))

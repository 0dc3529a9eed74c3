"""The guard: what must hold in the very transaction that claims a mail, or else it does not leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.conversation import pacing
from worker.conversation.vocabulary import Delivery, State, Step
from worker.jobs import absence, domains, first_asks, hold
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, conversations, mailboxes, messages, outbox, reviews, suppressions

FRESH = timedelta(minutes=10)
REVIEW_OPEN = "a mail of theirs waits for your word"

# The state that asked for a step; report_back follows the owner's word alone.
ASKED_IN: dict[Step, frozenset[State]] = {
    Step.ask: frozenset({State.planned, State.snoozed}),  # snoozed: a later that came before the ask moved it
    Step.nudge: frozenset({State.asked}),
    Step.check_in: frozenset({State.snoozed}),
    Step.referral_request: frozenset({State.declined}),
    Step.thanks_for_name: frozenset({State.referred}),
    Step.thanks_for_talk: frozenset({State.met}),
    Step.report_back: frozenset(State) - {State.opted_out},
    Step.farewell: frozenset(State) - {State.planned, State.met, State.opted_out, State.unreachable},
}

# What has no place after a farewell.
BEFORE_THE_END = frozenset({Step.ask, Step.nudge, Step.check_in, Step.referral_request})


@dataclass(frozen=True, slots=True)
class Go:
    """Nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """It may leave later; `everything` says that the reason holds for the whole mailbox."""

    why: str
    until: datetime | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """The mailbox must be read (again) before this may leave."""


@dataclass(frozen=True, slots=True)
class Hold:
    """It waits for the owner."""

    why: str


@dataclass(frozen=True, slots=True)
class Never:
    """It is cancelled."""

    why: str


Verdict = Go | NotNow | ReadAgain | Hold | Never


def is_wanted(mail: Row[Any], state: str) -> bool:
    """Whether a conversation in this state still asks for this mail; a nudge that the owner lets leave may be late."""
    if mail.step == Step.nudge and mail.released_at is not None and state == State.silent:
        return True
    return State(state) in ASKED_IN[Step(mail.step)]


def paused(box: Row[Any], now: datetime) -> bool:
    """Whether the owner has paused sending."""
    return box.paused_at is not None and (box.paused_until is None or now < box.paused_until)


def may_leave(tx: Transaction, desk: Desk, mail: Row[Any]) -> Verdict:
    """Whether this mail may leave at `desk.now`: the strictest answer that applies."""
    desk = absence.informed(tx, desk)
    box = mailboxes.get(tx, desk.mailbox.id)
    conversation = conversations.get(tx, mail.conversation_id)
    contact = contacts.get(tx, mail.contact_id)
    step = Step(mail.step)
    return (
        _at_any_time(tx, desk, box, mail, conversation, contact)
        or _pace(tx, desk, mail, contact, step)
        or _company(tx, desk, conversation, contact, step)
        or _answered_there(tx, desk, mail, conversation, contact, step)
        or _read(box, mail, desk.now)
        or Go()
    )


def may_still_leave(tx: Transaction, desk: Desk, mail: Row[Any]) -> Verdict:
    """Right before DATA, which a slow line can put off for minutes: has the owner said something against it meanwhile?

    Their words do not wait for the turn to end. Pace, colleagues and answers stay as they were when it was claimed.
    """
    box = mailboxes.get(tx, desk.mailbox.id)
    conversation, contact = conversations.get(tx, mail.conversation_id), contacts.get(tx, mail.contact_id)
    return _at_any_time(tx, desk, box, mail, conversation, contact) or Go()


def _at_any_time(
    tx: Transaction, desk: Desk, box: Row[Any], mail: Row[Any], conversation: Row[Any], contact: Row[Any]
) -> Verdict | None:
    """What keeps a mail from leaving whatever the hour: its person, its mailbox, the owner, another mail."""
    step = Step(mail.step)
    return (
        _for_good(tx, desk, mail, conversation, contact, step)
        or _finished(box, mail)
        or _mailbox(desk, box)
        or _owner_first(tx, desk, mail, conversation, contact, step)
        or _order(tx, desk, box, mail)
    )


def stands_in_the_way(tx: Transaction, desk: Desk, mail: Row[Any]) -> Verdict | None:
    """What keeps this mail from leaving beside the pace, the mailbox and a notice that a summary is about to give."""
    conversation, contact = conversations.get(tx, mail.conversation_id), contacts.get(tx, mail.contact_id)
    step = Step(mail.step)
    answer = _for_good(tx, desk, mail, conversation, contact, step)
    first = answer or _owner_first(tx, desk, mail, conversation, contact, step)
    if first is not None and not isinstance(first, NotNow):
        return first
    order = _order(tx, desk, mailboxes.get(tx, desk.mailbox.id), mail)
    return order or _answered_there(tx, desk, mail, conversation, contact, step)


def for_good(tx: Transaction, desk: Desk, mail: Row[Any]) -> Never | None:
    """Why this mail may never leave; None where it may, now or later."""
    conversation, contact = conversations.get(tx, mail.conversation_id), contacts.get(tx, mail.contact_id)
    return _for_good(tx, desk, mail, conversation, contact, Step(mail.step))


def _for_good(
    tx: Transaction, desk: Desk, mail: Row[Any], conversation: Row[Any], contact: Row[Any], step: Step
) -> Never | None:
    if contact.email is None or contact.email_key is None:
        return Never("no address")
    if contact.opted_out_at is not None or suppressions.blocking(tx, desk.mailbox.id, contact.email_key) is not None:
        return Never("on the suppression list")
    used = canonical(_goes_to(tx, mail, contact))
    if used != contact.email_key and suppressions.blocking(tx, desk.mailbox.id, used) is not None:
        return Never(f"it would go to {used}, which is on the suppression list")
    if contact.dead_at is not None:
        return Never("their address is dead")
    if contact.email_key in desk.mailbox.own_addresses:
        return Never("this is your own address")
    again = mail.second_time
    if not again and not is_wanted(mail, conversation.state):
        return Never(f"the conversation is {conversation.state}")
    if step is Step.referral_request and contact.asked_for_name_at is not None and not again:
        return Never("they were asked for a name before")
    if step is Step.ask and contact.asked_at is not None and not again:
        return Never("they were asked before")
    days = desk.mailbox.sequence.nudge_after_days
    if step is Step.nudge and not again and mail.released_at is None:
        if days is None:
            return Never("nudges are switched off")
        if pacing.nudge_is_stale(mail.due, desk.now, days, absence.waiting(desk, desk.calendar(contact))):
            return Never("it is too late for a nudge")
    if step in BEFORE_THE_END and not again and _said_goodbye(tx, conversation.id):
        return Never("you have said goodbye")
    return None


def _goes_to(tx: Transaction, mail: Row[Any], contact: Row[Any]) -> str:
    """The address that this mail goes to: the one it was made for, or that of its thread."""
    if mail.raw is not None and mail.to_address:
        return str(mail.to_address)
    if mail.step == Step.ask:
        return str(contact.email)
    return outbox.address_of(outbox.of_conversation(tx, mail.conversation_id), contact)


def _said_goodbye(tx: Transaction, conversation_id: int) -> bool:
    farewell = outbox.step_of(tx, conversation_id, Step.farewell)
    return farewell is not None and farewell.state in (*outbox.LEFT, Delivery.sending)


def _finished(box: Row[Any], mail: Row[Any]) -> Never | None:
    """After "finish" only what the owner lets leave by a word does."""
    if box.finished_at is not None and mail.released_at is None:
        return Never("you have finished")
    return None


def _mailbox(desk: Desk, box: Row[Any]) -> Verdict | None:
    if box.hold_since is not None:
        return NotNow(hold.GUARD, everything=True)
    if paused(box, desk.now):
        return NotNow("paused", box.paused_until, everything=True)
    if box.blocked_until is not None and desk.now < box.blocked_until:
        return NotNow(f"the account must rest: {box.blocked_why}", box.blocked_until, everything=True)
    return None


def _owner_first(
    tx: Transaction, desk: Desk, mail: Row[Any], conversation: Row[Any], contact: Row[Any], step: Step
) -> Verdict | None:
    if conversation.waiting:
        return Hold("you said wait")
    if mail.released_at is None and reviews.of_conversation(tx, conversation.id):
        return Hold(REVIEW_OPEN)
    if step is Step.ask and contact.looked_in_sent_at is None:
        return NotNow("Sent was not looked through for them yet")
    if step is Step.ask and contact.written_before_at is not None and not contact.written_before_ok:
        return Hold(f"you wrote to them on {contact.written_before_at.astimezone(desk.mailbox.zone):%d %b %Y}")
    if mail.needs_notice and mail.noticed_at is None and mail.released_at is None:
        return NotNow("it has not stood in a summary yet")
    return None


def _order(tx: Transaction, desk: Desk, box: Row[Any], mail: Row[Any]) -> Verdict | None:
    """A step that leaves once more comes before the later ones; an uncertain ask has no nudge; too many bounces."""
    if mail.step == Step.ask and box.asks_paused_at is not None:
        return NotNow(f"asks are paused: {box.asks_paused_why}")
    if first_asks.hold_back(tx, desk, mail):
        return NotNow(first_asks.why(desk))
    why = domains.in_question(tx, desk, mail)
    if why is not None:
        return NotNow(why)
    for other in outbox.of_conversation(tx, mail.conversation_id):
        if other.id == mail.id:
            continue
        if other.second_time and other.state in (Delivery.due, Delivery.retry):
            return NotNow(f"the {other.step} leaves once more first", other.due)
        if other.state == Delivery.uncertain and mail.step == Step.nudge:
            return NotNow("whether the ask arrived is not known")
    return None


def _pace(tx: Transaction, desk: Desk, mail: Row[Any], contact: Row[Any], step: Step) -> Verdict | None:
    pace = desk.mailbox.pace
    today = outbox.left_since(tx, desk.mailbox.id, desk.midnight)
    today += messages.by_owner_since(tx, desk.mailbox.id, desk.midnight)
    last = outbox.last_left_at(tx, desk.mailbox.id)
    gap = 0.0
    last_at: datetime | None = None
    if last is not None:
        # a slow line can hold a mail for minutes: the gap counts from its end
        last_at = max(filter(None, (last.claimed_at, last.in_flight_at, last.sent_at)))
        gap = gap_of(desk, mail)
    answer = pacing.may_leave(
        desk.now,
        desk.calendar(contact, step),
        sent_today=today,
        per_day=pace.per_day,
        last_sent_at=last_at,
        gap_minutes=gap,
        owner_away=desk.mailbox.owner.away,
        owner_zone=desk.mailbox.zone,
    )
    if isinstance(answer, pacing.Wait):
        # what the mailbox as a whole must wait for ends this round; a person's own working time does not
        resting = last_at is not None and desk.now < last_at + timedelta(minutes=gap)
        everything = today >= pace.per_day or desk.owner_away or resting
        return NotNow(answer.why, answer.until, everything=everything)
    return None


def gap_of(desk: Desk, mail: Row[Any]) -> float:
    """The minutes that lie between the mail before and this one: a restart does not roll again."""
    low, high = desk.mailbox.pace.gap_minutes
    return pacing.spread(f"{desk.mailbox.id}:{mail.conversation_id}:{Step(mail.step)}", low, high)


def colleagues(tx: Transaction, desk: Desk, conversation: Row[Any], contact: Row[Any]) -> list[pacing.Colleague]:
    """The conversations at this person's companies in which somebody was asked."""
    keys = contacts.company_keys(tx, contact.id)
    others = conversations.at_companies(tx, desk.mailbox.id, keys, but=conversation.id)
    return [
        pacing.Colleague(State(other.state), sent_at=sent, heard_at=messages.last_heard(tx, other.id))
        for other in others
        if (sent := _asked_last(other)) is not None
    ]


def _asked_last(other: Row[Any]) -> datetime | None:
    """When a colleague's last ask or check_in left; an ask may have, of which nobody knows whether it arrived."""
    moments: list[datetime | None] = [other.asked_at, other.checked_in_at if other.asked_at is not None else None]
    if other.state == State.planned:
        moments.append(other.person_asked_at)
    return max(filter(None, moments), default=None)


def _company(tx: Transaction, desk: Desk, conversation: Row[Any], contact: Row[Any], step: Step) -> Verdict | None:
    if step is not Step.ask:
        return None
    busy = pacing.company_is_busy(
        colleagues(tx, desk, conversation, contact),
        desk.now,
        at_once=desk.mailbox.pace.per_company_at_once,
        rest_days=desk.mailbox.pace.company_rest_days,
        calendar=absence.waiting(desk, desk.calendar(contact)),
        handed_to_us=_handed_to_us(contact),
    )
    return NotNow("somebody else at this company is being asked") if busy else None


def _handed_to_us(contact: Row[Any]) -> bool:
    return contact.introducer_id is not None or bool(contact.referred_by)


def _answered_there(
    tx: Transaction, desk: Desk, mail: Row[Any], conversation: Row[Any], contact: Row[Any], step: Step
) -> Verdict | None:
    """Nobody is reminded while a colleague's answer is being dealt with, unless the owner says so."""
    if step is not Step.nudge or mail.released_at is not None:
        return None
    answered = pacing.company_has_answered(
        colleagues(tx, desk, conversation, contact),
        at_once=desk.mailbox.pace.per_company_at_once,
        handed_to_us=_handed_to_us(contact),
    )
    return NotNow("somebody else at this company has answered") if answered else None


def _read(box: Row[Any], mail: Row[Any], now: datetime) -> Verdict | None:
    began = box.read_began_at
    if began is None or began < mail.due or now - began > FRESH:
        return ReadAgain()
    return None

"""Records what became of a submission, and what follows: sent, again later, given up, the account must rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import Bounce, Delivery, Kind, Reading, Step
from worker.jobs import bounces, effects
from worker.jobs.case import Case
from worker.jobs.delivered import COUNTS, delivered
from worker.jobs.desk import Desk
from worker.mailbox.answers import LATER, About, Outcome, Result, in_the_same_words
from worker.store import Transaction, contacts, conversations, journal, mailboxes, outbox

MOST_TRIES = 6  # of one mail, soft refusals of the recipient included; then it failed for good
BACKOFF = timedelta(minutes=15)
LONGEST_BACKOFF = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of it in words, and whom it concerns by all that is known."""

    said: str
    about: About


def settle(tx: Transaction, desk: Desk, mail_id: int, attempt: int, outcome: Outcome) -> Settled:
    """Record what became of attempt `attempt` to submit a mail, and what follows."""
    row = outbox.get(tx, mail_id)
    if row.attempt != attempt or row.state not in (Delivery.sending, Delivery.in_flight):
        return Settled("settled by somebody else", About.recipient)
    status = "" if (outcome.status or "") in outcome.text else f"{outcome.status} "
    said = f"{outcome.code or ''} {status}{outcome.text}".strip()[:500]
    outcome = _about_us(tx, desk, row, outcome, said)
    outbox.note(tx, row.id, last_answer=said)
    return Settled(_settle(tx, desk, row, outcome, said), outcome.about)


def _about_us(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> Outcome:
    """The outcome, as one of ours where two people in a row were told the same: it is not about them.

    What is refused for good is tried a few times more after a rest: it may have been about them all the same.
    """
    later = outcome.result is Result.retry and outcome.about is About.recipient
    never = outcome.result is Result.refused and outcome.about in (About.recipient, About.message)
    if outcome.hard or not (later or (never and row.attempt < MOST_TRIES)) or not _said_before(tx, desk, row, said):
        return outcome
    if later:
        return replace(outcome, about=About.account, retry_after=LATER)
    return replace(outcome, about=About.policy)


def _said_before(tx: Transaction, desk: Desk, row: Row[Any], said: str) -> bool:
    """Whether somebody else was the last to be written to, and the server said the same of them."""
    last = outbox.tried_before(tx, desk.mailbox.id, row.id)
    return (
        last is not None
        and last.contact_id != row.contact_id
        and last.state in (Delivery.retry, Delivery.failed)
        and in_the_same_words(said, last.last_answer or "")
    )


def _settle(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> str:
    if outcome.result is Result.accepted:
        mailboxes.note(tx, desk.mailbox.id, blocked_until=None, blocked_why=None, blocked_times=0)
        delivered(tx, desk, row, desk.now, "sent")
        return "sent"
    if outcome.result is Result.uncertain:
        outbox.note(tx, row.id, state=Delivery.uncertain, hold_why="the server did not say whether it took it")
        note(tx, desk, row, "uncertain", f"whether the {row.step} arrived is not known: {outcome.text}", for_owner=True)
        return "whether it arrived is not known"
    if outcome.about is About.recipient and outcome.hard:
        return _dead(tx, desk, row, outcome, said)
    if outcome.about is About.message and outcome.result is Result.refused:
        _give_up(tx, desk, row, said)
        note(tx, desk, row, "failed", f"the server does not take this {row.step}: {said}", for_owner=True)
        return f"refused: {said}"
    if outcome.about is About.recipient:
        return _soft(tx, desk, row, outcome, said)
    return _rest(tx, desk, row, outcome, said)


def _give_up(tx: Transaction, desk: Desk, row: Row[Any], said: str) -> None:
    """It did not leave, and does not by itself; nothing was accepted, so nothing is in flight any more."""
    take_back(tx, row)
    outbox.note(tx, row.id, state=Delivery.failed, finished_at=desk.now, hold_why=said, in_flight_at=None)


def _dead(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> str:
    """A permanent refusal of the recipient is a hard bounce."""
    _give_up(tx, desk, row, said)
    note(tx, desk, row, "bounced", f"{row.step} refused: {said}", for_owner=True)
    bounce = Bounce(row.to_address, outcome.status, True, "user_unknown", "recipient", row.message_id, said)
    reading = Reading(Kind.bounce, confidence=1.0, sure=True, bounce=bounce, why=(f"the server said {said}",))
    case = Case(
        conversations.get(tx, row.conversation_id), contacts.get(tx, row.contact_id), reading=reading, words=said
    )
    effects.happen(tx, desk, case, (Occurrence.hard_bounce,))
    bounces.came_back(tx, desk, row)
    return f"refused: {said}"


def _soft(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> str:
    """A temporary refusal of the recipient: the same bytes later, and failed for good after some tries.

    Tries that never reached the recipient (our server was away) count only once the recipient was asked twice.
    """
    refused_before = (row.last_answer or "").startswith("4")
    if outcome.result is Result.retry and (row.attempt < MOST_TRIES or not refused_before):
        _retry(tx, desk, row, outcome, said)
        return f"later: {said}"
    _give_up(tx, desk, row, said)
    note(tx, desk, row, "failed", f"{row.step} could not be delivered: {said}", for_owner=True)
    return f"given up: {said}"


def _rest(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> str:
    """The account, our standing or the line: the contact has nothing to do with it."""
    _retry(tx, desk, row, outcome, said)
    if outcome.about is About.connection:
        return f"later: {said}"
    times = mailboxes.get(tx, desk.mailbox.id).blocked_times + 1
    first = timedelta(seconds=outcome.retry_after) if outcome.retry_after else BACKOFF
    if outcome.about is About.policy:
        first = max(first, LONGEST_BACKOFF)
    rest = max(first, min(first * 2 ** min(times - 1, 6), LONGEST_BACKOFF))
    mailboxes.note(tx, desk.mailbox.id, blocked_until=desk.now + rest, blocked_why=said[:300], blocked_times=times)
    note(tx, desk, row, "blocked", f"your provider refuses to send: {said}", for_owner=True)
    return f"your account: {said}"


def _retry(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> None:
    take_back(tx, row)
    wait = timedelta(seconds=outcome.retry_after) if outcome.retry_after else BACKOFF * 2 ** min(row.attempt - 1, 5)
    if outcome.about is About.recipient:
        wait = max(wait, min(wait * 2 ** min(row.attempt - 1, 4), LONGEST_BACKOFF))
    if outcome.about is About.connection and row.attempt <= 2:
        wait = timedelta(seconds=0) if row.attempt == 1 else timedelta(minutes=1)
    # nothing was accepted, so that nothing is in flight any more
    outbox.note(
        tx,
        row.id,
        state=Delivery.retry,
        not_before=desk.now + wait,
        in_flight_at=None,
        hold_why=f"is tried again: {said}"[:500],
    )


def take_back(tx: Transaction, row: Row[Any]) -> None:
    """The mail did not leave: what the claim counted does not count."""
    if row.in_flight_at is None or row.second_time:
        return
    fact = COUNTS.get(Step(row.step))
    if fact and getattr(contacts.get(tx, row.contact_id), fact) == row.in_flight_at:
        contacts.note(tx, row.contact_id, **{fact: None})


def note(tx: Transaction, desk: Desk, row: Row[Any], what: str, text: str, *, for_owner: bool = False) -> None:
    """A line of the journal about a mail."""
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        what,
        text,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        outbox_id=row.id,
        for_owner=for_owner,
    )

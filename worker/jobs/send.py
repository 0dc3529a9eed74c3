"""Sends the mails that are due: guard, claim, wire, settle, copy."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row

from worker.clock import Clock
from worker.conversation import pacing
from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import Bounce, Delivery, Kind, Reading, Step
from worker.errors import AskaroundError, TemplateError, WorldError
from worker.jobs import effects, guard
from worker.jobs.case import Case
from worker.jobs.delivered import COUNTS, delivered
from worker.jobs.desk import Desk
from worker.jobs.letters import write_letter
from worker.mailbox import smtp
from worker.mailbox.answers import About, Outcome, Result
from worker.store import Store, Transaction, contacts, conversations, journal, mailboxes, outbox

MOST_TRIES = 6  # of one mail, soft refusals of the recipient included; then it failed for good
BACKOFF = timedelta(minutes=15)
LONGEST_BACKOFF = timedelta(hours=12)
UNREAD = "the mailbox could not be read just now"


@dataclass(frozen=True, slots=True)
class Sent:
    """One line of `once`: a mail that left."""

    email: str
    step: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Held:
    """One line of `once`: a mail that did not leave though it is due, and why."""

    email: str
    step: str
    why: str


@dataclass(slots=True)
class Round:
    """What one round of sending did."""

    sent: list[Sent] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    trouble: bool = False  # with the server or the account: a reason to come back later
    next_try: datetime | None = None  # when the first of those that had to wait may leave


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is ours to send, with its frozen bytes."""

    id: int
    attempt: int
    email: str
    step: Step
    message_id: str
    to_address: str
    raw: bytes


Stopped = guard.NotNow | guard.ReadAgain | guard.Hold | guard.Never


class Line:
    """The SMTP connection of a round: opened at the first mail, opened again once it is lost."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stack = contextlib.ExitStack()
        self._session: smtp.SmtpSession | None = None

    def session(self) -> smtp.SmtpSession:
        """A signed-in session; raises WorldError."""
        if self._session is None or not self._session.alive:
            self._stack.close()
            self._session = self._stack.enter_context(smtp.open(self._desk.mailbox.smtp))
        return self._session

    def close(self) -> None:
        """Hang up; what was accepted stays accepted."""
        self._stack.close()


@contextlib.contextmanager
def line_of(desk: Desk) -> Iterator[Line]:
    """A line that is closed at the end of the round."""
    line = Line(desk)
    try:
        yield line
    finally:
        line.close()


def send_due(
    store: Store,
    desk: Desk,
    clock: Clock,
    line: Line,
    *,
    read: bool = True,
    read_again: Callable[[], bool],
    stopping: Callable[[], bool] = lambda: False,
) -> Round:
    """Send what is due and may leave. `read` says whether this turn has read the mailbox: else nothing leaves, since
    an answer may lie there. `read_again` reads it and says whether that succeeded; `stopping` ends the round between
    two mails."""
    result = Round()
    if not read:
        unread = store.read(lambda tx: outbox.due(tx, desk.mailbox.id, clock.now()))
        result.held = [Held(mail.email or "", mail.step, UNREAD) for mail in unread]
        return result
    tried_reading = False
    done: set[int] = set()
    resting: dict[tuple[str | None, str | None], bool] = {}
    while True:
        waiting = store.read(lambda tx: outbox.due(tx, desk.mailbox.id, clock.now()))
        waiting = [mail for mail in waiting if mail.id not in done]
        if not waiting:
            return result
        for mail in waiting:
            done.add(mail.id)
            if stopping():
                return result
            now_desk = desk.at(clock.now())
            if _outside_hours(now_desk, mail, resting):
                result.held.append(Held(mail.email or "", mail.step, "outside of their working time"))
                continue
            answer: Claimed | Stopped | None
            try:
                answer = store.transaction(partial(_claim, desk=now_desk, mail=mail))
                if isinstance(answer, guard.ReadAgain) and not tried_reading:
                    tried_reading = not read_again()
                    if not tried_reading:
                        now_desk = desk.at(clock.now())
                        answer = store.transaction(partial(_claim, desk=now_desk, mail=mail))
            except TemplateError as error:
                result.errors.append(" ".join(error.lines()))
                result.held.append(Held(mail.email or "", mail.step, error.what))
                continue
            if isinstance(answer, Claimed):
                if not _carry(store, desk, clock, line, answer, result, stopping):
                    return result
            elif answer is not None:
                email = mail.email or ""
                if isinstance(answer, guard.ReadAgain):
                    result.held.append(Held(email, mail.step, UNREAD))
                    return result
                if isinstance(answer, guard.Never):
                    continue
                result.held.append(Held(email, mail.step, answer.why))
                if isinstance(answer, guard.NotNow) and answer.until is not None:
                    result.next_try = min(result.next_try or answer.until, answer.until)
                if isinstance(answer, guard.NotNow) and answer.everything:
                    return result


def _outside_hours(desk: Desk, mail: Row[Any], known: dict[tuple[str | None, str | None], bool]) -> bool:
    """Whether it is no working time where the person lives; asked once for each zone and country of a round."""
    place = (mail.timezone, mail.country)
    if place not in known:
        known[place] = pacing.fits(desk.now, desk.calendar(mail)) > desk.now
    return known[place]


def _claim(tx: Transaction, desk: Desk, mail: Row[Any]) -> Claimed | Stopped | None:
    """Guard and claim in one transaction; None where somebody else was faster."""
    mail = outbox.get(tx, mail.id)
    if mail.state not in (Delivery.due, Delivery.retry):
        return None
    verdict = guard.may_leave(tx, desk, mail)
    if isinstance(verdict, guard.Never):
        outbox.note(tx, mail.id, state=Delivery.cancelled, hold_why=verdict.why, finished_at=desk.now)
        _write(tx, desk, mail, "cancelled", f"{mail.step} cancelled: {verdict.why}")
        return verdict
    if isinstance(verdict, guard.Hold):
        outbox.note(tx, mail.id, state=Delivery.held, hold_why=verdict.why)
        _write(tx, desk, mail, "held", f"{mail.step} held: {verdict.why}")
        return verdict
    if isinstance(verdict, (guard.NotNow, guard.ReadAgain)):
        if isinstance(verdict, guard.NotNow) and verdict.why != mail.hold_why:
            outbox.note(tx, mail.id, hold_why=verdict.why)
        return verdict
    conversation = conversations.get(tx, mail.conversation_id)
    contact = contacts.get(tx, mail.contact_id)
    step = Step(mail.step)
    values: dict[str, Any] = {"hold_why": None, "in_flight_at": None}
    if mail.raw is None:
        try:
            letter = write_letter(tx, desk, conversation, contact, step, message_id=mail.message_id, token=mail.token)
        except TemplateError:
            raise
        except AskaroundError as error:
            outbox.note(tx, mail.id, state=Delivery.held, hold_why=error.what)
            _write(tx, desk, mail, "held", f"{mail.step} held: {error.what}", for_owner=True)
            return guard.Hold(error.what)
        values |= {"raw": letter.raw, "subject": letter.subject, "to_address": letter.to_address}
        raw, to_address = letter.raw, letter.to_address
    else:
        raw, to_address = mail.raw, mail.to_address
    if not outbox.claim(tx, mail.id, state=mail.state, attempt=mail.attempt, now=desk.now, **values):
        return None
    return Claimed(mail.id, mail.attempt + 1, contact.email, step, mail.message_id, to_address, bytes(raw))


def _carry(
    store: Store,
    desk: Desk,
    clock: Clock,
    line: Line,
    mail: Claimed,
    result: Round,
    stopping: Callable[[], bool],
) -> bool:
    """Bring a claimed mail over the wire and settle it; False where nothing more can leave in this round."""

    def before_data() -> None:
        if stopping():
            raise _Stopped
        moment = clock.now()
        ours = store.transaction(lambda tx: _in_flight(tx, desk.at(moment), mail))
        if not ours:
            raise _Lost

    try:
        outcome = line.session().submit(desk.mailbox.address, mail.to_address, mail.raw, before_data=before_data)
    except _Lost:
        return True
    except _Stopped:
        store.transaction(
            lambda tx: outbox.advance(tx, mail.id, state=Delivery.sending, attempt=mail.attempt, to=Delivery.retry)
        )
        return False
    except WorldError as error:
        said = error.what
        store.transaction(
            lambda tx: outbox.advance(
                tx,
                mail.id,
                state=Delivery.sending,
                attempt=mail.attempt,
                to=Delivery.retry,
                not_before=clock.now() + BACKOFF,
                last_answer=said[:500],
            )
        )
        result.trouble = True
        result.errors.append(error.sentence())
        result.held.append(Held(mail.email, mail.step, error.what))
        return False
    settled = store.transaction(lambda tx: settle(tx, desk.at(clock.now()), mail, outcome))
    if outcome.result is Result.accepted:
        result.sent.append(Sent(mail.email, mail.step, mail.message_id))
        return True
    result.held.append(Held(mail.email, mail.step, settled))
    if outcome.about is not About.recipient or outcome.result is Result.uncertain:
        result.trouble = result.trouble or outcome.about is not About.message
        result.errors.append(f"{mail.email}: {settled}")
    return outcome.about in (About.recipient, About.message)


class _Lost(Exception):
    """The claim is no longer ours."""


class _Stopped(Exception):
    """No new DATA begins after the word to stop."""


def _in_flight(tx: Transaction, desk: Desk, mail: Claimed) -> bool:
    """From here on the outcome can be unknown; a request for a name counts as made."""
    ours = outbox.advance(
        tx, mail.id, state=Delivery.sending, attempt=mail.attempt, to=Delivery.in_flight, in_flight_at=desk.now
    )
    if ours:
        row = outbox.get(tx, mail.id)
        fact = COUNTS.get(mail.step)
        # thanks for a talk ask for a name only where nobody did before
        before = contacts.get(tx, row.contact_id).asked_for_name_at
        if fact and (mail.step is not Step.thanks_for_talk or before is None):
            contacts.note(tx, row.contact_id, **{fact: desk.now})
    return ours


def settle(tx: Transaction, desk: Desk, mail: Claimed, outcome: Outcome) -> str:
    """Record what became of a submission, and what follows; gives the words for it."""
    row = outbox.get(tx, mail.id)
    if row.attempt != mail.attempt or row.state not in (Delivery.sending, Delivery.in_flight):
        return "settled by somebody else"
    said = f"{outcome.code or ''} {outcome.status or ''} {outcome.text}".strip()[:500]
    outbox.note(tx, mail.id, last_answer=said)
    if outcome.result is Result.accepted:
        mailboxes.note(tx, desk.mailbox.id, blocked_until=None, blocked_why=None, blocked_times=0)
        delivered(tx, desk, row, desk.now, "sent")
        return "sent"
    if outcome.result is Result.uncertain:
        outbox.note(tx, mail.id, state=Delivery.uncertain, hold_why="the server did not say whether it took it")
        _write(
            tx, desk, row, "uncertain", f"whether the {row.step} arrived is not known: {outcome.text}", for_owner=True
        )
        return "whether it arrived is not known"
    if outcome.about is About.recipient and outcome.hard:
        return _dead(tx, desk, row, outcome, said)
    if outcome.about is About.message and outcome.result is Result.refused:
        _take_back(tx, row)
        outbox.note(tx, mail.id, state=Delivery.failed, finished_at=desk.now, hold_why=said)
        _write(tx, desk, row, "failed", f"the server does not take this {row.step}: {said}", for_owner=True)
        return f"refused: {said}"
    if outcome.about is About.recipient:
        return _soft(tx, desk, row, outcome, said)
    return _rest(tx, desk, row, outcome, said)


def _dead(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> str:
    """A permanent refusal of the recipient is a hard bounce."""
    _take_back(tx, row)
    outbox.note(tx, row.id, state=Delivery.failed, finished_at=desk.now, hold_why=said)
    _write(tx, desk, row, "bounced", f"{row.step} refused: {said}", for_owner=True)
    bounce = Bounce(row.to_address, outcome.status, True, "user_unknown", "recipient", row.message_id, said)
    reading = Reading(Kind.bounce, confidence=1.0, sure=True, bounce=bounce, why=(f"the server said {said}",))
    case = Case(
        conversations.get(tx, row.conversation_id), contacts.get(tx, row.contact_id), reading=reading, words=said
    )
    effects.happen(tx, desk, case, (Occurrence.hard_bounce,))
    return f"refused: {said}"


def _soft(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> str:
    """A temporary refusal of the recipient: the same bytes later, and failed for good after some tries.

    Tries that never reached the recipient (our server was away) count only once the recipient was asked twice.
    """
    refused_before = (row.last_answer or "").startswith("4")
    if outcome.result is Result.retry and (row.attempt < MOST_TRIES or not refused_before):
        _retry(tx, desk, row, outcome)
        return f"later: {said}"
    _take_back(tx, row)
    outbox.note(tx, row.id, state=Delivery.failed, finished_at=desk.now, hold_why=said)
    _write(tx, desk, row, "failed", f"{row.step} could not be delivered: {said}", for_owner=True)
    return f"given up: {said}"


def _rest(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome, said: str) -> str:
    """The account, our standing or the line: the contact has nothing to do with it."""
    _retry(tx, desk, row, outcome)
    if outcome.about is About.connection:
        return f"later: {said}"
    box = mailboxes.get(tx, desk.mailbox.id)
    times = box.blocked_times + 1
    rest = timedelta(seconds=outcome.retry_after or 0) or min(BACKOFF * 2 ** min(times, 6), LONGEST_BACKOFF)
    if outcome.about is About.policy:
        rest = max(rest, LONGEST_BACKOFF)
    mailboxes.note(tx, desk.mailbox.id, blocked_until=desk.now + rest, blocked_why=said[:300], blocked_times=times)
    _write(tx, desk, row, "blocked", f"your provider refuses to send: {said}", for_owner=True)
    return f"your account: {said}"


def _retry(tx: Transaction, desk: Desk, row: Row[Any], outcome: Outcome) -> None:
    _take_back(tx, row)
    wait = timedelta(seconds=outcome.retry_after) if outcome.retry_after else BACKOFF * 2 ** min(row.attempt - 1, 5)
    if outcome.about is About.connection and row.attempt <= 2:
        wait = timedelta(seconds=0) if row.attempt == 1 else timedelta(minutes=1)
    # nothing was accepted, so that nothing is in flight any more
    outbox.note(tx, row.id, state=Delivery.retry, not_before=desk.now + wait, in_flight_at=None)


def _take_back(tx: Transaction, row: Row[Any]) -> None:
    """The mail did not leave: what the claim counted does not count."""
    if row.in_flight_at is None or row.second_time:
        return
    fact = COUNTS.get(Step(row.step))
    if fact and getattr(contacts.get(tx, row.contact_id), fact) == row.in_flight_at:
        contacts.note(tx, row.contact_id, **{fact: None})


def _write(tx: Transaction, desk: Desk, row: Row[Any], what: str, text: str, *, for_owner: bool = False) -> None:
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

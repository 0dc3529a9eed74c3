"""Sends the mails that are due: guard, claim, wire, settle, copy."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row

from worker.clock import Clock
from worker.conversation import pacing
from worker.conversation.vocabulary import Delivery, Step
from worker.errors import AskaroundError, ConfigError, TemplateError, WorldError
from worker.jobs import first_asks, guard
from worker.jobs.delivered import COUNTS
from worker.jobs.desk import Desk
from worker.jobs.late import show_what_is_late
from worker.jobs.letters import dated, write_letter
from worker.jobs.outcome import BACKOFF, note, settle
from worker.mailbox import smtp
from worker.mailbox.answers import About, Result
from worker.store import Store, Transaction, contacts, conversations, outbox

UNREAD = "the mailbox could not be read just now"
IN_A_ROW = 2  # refusals that may be about us: then the others wait for the next turn


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
    wrong: bool = False  # something that the owner wrote cannot be used: a template
    next_try: datetime | None = None  # when the first of those that had to wait may leave
    refused: int = 0  # how many in a row were refused for good though nobody called the address dead


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


Resting = dict[tuple[str | None, str | None, bool], bool]  # by zone, country, whether a day off will do
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
    since: datetime | None = None,
    read_again: Callable[[], bool],
    stopping: Callable[[], bool] = lambda: False,
) -> Round:
    """Send what is due and may leave.

    `read` says whether this turn has read the mailbox: else nothing leaves, since an answer may lie there. `since` is
    when mail could leave last. `read_again` reads it and says whether that succeeded; `stopping` ends the round between
    two mails.
    """
    result = Round()
    if not read:
        _stop_all(store, result, store.read(lambda tx: outbox.due(tx, desk.mailbox.id, clock.now())), UNREAD)
        return result
    store.transaction(lambda tx: show_what_is_late(tx, desk.at(clock.now()), since))
    tried_reading = False
    done = _keep_back(store, desk.at(clock.now()), result)
    resting: Resting = {}
    while True:
        waiting = store.read(lambda tx: outbox.due(tx, desk.mailbox.id, clock.now()))
        waiting = [mail for mail in waiting if mail.id not in done]
        if not waiting:
            return result
        for place, mail in enumerate(waiting):
            done.add(mail.id)
            if stopping():
                return result
            now_desk = desk.at(clock.now())
            if _outside_hours(now_desk, mail, resting):
                _stop_all(store, result, [mail], "outside of their working time")
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
                result.wrong = True
                result.errors.append(" ".join(error.lines()))
                _stop_all(store, result, [mail], error.what)
                continue
            if isinstance(answer, Claimed):
                why = _carry(store, desk, clock, line, answer, result, stopping)
                if why is not None:
                    _stop_all(store, result, waiting[place + 1 :], why)
                    return result
            elif isinstance(answer, guard.ReadAgain):
                _stop_all(store, result, waiting[place:], UNREAD)
                return result
            elif isinstance(answer, (guard.NotNow, guard.Hold)):
                ends = isinstance(answer, guard.NotNow) and answer.everything
                result.held.append(Held(mail.email or "", mail.step, answer.why))
                if isinstance(answer, guard.NotNow) and answer.until is not None:
                    result.next_try = min(result.next_try or answer.until, answer.until)
                if ends:
                    _stop_all(store, result, waiting[place + 1 :], answer.why)
                    return result


def _keep_back(store: Store, desk: Desk, result: Round) -> set[int]:
    """The asks that wait for the owner's word about the first ones, all at once: there may be thousands."""

    def those(tx: Transaction) -> tuple[set[int], list[Row[Any]]]:
        ids = first_asks.kept_back(tx, desk)
        return ids, [mail for mail in outbox.due(tx, desk.mailbox.id, desk.now) if mail.id in ids] if ids else []

    ids, mails = store.read(those)
    _stop_all(store, result, mails, first_asks.why(desk))
    return ids


def _stop_all(store: Store, result: Round, mails: Sequence[Row[Any]], why: str) -> None:
    """What stops one mail stops these too: each says so, here and in `status`."""
    result.held += [Held(mail.email or "", mail.step, why) for mail in mails]
    if why and mails:
        store.transaction(lambda tx: outbox.wait_because(tx, [mail.id for mail in mails], why))


def waiting_for_a_word(tx: Transaction, desk: Desk) -> list[Held]:
    """The mails that wait for the owner: drafts, and of those held or of unknown fate the ones whose time has come."""
    found = outbox.in_states(tx, desk.mailbox.id, (Delivery.draft, Delivery.held, Delivery.uncertain))
    return [
        Held(contacts.get(tx, mail.contact_id).email or "", mail.step, mail.hold_why or "waits for your word")
        for mail in found
        if mail.state == Delivery.draft or mail.due <= desk.now
    ]


def _outside_hours(desk: Desk, mail: Row[Any], known: Resting) -> bool:
    """Whether it is no working time where the person lives; asked once for each zone and country of a round."""
    place = (mail.timezone, mail.country, mail.step == Step.thanks_for_talk)
    if place not in known:
        known[place] = pacing.fits(desk.now, desk.calendar(mail, mail.step)) > desk.now
    return known[place]


def _claim(tx: Transaction, desk: Desk, mail: Row[Any]) -> Claimed | Stopped | None:
    """Guard and claim in one transaction; None where somebody else was faster."""
    mail = outbox.get(tx, mail.id)
    if mail.state not in (Delivery.due, Delivery.retry):
        return None
    verdict = guard.may_leave(tx, desk, mail)
    if not isinstance(verdict, guard.Go):
        _stays(tx, desk, mail, verdict)
        return verdict
    conversation = conversations.get(tx, mail.conversation_id)
    contact = contacts.get(tx, mail.contact_id)
    step = Step(mail.step)
    values: dict[str, Any] = {"hold_why": None, "in_flight_at": None}
    if mail.second_time:
        values["copied_at"] = None  # what leaves twice lies in Sent twice
    if mail.raw is None:
        try:
            letter = write_letter(tx, desk, conversation, contact, step, message_id=mail.message_id, token=mail.token)
        except TemplateError:
            raise
        except AskaroundError as error:
            outbox.note(tx, mail.id, state=Delivery.held, hold_why=error.what)
            note(tx, desk, mail, "held", f"{mail.step} held: {error.what}", for_owner=True)
            return guard.Hold(error.what)
        values |= {"raw": letter.raw, "subject": letter.subject, "to_address": letter.to_address}
        raw, to_address = letter.raw, letter.to_address
    else:
        raw, to_address = mail.raw, mail.to_address
        if mail.edited_at is not None and mail.last_answer is None and not mail.second_time:
            raw = values["raw"] = dated(bytes(raw), desk)
    if not outbox.claim(tx, mail.id, state=mail.state, attempt=mail.attempt, now=desk.now, **values):
        return None
    return Claimed(mail.id, mail.attempt + 1, contact.email, step, mail.message_id, to_address, bytes(raw))


def _stays(tx: Transaction, desk: Desk, mail: Row[Any], verdict: Stopped) -> None:
    """The guard speaks against this mail: it is cancelled, held, or waits on."""
    if isinstance(verdict, guard.Never):
        outbox.note(tx, mail.id, state=Delivery.cancelled, hold_why=verdict.why, finished_at=desk.now)
        note(tx, desk, mail, "cancelled", f"{mail.step} cancelled: {verdict.why}")
    elif isinstance(verdict, guard.Hold):
        outbox.note(tx, mail.id, state=Delivery.held, hold_why=verdict.why)
        note(tx, desk, mail, "held", f"{mail.step} held: {verdict.why}")
    elif isinstance(verdict, guard.NotNow) and verdict.why != mail.hold_why:
        outbox.note(tx, mail.id, hold_why=verdict.why)


def _carry(
    store: Store,
    desk: Desk,
    clock: Clock,
    line: Line,
    mail: Claimed,
    result: Round,
    stopping: Callable[[], bool],
) -> str | None:
    """Bring a claimed mail over the wire and settle it; gives why nothing more can leave in this round, if so."""

    def before_data() -> None:
        if stopping():
            raise _Stopped
        moment = clock.now()
        verdict = store.transaction(lambda tx: _in_flight(tx, desk.at(moment), mail))
        if verdict is None:
            raise _Lost
        if not isinstance(verdict, guard.Go):
            raise _Forbidden(verdict)

    try:
        outcome = line.session().submit(desk.mailbox.address, mail.to_address, mail.raw, before_data=before_data)
    except _Lost:
        return None
    except _Stopped:
        store.transaction(
            lambda tx: outbox.advance(tx, mail.id, state=Delivery.sending, attempt=mail.attempt, to=Delivery.retry)
        )
        return "askaround was told to stop"
    except _Forbidden as said_meanwhile:
        return _given_back(result, mail, said_meanwhile.verdict)
    except (WorldError, ConfigError) as error:
        said = error.what
        result.wrong = result.wrong or not isinstance(error, WorldError)
        store.transaction(
            lambda tx: outbox.advance(
                tx,
                mail.id,
                state=Delivery.sending,
                attempt=mail.attempt,
                to=Delivery.retry,
                not_before=clock.now() + BACKOFF,
                last_answer=said[:500],
                hold_why=f"is tried again: {said}"[:500],
            )
        )
        result.trouble = True
        result.errors.append(error.sentence())
        result.held.append(Held(mail.email, mail.step, error.what))
        return error.what
    settled = store.transaction(lambda tx: settle(tx, desk.at(clock.now()), mail.id, mail.attempt, outcome))
    if outcome.result is Result.accepted:
        result.sent.append(Sent(mail.email, mail.step, mail.message_id))
        result.refused = 0
        return None
    result.held.append(Held(mail.email, mail.step, settled.said))
    if settled.about is not About.recipient or outcome.result is Result.uncertain:
        result.trouble = result.trouble or settled.about is not About.message
        result.errors.append(f"{mail.email}: {settled.said}")
    if settled.about not in (About.recipient, About.message):
        return settled.said
    if outcome.result is Result.refused and not outcome.hard:
        result.refused += 1
    return "two mails in a row were refused" if result.refused >= IN_A_ROW else None


def _given_back(result: Round, mail: Claimed, verdict: Stopped) -> str | None:
    """Report a mail that was claimed and does not leave; gives why nothing more can leave in this round, if so."""
    if isinstance(verdict, (guard.NotNow, guard.Hold)):
        result.held.append(Held(mail.email, mail.step, verdict.why))
    if not isinstance(verdict, guard.NotNow):
        return None
    if verdict.until is not None:
        result.next_try = min(result.next_try or verdict.until, verdict.until)
    return verdict.why if verdict.everything else None


class _Lost(Exception):
    """The claim is no longer ours."""


class _Stopped(Exception):
    """No new DATA begins after the word to stop."""


class _Forbidden(Exception):
    """The owner has said something against this mail since it was claimed."""

    def __init__(self, verdict: Stopped) -> None:
        super().__init__()
        self.verdict = verdict


def _unwritten(mail: Row[Any]) -> dict[str, Any]:
    """What a mail is to be without that was claimed, and of which no server has heard: it is written anew later."""
    if mail.edited_at is not None or mail.last_answer is not None or mail.second_time:
        return {}
    return {"raw": None, "subject": None, "to_address": None}


def _in_flight(tx: Transaction, desk: Desk, mail: Claimed) -> guard.Verdict | None:
    """From here on the outcome can be unknown; a request for a name counts as made.

    Gives Go, or what speaks against it meanwhile; None where the claim is no longer ours.
    """
    row = outbox.get(tx, mail.id)
    if row.state != Delivery.sending or row.attempt != mail.attempt:
        return None
    verdict = guard.may_still_leave(tx, desk, row)
    if row.to_address != mail.to_address:
        verdict = guard.NotNow("their address was changed just now")
    if not isinstance(verdict, guard.Go):
        outbox.note(tx, row.id, state=Delivery.retry, **_unwritten(row))
        _stays(tx, desk, row, verdict)
        return verdict
    ours = outbox.advance(
        tx, mail.id, state=Delivery.sending, attempt=mail.attempt, to=Delivery.in_flight, in_flight_at=desk.now
    )
    if not ours:
        return None
    fact = COUNTS.get(mail.step)
    # thanks for a talk ask for a name only where nobody did before
    before = contacts.get(tx, row.contact_id).asked_for_name_at
    if fact and (mail.step is not Step.thanks_for_talk or before is None):
        contacts.note(tx, row.contact_id, **{fact: desk.now})
    return verdict

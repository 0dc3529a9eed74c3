"""One turn: settle, read, apply, plan, send, summarize."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from worker.clock import Clock
from worker.errors import AskaroundError, ConfigError, WorldError
from worker.jobs import absence, alerts, copy, hold, plan, poll, prune, send, settle, summarize, warp
from worker.jobs.desk import Desk, Mailbox
from worker.jobs.ids import Ids
from worker.jobs.kept import Read
from worker.jobs.late import last_whole_turn
from worker.mailbox import imap
from worker.store import Store, mailboxes, outbox


@dataclass(slots=True)
class Report:
    """What a turn did; `json` is what `once --json` prints."""

    read: list[Read] = field(default_factory=list)
    sent: list[send.Sent] = field(default_factory=list)
    held: list[send.Held] = field(default_factory=list)
    waiting: list[send.Held] = field(default_factory=list)  # for the owner's word
    queued: int = 0
    cancelled: int = 0
    errors: list[str] = field(default_factory=list)
    summary: str | None = None
    summary_failed: str | None = None  # why it could not be sent
    told_at_once: int = 0  # mails about a yes or a question
    trouble: bool = False  # with a server: a reason to come back later
    wrong: bool = False  # something that the owner wrote cannot be used: configuration, template
    next_try: datetime | None = None

    def json(self) -> dict[str, Any]:
        """The document of `once --json`."""
        return {
            "read": [
                {"email": one.email, "kind": one.kind, "intent": one.intent, "confidence": one.confidence}
                for one in self.read
            ],
            "sent": [{"email": one.email, "step": one.step, "message_id": one.message_id} for one in self.sent],
            "queued": self.queued,
            "cancelled": self.cancelled,
            "held": [{"email": one.email, "step": one.step, "why": one.why} for one in (*self.held, *self.waiting)],
            "errors": list(dict.fromkeys(self.errors)),
            "summary": self.summary,
        }

    @property
    def idle(self) -> bool:
        """Whether the turn had nothing to do."""
        return not (self.read or self.sent or self.queued or self.cancelled or self.summary)


class Reader:
    """The IMAP connection of a turn: opened when it is first needed, given up once it is lost."""

    def __init__(self, store: Store, desk: Desk, clock: Clock, report: Report) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._report = report
        self._stack = contextlib.ExitStack()
        self._session: imap.ImapSession | None = None
        self._refused = False

    def session(self) -> imap.ImapSession:
        """The signed-in session; raises WorldError."""
        if self._session is None:
            self._session = self._stack.enter_context(imap.connect(self._desk.mailbox.imap))
        return self._session

    def read(self) -> bool:
        """Read all watched folders to their end; False (and a line in the report) where that was not possible."""
        if self._refused:
            return False
        try:
            found = poll.poll(self._store, self._desk, self.session(), self._clock)
        except (WorldError, ConfigError) as error:
            self._failed(error)
            return False
        self._report.read += found.read
        self._report.errors += found.errors
        return found.complete

    def attempt(self, work: Callable[[imap.ImapSession], object]) -> None:
        """Do something else with the mailbox; what goes wrong is reported and changes nothing."""
        if self._refused:
            return
        try:
            work(self.session())
        except (WorldError, ConfigError) as error:
            self._failed(error)

    def _failed(self, error: AskaroundError) -> None:
        self._report.errors.append(error.sentence())
        self._report.wrong = self._report.wrong or not isinstance(error, WorldError)
        self._report.trouble = True
        self._session = None
        self._stack.close()
        self._refused = True  # one log-in a turn: trying on would count towards a lock-out

    def close(self) -> None:
        """Log out."""
        self._stack.close()


@contextlib.contextmanager
def _reader(store: Store, desk: Desk, clock: Clock, report: Report) -> Iterator[Reader]:
    reader = Reader(store, desk, clock, report)
    try:
        yield reader
    finally:
        reader.close()


def turn(
    store: Store,
    mailbox: Mailbox,
    clock: Clock,
    ids: Ids,
    *,
    stopping: Callable[[], bool] = lambda: False,
    heartbeat: Callable[[], None] = lambda: None,
) -> Report:
    """Do one turn for a mailbox, whose lock the caller holds; gives what was done and what went wrong.

    Raises AskaroundError only for what makes every turn useless (the database cannot be written, the
    configuration is wrong); a server that is away is reported and left for the next turn.
    """
    report = Report()
    desk = absence.refreshed(store, Desk(mailbox, clock.now(), ids))
    before = store.read(lambda tx: outbox.tally(tx, mailbox.id))
    since = store.read(lambda tx: last_whole_turn(mailboxes.get(tx, mailbox.id)))
    report.errors += warp.doubts(store, desk)
    report.errors += settle.settle_open(store, desk)
    heartbeat()
    with _reader(store, desk, clock, report) as reader:
        readable = reader.read()
        if readable:
            reader.attempt(lambda session: poll.look_in_sent(store, desk, session))
        heartbeat()
        desk = absence.refreshed(store, desk)  # the owner may have said just now that they are away
        plan.plan(store, desk)
        with send.line_of(desk) as line:
            done = send.send_due(
                store, desk, clock, line, read=readable, since=since, read_again=reader.read, stopping=stopping
            )
            report.sent, report.held, report.next_try = done.sent, done.held, done.next_try
            report.errors += done.errors
            report.trouble = report.trouble or done.trouble
            report.wrong = report.wrong or done.wrong
            heartbeat()
            if done.sent:
                # what was just sent may make the next step due, and its due time belongs in the summary
                plan.plan(store, desk)
            if readable:
                reader.attempt(lambda session: copy.file_copies(store, desk, session))
            if not stopping():
                report.summary, troubles = _summary(store, desk, clock, line, report)
                report.summary_failed = troubles[0] if troubles else None
                if report.summary is not None:
                    store.transaction(lambda tx: mailboxes.note(tx, mailbox.id, status_asked_at=None))
                elif not troubles:
                    report.summary, troubles = _status(store, desk, clock, line, report)
                if readable and report.summary is None and not troubles:
                    report.summary, troubles = _sign_in_is_over(store, desk, clock, line, report)
                troubles = troubles or _alerts(store, desk, clock, line, report)
                report.errors += troubles
                report.trouble = report.trouble or bool(troubles)
    heartbeat()
    prune.prune_if_due(store, desk)
    trouble = mailbox.sign_in_trouble()
    if trouble is not None and trouble.sentence not in report.errors:
        report.errors.append(trouble.sentence)
    held = hold.sentence(store.read(lambda tx: mailboxes.get(tx, mailbox.id)))
    if held is not None:
        report.errors.append(held)
    report.waiting = store.read(lambda tx: send.waiting_for_a_word(tx, desk))
    after = store.read(lambda tx: outbox.tally(tx, mailbox.id))
    report.queued, report.cancelled = after.planned - before.planned, max(0, after.cancelled - before.cancelled)
    store.transaction(
        lambda tx: mailboxes.note(tx, mailbox.id, last_turn_at=desk.now, errors=list(dict.fromkeys(report.errors))[:20])
    )
    return report


def _alerts(store: Store, desk: Desk, clock: Clock, line: send.Line, report: Report) -> list[str]:
    try:
        report.told_at_once = alerts.send_due(store, desk, clock, line)
    except WorldError as error:
        return [f"You could not be told at once of an answer: {error.sentence()}"]
    except AskaroundError as error:
        return [error.sentence()]
    return []


def _status(store: Store, desk: Desk, clock: Clock, line: send.Line, report: Report) -> tuple[str | None, list[str]]:
    try:
        return summarize.answer_status(store, desk, clock, line, errors=report.errors), []
    except WorldError as error:
        return None, [f"Your question how it stands could not be answered: {error.sentence()}"]
    except AskaroundError as error:
        return None, [error.sentence()]


def _sign_in_is_over(
    store: Store, desk: Desk, clock: Clock, line: send.Line, report: Report
) -> tuple[str | None, list[str]]:
    try:
        return summarize.tell_while_it_lasts(store, desk, clock, line, errors=report.errors), []
    except AskaroundError as error:
        return None, [error.sentence()]


def _summary(store: Store, desk: Desk, clock: Clock, line: send.Line, report: Report) -> tuple[str | None, list[str]]:
    try:
        return summarize.send_if_due(store, desk, clock, line, errors=report.errors), []
    except WorldError as error:
        return None, [f"The summary could not be sent: {error.sentence()}"]
    except AskaroundError as error:
        return None, [error.sentence()]

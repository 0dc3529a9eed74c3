"""The long-running loop: three wall-clock ticks ask for turns, signals end it between two steps."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

import schedule

from worker import __version__
from worker import log as logs
from worker.clock import Clock, SystemClock
from worker.errors import AskaroundError, StoreError, StoreTooNew, WorldError
from worker.jobs import alarm, summarize
from worker.jobs.desk import Desk, Mailbox
from worker.jobs.ids import Ids
from worker.jobs.turn import Report, turn
from worker.store import Store, journal, mailboxes, outbox

if TYPE_CHECKING:
    from sqlalchemy import Row

log = logs.logger()
T = TypeVar("T")

LOOK_EVERY = timedelta(seconds=5)  # how long the loop sleeps at most: signals and the heartbeat want that
FIRST_BACKOFF = timedelta(minutes=1)
LONGEST_BACKOFF = timedelta(minutes=30)
# Lines of the journal whose sentence is ours alone: no words, names or addresses of anybody.
TOLD = frozenset({"read", "state", "sent", "settled", "late", "paused", "resumed", "hold", "owner_away", "finished"})
WITHOUT_WHY = frozenset({"planned", "cancelled", "held"})  # a colon stands before the reason, which may name somebody


class Notifier:
    """systemd's notification socket (sd_notify(3)); silent where there is none."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")

    def say(self, message: str) -> None:
        """Send READY=1, WATCHDOG=1, STOPPING=1 or STATUS=...; a lost one is harmless."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
                door.connect(address)
                door.sendall(message.encode())
        except OSError as error:
            log.debug("systemd does not listen", why=str(error))


def patiently(open_it: Callable[[], T], clock: Clock) -> T:
    """What `open_it` gives, tried again for as long as the database cannot be used, less and less often.

    A disk that is full or read-only, or a database server that has not started yet, ends no service: one that ended
    would be started again and again.
    """
    notify = Notifier(dict(os.environ))
    failures = 0
    while True:
        try:
            return open_it()
        except StoreTooNew:
            raise
        except StoreError as error:
            failures += 1
            rest = min(FIRST_BACKOFF * 2 ** min(failures - 1, 10), LONGEST_BACKOFF)
            log.warning(error.sentence())
            for word in ("READY=1", f"STATUS={error.what[:200]}"):
                notify.say(word)
            until = clock.now() + rest
            while clock.now() < until:
                notify.say("WATCHDOG=1")
                clock.wait_until(min(until, clock.now() + LOOK_EVERY))


def _shown(what: str, text: str) -> str | None:
    """What of a journal's sentence goes into the log."""
    if what in WITHOUT_WHY:
        return text.partition(": ")[0]
    return text if what in TOLD else None


class Service:
    """Turns at ticks until somebody says stop. One mailbox, one thread."""

    def __init__(
        self,
        store: Store,
        mailbox: Mailbox,
        clock: SystemClock,
        ids: Ids,
        *,
        poll_minutes: float,
    ) -> None:
        self._store = store
        self._mailbox = mailbox
        self._clock = clock
        self._ids = ids
        self._logged: int | None = None  # the journal's last line that went into the log; None: not looked yet
        self._stop = threading.Event()
        self._wanted = True  # the first turn at once
        self._failures = 0
        self._rest_until: datetime | None = None
        self._next_try: datetime | None = None
        self._signed_out = False
        self._rung_on: date | None = None
        self._notify = Notifier(dict(os.environ))
        self._ticks = schedule.Scheduler()
        seconds = max(1, round(poll_minutes * 60))
        self._ticks.every(seconds).seconds.do(self._tick_poll)
        self._ticks.every(min(15, seconds)).seconds.do(self._tick_send)
        self._ticks.every(min(60, seconds)).seconds.do(self._tick_summarize)

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Stop between two steps; no new DATA begins. Also the handler of SIGTERM and SIGINT."""
        self._stop.set()
        self._clock.wake()

    def run(self) -> None:
        """Work until `stop`. Raises AskaroundError only for what no later turn could mend; the alarm is rung first."""
        try:
            self._run()
        except Exception as error:  # whatever ends the service: nobody would notice else
            what = error.sentence() if isinstance(error, AskaroundError) else type(error).__name__
            alarm.ring(self._mailbox.alert_command, f"askaround for {self._mailbox.address} has ended: {what}")
            raise

    def _run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self._notify.say("READY=1")
        log.info("started", mailbox=self._mailbox.address, version=__version__)
        while not self._stop.is_set():
            self._notify.say("WATCHDOG=1")
            try:
                self._ticks.run_pending()
            except WorldError as error:  # a database that is away for a minute ends no service
                self._failed([error.sentence()])
            if self._signed_out and not self._is_signed_out():
                self._signed_out, self._rest_until = False, None  # the owner has just signed in again
            now = self._clock.now()
            if self._wanted and (self._rest_until is None or now >= self._rest_until):
                self._wanted = False
                self._turn()
            if not self._stop.is_set():
                self._clock.wait_until(self._clock.now() + LOOK_EVERY)
        self._notify.say("STOPPING=1")
        log.info("stopped", mailbox=self._mailbox.address)

    def _tick_poll(self) -> None:
        self._wanted = True

    def _tick_send(self) -> None:
        now = self._clock.now()
        if self._next_try is not None and now < self._next_try:
            return
        due = self._store.read(lambda tx: outbox.next_due(tx, self._mailbox.id))
        if due is not None and due <= now:
            self._wanted = True

    def _tick_summarize(self) -> None:
        desk = Desk(self._mailbox, self._clock.now(), self._ids)
        if self._store.read(lambda tx: summarize.is_due(tx, desk)):
            self._wanted = True

    def _turn(self) -> None:
        try:
            if self._logged is None:
                self._logged = self._store.read(lambda tx: journal.last_id(tx, self._mailbox.id))
            with self._store.turn_lock(self._mailbox.address):
                report = turn(
                    self._store,
                    self._mailbox,
                    self._clock,
                    self._ids,
                    stopping=self._stop.is_set,
                    heartbeat=self._beat,
                )
        except StoreTooNew:
            raise
        except AskaroundError as error:
            self._failed([error.sentence()])
            self._summary_failed(error.sentence())
            return
        self._told(report)
        if report.summary_failed:
            self._summary_failed(report.summary_failed)
        # what is due and had to wait is not tried again before it may leave, or before the mailbox is read anew
        self._next_try = report.next_try or (self._clock.now() + timedelta(hours=1) if report.held else None)
        if report.trouble:
            self._failed(report.errors)
            return
        self._failures, self._rest_until = 0, None
        for line in dict.fromkeys(report.errors):  # one person's template is no reason to rest
            log.warning(line)

    def _summary_failed(self, why: str) -> None:
        """Ring once a local date if that date's summary is due and cannot be sent."""
        desk = Desk(self._mailbox, self._clock.now(), self._ids)
        if not self._mailbox.alert_command or self._rung_on == desk.today:
            return
        try:
            missing = self._store.read(lambda tx: summarize.is_missing(tx, desk))
        except WorldError:  # the database itself is away: nobody will hear by a summary
            missing = summarize.hour_has_passed(desk)
        if missing:
            self._rung_on = desk.today
            alarm.ring(self._mailbox.alert_command, f"askaround for {self._mailbox.address}: no summary today. {why}")

    def _beat(self) -> None:
        self._notify.say("WATCHDOG=1")
        self._log_actions()

    def _log_actions(self) -> None:
        """A line for each thing that was done, in this turn or by a command, since the last one."""
        while rows := self._lines():
            for row in rows:
                self._logged = row.id
                log.info(
                    row.what.replace("_", " "),
                    conversation=f"c{row.conversation_id}" if row.conversation_id is not None else None,
                    mail=f"m{row.outbox_id}" if row.outbox_id is not None else None,
                    email=row.email,
                    step=row.step,
                    message_id=row.message_id,
                    what=_shown(row.what, row.text),
                    rule=row.rule if row.what == "state" else None,
                )

    def _lines(self) -> list[Row[Any]]:
        after = self._logged
        if after is None:
            return []
        try:
            return self._store.read(lambda tx: journal.actions(tx, self._mailbox.id, after))
        except WorldError:  # they are still there when the database is
            return []

    def _told(self, report: Report) -> None:
        self._log_actions()
        if report.summary:
            log.info("summary sent", to=report.summary)
        if report.told_at_once:
            log.info("told at once", mails=report.told_at_once)
        log.debug("turn done", read=len(report.read), sent=len(report.sent), held=len(report.held))

    def _is_signed_out(self) -> bool:
        """Whether only the owner can begin a sign-in with OAuth2; asks no server."""
        trouble = self._mailbox.sign_in_trouble()
        return trouble is not None and trouble.over

    def _failed(self, errors: list[str]) -> None:
        """Back off: a server that is away is asked less and less often, at least every half hour."""
        self._failures += 1
        was, self._signed_out = self._signed_out, self._is_signed_out()
        if self._signed_out and not was:
            alarm.ring(self._mailbox.alert_command, f"askaround for {self._mailbox.address}: {errors[0]}")
        rest = min(FIRST_BACKOFF * 2 ** min(self._failures - 1, 10), LONGEST_BACKOFF)
        self._rest_until = self._clock.now() + rest
        self._wanted = True
        for error in dict.fromkeys(errors):
            log.warning(error)
        self._notify.say(f"STATUS={errors[0][:200]}")
        try:
            self._store.transaction(
                lambda tx: mailboxes.note(tx, self._mailbox.id, errors=list(dict.fromkeys(errors))[:20])
            )
        except WorldError as error:
            log.warning(error.what)

"""Plays the demo: turns of the worker, and between them what the cast and the owner do."""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

from sqlalchemy import Row

from worker.conversation import pacing
from worker.demo import correspondence
from worker.demo.cast import OWNER, OWNER_NAME, READS_THE_SUMMARY_AT, ZONE, Answer, Member, Script, Word
from worker.demo.clock import JumpingClock
from worker.demo.narrator import Narrator
from worker.demo.servers import EmbeddedServers, Envelope
from worker.jobs.desk import Desk, Mailbox
from worker.jobs.ids import SecretIds
from worker.jobs.turn import Report, turn
from worker.store import Store, contacts, journal, outbox

POLL = timedelta(minutes=5)  # how long a mail lies there before it is read, as with poll_minutes
REPORT_AFTER = timedelta(minutes=12)
PROVIDER = "mx.hale.example"


@dataclass(order=True, slots=True)
class Event:
    """Something that somebody else does at `at`; the worker sees it at `seen`."""

    at: datetime
    number: int
    seen: datetime = field(compare=False)
    happen: Callable[[], None] = field(compare=False)


class Stage:
    """The worker, its owner and the cast, from one due time to the next."""

    def __init__(
        self,
        servers: EmbeddedServers,
        store: Store,
        mailbox: Mailbox,
        clock: JumpingClock,
        narrator: Narrator,
        *,
        script: Script,
        password: str,
    ) -> None:
        self.servers = servers
        self.store = store
        self.mailbox = mailbox
        self.clock = clock
        self.narrator = narrator
        self.ids = SecretIds()
        self.cast = {member.email: member for member in script.cast}
        self.unsaid = list(script.words)
        self.errors: list[str] = []
        self._end = script.end
        self._password = password
        self._events: list[Event] = []
        self._numbers = 0
        self._heard = 0
        self._journal = 0
        self._received: Counter[str] = Counter()

    @property
    def desk(self) -> Desk:
        """What the owner's words are carried out with."""
        return Desk(self.mailbox, self.clock.now(), self.ids)

    def play(self) -> None:
        """Work until the script ends: a turn, then a jump to the next time at which anything is due."""
        self._journal = self.store.read(lambda tx: journal.last_id(tx, self.mailbox.id))
        while self.clock.now() < self._end:
            self._let_happen()
            self.narrator.at(self.clock.now())
            with self.store.turn_lock(self.mailbox.address):
                report = turn(self.store, self.mailbox, self.clock, self.ids)
            self.errors += report.errors
            self._tell(report)
            self._hear()
            self.clock.wait_until(self._next(report))

    def _let_happen(self) -> None:
        """What others did until now."""
        while self._events and self._events[0].at <= self.clock.now():
            self._events.pop(0).happen()

    def _plan(self, at: datetime, happen: Callable[[], None], seen: datetime | None = None) -> None:
        self._numbers += 1
        self._events.append(Event(at, self._numbers, seen or at, happen))
        self._events.sort()

    def _next(self, report: Report) -> datetime:
        """When the next thing is due: somebody else's act, a summary, a mail."""
        now = self.clock.now()
        local = now.astimezone(self.mailbox.zone)
        hour = datetime.combine(local.date(), self.mailbox.summary_at, self.mailbox.zone)
        moments = [hour if hour > now else hour + timedelta(days=1)]
        moments += [event.seen for event in self._events]
        moments += self.store.read(lambda tx: [self._leaves(tx, mail, report) for mail in self._waiting(tx)])
        return max(min(moments), now + timedelta(minutes=1))

    def _waiting(self, tx: Any) -> list[Row[Any]]:
        """The mails that leave by themselves; one that must stand in a summary first waits for that."""
        rows = outbox.in_states(tx, self.mailbox.id, {"due", "retry"})
        return [row for row in rows if not row.needs_notice or row.noticed_at or row.released_at]

    def _leaves(self, tx: Any, mail: Row[Any], report: Report) -> datetime:
        """When to try a mail: when it is due, in the person's working time, after the gap."""
        now = self.clock.now()
        due = max(filter(None, (mail.due, mail.not_before)))
        calendar = self.desk.calendar(contacts.get(tx, mail.contact_id))
        moment = pacing.fits(max(due, now), calendar)
        if moment > now:
            return moment
        return report.next_try or now + timedelta(days=1)

    def _hear(self) -> None:
        """The cast reads what has arrived, and plans its answers."""
        new = self.servers.accepted[self._heard :]
        self._heard += len(new)
        for envelope, raw in new:
            self._arrived(envelope, raw)

    def _arrived(self, envelope: Envelope, raw: bytes) -> None:
        member = self.cast.get(envelope.recipients[0])
        if member is None or envelope.sender != OWNER:
            return
        mail = correspondence.parsed(raw)
        now = self.clock.now()
        if member.bounces:
            at = now + REPORT_AFTER
            self._plan(at, lambda: self._bounce(member, mail, at), at + POLL)
            return
        number = self._received[member.email]
        self._received[member.email] += 1
        answer = member.answers[number] if number < len(member.answers) else None
        if answer is not None:
            at = now + timedelta(hours=answer.hours)
            self._plan(at, lambda: self._answer(member, answer, mail, at), at + POLL)

    def _answer(self, member: Member, answer: Answer, mail: EmailMessage, at: datetime) -> None:
        message_id = self.ids.message_id(member.email)
        raw = correspondence.answer(
            mail,
            answer.text,
            (member.name, member.email),
            message_id=message_id,
            date=at.astimezone(ZONE),
            client=member.client,
            automatic=answer.automatic,
        )
        self._submit(member.email, OWNER, raw)
        if answer.folder != "INBOX":
            self.servers.move(OWNER, "INBOX", answer.folder, message_id.encode())
        self.narrator.writes(at, member.name, answer.text, automatic=answer.automatic, folder=answer.folder)

    def _bounce(self, member: Member, mail: EmailMessage, at: datetime) -> None:
        message_id = self.ids.message_id(f"x@{PROVIDER}")
        raw = correspondence.failure_report(
            mail, member.email, host=PROVIDER, message_id=message_id, date=at.astimezone(ZONE)
        )
        self.servers.deliver(OWNER, raw, when=at)

    def _tell(self, report: Report) -> None:
        """Tell what the turn did, and see what the owner will say about it."""
        self.narrator.lines(self._new_lines())
        if report.summary:
            raw = self.servers.accepted[-1 - report.told_at_once][1]
            self.narrator.summary(self.clock.now(), str(correspondence.parsed(raw)["Subject"]))
        for _, raw in self.servers.accepted[-report.told_at_once :] if report.told_at_once else ():
            self.narrator.told_at_once(self.clock.now(), str(correspondence.parsed(raw)["Subject"]))
        for error in report.errors:
            self.narrator.trouble(self.clock.now(), error)

    def _new_lines(self) -> list[Row[Any]]:
        """What the journal says since it was last asked."""
        lines = self.store.read(lambda tx: journal.since(tx, self.mailbox.id, self._journal))
        for line in lines:
            self._journal = line.id
            self._owner_will_say(line)
        return lines

    def _owner_will_say(self, line: Row[Any]) -> None:
        for word in [one for one in self.unsaid if (one.upon, one.whom) == (line.what, line.email)]:
            self.unsaid.remove(word)
            day = line.at.astimezone(self.mailbox.zone).date() + timedelta(days=word.mornings)
            at = datetime.combine(day, time(*READS_THE_SUMMARY_AT), self.mailbox.zone)
            self._plan(at, partial(self._write_by_hand if word.by_hand else self._say, word, at))

    def _say(self, word: Word, at: datetime) -> None:
        from worker.jobs.obey import obey

        self.narrator.owner_says(at, word.about, word.words)
        for done in obey(self.store, self.desk, word.about, word.words):
            self.narrator.owner_hears(at, done)
        self._new_lines()  # told by what the owner hears

    def _write_by_hand(self, word: Word, at: datetime) -> None:
        theirs = [correspondence.parsed(raw) for raw in self.servers.messages(OWNER)]
        mail = [one for one in theirs if one["From"].addresses[0].addr_spec == word.about][-1]
        recipient, raw = correspondence.by_hand(
            mail,
            word.words,
            (OWNER_NAME, OWNER),
            message_id=self.ids.message_id(OWNER),
            date=at.astimezone(ZONE),
        )
        self._submit(OWNER, recipient, raw)
        self.servers.deliver(OWNER, raw, "Sent", when=at)
        self.narrator.owner_writes(at, word.about)

    def _submit(self, sender: str, recipient: str, raw: bytes) -> None:
        """A mail on its way through the demo's own server, as everybody's mail program sends it."""
        with smtplib.SMTP(self.servers.host, self.servers.smtp_port, timeout=30) as line:
            line.login(sender, self._password)
            line.sendmail(sender, [recipient], raw)

"""Random histories of people who are asked: the worker's own jobs on a database in memory, without servers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from sqlalchemy import delete

from tests.proof.courtesy import Facts, Heard, Left, Oracle, Rules
from worker.contacts.table import Row, Table
from worker.conversation.vocabulary import (
    Bounce,
    Contact,
    Intent,
    Kind,
    Match,
    Pace,
    Person,
    Reading,
    Replies,
    Sequence,
    Step,
)
from worker.demo.clock import JumpingClock
from worker.errors import AskaroundError
from worker.jobs import absence, match, obey, pausing, plan, record, send
from worker.jobs.desk import Desk, Mailbox, Owner, Templates
from worker.jobs.enlist import enlist
from worker.jobs.letters import Letter
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.mailbox.answers import About, Outcome, Result
from worker.reading.headers import Headers
from worker.store import Store, contacts, conversations, mailboxes, outbox, people, reviews
from worker.store.schema import contact, metadata

OWNER = "robin@owner.example"
START = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)  # a Monday
DAYS = 40
FREE_MAIL = ("gmail.com", "gmx.de", "outlook.com")
NAMES = ("Una Berg", "Bo Lind", "Cyd Moss", "Dora Fels", "Eva Kern", "Fay Holm", "Gus Rand", "Hal Moor")

ACCEPTED = Outcome(Result.accepted, About.message, code=250)
WORDS = (
    *("yes", "no", "stop", "remove", "wait", "ok", "ok", "undo", "met", "met", "called", "no answer", "send", "cancel"),
    *("later 2027-04-12", "later 2027-03-22", "not a decline", "declined", "interested", "not yet", "no talk"),
)
SORTS = (
    *("interested", "interested", "question", "declined", "declined", "declined", "referral", "referral", "later"),
    *("later", "out_of_office", "out_of_office", "out_of_office", "opt_out", "opt_out", "left_company", "other"),
)


class Numbers:
    """Identifiers that are the same each time a history is played."""

    def __init__(self) -> None:
        self._last = 0

    def message_id(self, address: str) -> str:
        self._last += 1
        return f"<{self._last}@{address.rpartition('@')[2]}>"

    def token(self) -> str:
        self._last += 1
        return f"{self._last:022}"


@dataclass(slots=True)
class _Submitted:
    """Stands where the SMTP session stands: takes every mail, and tells the history of it."""

    history: Histories

    def session(self) -> _Submitted:
        return self

    def submit(self, sender: str, recipient: str, raw: bytes, *, before_data: Any) -> Outcome:
        before_data()
        self.history.left(recipient, raw.decode())
        return ACCEPTED


@dataclass(slots=True)
class Mail:
    """An answer that waits to be read."""

    address: str
    reading: Reading
    match: Match
    junk: bool
    sender: str


@dataclass(slots=True)
class Histories:
    """One owner, some companies with their people, forty days: all drawn from one seed.

    Each company (or free-mail domain) is one history; they share the owner, the pace and the calendar. `broken` says
    which promises did not hold.
    """

    seed: int
    store: Store
    log: list[str] = field(default_factory=list)
    how_many: int = 12

    rng: random.Random = field(init=False)
    clock: JumpingClock = field(init=False)
    oracle: Oracle = field(init=False)
    mailbox: Mailbox = field(init=False)
    ids: Numbers = field(init=False)
    waiting: list[Mail] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    # -- the world

    def __post_init__(self) -> None:
        draw = random.Random(self.seed)
        self.rng = draw
        self.clock = JumpingClock(START)
        self.ids = Numbers()
        pace = Pace(
            per_day=draw.choice((3, 8, 30)),
            window=draw.choice(((540, 1020), (540, 1020), (0, 1440), (480, 600))),
            weekdays=frozenset(draw.choice((range(5), range(5), range(7), (0, 2, 4)))),
            gap_minutes=draw.choice(((0, 0), (0, 0), (4, 11))),
            holidays=draw.choice(("auto", False)),
            per_company_at_once=draw.choice((1, 1, 1, 2)),
            company_rest_days=draw.choice((0, 1, 3, 3, 5)),
        )
        sequence = Sequence(
            call_after_days=draw.choice((None, 3)),
            nudge_after_days=draw.choice((None, 2, 5, 5)),
            silent_after_days=draw.choice((6, 10)),
            approve=frozenset(draw.choice(((), (), (), (Step.nudge,)))),
        )
        replies = Replies(
            referral_delay_hours=draw.choice(((0, 0), (0, 0), (20, 30))), ask_new_contacts=draw.random() < 0.6
        )
        zone = draw.choice(("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"))
        configured = ((date(2027, 3, 11), date(2027, 3, 14)),) if draw.random() < 0.2 else ()
        self.mailbox = Mailbox(
            id=self._enrol(),
            address=OWNER,
            owner=Owner("Robin Owner", OWNER, zone, away=configured),
            imap=ImapAccess("localhost", 1, "plain", OWNER, str),
            smtp=SmtpAccess("localhost", 1, "plain", OWNER, str),
            pace=pace,
            sequence=sequence,
            replies=replies,
            templates=lambda campaign, language: Templates({}, {}),
        )
        self.oracle = Oracle(
            Rules(pace, sequence, replies, zone, list(configured), configured=configured),
            self._facts(),
        )
        self._import(self._people())

    def _enrol(self) -> int:
        with self.store.engine.begin() as tx:
            for table in reversed(metadata.sorted_tables):
                tx.execute(delete(table))
            return mailboxes.enrol(tx, OWNER, START)

    def _facts(self) -> Facts:
        return InStore(self.store, self.mailbox.id)

    def _people(self) -> Iterator[Contact]:
        for number in range(self.how_many):
            free = self.rng.random() < 0.15
            domain = self.rng.choice(FREE_MAIL) if free else f"co{number}.example"
            for name in self.rng.sample(NAMES, self.rng.choice((1, 2, 2, 3))):
                first, last = name.split()
                referred = self.addresses[0] if self.addresses and self.rng.random() < 0.1 else None
                yield self._person(f"{first.lower()}.{number}@{domain}", first, last, number, referred, free)

    def _person(
        self, address: str, first: str, last: str, number: int, referred: str | None, free: bool = False
    ) -> Contact:
        self.addresses.append(address)
        self.oracle.met(address, handed=referred is not None)
        return Contact(
            email=address,
            name=f"{first} {last}",
            first_name=first,
            last_name=last,
            company=None if free else f"Company {number}",
            phone="+49 30 1234567" if self.rng.random() < 0.3 else None,
            timezone=self.rng.choice((None, None, "Europe/Paris", "America/Chicago")),
            referred_by=referred,
        )

    def _import(self, found: Iterator[Contact] | list[Contact], campaign: str = "default") -> None:
        rows = tuple(Row(number, person) for number, person in enumerate(found, 2))
        enlist(self.store, self.desk, Table(rows, (), ()), campaign)
        with self.store.engine.begin() as tx:
            self._look_in_sent(tx)

    @staticmethod
    def _look_in_sent(tx: Any) -> None:
        tx.execute(contact.update().where(contact.c.looked_in_sent_at.is_(None)).values(looked_in_sent_at=START))

    @property
    def desk(self) -> Desk:
        return absence.refreshed(self.store, Desk(self.mailbox, self.clock.now(), self.ids))

    @property
    def today(self) -> date:
        """The owner's local date."""
        return self.clock.now().astimezone(self.mailbox.zone).date()

    def say(self, what: str) -> None:
        """Note what happens, for whoever looks for the cause."""
        self.log.append(f"{self.clock.now():%a %d %b %H:%M} {what}")

    # -- what is played

    def play(self) -> list[str]:
        """Forty days; gives the promises that were broken."""
        with patch.object(send, "write_letter", self._letter):
            while self.clock.now() < START + timedelta(days=DAYS):
                hours = self.rng.choice((1, 3, 6, 17, 24, 24, 48))
                self.clock.advance(timedelta(hours=hours, minutes=self.rng.randrange(60)))
                for _ in range(self.rng.choice((1, 2, 3, 5))):
                    self._something()
                self._turn()
                if self.oracle.broken:
                    break
        return self.oracle.broken

    def _turn(self) -> None:
        self._read()
        plan.plan(self.store, self.desk)
        self._notice()
        for _ in range(6):  # with a gap between them, one mail a round
            result = send.send_due(
                self.store,
                self.desk,
                self.clock,
                cast(send.Line, _Submitted(self)),
                read_again=self._read_again,
            )
            if not result.sent or result.next_try is None or result.next_try - self.clock.now() > timedelta(hours=1):
                break
            self.clock.wait_until(result.next_try)
        plan.plan(self.store, self.desk)
        self._one_conversation_each()

    def _one_conversation_each(self) -> None:
        rows = self.store.read(lambda tx: conversations.with_contacts(tx, self.mailbox.id))
        seen = Counter(row.email.lower() for row in rows if row.email)
        self.oracle.broken += [f"{number} conversations with {who}" for who, number in seen.items() if number > 1]

    def _notice(self) -> None:
        """The morning's summary: what waits to leave stands in it."""

        def work(tx: Any) -> None:
            for mail in outbox.in_states(tx, self.mailbox.id, ("due", "retry")):
                if mail.needs_notice and mail.noticed_at is None and self.rng.random() < 0.7:
                    outbox.note(tx, mail.id, noticed_at=self.clock.now())
                    self.oracle.noticed.add(mail.id)

        self.store.transaction(work)

    def _read_again(self) -> bool:
        self._read()
        return True

    def _read(self) -> None:
        began = self.clock.now()
        arrived, self.waiting = self.waiting, []
        for mail in arrived:
            self._record(mail)
        self.store.transaction(lambda tx: mailboxes.note(tx, self.mailbox.id, read_began_at=began, read_ended_at=began))
        with self.store.engine.begin() as tx:
            self._look_in_sent(tx)

    def _record(self, mail: Mail) -> None:
        ours = self.oracle.last_to(mail.address)
        now, desk = self.clock.now(), self.desk

        def work(tx: Any) -> None:
            row = outbox.get(tx, ours.outbox_id)
            tied = match.Tie(
                conversations.get(tx, row.conversation_id), contacts.get(tx, row.contact_id), row, mail.match
            )
            name = (tied.contact.name or "") if mail.sender == mail.address else "Pat Other"
            head = Headers(from_=((name, mail.sender),), subject="Re: Hello")
            place: Any = SimpleNamespace(role="junk" if mail.junk else "inbox", raw_id=None, id=0, internal_date=now)
            number = self.ids.message_id(mail.sender)
            record._record(tx, desk, place, head, number, number, mail.reading, tied)

        self.store.transaction(work)
        self.oracle.heard(Heard(now, mail.address, mail.reading, mail.match, mail.junk, mail.sender == mail.address))
        self.say(f"{mail.address}: {_short(mail)}")

    def left(self, recipient: str, told: str) -> None:
        """A mail has left: `told` is its outbox id, step and whether it says by whom."""
        number, step, by_whom = told.split()
        left = Left(self.clock.now(), recipient, Step(step), int(number), by_whom == "True")
        self.say(f"  > {step} to {recipient}")
        self.oracle.leaves(left)

    @staticmethod
    def _letter(
        tx: Any, desk: Desk, conversation: Any, contact: Any, step: Step, *, message_id: str, token: str
    ) -> Letter:
        row = outbox.step_of(tx, conversation.id, step)
        assert row is not None
        referred = contact.introducer_id is not None or bool(contact.referred_by)
        return Letter(f"{row.id} {step} {referred}".encode(), "Hello", contact.email, "")

    # -- what happens

    def _something(self) -> None:
        what = self.rng.random()
        if what < 0.55:
            self._somebody_answers()
        elif what < 0.85:
            self._the_owner_speaks()
        elif what < 0.9:
            self._the_owner_is_away()
        elif what < 0.95:
            self._more_people()
        else:
            self._pause()

    def _somebody_answers(self) -> None:
        known = sorted(self.oracle.lives_written_to)
        if not known:
            return
        address = self.rng.choice(known)
        sort = self.rng.choice(SORTS)
        today = self.clock.now().date()
        kind, human = Kind.reply, sort != "out_of_office"
        if self.rng.random() < 0.05:
            bounce = Bounce(address, "5.1.1", True, "user_unknown")
            reading = Reading(Kind.bounce, bounce=bounce, sure=True, confidence=1.0)
        else:
            if sort == "out_of_office":
                kind = Kind.auto_reply
            dated = self.rng.random() < 0.7
            reading = Reading(
                kind,
                Intent(sort),
                confidence=0.97,
                sure=sort != "other" and self.rng.random() < 0.85,
                human=human,
                new_text="words",
                referrals=self._named(address) if sort == "referral" or self.rng.random() < 0.1 else (),
                return_date=today + timedelta(days=self.rng.randrange(1, 15)) if not human and dated else None,
                resume_after=today + timedelta(days=self.rng.randrange(2, 25)) if sort == "later" and dated else None,
            )
        guess = self.rng.random() < 0.06
        junk = self.rng.random() < 0.05
        sender = "somebody@else.example" if human and self.rng.random() < 0.05 else address
        self.waiting.append(Mail(address, reading, Match.guess if guess else Match.thread, junk, sender))

    def _named(self, address: str) -> tuple[Person, ...]:
        found = []
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            first, last = self.rng.choice(NAMES).split()
            domain = self.rng.choice((address.partition("@")[2], address.partition("@")[2], "elm.example"))
            email = self.rng.choice((f"{first.lower()}.n@{domain}", self.rng.choice(self.addresses), None, OWNER))
            found.append(Person(f"{first} {last}", email))
        return tuple(found)

    def _the_owner_speaks(self) -> None:
        words = self.rng.choice(WORDS)
        who = self._whom()
        if who is None:
            return
        if who.startswith("d") and "@" not in who:
            words = self.rng.choice(("yes", "no"))
        before = self.clock.now()
        try:
            done = obey.obey(self.store, self.desk, who, words)
        except AskaroundError:
            return
        self.say(f"the owner says of {who}: {words}: {done}")
        address = who if "@" in who else self.store.read(lambda tx: _address(tx, who))
        if address is not None and who.startswith("d") and "@" not in who:
            self.oracle.told_of_domain(address, words)
        elif address is not None:
            self.oracle.told(address, words, before)
        with self.store.engine.begin() as tx:
            self._look_in_sent(tx)

    def _whom(self) -> str | None:
        draw = self.rng.random()
        if draw < 0.5:
            return self.rng.choice(self.addresses)

        def pick(tx: Any) -> list[str]:
            if draw < 0.65:
                return [f"p{row.id}" for row in people.proposed(tx, self.mailbox.id)]
            if draw < 0.8:
                return [f"r{row.id}" for row in reviews.waiting(tx, self.mailbox.id)]
            if draw < 0.9:
                return [f"d{row.id}" for row in contacts.with_open_domain(tx, self.mailbox.id)]
            return [f"m{row.id}" for row in outbox.in_states(tx, self.mailbox.id, ("draft", "held", "due"))]

        found = self.store.read(pick)
        return self.rng.choice(found) if found else None

    def _the_owner_is_away(self) -> None:
        today = self.today
        first = today + timedelta(days=self.rng.choice((0, 1, 3)))
        last = first + timedelta(days=self.rng.randrange(0, 8))
        self._absent(first, last)
        if first <= today:
            self.oracle.rules.end_absences(today, today)
        self.oracle.rules.away.append((first, last))
        self.say(f"the owner is away {first} to {last}")

    def _absent(self, first: date, last: date) -> None:
        desk = self.desk
        self.store.transaction(lambda tx: absence.begin(tx, desk, first, last))

    def _pause(self) -> None:
        if self.oracle.rules.paused or self.rng.random() < 0.3:
            self._sends(True)
            rules, today = self.oracle.rules, self.today
            if not rules.end_absences(today, today + timedelta(days=1)) and not rules.paused:
                rules.end_absences(today, date.max)
            rules.paused = False
            self.say("the owner resumes")
        else:
            self._sends(False)
            self.oracle.rules.paused = True
            self.say("the owner pauses")

    def _sends(self, again: bool) -> None:
        if again:
            pausing.resume(self.store, self.desk)
        else:
            pausing.pause(self.store, self.desk, None)

    def _more_people(self) -> None:
        if self.rng.random() < 0.6:  # somebody known, in another campaign and another case
            address = self.rng.choice(self.addresses)
            self._import([Contact(email=address.upper(), name="Una Berg")], self.rng.choice(("second", "third")))
            return
        number = self.rng.randrange(self.how_many)
        address = f"late.{len(self.addresses)}@co{number}.example"
        self._import([self._person(address, "Ida", "Late", number, None)], "second")
        self.say(f"{address} is new")


@dataclass(frozen=True, slots=True)
class InStore:
    """The facts as they stand in the database."""

    store: Store
    mailbox_id: int

    def _person(self, tx: Any, address: str) -> Any:
        return contacts.by_key(tx, self.mailbox_id, address.lower())

    def zone(self, address: str) -> str | None:
        """The time zone of a person, where it is known."""
        person = self.store.read(lambda tx: self._person(tx, address))
        return person.timezone if person is not None else None

    def state(self, address: str) -> str:
        """Where the conversation with a person stands."""

        def ask(tx: Any) -> str:
            return str(conversations.of_contact(tx, self._person(tx, address).id)[0].state)

        return self.store.read(ask)

    def is_gone(self, address: str) -> bool:
        """Whether a person counts as opted out."""
        person = self.store.read(lambda tx: self._person(tx, address))
        return person is not None and person.opted_out_at is not None

    def thanks_due(self, address: str) -> datetime | None:
        """When thanks for a talk that wait for nothing but their time are to leave."""

        def ask(tx: Any) -> Any:
            talk = conversations.of_contact(tx, self._person(tx, address).id)[0]
            return outbox.step_of(tx, talk.id, Step.thanks_for_talk)

        mail = self.store.read(ask)
        fresh = mail is not None and mail.state == "due" and mail.attempt == 0
        return mail.due if fresh else None


def _address(tx: Any, who: str) -> str | None:
    """Whose address an id stands for."""
    kind, number = who[0], int(who[1:])
    if kind == "d":
        return str(contacts.get(tx, number).email)
    if kind == "m":
        return str(contacts.get(tx, outbox.get(tx, number).contact_id).email)
    if kind == "p":
        named = people.find(tx, 1, number)
        return str(named.email) if named is not None and named.email else None
    review = reviews.find(tx, 1, number)
    if review is None or review.conversation_id is None:
        return None
    return str(contacts.get(tx, conversations.get(tx, review.conversation_id).contact_id).email)


def _short(mail: Mail) -> str:
    reading = mail.reading
    parts = [str(reading.intent or reading.kind)]
    parts += [] if reading.sure else ["unsure"]
    parts += ["guess"] if mail.match is Match.guess else []
    parts += ["junk"] if mail.junk else []
    parts += ["by another"] if mail.sender != mail.address else []
    parts += [str(one) for one in (reading.return_date, reading.resume_after) if one]
    parts += [f"names {one.email}" for one in reading.referrals]
    return " ".join(parts)

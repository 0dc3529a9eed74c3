"""The rules of courtesy, told anew: what may leave to whom, judged from what was heard, said and sent alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import holidays

from worker.conversation.vocabulary import Intent, Kind, Match, Pace, Reading, Replies, Sequence, Step

A_DAY = timedelta(days=1)
OVER = {"referred", "closed", "unreachable", "met", "opted_out"}
SILENT = {"planned", "asked", "silent"}
FREE_MAIL = {"gmail.com", "gmx.de", "outlook.com"}
COUNTRIES = {
    "Europe/Berlin": "DE",
    "Europe/Paris": "FR",
    "America/New_York": "US",
    "America/Chicago": "US",
    "Asia/Tokyo": "JP",
}
FREED = {"yes", "met", "undo"}  # words of the owner after which somebody may be written to again
BY_ANSWER = {
    Intent.declined: Step.referral_request,
    Intent.referral: Step.thanks_for_name,
    Intent.later: Step.check_in,
}
ANSWERS = frozenset((*BY_ANSWER.values(), Step.thanks_for_talk, Step.report_back))
_HOLIDAYS: dict[str, Any] = {}


@dataclass(slots=True)
class Rules:
    """What the owner has set, and said since about the mailbox as a whole."""

    pace: Pace
    sequence: Sequence
    replies: Replies
    zone: str
    away: list[tuple[date, date]]
    paused: bool = False
    configured: tuple[tuple[date, date], ...] = ()

    def end_absences(self, today: date, beginning_until: date) -> bool:
        """The owner is back: what they said of today is over, and what begins until then; False where nothing was.

        What stands in the configuration stays.
        """
        before = list(self.away)
        said = [one for one in before if one not in self.configured]
        kept = [(first, last) for first, last in said if not today <= first <= beginning_until]
        ended = [(first, min(last, today - A_DAY) if first < today else last) for first, last in kept]
        self.away[:] = [*self.configured, *ended]
        return ended != said

    def is_away(self, day: date) -> bool:
        """Whether the owner is away on that day."""
        return any(first <= day <= last for first, last in self.away)


@dataclass(frozen=True, slots=True)
class Left:
    """A mail that left: its outbox row, and whether it says by whom we know of them."""

    at: datetime
    address: str
    step: Step
    outbox_id: int
    by_whom: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A mail that was read."""

    at: datetime
    address: str
    reading: Reading
    match: Match
    junk: bool
    by_them: bool

    @property
    def counts(self) -> bool:
        """Whether the worker may answer it by itself."""
        sound = self.reading.sure and self.reading.human and self.by_them and not self.junk
        return sound and self.match is Match.thread


@dataclass(slots=True)
class Life:
    """What happened with one person."""

    address: str
    zone: str | None = None
    left: list[Left] = field(default_factory=list)
    human_at: datetime | None = None  # their last human mail, or one in their thread
    answered_at: datetime | None = None  # the last mail that may be answered
    licensed: set[Step] = field(default_factory=set)
    word_at: datetime | None = None  # the owner's last word about them
    away_until: date | None = None
    gone: bool = False  # opted out
    declined: bool = False

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]

    def when(self, step: Step) -> datetime | None:
        """When that step left."""
        return next((one.at for one in self.left if one.step is step), None)

    def spoken_since(self, moment: datetime | None) -> bool:
        """Whether the owner said something about them at or after that."""
        return self.word_at is not None and (moment is None or self.word_at >= moment)


class Facts(Protocol):
    """What the oracle asks the world, beside what it was told."""

    def zone(self, address: str) -> str | None:
        """The time zone of a person, where it is known."""

    def state(self, address: str) -> str:
        """Where the conversation with a person stands."""

    def is_gone(self, address: str) -> bool:
        """Whether a person counts as opted out."""

    def thanks_due(self, address: str) -> datetime | None:
        """When thanks for a talk that wait for nothing but their time are to leave."""


class Oracle:
    """Judges every mail that leaves; `broken` holds what should not have been."""

    def __init__(self, rules: Rules, facts: Facts) -> None:
        self.rules = rules
        self.facts = facts
        self.lives: dict[str, Life] = {}
        self.broken: list[str] = []
        self.noticed: set[int] = set()
        self.judged: Counter[str] = Counter()
        self._all: list[Left] = []
        self._in_question: dict[str, dict[str, datetime]] = {}  # domain: who opted out there, and when
        self._settled: set[str] = set()  # people about whose domain the owner was asked
        self._never: set[str] = set()  # domains
        self._handed: set[str] = set()

    # -- what is told to the oracle

    def met(self, address: str, *, handed: bool) -> None:
        """Somebody whom the owner has added."""
        self.lives.setdefault(address, Life(address))
        if handed:
            self._handed.add(address)

    @property
    def lives_written_to(self) -> list[str]:
        """Whom we have written to."""
        return [address for address, life in self.lives.items() if life.left]

    def last_to(self, address: str) -> Left:
        """Our last mail to somebody."""
        return self.lives[address].left[-1]

    def heard(self, mail: Heard) -> None:
        """A mail was read."""
        life, reading = self.lives[mail.address], mail.reading
        in_thread = mail.match is Match.thread
        if reading.human:
            life.human_at = mail.at
            if in_thread:
                life.away_until = None
        if reading.intent is Intent.opt_out and reading.sure and (mail.by_them or not in_thread):
            life.gone = True
            if life.domain not in FREE_MAIL and life.domain not in self._never and life.address not in self._settled:
                self._in_question.setdefault(life.domain, {}).setdefault(life.address, mail.at)
        elif reading.kind is Kind.auto_reply and reading.sure and in_thread and not life.gone:
            day = reading.return_date
            life.away_until = day if day is not None else self._business_days_on(life, mail.at, 5)
        elif mail.counts and reading.intent in BY_ANSWER and not life.gone:
            life.answered_at = mail.at
            life.licensed.add(BY_ANSWER[reading.intent])
            life.declined = life.declined or reading.intent is Intent.declined

    def told_of_domain(self, address: str, words: str) -> None:
        """The owner has said whether others of this person's domain may be written to."""
        domain = address.rpartition("@")[2]
        self._settled |= {address, *self._in_question.pop(domain, {})}
        if words == "yes":
            self._never.add(domain)

    def told(self, address: str, words: str, at: datetime) -> None:
        """The owner said something about somebody, a mail to them, a review of theirs."""
        life = self.lives.setdefault(address, Life(address))
        life.word_at = at
        if words in FREED:
            life.gone = False
            self._in_question.get(life.domain, {}).pop(address, None)
        if words == "remove" or (words == "ok" and self.facts.is_gone(address)):
            life.gone = True
        if words == "met":
            self._thanked_in_time(life, at)

    # -- the judgement

    def leaves(self, left: Left) -> None:
        """A mail leaves now."""
        life = self.lives.setdefault(left.address, Life(left.address))
        life.zone = self.facts.zone(left.address)
        self.judged[left.step] += 1
        for wrong in (
            *self._once(life, left),
            *self._forbidden(life),
            *self._times(life, left),
            *self._follows(life, left),
            *(self._company(life, left) if left.step in (Step.ask, Step.nudge) else ()),
        ):
            self.broken.append(f"{left.at:%a %d %b %H:%M} {left.step} to {left.address}: {wrong}")
        life.left.append(left)
        self._all.append(left)

    def _once(self, life: Life, left: Left) -> list[str]:
        steps = [one.step for one in life.left]
        wrong = [f"a second {left.step}"] if left.step in steps else []
        if left.step is Step.referral_request and Step.thanks_for_talk in steps:
            wrong.append("asked for a name before")
        if left.step is Step.ask and (life.declined or steps):
            wrong.append("asked although they were written to or declined before")
        if left.step is Step.ask and life.address in self._handed and not left.by_whom:
            wrong.append("it does not say by whom")
        return wrong

    def _forbidden(self, life: Life) -> list[str]:
        wrong = ["they opted out"] if life.gone else []
        if life.domain in self._never:
            wrong.append("their domain is suppressed")
        for who, opted_out in self._in_question.get(life.domain, {}).items():
            if not life.spoken_since(opted_out):
                wrong.append(f"{who} opted out, and the owner was not asked about {life.domain}")
        return wrong

    def _times(self, life: Life, left: Left) -> list[str]:
        wrong = []
        pace, rules = self.rules.pace, self.rules
        mine = left.at.astimezone(ZoneInfo(rules.zone))
        theirs = left.at.astimezone(self._zone(life))
        if rules.paused:
            wrong.append("paused")
        if rules.is_away(mine.date()) or rules.is_away(mine.date() + A_DAY):
            wrong.append("the owner is away, or will be tomorrow")
        if sum(one.at.astimezone(mine.tzinfo).date() == mine.date() for one in self._all) >= pace.per_day:
            wrong.append("more than a day may see")
        if self._all and left.at - self._all[-1].at < timedelta(minutes=pace.gap_minutes[0]):
            wrong.append("too close to the one before")
        minute = theirs.hour * 60 + theirs.minute
        if not pace.window[0] <= minute < pace.window[1]:
            wrong.append(f"at {theirs:%H:%M} of their time")
        if not self._works(life, theirs.date()) and left.step is not Step.thanks_for_talk:
            wrong.append("no working day of theirs")
        if life.away_until is not None and theirs.date() <= life.away_until and not life.word_at:
            wrong.append(f"they are away until {life.away_until}")
        return wrong

    def _follows(self, life: Life, left: Left) -> list[str]:
        wrong = []
        step = left.step
        if step is Step.nudge and not life.word_at:
            if life.human_at is not None:
                wrong.append("a reminder after an answer")
            asked = life.when(Step.ask)
            if asked is None or self._waited(life, asked, left.at) < (self.rules.sequence.nudge_after_days or 0):
                wrong.append("a reminder before its time")
            if step in self.rules.sequence.approve:
                wrong.append("without the owner's word")
        if step in ANSWERS and not life.word_at:
            if step not in life.licensed:
                wrong.append("it answers nothing")
            elif self.rules.replies.referral_delay_hours[1] > 0 and left.outbox_id not in self.noticed:
                wrong.append("it stood in no summary")
        return wrong

    def _company(self, life: Life, left: Left) -> list[str]:
        """One live conversation per company, and no reminder beside an answer; whoever was handed to us is exempt."""
        if left.by_whom or life.domain in FREE_MAIL:
            return []
        alive = answered = 0
        for other in self.lives.values():
            asked = other.when(Step.ask)
            if other is life or asked is None or other.domain != life.domain:
                continue
            state = self.facts.state(other.address)
            if state in OVER:
                continue
            last = max(filter(None, (asked, other.when(Step.check_in))))
            if state not in SILENT or (other.human_at is not None and other.human_at >= last):
                answered += 1
            elif self._waited(life, last, left.at) < self.rules.pace.company_rest_days:
                alive += 1
        allowed = self.rules.pace.per_company_at_once
        if left.step is Step.ask and alive + answered >= allowed:
            return [f"{alive} colleagues are being asked, and {answered} have answered"]
        if left.step is Step.nudge and answered >= allowed and not life.word_at:
            return [f"{answered} colleagues have answered"]
        return []

    def _thanked_in_time(self, life: Life, told: datetime) -> None:
        due = self.facts.thanks_due(life.address)
        if due is not None and life.away_until is None and due - told > A_DAY:
            self.broken.append(f"{told:%a %d %b %H:%M} thanks to {life.address} only at {due:%a %d %b %H:%M}")

    # -- days

    def _zone(self, life: Life) -> ZoneInfo:
        return ZoneInfo(life.zone or self.rules.zone)

    def _works(self, life: Life, day: date) -> bool:
        if day.weekday() not in self.rules.pace.weekdays:
            return False
        country = COUNTRIES.get(life.zone or self.rules.zone) if self.rules.pace.holidays else None
        if country is None:
            return True
        if country not in _HOLIDAYS:
            _HOLIDAYS[country] = holidays.country_holidays(country, years=[2026, 2027, 2028])
        return day not in _HOLIDAYS[country]

    def _business_days_on(self, life: Life, moment: datetime, n: int) -> date:
        day = moment.astimezone(self._zone(life)).date()
        while n:
            day += A_DAY
            n -= self._works(life, day)
        return day

    def _waited(self, life: Life, since: datetime, until: datetime) -> int:
        """The whole business days between two instants on which the owner was there too."""
        zone = self._zone(life)
        begins, ends = since.astimezone(zone), until.astimezone(zone)
        day, found = begins.date(), 0
        while day < ends.date():
            day += A_DAY
            counts = self._works(life, day) and not self.rules.is_away(day)
            found += counts and (day < ends.date() or ends.time() >= begins.time())
        return found

"""The same histories on the pure core alone: the table and the pacing, with the outbox kept in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tests.proof.courtesy import FREE_MAIL, Facts, Heard, Left
from tests.proof.lives import OWNER, WORDS, Histories, Mail, _short
from worker.conversation import pacing
from worker.conversation.pacing import Calendar
from worker.conversation.standing import Act, Decision, Occurrence, Standing
from worker.conversation.table import confirmed, decide, is_human_reply, occurrences, on_human_reply, seen_in
from worker.conversation.vocabulary import Contact, Match, Reading, State, Step
from worker.jobs.absence import _NotThere
from worker.jobs.guard import ASKED_IN
from worker.jobs.steps import PRIORITY

TELLS = {
    "yes": Occurrence.told_yes,
    "no": Occurrence.told_no,
    "no talk": Occurrence.told_no,
    "met": Occurrence.told_met,
    "stop": Occurrence.told_stop,
    "remove": Occurrence.told_remove,
    "wait": Occurrence.told_wait,
    "called": Occurrence.told_called,
}
SENT = {
    Step.ask: Occurrence.ask_sent,
    Step.nudge: Occurrence.nudge_sent,
    Step.check_in: Occurrence.check_in_sent,
    Step.referral_request: Occurrence.referral_request_sent,
}
ANSWERS = {
    Act.plan_referral_request: Step.referral_request,
    Act.draft_referral_request: Step.referral_request,
    Act.plan_thanks_for_name: Step.thanks_for_name,
}


@dataclass(slots=True)
class Waiting:
    """A mail that has not left: due, held or draft."""

    number: int
    step: Step
    due: datetime
    state: str = "due"
    needs_notice: bool = False
    noticed: bool = False
    released: bool = False
    for_review: bool = False


@dataclass(slots=True)
class Someone:
    """A person with their conversation and what waits for them."""

    address: str
    zone: str | None
    calendar: Calendar
    handed: bool = False
    named_by: str | None = None
    standing: Standing = field(default_factory=lambda: Standing(State.planned))
    waiting: dict[Step, Waiting] = field(default_factory=dict)
    left: set[Step] = field(default_factory=set)
    asked_at: datetime | None = None
    checked_in_at: datetime | None = None
    name_asked_at: datetime | None = None
    resume_after: date | None = None
    away_until: date | None = None
    heard_at: datetime | None = None
    reviews: int = 0
    gone: bool = False
    dead: bool = False
    waits: bool = False
    reached: bool = False
    in_doubt: set[str] = field(default_factory=set)  # who opted out while something waited, which the owner was shown

    @property
    def state(self) -> State:
        """Where the conversation stands."""
        return self.standing.state

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


class Quick(Histories):
    """Histories whose worker is the table and the pacing; only the outbox and the calendar are kept here."""

    def _enrol(self) -> int:
        self.people: dict[str, Someone] = {}
        self.number = 0
        self.sent: list[datetime] = []
        self.away: list[tuple[date, date]] = []
        self.paused = False
        self.questions: dict[str, list[str]] = {}  # domain: who opted out there
        self.never: set[str] = set()
        self.settled: set[str] = set()
        return 1

    def _facts(self) -> Facts:
        self.away = self.oracle_away()
        return self

    def oracle_away(self) -> list[tuple[date, date]]:
        """The absences of the configuration."""
        return list(self.mailbox.owner.away)

    # -- facts for the oracle

    def zone(self, address: str) -> str | None:
        """The time zone of a person."""
        return self.people[address].zone

    def state(self, address: str) -> str:
        """Where the conversation with a person stands."""
        return str(self.people[address].state)

    def is_gone(self, address: str) -> bool:
        """Whether a person counts as opted out."""
        return self.people[address].gone

    def thanks_due(self, address: str) -> datetime | None:
        """When thanks for a talk are to leave."""
        mail = self.people[address].waiting.get(Step.thanks_for_talk)
        return mail.due if mail is not None and mail.state == "due" else None

    # -- people

    def _import(self, found: Iterator[Contact] | list[Contact], campaign: str = "default") -> None:
        for one in found:
            address = (one.email or "").lower()
            if address not in self.people and address.rpartition("@")[2] not in self.never:
                self._add(address, one.timezone, handed=one.referred_by is not None)

    def _add(self, address: str, zone: str | None, *, handed: bool, named_by: str | None = None) -> Someone:
        calendar = pacing.calendar_for(self.mailbox.pace, zone, None, self.mailbox.owner.timezone)
        self.people[address] = Someone(address, zone, calendar, handed, named_by)
        return self.people[address]

    def _rests(self, person: Someone) -> Calendar:
        """The calendar by which waits run: they stand still while the owner is away."""
        if not self.away:
            return person.calendar
        return replace(person.calendar, holidays=_NotThere(person.calendar.holidays, tuple(self.away)))

    # -- a turn

    def _turn(self) -> None:
        self._read()
        self._plan()
        self._notice()
        for _ in range(6):
            if not self._send():
                break
            self._read()
        self._plan()

    def _read(self) -> None:
        arrived, self.waiting = self.waiting, []
        for mail in arrived:
            self._record(mail)

    def _plan(self) -> None:
        now, sequence = self.clock.now(), self.mailbox.sequence
        for one in self.people.values():
            if one.state is State.planned and Step.ask not in one.waiting and one.asked_at is None:
                if not one.gone and not one.dead:
                    self._put(one, Step.ask, pacing.fits(now, one.calendar))
            elif one.state is State.asked and one.asked_at is not None:
                self._asked(one, now)
            elif one.state is State.snoozed and one.resume_after is not None and one.checked_in_at is not None:
                if one.resume_after <= now.astimezone(one.calendar.zone).date():
                    one.resume_after = None
                    self._happen(one, (Occurrence.snooze_over,))
            elif one.state is State.referral_asked and one.name_asked_at is not None:
                due = pacing.add_business_days(one.name_asked_at, sequence.silent_after_days, self._rests(one))
                if now >= pacing.later_than_absence(due, one.away_until, one.calendar):
                    self._happen(one, (Occurrence.referral_silence_over,))

    def _asked(self, one: Someone, now: datetime) -> None:
        assert one.asked_at is not None
        days, waits = self.mailbox.sequence.nudge_after_days, self._rests(one)
        nudge = one.waiting.get(Step.nudge)
        fresh = one.checked_in_at is None and not one.reached and Step.nudge not in one.left
        if days is not None and fresh:
            due = pacing.fits(pacing.add_business_days(one.asked_at, days, waits), one.calendar)
            if nudge is None:
                self._put(one, Step.nudge, due)
            elif not nudge.released and due > nudge.due:
                nudge.due = pacing.later_than_absence(due, one.away_until, one.calendar)
            nudge = one.waiting.get(Step.nudge)
        by_itself = nudge is not None and not nudge.for_review and not nudge.released
        if nudge and by_itself and days is not None and pacing.nudge_is_stale(nudge.due, now, days, waits):
            del one.waiting[Step.nudge]
            one.left.add(Step.nudge)  # dropped for good
            nudge = None
        began = one.checked_in_at or one.asked_at
        due = pacing.add_business_days(began, self.mailbox.sequence.silent_after_days, waits)
        if nudge is None and now >= pacing.later_than_absence(due, one.away_until, one.calendar):
            self._happen(one, (Occurrence.silence_over,))

    def _put(self, one: Someone, step: Step, due: datetime, *, draft: bool = False, notice: bool = False) -> None:
        """Plan a step: once, and only where it has not left."""
        if step in one.left or step in one.waiting:
            return
        self.number += 1
        due = pacing.later_than_absence(due, one.away_until, one.calendar)
        state = "draft" if draft or step in self.mailbox.sequence.approve else "held" if one.waits else "due"
        notice = notice and self.mailbox.replies.referral_delay_hours != (0, 0)
        one.waiting[step] = Waiting(self.number, step, due, state, notice)

    def _notice(self) -> None:
        for one in self.people.values():
            for mail in one.waiting.values():
                if mail.needs_notice and not mail.noticed and self.rng.random() < 0.7:
                    mail.noticed = True
                    self.oracle.noticed.add(mail.number)

    # -- what leaves

    def _send(self) -> bool:
        """Let one round of mails leave; whether another can follow after the gap."""
        now = self.clock.now()
        line = [
            (PRIORITY[mail.step], mail.due, mail.number, one, mail)
            for one in self.people.values()
            for mail in one.waiting.values()
            if mail.state == "due" and mail.due <= now
        ]
        went = False
        for *_, one, mail in sorted(line, key=lambda entry: entry[:3]):
            if one.waiting.get(mail.step) is not mail or mail.state != "due":
                continue
            if self._may_leave(one, mail, now):
                self._leave(one, mail)
                went = True
        if went and self.mailbox.pace.gap_minutes[1] > 0:
            self.clock.advance(timedelta(minutes=self.mailbox.pace.gap_minutes[1]))
            return True
        return False

    def _may_leave(self, one: Someone, mail: Waiting, now: datetime) -> bool:
        pace, step = self.mailbox.pace, mail.step
        wanted = one.state in ASKED_IN[step] or (step is Step.nudge and mail.released and one.state is State.silent)
        asked_before = (step is Step.ask and one.asked_at is not None) or (
            step is Step.referral_request and one.standing.asked_for_name
        )
        if one.gone or one.dead or one.domain in self.never or not wanted or asked_before:
            del one.waiting[step]
            return False
        held = one.waits or (one.reviews and not mail.released)
        unseen = mail.needs_notice and not mail.noticed and not mail.released
        asked_about = self.questions.get(one.domain, [])
        in_question = not mail.released and any(who not in one.in_doubt for who in asked_about)
        if self.paused or held or unseen or in_question:
            return False
        calendar = pacing.on_any_day(one.calendar) if step is Step.thanks_for_talk else one.calendar
        today = now.astimezone(self.mailbox.zone).date()
        answer = pacing.may_leave(
            now,
            calendar,
            sent_today=sum(at.astimezone(self.mailbox.zone).date() == today for at in self.sent[-pace.per_day :]),
            per_day=pace.per_day,
            last_sent_at=self.sent[-1] if self.sent else None,
            gap_minutes=pace.gap_minutes[1],
            owner_away=self.away,
            owner_zone=self.mailbox.zone,
        )
        return isinstance(answer, pacing.Go) and not self._company_waits(one, mail, now)

    def _company_waits(self, one: Someone, mail: Waiting, now: datetime) -> bool:
        if mail.step not in (Step.ask, Step.nudge) or one.domain in FREE_MAIL:
            return False
        pace = self.mailbox.pace
        others = [
            pacing.Colleague(other.state, max(filter(None, (other.asked_at, other.checked_in_at))), other.heard_at)
            for other in self.people.values()
            if other is not one and other.domain == one.domain and other.asked_at is not None
        ]
        if mail.step is Step.nudge:
            answered = pacing.company_has_answered(others, at_once=pace.per_company_at_once, handed_to_us=one.handed)
            return answered and not mail.released
        return pacing.company_is_busy(
            others,
            now,
            at_once=pace.per_company_at_once,
            rest_days=pace.company_rest_days,
            calendar=self._rests(one),
            handed_to_us=one.handed,
        )

    def _leave(self, one: Someone, mail: Waiting) -> None:
        now, step = self.clock.now(), mail.step
        del one.waiting[step]
        one.left.add(step)
        self.sent.append(now)
        self.say(f"  > {step} to {one.address}")
        self.oracle.leaves(Left(now, one.address, step, mail.number, one.handed))
        if step is Step.ask:
            one.asked_at = now
        elif step is Step.check_in:
            one.checked_in_at = now
        elif step is Step.referral_request:
            one.name_asked_at = now
        one.standing = replace(
            one.standing,
            anything_sent=True,
            last_step=step,
            checked_in=one.standing.checked_in or step is Step.check_in,
            asked_for_name=one.standing.asked_for_name or step in (Step.referral_request, Step.thanks_for_talk),
        )
        self._happen(one, (SENT.get(step, Occurrence.other_sent),))

    # -- what is heard

    def _record(self, mail: Mail) -> None:
        one, reading, now = self.people[mail.address], mail.reading, self.clock.now()
        by_them = mail.sender == mail.address or not reading.human
        if reading.human:
            one.heard_at = now
        self._happen(
            one,
            occurrences(reading, match=mail.match, in_junk=mail.junk, from_contact=by_them),
            reading=reading,
            human=is_human_reply(reading, mail.match),
            mail=mail,
        )
        self.oracle.heard(Heard(now, mail.address, reading, mail.match, mail.junk, mail.sender == mail.address))
        self.say(f"{mail.address}: {_short(mail)}")

    def _happen(
        self,
        one: Someone,
        happened: tuple[Occurrence, ...],
        *,
        reading: Reading | None = None,
        human: bool = False,
        by_owner: bool = False,
        by_ok: bool = False,
        mail: Mail | None = None,
    ) -> None:
        if human:
            self._follow(one, on_human_reply(self._standing(one, reading)), reading, by_owner, mail)
            one.away_until = None
        for occurrence in happened:
            choose = confirmed if by_ok else decide
            self._follow(one, choose(self._standing(one, reading), occurrence), reading, by_owner, mail)

    def _standing(self, one: Someone, reading: Reading | None) -> Standing:
        standing = replace(one.standing, check_in_open=Step.check_in in one.waiting)
        return seen_in(standing, reading) if reading is not None else standing

    def _follow(
        self, one: Someone, decision: Decision, reading: Reading | None, by_owner: bool, mail: Mail | None
    ) -> None:
        for act in decision.acts:
            self._perform(one, act, reading, by_owner, mail)
        one.standing = replace(one.standing, state=decision.state)

    def _perform(self, one: Someone, act: Act, reading: Reading | None, by_owner: bool, mail: Mail | None) -> None:
        now = self.clock.now()
        if act in (Act.hold_pending, Act.review):
            self._hold(one)
            one.reviews += act is Act.review
        elif act is Act.cancel_pending:
            one.waiting.clear()
        elif act is Act.suppress:
            one.gone = True
            one.waiting.clear()
        elif act is Act.lift_suppression:
            one.gone = False
            if one.address in self.questions.get(one.domain, []):
                self.questions[one.domain].remove(one.address)
        elif act is Act.hold_related:
            self._hold_related(one)
        elif act in ANSWERS:
            low, high = self.mailbox.replies.referral_delay_hours
            due = pacing.after_hours(now, self.rng.uniform(low, high), one.calendar) if high else now
            self._put(one, ANSWERS[act], due, draft=act is Act.draft_referral_request, notice=not by_owner)
        elif act is Act.plan_thanks_for_talk:
            self._put(one, Step.thanks_for_talk, pacing.fits(now, pacing.on_any_day(one.calendar)))
        elif act is Act.draft_report_back and one.named_by is not None:
            by = self.people[one.named_by]
            if not by.gone and not by.dead:
                self._put(by, Step.report_back, now, draft=True)
        elif act is Act.ask_people and reading is not None:
            self._ask_people(one, reading, mail)
        elif act in (Act.plan_check_in, Act.move_check_in, Act.move_ask, Act.keep_date):
            self._date(one, act, reading.resume_after if reading is not None else one.resume_after, by_owner)
        elif act is Act.set_away:
            day = reading.return_date if reading is not None else None
            today = now.astimezone(one.calendar.zone).date()
            one.away_until = day or pacing.business_days_after(today, 5, one.calendar)
            for waiting in one.waiting.values():
                waiting.due = pacing.later_than_absence(waiting.due, one.away_until, one.calendar)
        elif act is Act.mark_dead:
            one.dead = True
            one.waiting.clear()
        elif act is Act.drop_nudge:
            one.reached = True
            one.waiting.pop(Step.nudge, None)
        elif act is Act.stop_sequence:
            one.standing = replace(one.standing, closed_by_owner=True)

    def _hold(self, one: Someone) -> None:
        for mail in one.waiting.values():
            mail.for_review = True
            if mail.state == "due":
                mail.state = "held"

    def _hold_related(self, one: Someone) -> None:
        if one.domain not in FREE_MAIL and one.domain not in self.never and one.address not in self.settled:
            there = self.questions.setdefault(one.domain, [])
            there += [one.address] if one.address not in there else []
        for other in self.people.values():
            colleague = other.domain == one.domain and one.domain not in FREE_MAIL
            if other is not one and other.waiting and (colleague or other.named_by == one.address):
                self._hold(other)
                other.reviews += 1
                other.in_doubt.add(one.address)

    def _ask_people(self, one: Someone, reading: Reading, mail: Mail | None) -> None:
        accepted = 0
        for named in reading.referrals:
            key = (named.email or "").lower()
            known = self.people.get(key)
            if known is not None and known is not one and known.state is State.planned and known.asked_at is None:
                known.handed = True
            if not key or key == OWNER or known is not None or key.rpartition("@")[2] in self.never or accepted >= 2:
                continue
            accepted += 1
            if not self.mailbox.replies.ask_new_contacts or mail is None or mail.match is not Match.thread:
                continue
            new = self._add(key, None, handed=True, named_by=one.address)
            low, high = self.mailbox.replies.referral_delay_hours
            due = pacing.after_hours(self.clock.now(), self.rng.uniform(low, high), new.calendar)
            self._put(new, Step.ask, due, notice=True)

    def _date(self, one: Someone, act: Act, when: date | None, by_owner: bool) -> None:
        if when is None:
            return
        one.resume_after = when
        if act is Act.keep_date:
            return
        due = max(self.clock.now(), pacing.first_moment_on(when, one.calendar))
        step = Step.ask if act is Act.move_ask else Step.check_in
        there = one.waiting.get(step)
        if there is None:
            self._put(one, step, due, notice=not by_owner and step is Step.check_in)
        else:
            there.due = max(there.due, due) if step is Step.ask else due
            there.state = "draft" if there.state == "draft" else "due"
            there.for_review = False

    # -- what the owner says

    def _the_owner_speaks(self) -> None:
        now = self.clock.now()
        asked_about = sorted((domain, who[0]) for domain, who in self.questions.items() if who)
        if asked_about and self.rng.random() < 0.15:
            domain, who = self.rng.choice(asked_about)
            self._of_domain(domain, who, self.rng.choice(("yes", "no")))
            return
        address, words = self.rng.choice(self.addresses), self.rng.choice(WORDS)
        one = self.people.get(address)
        if one is None or not self._say(one, words):
            return
        self.say(f"the owner says of {address}: {words}")
        self.oracle.told(address, words, now)

    def _of_domain(self, domain: str, who: str, words: str) -> None:
        gone = self.questions.pop(domain)
        self.settled.update(gone)
        for one in self.people.values():
            if one.domain == domain and words == "yes":
                one.waiting.clear()
            elif one.domain == domain and one.in_doubt.intersection(gone):
                self._release(one)
        if words == "yes":
            self.never.add(domain)
        self.oracle.told_of_domain(who, words)
        self.say(f"the owner says of {domain}: {words}")

    def _say(self, one: Someone, words: str) -> bool:
        """Whether the word was one that can be said now."""
        if words in TELLS:
            one.waits = words == "wait"
            one.reviews = 0 if words != "wait" and words != "called" else one.reviews
            self._happen(one, (TELLS[words],), by_owner=True)
        elif words.startswith("later"):
            one.resume_after, one.waits, one.reviews = date.fromisoformat(words.split()[1]), False, 0
            if one.resume_after <= self.today:
                return False
            one.standing = replace(one.standing, dated=True)
            self._happen(one, (Occurrence.told_later,), by_owner=True)
        elif words == "ok":
            self._release(one)
        elif words == "send":
            for mail in one.waiting.values():
                if mail.state in ("draft", "held"):
                    mail.state, mail.released, mail.due = "due", True, min(mail.due, self.clock.now())
            one.waits = False
        elif words == "cancel":
            one.waiting.clear()
        else:
            return False
        return True

    def _release(self, one: Someone) -> None:
        """What was held goes on; but nothing that follows silence, if they wrote."""
        one.reviews, one.waits = 0, False
        for mail in list(one.waiting.values()):
            if mail.state == "held" and mail.for_review and one.heard_at is not None and mail.step is Step.nudge:
                del one.waiting[mail.step]
                one.left.add(Step.nudge)
            elif mail.state == "held":
                mail.state, mail.for_review = "due", False

    def _absent(self, first: date, last: date) -> None:
        if first <= self.today:
            self._back(self.today)
        self.away.append((first, last))

    def _back(self, beginning_until: date) -> bool:
        """Absences that the owner told of end; those of the configuration stay."""
        before, fixed, today = list(self.away), self.mailbox.owner.away, self.today
        kept = [one for one in before if one in fixed or not today <= one[0] <= beginning_until]
        self.away = [
            (first, min(last, today - timedelta(days=1)) if first < today and (first, last) not in fixed else last)
            for first, last in kept
        ]
        return self.away != before

    def _sends(self, again: bool) -> None:
        if again and not self._back(self.today + timedelta(days=1)) and not self.paused:
            self._back(date.max)
        self.paused = not again

"""When a mail may leave: working days, windows, gaps, absences, courtesy to companies."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from worker.conversation.vocabulary import Pace, State


@dataclass(frozen=True, slots=True)
class Calendar:
    """One person's working time: local minutes [start, end) since midnight on weekdays that are no holidays."""

    zone: ZoneInfo
    window: tuple[int, int]
    weekdays: frozenset[int]
    holidays: Container[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Go:
    """The mail may leave now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The mail may leave at `until` at the earliest; `why` in words, for `status`."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another conversation in the same company: its state, our last ask or check_in, their last human reply."""

    state: State
    sent_at: datetime | None = None
    heard_at: datetime | None = None


def calendar_for(
    pace: Pace, contact_timezone: str | None, contact_country: str | None, owner_timezone: str
) -> Calendar:
    """The contact's calendar: zone and holidays are theirs where known, else the owner's."""
    raise NotImplementedError


def is_business_day(day: date, calendar: Calendar) -> bool:
    """A day of the weekdays that is no holiday."""
    raise NotImplementedError


def next_business_day(day: date, calendar: Calendar) -> date:
    """The first business day after `day` (never `day` itself)."""
    raise NotImplementedError


def business_days_after(day: date, n: int, calendar: Calendar) -> date:
    """The n-th business day after `day`; `day` itself for 0."""
    raise NotImplementedError


def add_business_days(moment: datetime, n: int, calendar: Calendar) -> datetime:
    """`n` business days on at the same local minute, UTC; `moment` itself for 0."""
    raise NotImplementedError


def fits(moment: datetime, calendar: Calendar) -> datetime:
    """The first instant from `moment` on that lies in the window of a business day, UTC."""
    raise NotImplementedError


def first_moment_on(day: date, calendar: Calendar) -> datetime:
    """The first instant of working time on `day` or later, UTC: for a check_in on a date."""
    raise NotImplementedError


def after_hours(moment: datetime, hours: float, calendar: Calendar) -> datetime:
    """The first instant of working time at least `hours` after `moment`, UTC."""
    raise NotImplementedError


def spread(key: str, low: float, high: float) -> float:
    """A number in [low, high] that depends on nothing but `key`: a restart does not roll again."""
    raise NotImplementedError


def later_than_absence(due: datetime, away_until: date | None, calendar: Calendar) -> datetime:
    """`due`, or the first business day after `away_until` at the same local minute where that is later, UTC."""
    raise NotImplementedError


def nudge_is_stale(due: datetime, now: datetime, nudge_after_days: int, calendar: Calendar) -> bool:
    """Whether a nudge is late by more than its delay and by more than 2 business days: it is dropped."""
    raise NotImplementedError


def company_is_busy(
    colleagues: Iterable[Colleague],
    now: datetime,
    *,
    at_once: int,
    rest_days: int,
    calendar: Calendar,
    handed_to_us: bool = False,
) -> bool:
    """Whether so many conversations are alive in a company that no further person there is asked now."""
    raise NotImplementedError


def may_leave(
    now: datetime,
    calendar: Calendar,
    *,
    sent_today: int,
    per_day: int,
    last_sent_at: datetime | None,
    gap_minutes: float,
    owner_away: Sequence[tuple[date, date]],
    owner_zone: ZoneInfo,
) -> Go | Wait:
    """Whether the pace lets one more mail leave; `sent_today` counts on the owner's local date."""
    raise NotImplementedError

"""When a mail may leave: working days, windows, gaps, absences, courtesy to companies."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from worker.conversation.country import country_code, country_of_zone, subdivision, zone_named, zone_of
from worker.conversation.vocabulary import Pace, State
from worker.errors import ConfigError

_A_DAY = timedelta(days=1)
_A_DAY_IN_MINUTES = 24 * 60
# No calendar of real people has no working day in two years.
_FAR = 800
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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
    """The mail may leave at `until` at the earliest (UTC); `why` in words, for `status`."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another conversation in the same company.

    `sent_at` is when its last ask or check_in left, or was claimed; `heard_at` their last human reply.
    """

    state: State
    sent_at: datetime | None = None
    heard_at: datetime | None = None


def calendar_for(
    pace: Pace, contact_timezone: str | None, contact_country: str | None, owner_timezone: str
) -> Calendar:
    """The contact's calendar: zone and holidays are theirs where known, else the owner's.

    A zone that nobody knows counts as unknown for a contact. Raises ConfigError for an owner's zone or a
    country of holidays that does not exist.
    """
    owner_zone = zone_named(owner_timezone)
    if owner_zone is None:
        raise ConfigError(
            f"There is no time zone {owner_timezone!r}.", where="owner.timezone", todo='Write it like "Europe/Berlin".'
        )
    country = country_code(contact_country)
    zone = zone_named(contact_timezone) or zone_of(country) or owner_zone
    days: Container[date] = frozenset()
    if pace.holidays == "auto" or pace.holidays is True:
        home = country or country_of_zone(contact_timezone) or country_of_zone(owner_timezone)
        part = subdivision(contact_country) if country else None
        # A lazily filled calendar is falsy, so None must be asked for.
        for choice in (part, None):
            found = _public_holidays(home, choice)
            if found is not None:
                days = found
                break
    elif pace.holidays:
        days = holidays_of(str(pace.holidays))
    return Calendar(zone, pace.window, pace.weekdays, days)


def on_any_day(calendar: Calendar) -> Calendar:
    """The same hours on every day of the week, holidays too."""
    return Calendar(calendar.zone, calendar.window, frozenset(range(7)))


def holidays_of(place: str) -> Container[date]:
    """The public holidays of "DE" or "DE-BY"; raises ConfigError for a place that has none on record."""
    found = _public_holidays(country_code(place), subdivision(place))
    if found is None:
        raise ConfigError(
            f"No public holidays are known for {place!r}.",
            where="pace.holidays",
            todo='Write "auto", false, a country like "DE", or one with its part like "DE-BY".',
        )
    return found


@cache
def _public_holidays(country: str | None, part: str | None) -> Container[date] | None:
    if country is None:
        return None
    import holidays

    try:
        return holidays.country_holidays(country, subdiv=part)
    except NotImplementedError:  # the library knows no holidays of this country or part
        return None


def is_business_day(day: date, calendar: Calendar) -> bool:
    """A day of the weekdays that is no holiday."""
    return day.weekday() in calendar.weekdays and day not in calendar.holidays


def next_business_day(day: date, calendar: Calendar) -> date:
    """The first business day after `day` (never `day` itself)."""
    for distance in range(1, _FAR):
        later = day + timedelta(days=distance)
        if is_business_day(later, calendar):
            return later
    raise ConfigError("The pace leaves no day to write on.", where="pace.weekdays", todo="Name at least one weekday.")


def business_days_after(day: date, n: int, calendar: Calendar) -> date:
    """The n-th business day after `day`; `day` itself for 0."""
    for _ in range(n):
        day = next_business_day(day, calendar)
    return day


def add_business_days(moment: datetime, n: int, calendar: Calendar) -> datetime:
    """`n` business days on at the same local minute, UTC; `moment` itself for 0."""
    if n == 0:
        return moment.astimezone(UTC)
    local = moment.astimezone(calendar.zone)
    return _moved(local, business_days_after(local.date(), n, calendar))


def fits(moment: datetime, calendar: Calendar) -> datetime:
    """The first instant from `moment` on that lies in the window of a business day, UTC."""
    day = moment.astimezone(calendar.zone).date()
    if not is_business_day(day, calendar):
        day = next_business_day(day, calendar)
    for _ in range(_FAR):
        opens = _instant(day, calendar.window[0], calendar.zone)
        closes = _instant(day, calendar.window[1], calendar.zone)
        if moment < closes and opens < closes:
            return max(moment, opens).astimezone(UTC)
        day = next_business_day(day, calendar)
    raise ConfigError("The pace leaves no minute to write in.", where="pace.window", todo="End it after it begins.")


def first_moment_on(day: date, calendar: Calendar) -> datetime:
    """The first instant of working time on `day` or later, UTC: for a check_in on a date."""
    return fits(_instant(day, 0, calendar.zone), calendar)


def after_hours(moment: datetime, hours: float, calendar: Calendar) -> datetime:
    """The first instant of working time at least `hours` after `moment`, UTC."""
    return fits(moment.astimezone(UTC) + timedelta(hours=hours), calendar)


def spread(key: str, low: float, high: float) -> float:
    """A number in [low, high] that depends on nothing but `key`: a restart does not roll again."""
    number = int.from_bytes(sha256(key.encode("utf-8", "surrogatepass")).digest()[:6], "big")
    return min(high, low + (high - low) * number / (2**48 - 1))


def later_than_absence(due: datetime, away_until: date | None, calendar: Calendar) -> datetime:
    """`due`, or the first business day after `away_until` at the same local minute where that is later, UTC."""
    if away_until is None:
        return due.astimezone(UTC)
    back = _moved(due.astimezone(calendar.zone), next_business_day(away_until, calendar))
    return max(due.astimezone(UTC), back)


def nudge_is_stale(due: datetime, now: datetime, nudge_after_days: int, calendar: Calendar) -> bool:
    """Whether a nudge is late by more than its delay and by more than 2 business days: it is dropped."""
    return now > add_business_days(due, max(nudge_after_days, 2), calendar)


def company_is_busy(
    colleagues: Iterable[Colleague],
    now: datetime,
    *,
    at_once: int,
    rest_days: int,
    calendar: Calendar,
    handed_to_us: bool = False,
) -> bool:
    """Whether so many conversations are alive in a company that no further person there is asked now.

    A person who was handed to us (`handed_to_us`) never waits for colleagues. The others' conversations count
    from the ask through `rest_days` business days of silence; once answered, until they are over.
    """
    if handed_to_us:
        return False
    return sum(_alive(one, now, rest_days, calendar) for one in colleagues) >= at_once


def company_has_answered(colleagues: Iterable[Colleague], *, at_once: int, handed_to_us: bool = False) -> bool:
    """Whether so many others in a company have answered, and are not through with us, that nobody there is reminded."""
    return not handed_to_us and sum(_answered(one) for one in colleagues) >= at_once


def _alive(colleague: Colleague, now: datetime, rest_days: int, calendar: Calendar) -> bool:
    if _answered(colleague):
        return True
    sent = colleague.sent_at
    waits = colleague.state in (State.asked, State.silent, State.planned)
    return waits and sent is not None and now < add_business_days(sent, rest_days, calendar)


def _answered(colleague: Colleague) -> bool:
    if colleague.state in (State.asked, State.silent, State.planned):
        sent, heard = colleague.sent_at, colleague.heard_at
        return heard is not None and (sent is None or heard >= sent)
    # A talk that took place is over too, and after an opt-out the owner is asked about every colleague.
    over = (State.referred, State.closed, State.unreachable, State.met, State.opted_out)
    return colleague.state not in over


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
    """Whether the pace lets one more mail leave.

    `sent_today` counts on the owner's local date, `owner_away` holds their absences (both days included), and
    `calendar` is the contact's. `until` satisfies every rule at once; `why` names the first one that holds.
    """
    until, reasons = now.astimezone(UTC), []
    today = now.astimezone(owner_zone).date()
    for _ in range(_FAR):
        before = until
        here = until.astimezone(owner_zone).date()
        back = _back(here, owner_away)
        if back > here:
            until = _instant(back, 0, owner_zone)
            reasons.append(f"you are away, or leave on the next day, until {back - _A_DAY:%Y-%m-%d}")
        elif here == today and sent_today >= per_day:
            until = _instant(today + _A_DAY, 0, owner_zone)
            reasons.append(f"{sent_today} of {per_day} mails have left today")
        # A clock that was set back must not stretch the gap.
        elif last_sent_at and until < (free := min(last_sent_at, now) + timedelta(minutes=gap_minutes)):
            until = free.astimezone(UTC)
            reasons.append(f"{gap_minutes:.0f} minutes lie between two mails")
        elif until < (open_ := fits(until, calendar)):
            reasons.append(_closed(until, calendar))
            until = open_
        if until == before:
            return Wait(until, reasons[0]) if reasons else Go()
    raise ConfigError(
        "The pace never lets a mail leave.", where="pace", todo="Look at window, weekdays and owner.away."
    )


def _back(day: date, away: Sequence[tuple[date, date]]) -> date:
    """`day`, or the first day after the absences that cover it; an answer on the eve would find nobody."""
    for first, last in sorted(away):
        if first - _A_DAY <= day <= last:
            day = last + _A_DAY
    return day


def _closed(moment: datetime, calendar: Calendar) -> str:
    local = moment.astimezone(calendar.zone)
    if local.weekday() not in calendar.weekdays:
        return f"{_DAYS[local.weekday()]} is no working day ({calendar.zone.key})"
    if local.date() in calendar.holidays:
        return f"{local:%Y-%m-%d} is a public holiday there"
    opens, closes = (f"{minute // 60:02}:{minute % 60:02}" for minute in calendar.window)
    return f"outside {opens} to {closes} ({calendar.zone.key})"


def _moved(local: datetime, day: date) -> datetime:
    """The same wall-clock time on another day; a time that a clock change skips is that much later."""
    return datetime.combine(day, local.time().replace(fold=0), tzinfo=local.tzinfo).astimezone(UTC)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    if minute >= _A_DAY_IN_MINUTES:
        day, minute = day + _A_DAY, minute - _A_DAY_IN_MINUTES
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)

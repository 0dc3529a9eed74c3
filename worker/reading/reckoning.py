"""Reckons with days, weeks and months: which day is meant, seen from today."""

from __future__ import annotations

from datetime import date, timedelta

STALE = 330


"""A date without a year that would lie further ahead has just passed: it is no plan."""


def calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def year_of(text: str | None) -> int | None:
    if not text:
        return None
    number = int(text.lstrip("'"))
    return number if number > 99 else 2000 + number


def day_options(day: int, month: int, year: int | None, today: date) -> tuple[tuple[date, date], ...]:
    """The day as it lies ahead; without a year the next such day, unless it has only just passed."""
    if year is not None:
        exact = calendar_day(year, month, day)
        return ((exact, exact),) if exact else ()
    for candidate in (today.year, today.year + 1, today.year + 2, today.year + 3):
        found = calendar_day(candidate, month, day)
        if found and found >= today:
            if (found - today).days > STALE:
                earlier = calendar_day(candidate - 1, month, day)
                return ((earlier, earlier),) if earlier else ()
            return ((found, found),)
    return ()


def lone_day(day: int, today: date) -> tuple[tuple[date, date], ...]:
    if not 1 <= day <= 31:
        return ()
    for ahead in range(4):
        month = add_months(today.replace(day=1), ahead)
        found = calendar_day(month.year, month.month, day)
        if found and found >= today:
            return ((found, found),)
    return ()


def next_month(month: int, today: date) -> date:
    first = date(today.year, month, 1)
    return first if first > today else date(today.year + 1, month, 1)


def month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)


def add_months(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    for last in (day.day, 30, 29, 28):
        found = calendar_day(year, month + 1, min(day.day, last))
        if found:
            return found
    return day


def week_start(number: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if monday > today - timedelta(days=6):
            return monday
    return None


def named_span(name: str, today: date) -> tuple[date, date] | None:
    monday = today - timedelta(days=today.weekday())
    week, month = timedelta(days=7), add_months(today.replace(day=1), 1)
    quarter = add_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3)
    spans: dict[str, tuple[date, date]] = {
        "today": (today, today),
        "tomorrow": (today + timedelta(days=1),) * 2,
        "day_after_tomorrow": (today + timedelta(days=2),) * 2,
        "this_week": (monday, monday + timedelta(days=6)),
        "next_week": (monday + week, monday + week + timedelta(days=6)),
        "week_after_next": (monday + 2 * week, monday + 2 * week + timedelta(days=6)),
        "this_month": (today.replace(day=1), month_end(today)),
        "next_month": (month, month_end(month)),
        "next_year": (date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)),
        "this_year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        # Said in the first days of January the new year has begun; said later the next one is meant.
        "new_year": (date(today.year + 1, 1, 2), date(today.year + 1, 1, 2)),
        "next_quarter": (quarter, month_end(add_months(quarter, 2))),
        "fortnight": (today + timedelta(days=14),) * 2,
        "half_year": (add_months(today, 6),) * 2,
        "month_end": (month_end(today),) * 2,
        "year_end": (date(today.year, 12, 31),) * 2,
        "year_start": (date(today.year + 1, 1, 2),) * 2,
    }
    return spans.get(name)

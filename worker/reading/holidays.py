"""Public holidays by name, and the first working day after one."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from functools import lru_cache

FIXED = {
    "christmas": (12, 25),
    "new_year_day": (1, 1),
    "assumption": (8, 15),
    "all_saints": (11, 1),
    "epiphany": (1, 6),
    "labour_may": (5, 1),
    "independence_us": (7, 4),
    "unity_de": (10, 3),
    "bastille": (7, 14),
    "kings": (4, 27),
    "liberation_nl": (5, 5),
    "hispanic": (10, 12),
    "immaculate": (12, 8),
    "republic_it": (6, 2),
    "republic_pt": (10, 5),
    "armistice": (11, 11),
    "boxing": (12, 26),
    "australia": (1, 26),
    "canada": (7, 1),
}
FROM_EASTER = {
    "easter": -0,
    "good_friday": -2,
    "easter_monday": 1,
    "ascension": 39,
    "pentecost": 49,
    "corpus": 60,
}
# month, weekday (Monday is 0), which one (-1: the last)
NTH = {
    "thanksgiving": (11, 3, 4),
    "labour_september": (9, 0, 1),
    "memorial": (5, 0, -1),
    "mlk": (1, 0, 3),
    "presidents": (2, 0, 3),
    "august_bank": (8, 0, -1),
    "early_may_bank": (5, 0, 1),
    "spring_bank": (5, 0, -1),
}


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year."""
    from dateutil.easter import easter as sunday

    return sunday(year)


def holiday(name: str, today: date, country: str | None = None) -> date | None:
    """The next day of that holiday (a key of `HOLIDAYS`) that is not over on `today`; None for an unknown name."""
    for year in (today.year, today.year + 1):
        day = _in_year(name, year, country)
        # While the holiday's own days last, "after Easter" still means this one.
        if day and day + timedelta(days=1) >= today:
            return day
    return None


def _in_year(name: str, year: int, country: str | None) -> date | None:
    if name in FIXED:
        return date(year, *FIXED[name])
    if name in FROM_EASTER:
        return easter(year) + timedelta(days=FROM_EASTER[name])
    if name == "thanksgiving" and country == "CA":
        return _nth(year, 10, 0, 2)
    return _nth(year, *NTH[name]) if name in NTH else None


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    if which < 0:
        after = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return after - timedelta(days=(after.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def first_working_day_after(day: date, country: str | None) -> date:
    """The first day after `day` that is neither Saturday, Sunday nor a public holiday of the country (ISO code)."""
    after = day + timedelta(days=1)
    free = _holidays(country, after.year) if country else frozenset()
    while after.weekday() >= 5 or after in free:
        after += timedelta(days=1)
    return after


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> Container[date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=(year, year + 1)))
    except NotImplementedError:
        return frozenset()

"""Finds the dates that are written in figures ("3/12", "18.8.", "12/22-1/2") and tells day from month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from worker.reading.datepatterns import NUMERIC
from worker.reading.reckoning import day_options, year_of


def order_shown(plain: str, order: str | None) -> str | None:
    """The order of day and month, where the mail's own convention shows in another date ("12/22-1/2")."""
    if order:
        return order
    seen = set()
    for found in NUMERIC.finditer(plain):
        a, b = int(found[1]), int(found[3] or found[7])
        if not found[2] and (a > 12) != (b > 12):
            seen.add("dmy" if a > 12 else "mdy")
    return seen.pop() if len(seen) == 1 else None


def numeric_dates(
    plain: str, lang: str, order: str | None, today: date
) -> Iterator[tuple[int, int, tuple[tuple[date, date], ...], bool]]:
    """Each date in figures: where it stands, its readings (two where the order is not known), whether it has a year."""
    known = order_shown(plain, order)
    for found in NUMERIC.finditer(plain):
        a, b = int(found[1]), int(found[3] or found[7])
        written = found[5] or found[8]
        dotted = bool(found[2])
        if (
            dotted
            and not found[4]
            and not re.search(
                r"(?:am|bis|ab|vom|zum|und|dem|der|le|el|il|al|dal|ate|hasta|fino|until|on|to|from|van|tot|op|-|:"
                r"|,) ?$",
                plain[max(0, found.start() - 6) : found.start()],
            )
            and not found[3].startswith("0")
        ):
            continue
        if (
            dotted
            and not found[4]
            and re.match(r" ?(?:uhr|h\b|am\b|pm\b|eur|€|%)", plain[found.end() : found.end() + 6])
        ):
            continue
        if found[6] == "-" and not written:
            continue
        if (
            found[6] == "/"
            and not written
            and re.match(
                r" ?(?:hour|h\b|stunde|stars|of the)|(?: an?\b)" if lang == "en" else " ?(?:h\\b|stunde)",
                plain[found.end() : found.end() + 8],
            )
        ):
            continue
        year = year_of(written)
        chosen = "dmy" if dotted and lang != "en" else known or ("dmy" if dotted else None)
        options: tuple[tuple[date, date], ...] = ()
        if chosen != "mdy":
            options += day_options(a, b, year, today)
        if chosen != "dmy":
            options += day_options(b, a, year, today)
        if not options and chosen:
            # The order that the convention says is impossible: the other one is meant.
            options = day_options(b, a, year, today) if chosen == "dmy" else day_options(a, b, year, today)
        if options:
            yield *found.span(), tuple(dict.fromkeys(options)), year is not None

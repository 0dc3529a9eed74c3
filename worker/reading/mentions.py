"""Finds every date that a text mentions, in seven languages, with what stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from worker.reading.datepatterns import ISO, NUMERIC, Patterns, patterns_of
from worker.reading.datewords import WORDS
from worker.reading.folding import Flat
from worker.reading.holidays import holiday
from worker.reading.reckoning import (
    add_months,
    calendar_day,
    day_options,
    lone_day,
    month_end,
    named_span,
    next_month,
    week_start,
    year_of,
)

FARTHEST = 400

"""Days ahead from which a date is implausible."""


SHORT_MONTHS = frozenset(
    {"mai", "juin", "juni", "juli", "june", "july", "mei", "maio", "mars", "aout", "marz", "juil", "may"}
)


ENDING = frozenset({"this_month", "next_month", "this_year", "next_year", "this_week", "next_week"})
"""Spans whose end can be named."""


ARTICLES = re.compile(
    r"(?:the|la|du|de|de la|del|da|do|della|di|dell'|van de|van het|het|der|des) ?(?:week|month|year|semaine|mois"
    r"|l'annee|semana|mes|ano|settimana|mese|anno|maand|jaar|woche|monats|jahres)$"
)
"""Spans that mean this week, month or year only together with "the end of"."""

LATER_THAN = re.compile(
    r"(?:second|third|fourth|last|2nd|3rd|4th|zweiten?|dritten?|letzten?|deuxieme|troisieme|derniere|segunda|tercera"
    r"|ultima|terceira|seconda|terza|tweede|derde|laatste)"
    r" (?:week|woche|semaine|semana|settimana)(?: of| in| im| de| du| di| van)* ?$"
)
"""What makes a month a vague date: "the second week of January"."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in the text: where it stands, its first and last day, how coarse it is, and what stands before it.

    `options` holds (first, last) readings; more than one while the order of day and month is not known.
    `grain` is day, week, month, holiday, part (mid-June) or end; `relation` until, after, before, starting,
    not_before or "".
    """

    start: int
    end: int
    options: tuple[tuple[date, date], ...]
    grain: str
    relation: str = ""
    dated: bool = False
    weekday: int | None = None
    holiday: str = ""
    ranged: bool = False

    @property
    def first(self) -> date:
        """The first day of the likeliest reading."""
        return self.options[0][0]

    @property
    def last(self) -> date:
        """The last day of the likeliest reading."""
        return self.options[0][1]


@dataclass(frozen=True, slots=True)
class Reader:
    """What dates are read against: language, the mail's own local date, order of day and month, the sender's country.

    `order` is "dmy", "mdy" or None where the mail's convention is not known.
    """

    lang: str
    today: date
    order: str | None = None
    country: str | None = None


def find(flat: Flat, reader: Reader) -> list[Mention]:
    """All dates in a text, in order, without overlaps (the longest wins)."""
    patterns = patterns_of(reader.lang)
    kept: list[Mention] = []
    for mention in sorted(_all(flat.plain, flat.shown, reader, patterns), key=lambda m: (m.start - m.end, m.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    kept.sort(key=lambda mention: mention.start)
    merged: list[Mention] = []
    for mention in kept:
        previous = merged[-1] if merged else None
        if previous and previous.grain == "weekday" and mention.grain == "day" and mention.start - previous.end <= 8:
            gap = flat.plain[previous.end : mention.start]
            if re.fullmatch(r"[\s,.(]*(?:the|den|dem|le|el|dia|o|il|de|der)?[\s,.(]*", gap):
                merged[-1] = replace(mention, start=previous.start, weekday=previous.weekday)
                continue
        merged.append(mention)
    clear = [one for one in merged if not LATER_THAN.search(flat.plain, max(0, one.start - 40), one.start)]
    return [_related(flat.plain, mention, patterns) for mention in clear]


def _all(plain: str, shown: str, reader: Reader, patterns: Patterns) -> Iterator[Mention]:
    today = reader.today
    for found in ISO.finditer(plain):
        day = calendar_day(int(found[1]), int(found[2]), int(found[3]))
        if day:
            yield Mention(*found.span(), ((day, day),), "day", dated=True)
    yield from _numeric(plain, reader)
    for pattern in (patterns.day_month, patterns.month_day):
        for found in pattern.finditer(plain):
            year = year_of(found[found.lastindex] if found.lastindex and found.groups()[-1] else None)
            month = _index(patterns.months, found["month"])
            options = day_options(int(found["d"]), month, year, today)
            if options:
                yield Mention(*found.span(), options, "day", dated=year is not None)
    for found in patterns.month.finditer(plain):
        name = found["month"].rstrip(".")
        if (len(name) < 5 and name not in SHORT_MONTHS) or (
            name in ("may", "march", "mars", "set", "mar") and not _named(shown, found.start("month"), plain)
        ):
            continue
        year = year_of(found.groups()[-1])
        month = _index(patterns.months, found["month"])
        first = date(year, month, 1) if year else next_month(month, today)
        last = month_end(first)
        if found["middle"]:
            middle = first.replace(day=15)
            if not year and middle <= today:
                middle = middle.replace(year=middle.year + 1)
            if not year and first.year > today.year and date(today.year, month, 15) > today:
                middle = date(today.year, month, 15)
            yield Mention(*found.span(), ((middle, middle),), "part", dated=year is not None)
        elif found["late"]:
            if not year and month_end(date(today.year, month, 1)) > today:
                last = month_end(date(today.year, month, 1))
            yield Mention(*found.span(), ((last, last),), "end", dated=year is not None)
        else:
            yield Mention(*found.span(), ((first, last),), "month", dated=year is not None)
    for found in patterns.day_alone.finditer(plain):
        number = int(next(group for group in found.groups() if group))
        options = lone_day(number, today)
        if options:
            begin = found.start() + (found.group().index(str(number)) if reader.lang != "en" else 0)
            yield Mention(begin, found.end(), options, "day")
    for found in patterns.weekday.finditer(plain):
        number = _index(patterns.weekdays, found.group()) - 1
        if len(found.group()) <= 3 and not shown[found.start()].isupper():
            continue
        if len(found.group()) == 2:
            continue
        ahead = (number - today.weekday() - 1) % 7 + 1
        day = today + timedelta(days=ahead)
        yield Mention(*found.span(), ((day, day),), "weekday", weekday=number)
    yield from _spans(plain, patterns, reader)
    for found in patterns.week.finditer(plain):
        number = int(next(group for group in found.groups() if group))
        monday = week_start(number, today)
        if monday:
            yield Mention(*found.span(), ((monday, monday + timedelta(days=6)),), "week")
    yield from _named_spans(plain, patterns, reader)
    for found in patterns.quarter.finditer(plain):
        number = next((int(group) for group in (found[1], found[3], found[4]) if group), 0)
        if number:
            year = int(found[2]) if found[2] else today.year + (date(today.year, number * 3 - 2, 1) <= today)
            first = date(year, number * 3 - 2, 1)
            yield Mention(*found.span(), ((first, month_end(first.replace(month=number * 3))),), "month")
    for name, pattern in patterns.holidays:
        for found in pattern.finditer(plain):
            day = holiday(name, today, reader.country)
            if day:
                yield Mention(*found.span(), ((day, day),), "holiday", holiday=name)


def _numeric(plain: str, reader: Reader) -> Iterator[Mention]:
    for found in NUMERIC.finditer(plain):
        a, b = int(found[1]), int(found[3] or found[7])
        written = found[5] or found[8]
        dotted = bool(found[2])
        if (
            dotted
            and not found[4]
            and not re.search(
                r"(?:am|bis|ab|vom|zum|und|dem|der|le|el|il|al|dal|ate|hasta|fino|until|on|to|from|-) ?$",
                plain[max(0, found.start() - 6) : found.start()],
            )
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
            and re.match(r" ?(?:hour|h\b|stunde|stars|of the|an?\b)", plain[found.end() : found.end() + 8])
        ):
            continue
        year = year_of(written)
        order = "dmy" if dotted and reader.lang != "en" else reader.order or ("dmy" if dotted else None)
        options: tuple[tuple[date, date], ...] = ()
        if order != "mdy":
            options += day_options(a, b, year, reader.today)
        if order != "dmy":
            options += day_options(b, a, year, reader.today)
        if not options and order:
            # The order that the convention says is impossible: the other one is meant.
            options = day_options(b, a, year, reader.today) if order == "dmy" else day_options(a, b, year, reader.today)
        if options:
            yield Mention(*found.span(), tuple(dict.fromkeys(options)), "day", dated=year is not None)


def _named_spans(plain: str, patterns: Patterns, reader: Reader) -> Iterator[Mention]:
    """ "Next week", "the end of the month", "in the new year"."""
    for name, pattern in patterns.fixed:
        for found in pattern.finditer(plain):
            span = named_span(name, reader.today)
            if span is None:
                continue
            late = re.search(
                rf"(?:{WORDS[reader.lang].late}) (?:the |del? |der |la |do |della )?$",
                plain[max(0, found.start() - 16) : found.start()],
            )
            if not late and name.startswith("this") and ARTICLES.match(found.group()):
                # "The week of January 4" is not this week.
                continue
            if late and name in ENDING:
                yield Mention(found.start() - len(late.group()), found.end(), ((span[1], span[1]),), "end")
            else:
                yield Mention(*found.span(), (span,), _grain(name))


def _grain(name: str) -> str:
    if name.startswith("this"):
        return "this"
    if name == "next_month":
        return "month"
    if "week" in name:
        return "week"
    return "fixed" if name in ("new_year", "next_year", "next_quarter") else "day"


def _spans(plain: str, patterns: Patterns, reader: Reader) -> Iterator[Mention]:
    for found in patterns.span.finditer(plain):
        if not found["in"] and not found["now"]:
            continue
        digits = found["n"]
        count = int(digits) if digits.isdigit() else _index(patterns.numbers, digits)
        today = reader.today
        if found["day"]:
            day = today + timedelta(days=count)
        elif found["week"]:
            day = today + timedelta(days=7 * count)
        elif found["month"]:
            day = add_months(today, count)
        else:
            day = add_months(today, 12 * count)
        yield Mention(*found.span(), ((day, day),), "day", dated=True)


def _related(plain: str, mention: Mention, patterns: Patterns) -> Mention:
    before = plain[max(0, mention.start - 44) : mention.start]
    relation, best = "", 0
    for name, pattern in patterns.relations:
        found = pattern.search(before)
        if found and len(found.group()) > best:
            relation, best = name, len(found.group())
    after = plain[mention.end : mention.end + 24]
    if not relation and re.match(r",? ?(?:onwards?|on\b(?! )|an\b|an,)", after):
        relation = "starting"
    return replace(mention, relation=relation)


def _index(table: tuple[re.Pattern[str], ...], word: str) -> int:
    return next((number for number, pattern in enumerate(table, 1) if pattern.match(word)), 1)


def _named(shown: str, start: int, plain: str) -> bool:
    """Whether "may" or "march" is the month here: after a preposition, or written large inside a sentence."""
    before = plain[max(0, start - 14) : start]
    if re.search(
        r"(?:in|until|till|by|from|after|of|mid-?|early|late|next|since|before|this|en|de|fin|debut|mi-?|a|em|di) ?$",
        before,
    ):
        return True
    return start > 0 and shown[start].isupper() and plain[start - 1] == " " and plain[max(0, start - 2)] not in ".!?\n"

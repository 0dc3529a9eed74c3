"""Finds every date that a text mentions, in seven languages, with what stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from worker.reading.dategrammar import (
    ARTICLES,
    AWAY_TO,
    BARE_END,
    BARE_START,
    INCLUDED,
    LATER_THAN,
    OF_DAY,
    OR_SO,
    RECURRING,
    SECOND_HALF,
    THE_NEXT,
    WAITED,
)
from worker.reading.datepatterns import ISO, Patterns, patterns_of
from worker.reading.datewords import WORDS
from worker.reading.daywords import COUNTS, day_words
from worker.reading.folding import Flat
from worker.reading.holidays import holiday
from worker.reading.numericdates import numeric_dates
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


CARNIVAL = frozenset({"BR", "PT", "AR", "UY", "BO", "EC", "PA", "VE", "AO", "CV", None})
"""Countries that do not work on Carnival's Tuesday; elsewhere "after carnival" is no date."""

SHORT_MONTHS = frozenset(
    {"mai", "juin", "juni", "juli", "june", "july", "mei", "maio", "mars", "aout", "marz", "juil", "may", "mayo"}
)


ENDING = frozenset({"this_month", "next_month", "this_year", "next_year", "this_week", "next_week"})
"""Spans whose end can be named."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in the text: where it stands, its first and last day, how coarse it is, and what stands before it.

    `options` holds (first, last) readings; more than one while the order of day and month is not known.
    `grain` is day, span (in two weeks), week, month, holiday, part (mid-June) or end; `relation` until, after, before,
    starting, not_before or ""; `lone` is the number of a day whose month was not written.
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
    lone: int = 0

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
    for mention in sorted(_all(flat.plain, flat.shown, reader, patterns), key=_precedence):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    kept.sort(key=lambda mention: mention.start)
    merged: list[Mention] = []
    for mention in kept:
        previous = merged[-1] if merged else None
        between = flat.plain[previous.end : mention.start] if previous else ""
        if previous and previous.holiday and mention.grain == "day" and OF_DAY.fullmatch(between):
            # "The national holiday of 21 July" says itself when it is.
            merged[-1] = replace(previous, end=mention.end, options=mention.options)
            continue
        if previous and previous.grain == "weekday" and mention.grain == "day" and mention.start - previous.end <= 8:
            gap = flat.plain[previous.end : mention.start]
            if re.fullmatch(r"[\s,.(]*(?:the|den|dem|le|el|dia|o|il|de|der)?[\s,.(]*", gap):
                merged[-1] = replace(mention, start=previous.start, weekday=previous.weekday)
                continue
        merged.append(mention)
    merged = _anchored(flat.plain, merged, reader.today)
    clear = [one for one in merged if not LATER_THAN.search(flat.plain, max(0, one.start - 40), one.start)]
    return [_related(flat.plain, mention, patterns) for mention in clear]


def _precedence(mention: Mention) -> tuple[bool, int, bool, int]:
    """Of dates that overlap a day counts before the month inside "the week of November 4", else the longest."""
    return mention.grain == "month", mention.start - mention.end, not mention.holiday, mention.start


def _all(plain: str, shown: str, reader: Reader, patterns: Patterns) -> Iterator[Mention]:
    today = reader.today
    for found in ISO.finditer(plain):
        day = calendar_day(int(found[1]), int(found[2]), int(found[3]))
        if day:
            yield Mention(*found.span(), ((day, day),), "day", dated=True)
    for start, end, options, dated in numeric_dates(plain, reader.lang, reader.order, today):
        yield Mention(start, end, options, "day", dated=dated)
    for pattern in (patterns.day_month, patterns.month_day):
        for found in pattern.finditer(plain):
            year = year_of(found[found.lastindex] if found.lastindex and found.groups()[-1] else None)
            month = _index(patterns.months, found["month"])
            name = found["month"].rstrip(".")
            spelled = found["d"][0].isalpha()
            if spelled and name in ("may", "march", "mar", "set") and not _named(shown, found.start("month"), plain):
                continue
            number = day_words(reader.lang)[found["d"]] if spelled else int(re.sub(r"\D", "", found["d"]))
            options = day_options(number, month, year, today)
            if options:
                yield Mention(*found.span(), options, "day", dated=year is not None)
                yield from _closing(plain, found.end(), options, dated=year is not None)
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
        half = SECOND_HALF.search(plain, max(0, found.start() - 30), found.start())
        if found["middle"] or half:
            middle = first.replace(day=16 if half else 15)
            if not year and middle <= today:
                middle = middle.replace(year=middle.year + 1)
            if not year and first.year > today.year and middle.replace(year=today.year) > today:
                middle = middle.replace(year=today.year)
            yield Mention(
                half.start() if half else found.start(),
                found.end(),
                ((middle, middle),),
                "part",
                dated=year is not None,
            )
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
            yield Mention(begin, found.end(), options, "day", lone=number)
    for found in patterns.day_spelled.finditer(plain):
        number = day_words(reader.lang)[found["d"]]
        options = lone_day(number, today)
        if options:
            yield Mention(found.start("d"), found.end(), options, "day", lone=number)
    for found in patterns.of_month.finditer(plain):
        number = int(found["d"])
        base = add_months(today.replace(day=1), 1) if found["next"] else today
        day = calendar_day(base.year, base.month, number)
        if day:
            yield Mention(*found.span(), ((day, day),), "day", dated=True)
            before = BARE_START.search(plain, max(0, found.start() - 16), found.start())
            opened = calendar_day(base.year, base.month, int(before[1])) if before else None
            if before and opened:
                yield Mention(before.start(1), before.end(1), ((opened, opened),), "day", dated=True)
    for found in patterns.weekday_day.finditer(plain):
        if patterns.day_month.match(plain, found.start("d")):
            continue
        weekday = _index(patterns.weekdays, found["name"]) - 1
        days = (today + timedelta(days=number) for number in range(100))
        day = next((one for one in days if one.day == int(found["d"]) and one.weekday() == weekday), None)
        if day:
            yield Mention(*found.span(), ((day, day),), "day", dated=True)
    for found in patterns.weekday.finditer(plain):
        number = _index(patterns.weekdays, found.group()) - 1
        if len(found.group()) <= 3 and not shown[found.start()].isupper():
            continue
        if len(found.group()) == 2:
            continue
        recurring = RECURRING.search(plain[max(0, found.start() - 12) : found.start()])
        if recurring and (recurring.group().strip() not in ("on", "les", "los", "as", "aos", "nas", "last", "past")):
            continue
        if found.group().endswith("s") and reader.lang in ("de", "fr") and number < 7:
            # "Montags" and "les lundis" come again and again.
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
            if name == "carnival" and reader.country not in CARNIVAL:
                continue
            day = holiday(name, today, reader.country)
            written = re.match(r" (20\d\d)\b", plain[found.end() : found.end() + 6])
            if written:
                day = holiday(name, date(int(written[1]), 1, 3), reader.country)
            if day:
                yield Mention(*found.span(), ((day, day),), "holiday", holiday=name)


def _closing(plain: str, end: int, options: tuple[tuple[date, date], ...], *, dated: bool) -> Iterator[Mention]:
    """The bare number after a date that closes a span: the 22 of "October 7 to 22"."""
    found = BARE_END.match(plain, end)
    if found is None or len(options) != 1 or int(found[1]) <= options[0][0].day:
        return
    first = options[0][0]
    day = calendar_day(first.year, first.month, int(found[1]))
    if day:
        yield Mention(found.start(1), found.end(1), ((day, day),), "day", dated=dated, ranged=True)


def _anchored(plain: str, mentions: list[Mention], today: date) -> list[Mention]:
    """Let a day without a month ("write me on the 16th") follow the date that was named before it."""
    result: list[Mention] = []
    anchor: date | None = None
    for mention in mentions:
        if mention.lone and anchor is not None and mention.options[0][0] < anchor:
            options = lone_day(mention.lone, anchor)
            mention = replace(mention, options=options or mention.options)
        if mention.grain == "weekday" and anchor is not None and THE_NEXT.match(plain, mention.end):
            day = anchor + timedelta(days=((mention.weekday or 0) - anchor.weekday() - 1) % 7 + 1)
            mention = replace(mention, options=((day, day),), grain="day")
        result.append(mention)
        if mention.grain in ("day", "month", "part", "holiday", "end") and len(mention.options) == 1:
            near = today <= mention.first <= today + timedelta(days=300)
            anchor = mention.first if near else anchor
    return result


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
        waited = found["in"] or found["now"] or WAITED.search(plain[max(0, found.start() - 40) : found.start()])
        if not waited and not (
            re.search(r"(?:^|[.!?\n,] ?)$", plain[max(0, found.start() - 2) : found.start()])
            and re.match(r",? (?:and|y|und|e|et|en|then|dann|i'll|i will)\b", plain[found.end() : found.end() + 8])
        ):
            continue
        if OR_SO.match(plain, found.end()):
            continue
        digits = found["n"]
        count = int(digits) if digits.isdigit() else COUNTS.get(digits) or _index(patterns.numbers, digits)
        today = reader.today
        if found["day"]:
            day = today + timedelta(days=count)
        elif found["week"]:
            day = today + timedelta(days=7 * count)
        elif found["month"]:
            day = add_months(today, count)
        else:
            day = add_months(today, 12 * count)
        yield Mention(*found.span(), ((day, day),), "span", dated=True)


def _related(plain: str, mention: Mention, patterns: Patterns) -> Mention:
    before = plain[max(0, mention.start - 44) : mention.start]
    relation, best = "", 0
    for name, pattern in patterns.relations:
        found = pattern.search(before)
        if found and len(found.group()) > best:
            relation, best = name, len(found.group())
    after = plain[mention.end : mention.end + 24]
    if not relation and mention.holiday and re.search(r"\bnoch $", before):
        # "Noch Ostern" is "nach Ostern" in the south.
        relation = "after"
    if not relation and (INCLUDED.match(after) or AWAY_TO.search(before)):
        relation = "until"
    if mention.grain == "day" and not mention.ranged and relation != "after":
        opened = BARE_START.search(before)
        if opened and 0 < int(opened[1]) < 32 and not mention.lone:
            mention = replace(mention, ranged=True)
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
    if re.search(r"(?:^|[.!?\n] ?)$", plain[max(0, start - 2) : start]) and re.match(r"\w+[.!?\n]", plain[start:]):
        return True
    return start > 0 and shown[start].isupper() and plain[start - 1] == " " and plain[max(0, start - 2)] not in ".!?\n"

"""Reads the dates that a reply names: the first day back, and the first day on which writing is right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from worker.reading.datewords import HOLIDAYS, MONTHS, NUMBERS, WEEKDAYS, WORDS, Words
from worker.reading.folding import Flat
from worker.reading.holidays import easter, first_working_day_after, holiday

FARTHEST = 400
"""Days ahead from which a date is implausible."""

STALE = 330
"""A date without a year that would lie further ahead has just passed: it is no plan."""

SHORT_MONTHS = frozenset(
    {"mai", "juin", "juni", "juli", "june", "july", "mei", "maio", "mars", "aout", "marz", "juil", "may"}
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in the text: where it stands, its first and last day, how coarse it is, and what stands before it.

    `options` holds (first, last) readings; more than one while the order of day and month is not known.
    `grain` is day, week, month, holiday, part (mid-June) or end; `relation` until, after, before, starting, not_before or "".
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


def return_date(flat: Flat, reader: Reader) -> date | None:
    """The first day back at work that an absence message names; None where vague, implausible or ambiguous."""
    words = WORDS[reader.lang]
    mentions = find(flat, reader)
    back = [found.span() for found in _compiled(reader.lang).back.finditer(flat.plain)]
    candidates: list[tuple[float, date]] = []
    for number, mention in enumerate(mentions):
        if mention.relation == "before":
            continue
        ranged = mention.ranged or _ranged(flat, words, mentions, number)
        low, high = flat.sentence(mention.start)
        distances = [
            (mention.start - end if end <= mention.start else 4 + start - mention.end)
            for start, end in back
            if (low <= start < high and (end <= mention.start or start >= mention.end)) or 0 <= mention.start - end <= 4
        ]
        mention = _settled(mention, reader, begun=True, start=mentions[number - 1] if ranged and number else None)
        if mention is None:
            continue
        near = min(distances, default=999)
        closes = mention.relation == "until" or ranged
        if closes and not (near <= 12 and mention.relation != "until"):
            day, rank = _day_after(mention, reader), 1.0
        elif near < 60 and not _opens_range(flat, mentions, number):
            day = _day_after(mention, reader) if mention.relation == "after" else mention.first
            rank = 2.0 - near / 100
            if mention.relation == "starting" and reader.lang not in ("de", "nl", "fr", "es", "pt", "it") and near > 25:
                rank = 0.2
        else:
            continue
        if mention.grain == "season" or not _plausible(day, reader):
            continue
        candidates.append((rank, day))
    if not candidates:
        return None
    best = max(rank for rank, _ in candidates)
    return next(day for rank, day in candidates if rank == best)


def resume_after(flat: Flat, reader: Reader, near: Iterable[tuple[int, int]] = ()) -> date | None:
    """The first day on which writing again is right; None where vague, implausible or ambiguous.

    `near` are the spans of the phrases that invite another try: the date beside them counts.
    """
    spans = list(near)
    mentions = find(flat, reader)
    invited = {flat.sentence_at(start) for start, _ in spans}
    retry = _compiled(reader.lang).retry
    best: tuple[float, date] | None = None
    for number, mention in enumerate(mentions):
        if mention.relation == "before" or _opens_range(flat, mentions, number):
            continue
        settled = _settled(mention, reader)
        if settled is None:
            continue
        ranged = settled.ranged or _ranged(flat, WORDS[reader.lang], mentions, number)
        day = _day_after(settled, reader) if settled.relation in ("after", "until") or ranged else settled.first
        if not _plausible(day, reader) or day <= reader.today:
            continue
        low, high = flat.sentence(settled.start)
        rank = 0.0
        if any(
            start - 60 <= settled.start <= end + 60 and flat.sentence_at(start) == flat.sentence_at(settled.start)
            for start, end in spans
        ):
            rank += 2
        elif flat.sentence_at(settled.start) in invited:
            rank += 1
        if retry.search(flat.plain, low, high):
            rank += 0.7
        if settled.relation in ("after", "not_before", "starting"):
            rank += 0.5
        elif settled.relation == "until" or ranged:
            rank += 0.1
        if settled.grain == "this":
            rank -= 1
        if best is None or rank > best[0]:
            best = (rank, day)
    return best[1] if best else None


def nearest(flat: Flat, reader: Reader) -> date | None:
    """The first plausible day ahead that the text names, whatever it is for."""
    days = [settled.first for mention in find(flat, reader) if (settled := _settled(mention, reader))]
    return min((day for day in days if _plausible(day, reader) and day > reader.today), default=None)


def first_day(mention: Mention, reader: Reader) -> date:
    """The day that a mention means when somebody commands: "after the 20th" is the 21st, "until Monday" is Monday."""
    return _day_after(mention, reader) if mention.relation == "after" else mention.first


def find(flat: Flat, reader: Reader) -> list[Mention]:
    """All dates in a text, in order, without overlaps (the longest wins)."""
    patterns = _compiled(reader.lang)
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
    return [_related(flat.plain, mention, patterns) for mention in merged]


# --- from here on: one mention --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Patterns:
    numeric: re.Pattern[str]
    day_month: re.Pattern[str]
    month_day: re.Pattern[str]
    month: re.Pattern[str]
    day_alone: re.Pattern[str]
    weekday: re.Pattern[str]
    span: re.Pattern[str]
    week: re.Pattern[str]
    fixed: tuple[tuple[str, re.Pattern[str]], ...]
    quarter: re.Pattern[str]
    holidays: tuple[tuple[str, re.Pattern[str]], ...]
    relations: tuple[tuple[str, re.Pattern[str]], ...]
    back: re.Pattern[str]
    retry: re.Pattern[str]
    months: tuple[re.Pattern[str], ...]
    weekdays: tuple[re.Pattern[str], ...]
    numbers: tuple[re.Pattern[str], ...]


ISO = re.compile(r"(?<![\w/.-])(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?![\w/-])")
NUMERIC = re.compile(
    r"(?<![\w/.:+-])(\d{1,2})(?:(\.) ?(\d{1,2})(?:(\.)(?: ?(20\d\d|\d\d)(?!\d))?)?|([/-])(\d{1,2})(?:[/-](20\d\d|\d\d))?)(?![\w/:%-]|\.\d)"
)
YEAR = r"(?:,? (?:de |del |do )?(20\d\d|'\d\d))?"
ORDINAL = r"(?:st|nd|rd|th|\.|º|°|er|re|e|o|ste|de|ª)?"


@lru_cache(maxsize=16)
def _compiled(lang: str) -> _Patterns:
    words = WORDS[lang]
    tables = MONTHS[lang].split()
    months = "|".join(tables)
    full = rf"(?P<month>{months})\b\.?"
    before = rf"(?:(?P<early>{words.early}) |(?P<late>{words.late}) |(?P<middle>{words.middle})[ -]?)?"
    of = rf"(?:{words.of}) ?" if words.of else ""
    weekdays = "|".join(f"(?:{day})" for day in WEEKDAYS[lang].split())
    digits = "|".join(f"(?:{number})" for number in NUMBERS[lang].split())
    unit = rf"(?P<day>{words.day})|(?P<week>{words.week})|(?P<month>{words.month})|(?P<year>{words.year})"

    def whole(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")

    return _Patterns(
        numeric=NUMERIC,
        day_month=whole(rf"(?P<d>\d{{1,2}}){ORDINAL},? ?(?:{of})?{full}{YEAR}"),
        month_day=whole(rf"{full} (?:the |le |el )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]| ?[ap]m| ?uhr| ?h\b){YEAR}"),
        month=whole(rf"{before}(?:{of})?{full}{YEAR}"),
        day_alone=whole(words.day_alone),
        weekday=whole(weekdays),
        span=whole(rf"(?:(?P<in>{words.within}) )?(?P<n>\d{{1,2}}|{digits})(?: or so| bis \w+)? (?:{unit})(?P<now> (?:{words.from_now})| time)?"),
        week=whole(words.week_number),
        fixed=tuple((name, whole(pattern)) for name, pattern in words.fixed.items()),
        quarter=whole(rf"q([1-4])(?: (20\d\d))?|([1-4])(?:st|nd|rd|th|\.|er|e|º|°)? (?:{words.quarter})|t([1-4])"),
        holidays=tuple((name, whole(pattern)) for name, pattern in HOLIDAYS.items()),
        relations=tuple(
            (name, re.compile(rf"(?<!\w)(?:{pattern})(?:[ ,:(]|\b)*(?:(?:the|den|dem|der|die|das|le|la|les|el|los|las|o|os|as|il|lo|i|gli|de|het|um|about|around|circa|ca\.?|to|including|einschliesslich|einschl\.?|inkl\.?|y con|incluido|inclusive|incluso|compris|en|and|zum|zur|am|au|al|ao|dia|evening|end|close|of) ?)*$"))
            for name, pattern in (
                ("not_before", rf"(?:not|n't|nicht|pas|no|nao|non|niet) (?:{words.before}|{words.until})|(?:erst|fruhestens|fruehestens)(?: wieder)?(?: ab| im| am| in| nach)?|pas avant(?: le)?|no antes del?|so a partir (?:de|do)|non prima (?:del|di)|niet voor|pas (?:vanaf|na|in|weer)"),
                ("until", words.until), ("after", words.after), ("before", words.before), ("starting", words.starting),
            )
        ),
        back=whole(words.back),
        retry=whole(words.retry),
        months=tuple(re.compile(rf"(?:{month})\.?$") for month in tables),
        weekdays=tuple(re.compile(rf"(?:{day})$") for day in WEEKDAYS[lang].split()),
        numbers=tuple(re.compile(rf"(?:{number})$") for number in NUMBERS[lang].split()),
    )  # fmt: skip


def _all(plain: str, shown: str, reader: Reader, patterns: _Patterns) -> Iterator[Mention]:
    today = reader.today
    for found in ISO.finditer(plain):
        day = _date(int(found[1]), int(found[2]), int(found[3]))
        if day:
            yield Mention(*found.span(), ((day, day),), "day", dated=True)
    yield from _numeric(plain, reader)
    for pattern in (patterns.day_month, patterns.month_day):
        for found in pattern.finditer(plain):
            year = _year(found[found.lastindex] if found.lastindex and found.groups()[-1] else None)
            month = _index(patterns.months, found["month"])
            options = _day_options(int(found["d"]), month, year, today)
            if options:
                yield Mention(*found.span(), options, "day", dated=year is not None)
    for found in patterns.month.finditer(plain):
        name = found["month"].rstrip(".")
        if (len(name) < 5 and name not in SHORT_MONTHS) or (
            name in ("may", "march", "mars", "set", "mar") and not _named(shown, found.start("month"), plain)
        ):
            continue
        year = _year(found.groups()[-1])
        month = _index(patterns.months, found["month"])
        first = date(year, month, 1) if year else _next_month(month, today)
        last = _month_end(first)
        if found["middle"]:
            middle = first.replace(day=15)
            if not year and middle <= today:
                middle = middle.replace(year=middle.year + 1)
            if not year and first.year > today.year and date(today.year, month, 15) > today:
                middle = date(today.year, month, 15)
            yield Mention(*found.span(), ((middle, middle),), "part", dated=year is not None)
        elif found["late"]:
            if not year and _month_end(date(today.year, month, 1)) > today:
                last = _month_end(date(today.year, month, 1))
            yield Mention(*found.span(), ((last, last),), "end", dated=year is not None)
        else:
            yield Mention(*found.span(), ((first, last),), "month", dated=year is not None)
    for found in patterns.day_alone.finditer(plain):
        number = int(next(group for group in found.groups() if group))
        options = _lone_day(number, today)
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
        monday = _week(number, today)
        if monday:
            yield Mention(*found.span(), ((monday, monday + timedelta(days=6)),), "week")
    for name, pattern in patterns.fixed:
        for found in pattern.finditer(plain):
            options = ((span),) if (span := _fixed(name, today)) else ()
            if options:
                late = re.search(
                    rf"(?:{WORDS[reader.lang].late}) (?:the |del? |der |la |do |della )?$",
                    plain[max(0, found.start() - 16) : found.start()],
                )
                if late and name in ("this_month", "next_month", "this_year", "next_year", "this_week", "next_week"):
                    yield Mention(found.start() - len(late.group()), found.end(), ((span[1], span[1]),), "end")
                else:
                    yield Mention(
                        *found.span(),
                        options,
                        "this"
                        if name.startswith("this")
                        else "month"
                        if name == "next_month"
                        else "week"
                        if "week" in name
                        else "fixed"
                        if name in ("new_year", "next_year", "next_quarter")
                        else "day",
                    )
    for found in patterns.quarter.finditer(plain):
        number = next((int(group) for group in (found[1], found[3], found[4]) if group), 0)
        if number:
            year = int(found[2]) if found[2] else today.year + (date(today.year, number * 3 - 2, 1) <= today)
            first = date(year, number * 3 - 2, 1)
            yield Mention(*found.span(), ((first, _month_end(first.replace(month=number * 3))),), "month")
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
        year = _year(written)
        order = "dmy" if dotted and reader.lang != "en" else reader.order or ("dmy" if dotted else None)
        options: tuple[tuple[date, date], ...] = ()
        if order != "mdy":
            options += _day_options(a, b, year, reader.today)
        if order != "dmy":
            options += _day_options(b, a, year, reader.today)
        if not options and order:
            # The order that the convention says is impossible: the other one is meant.
            options = (
                _day_options(b, a, year, reader.today) if order == "dmy" else _day_options(a, b, year, reader.today)
            )
        if options:
            yield Mention(*found.span(), tuple(dict.fromkeys(options)), "day", dated=year is not None)


def _spans(plain: str, patterns: _Patterns, reader: Reader) -> Iterator[Mention]:
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
            day = _add_months(today, count)
        else:
            day = _add_months(today, 12 * count)
        yield Mention(*found.span(), ((day, day),), "day", dated=True)


def _related(plain: str, mention: Mention, patterns: _Patterns) -> Mention:
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


def _ranged(flat: Flat, words: Words, mentions: list[Mention], number: int) -> bool:
    """Whether this mention ends a span that the one before it begins ("from the 3rd to the 10th")."""
    if not number:
        return False
    between = flat.plain[mentions[number - 1].end : mentions[number].start]
    joined = rf" ?(?:-|to|and|und|bis(?: zum| einschliesslich)?|au|al|a|à|e|et|y|en|tot(?: en met)?|t/m|{words.until})(?: the| le| el| den| dia| il| o| \w{{2,10}}day,?)* ?"
    both = (
        mentions[number - 1].relation == "starting"
        or "-" in between
        or mentions[number].relation == "until"
        or between.strip() in ("to", "au", "al", "t/m", "bis")
    )
    return both and bool(re.fullmatch(joined, between))


def _opens_range(flat: Flat, mentions: list[Mention], number: int) -> bool:
    return number + 1 < len(mentions) and _ranged(flat, WORDS_ANY, mentions, number + 1)


WORDS_ANY = replace(WORDS["en"], until="|".join(f"(?:{words.until})" for words in WORDS.values()))


def _settled(mention: Mention, reader: Reader, *, begun: bool = False, start: Mention | None = None) -> Mention | None:
    """Choose between day-month and month-day; None where both orders fit."""
    options = list(mention.options)
    if mention.weekday is not None and mention.grain == "day":
        options = [option for option in options if option[0].weekday() == mention.weekday] or options
    if len(options) > 1:
        options = [option for option in options if 0 <= (option[0] - reader.today).days <= FARTHEST]
        if begun and start is not None and len(start.options) > 1:
            index = [
                i
                for i, option in enumerate(start.options)
                if option[0] <= reader.today or (option[0] - reader.today).days < 60
            ]
            options = [mention.options[i] for i in index if i < len(mention.options)] if len(index) == 1 else options
        if len(options) > 1 and not mention.dated:
            # The year was guessed for both: a reading that had to wrap into next year does not fit.
            near = [option for option in options if (option[0] - reader.today).days <= (200 if begun else STALE)]
            options = near or options
    if len(options) != 1:
        return None
    return replace(mention, options=tuple(options))


def _day_after(mention: Mention, reader: Reader) -> date:
    """The day after a mention; a working day after a public holiday; "until March" ends where March begins."""
    if mention.holiday:
        if mention.holiday == "easter":
            return mention.first + timedelta(days=2)
        return first_working_day_after(mention.first, reader.country)
    if mention.grain in ("month", "week", "fixed") and mention.relation == "until":
        return mention.first
    return mention.last + timedelta(days=1)


def _plausible(day: date, reader: Reader) -> bool:
    return 0 <= (day - reader.today).days <= FARTHEST


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    number = int(text.lstrip("'"))
    return number if number > 99 else 2000 + number


def _index(table: tuple[re.Pattern[str], ...], word: str) -> int:
    return next((number for number, pattern in enumerate(table, 1) if pattern.match(word)), 1)


def _day_options(day: int, month: int, year: int | None, today: date) -> tuple[tuple[date, date], ...]:
    """The day as it lies ahead; without a year the next such day, unless it has only just passed."""
    if year is not None:
        exact = _date(year, month, day)
        return ((exact, exact),) if exact else ()
    for candidate in (today.year, today.year + 1, today.year + 2, today.year + 3):
        found = _date(candidate, month, day)
        if found and found >= today:
            if (found - today).days > STALE:
                earlier = _date(candidate - 1, month, day)
                return ((earlier, earlier),) if earlier else ()
            return ((found, found),)
    return ()


def _lone_day(day: int, today: date) -> tuple[tuple[date, date], ...]:
    if not 1 <= day <= 31:
        return ()
    for ahead in range(4):
        month = _add_months(today.replace(day=1), ahead)
        found = _date(month.year, month.month, day)
        if found and found >= today:
            return ((found, found),)
    return ()


def _named(shown: str, start: int, plain: str) -> bool:
    """Whether "may" or "march" is the month here: after a preposition, or written large inside a sentence."""
    before = plain[max(0, start - 14) : start]
    if re.search(
        r"(?:in|until|till|by|from|after|of|mid-?|early|late|next|since|before|this|en|de|fin|debut|mi-?|a|em|di) ?$",
        before,
    ):
        return True
    return start > 0 and shown[start].isupper() and plain[start - 1] == " " and plain[max(0, start - 2)] not in ".!?\n"


def _next_month(month: int, today: date) -> date:
    first = date(today.year, month, 1)
    return first if first > today else date(today.year + 1, month, 1)


def _month_end(day: date) -> date:
    return _add_months(day.replace(day=1), 1) - timedelta(days=1)


def _add_months(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    for last in (day.day, 30, 29, 28):
        found = _date(year, month + 1, min(day.day, last))
        if found:
            return found
    return day


def _week(number: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if monday > today - timedelta(days=6):
            return monday
    return None


def _fixed(name: str, today: date) -> tuple[date, date] | None:
    monday = today - timedelta(days=today.weekday())
    week, month = timedelta(days=7), _add_months(today.replace(day=1), 1)
    quarter = _add_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3)
    spans: dict[str, tuple[date, date]] = {
        "today": (today, today),
        "tomorrow": (today + timedelta(days=1),) * 2,
        "day_after_tomorrow": (today + timedelta(days=2),) * 2,
        "this_week": (monday, monday + timedelta(days=6)),
        "next_week": (monday + week, monday + week + timedelta(days=6)),
        "week_after_next": (monday + 2 * week, monday + 2 * week + timedelta(days=6)),
        "this_month": (today.replace(day=1), _month_end(today)),
        "next_month": (month, _month_end(month)),
        "next_year": (date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)),
        "this_year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        # Said in the first days of January the new year has begun; said later the next one is meant.
        "new_year": (date(today.year + 1, 1, 2), date(today.year + 1, 1, 2)),
        "next_quarter": (quarter, _month_end(_add_months(quarter, 2))),
        "fortnight": (today + timedelta(days=14),) * 2,
        "half_year": (_add_months(today, 6),) * 2,
        "month_end": (_month_end(today),) * 2,
        "year_end": (date(today.year, 12, 31),) * 2,
        "year_start": (date(today.year + 1, 1, 2),) * 2,
    }
    return spans.get(name)


__all__ = ["Mention", "Reader", "easter", "find", "first_day", "nearest", "resume_after", "return_date"]

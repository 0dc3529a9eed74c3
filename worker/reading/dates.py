"""Reads the dates that a reply means: the first day back, and the first day on which writing is right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from worker.reading.dategrammar import (
    ABSENT,
    AFTERWARDS,
    BEFORE_BACK,
    DENIED,
    JOINING,
    NOT_BACK,
    NOTHING,
    RECKONED,
    REFUSED,
    SOMETIME,
    THAN,
    THAT_DAY,
    THEN,
    VAGUE,
    WHEN,
)
from worker.reading.datepatterns import patterns_of
from worker.reading.datewords import WORDS, Words
from worker.reading.folding import Flat
from worker.reading.holidays import first_working_day_after
from worker.reading.mentions import FARTHEST, Mention, Reader, find
from worker.reading.reckoning import STALE

__all__ = ["FARTHEST", "Mention", "Reader", "find", "first_day", "nearest", "resume_after", "return_date"]


def return_date(flat: Flat, reader: Reader) -> date | None:
    """The first day back at work that an absence message names; None where vague, implausible or ambiguous."""
    words = WORDS[reader.lang]
    mentions = find(flat, reader)
    back = [
        found.span()
        for found in patterns_of(reader.lang).back.finditer(flat.plain)
        if not DENIED.search(flat.plain, max(0, found.start() - 8), found.start())
    ]
    candidates: list[tuple[float, date]] = []
    for number, mention in enumerate(mentions):
        low, high = flat.sentence(mention.start)
        before = flat.plain[max(low, mention.start - 70) : mention.start]
        denied = _not_back(before, words)
        if mention.relation == "before" and not denied:
            continue
        ranged = mention.ranged or _ranged(flat, words, mentions, number)
        distances = [
            (mention.start - end if end <= mention.start else 4 + start - mention.end)
            for start, end in back
            if (
                low <= start < high
                and (
                    end <= mention.start
                    or (start >= mention.end and not JOINING.search(flat.plain, mention.end, start))
                )
            )
            or 0 <= mention.start - end <= 4
        ]
        settled = _settled(mention, reader, begun=True, start=mentions[number - 1] if ranged and number else None)
        if settled is None:
            continue
        mention = settled
        near = min(distances, default=999)
        led = min((mention.start - end for start, end in back if low <= start and end <= mention.start), default=999)
        closes = mention.relation == "until" or ranged
        if mention.relation == "before":
            day, rank = mention.first, 1.4
        elif mention.relation == "until" and (
            WHEN.match(flat.plain, mention.end)
            or (flat.plain[mention.end - 1] != "." and BEFORE_BACK.match(flat.plain, mention.end))
            or denied
        ):
            day, rank = mention.first, 1.5
        elif closes and not (led <= 12 and mention.relation != "until"):
            day, rank = _day_after(mention, reader), 1.0
            if THEN.search(flat.plain, max(low, mention.start - 60), mention.start):
                rank = 1.05
        elif mention.relation == "not_before" and mention.grain in ("day", "weekday"):
            day, rank = mention.first, 1.4
        elif near < 60 and not _opens_range(flat, mentions, number):
            day = _day_after(mention, reader) if mention.relation == "after" else mention.first
            rank = 2.0 - near / 100
            if mention.relation == "starting" and reader.lang not in ("de", "nl", "fr", "es", "pt", "it") and near > 25:
                rank = 0.2
        elif (
            mention.relation in ("", "starting", "not_before")
            and mention.grain in ("day", "weekday")
            and mention.first > reader.today
            and not _opens_range(flat, mentions, number)
            and not ABSENT.search(flat.plain, low, mention.start)
        ):
            # A day ahead in an absence message is the day of return, whatever the words for it.
            day, rank = mention.first, 0.1
        else:
            continue
        if (mention.grain in ("end", "part") and rank >= 1.5) or (
            mention.grain == "month" and SOMETIME.search(flat.plain, max(0, mention.start - 40), mention.start)
        ):
            continue
        if not _plausible(day, reader) or (mention.grain == "day" and day == reader.today and not closes):
            continue
        if not mention.dated and (day - reader.today).days > LONG_PAST:
            continue
        candidates.append((rank, day))
    if not candidates:
        return None
    best = max(rank for rank, _ in candidates)
    return next(day for rank, day in candidates if rank == best)


LONG_PAST = 270
"""Days ahead from which an absence message without a year is an old one that was forgotten."""


def _not_back(before: str, words: Words) -> bool:
    until = re.search(
        rf"(?<!\w)(?:{words.until}|{words.before})(?: the| el| la| le| il| dem| den| de| dia| lunes| am)* ?$", before
    )
    return bool(until and NOT_BACK.search(before[: until.start()].rstrip() + " "))


def resume_after(flat: Flat, reader: Reader, near: Iterable[tuple[int, int]] = ()) -> date | None:
    """The first day on which writing again is right; None where vague, implausible or ambiguous.

    `near` are the spans of the phrases that invite another try: the date beside them counts.
    """
    spans = list(near)
    mentions = find(flat, reader)
    invited = {flat.sentence_at(start) for start, _ in spans}
    retry = patterns_of(reader.lang).retry
    best: tuple[float, date] | None = None
    vague: re.Match[str] | None = None
    for number, mention in enumerate(mentions):
        settled = _settled(mention, reader)
        if settled is None or _opens_range(flat, mentions, number):
            continue
        ranged = settled.ranged or _ranged(flat, WORDS[reader.lang], mentions, number)
        low, high = flat.sentence(settled.start)
        alone = not any(low <= other.start < high for other in mentions[number + 1 :])
        anaphor = _afterwards(flat, settled, mentions[number + 1 :]) if settled.grain not in ("this", "span") else 0
        if anaphor:
            day = _day_after(settled, reader) if anaphor > 1 or ranged else settled.first
        elif settled.relation == "before" and not NOTHING.search(flat.plain, low, high):
            continue
        else:
            day = _day_after(settled, reader) if settled.relation in ("after", "until") or ranged else settled.first
        at_new_year = settled.holiday == "new_year_day" and not settled.relation
        day = day + timedelta(days=1) if at_new_year else day
        if not _plausible(day, reader) or day <= reader.today:
            continue
        rank = 1.2 if anaphor else 0.0
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
        elif (settled.relation == "until" or ranged) and len(mentions) == 1:
            rank += 0.1
        if settled.grain == "this":
            rank -= 1
        if settled.grain == "weekday" and rank < 1:
            rank -= 0.5
        if settled.holiday and settled.relation in ("", "before") and rank < 2 and not at_new_year:
            rank -= 1.8
        if settled.grain == "month" and not settled.dated and (settled.first - reader.today).days > 300:
            # "I said September", written in September, speaks of the past.
            rank -= 3
        if REFUSED.match(flat.plain, settled.end) or (not alone and settled.relation == "until"):
            rank -= 0.6
        elif not alone and not settled.relation:
            rank -= 0.3
        if settled.grain == "day" and any(low <= other.start < high for other in mentions if other is not mention):
            rank += 0.35
        if THAN.search(flat.plain, max(0, settled.start - 12), settled.start):
            rank -= 1
        # Of two dates that stand equal the later one in the text is the plan, the earlier one the hindrance.
        rank += 0.02 * number
        if best is None or rank > best[0]:
            best, vague = (rank, day), VAGUE.search(flat.plain, settled.end)
    if vague and best is not None and (best[0] < 1 or (best[0] < 2 and flat.sentence_at(vague.start()) in invited)):
        return None
    if best is None or best[0] < -1 or any(RECKONED.search(flat.plain, *flat.sentences[number]) for number in invited):
        return None
    return best[1]


def _afterwards(flat: Flat, mention: Mention, later: list[Mention]) -> int:
    """Whether the words that follow send the reader to this date (1) or behind it (2); 0 for neither."""
    stop = later[0].start if later else len(flat.plain)
    end = min(stop, mention.end + 160)
    if AFTERWARDS.search(flat.plain, mention.end, end):
        return 2
    return 1 if mention.relation == "before" and THAT_DAY.search(flat.plain, mention.end, end) else 0


def nearest(flat: Flat, reader: Reader) -> date | None:
    """The first plausible day ahead that the text names, whatever it is for."""
    days = [settled.first for mention in find(flat, reader) if (settled := _settled(mention, reader))]
    return min((day for day in days if _plausible(day, reader) and day > reader.today), default=None)


def first_day(mention: Mention, reader: Reader) -> date:
    """The day that a mention means when somebody commands: "after the 20th" is the 21st, "until Monday" is Monday."""
    return _day_after(mention, reader) if mention.relation == "after" else mention.first


def _ranged(flat: Flat, words: Words, mentions: list[Mention], number: int) -> bool:
    """Whether this mention ends a span that the one before it begins ("from the 3rd to the 10th")."""
    if not number:
        return False
    between = flat.plain[mentions[number - 1].end : mentions[number].start]
    joined = (
        rf" ?(?:-|to|and|und|bis(?: zum| einschliesslich)?|au|al|a|à|e|et|y|en|tot(?: en met)?|t/m"
        rf"|{words.until})(?: the| le| el| den| dia| il| o| \w{{2,10}}day,?)* ?"
    )
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
    if mention.grain == "span":
        return mention.first
    if mention.holiday:
        if mention.relation == "until" and mention.holiday not in ("easter", "christmas"):
            return mention.last + timedelta(days=1)
        if mention.holiday == "easter":
            return mention.first + timedelta(days=2)
        return first_working_day_after(mention.first, reader.country)
    if mention.grain in ("month", "week", "fixed", "part") and mention.relation == "until":
        return mention.first
    return mention.last + timedelta(days=1)


def _plausible(day: date, reader: Reader) -> bool:
    return 0 <= (day - reader.today).days <= FARTHEST

"""Turns proposed times, as they were written, into days and clock times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from worker.reading.folding import fold
from worker.reading.telldays import day_of

# A clock time: "10:30", "10.30", "3pm", "14h", "10 uhr", "at 10", "um 10", "noon"; figures alone are none.
LED = r"(?:at|um|gegen|ab|vers|around|about|a las|las|a la|alle|om|nach|after|from|von|between|zwischen|entre|de|a|les)"
MARK = r"a\.?m\.?|p\.?m\.?|uhr|heures?|horas?|o'clock|uur|h(?![a-z])"
HOUR = rf"(?P<hour{{n}}>\d{{{{1,2}}}})(?:[:.h](?P<minute{{n}}>\d\d))?(?: ?(?P<mark{{n}}>{MARK}))?"
JOIN = r" ?(?:-|–|to|bis|a|und|and|until|till|jusqu'a|hasta|y|et) ?"
CLOCK = re.compile(rf"(?<![\d.:])(?P<led>{LED} )?{HOUR.format(n=1)}(?:{JOIN}{HOUR.format(n=2)})?(?![\d:])(?!\.\d)")
NOON = re.compile(r"\b(?:at |um |a )?(?:noon|midday|mittags?|midi|mediodia|mezzogiorno)\b")
HOURS = {
    name: number
    for names in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
    )
    for number, name in enumerate(names.split(), start=1)
}
SPELLED = re.compile(rf"\b(at|around|about|um|gegen|ab) ({'|'.join(HOURS)})\b")
SPAN = re.compile(r"\b(?:weeks?|months?|wochen?|monate?n?|semaines?|mois|semanas?|mes(?:es)?)\b")
NIGHT = 7  # an hour below this without a mark is one of the afternoon: nobody talks at three in the morning


@dataclass(frozen=True, slots=True)
class Slot:
    """One proposed time: the words, the day, from when and until when (None: not said). No zone is named."""

    words: str
    day: date
    begins: time | None = None
    ends: time | None = None


def slots(phrases: Iterable[str], *, written: date) -> tuple[Slot, ...]:
    """The phrases that name one day, on or after the day on which they were written, in order."""
    found = []
    for words in phrases:
        slot = slot_of(words, written)
        if slot is not None:
            found.append(slot)
    return tuple(found)


def slot_of(words: str, written: date) -> Slot | None:
    """The one day, and the clock time if there is one, that the words name; None where they name no single day."""
    folded = SPELLED.sub(lambda found: f"{found[1]} {HOURS[found[2]]}", " ".join(fold(words).split()))
    folded = folded.strip(" ,.;?!")
    if SPAN.search(folded):
        return None  # a week is no day
    for begins, ends, rest in (*_clocks(folded), (None, None, folded)):
        day = _day(rest.strip(" ,"), written)
        if day is not None:
            return Slot(words, day, begins, ends)
    return None


def _day(words: str, written: date) -> date | None:
    """The day that the words name; a weekday beside a date must be that date's ("Fri 5 March")."""
    day = day_of(words, written) if words else None
    weekday, _, rest = words.partition(" ")
    if day is None and re.search(r"\d", rest):
        named, day = day_of(weekday.strip(",."), written), day_of(rest.strip(), written)
        if named is None or day is None or named.weekday() != day.weekday():
            return None
    return day


def _clocks(folded: str) -> list[tuple[time | None, time | None, str]]:
    """Each reading of a part of the words as a clock time, with what is left; what is surest comes first."""
    found: list[tuple[bool, time, time | None, str]] = []
    for match in NOON.finditer(folded):
        found.append((True, time(12), None, _without(folded, match)))
    for match in CLOCK.finditer(folded):
        marks = match["mark1"] or match["mark2"]
        sure = bool(marks or match["minute1"])
        if not sure and not match["led"]:
            continue
        begins = _time(match["hour1"], match["minute1"], match["mark1"] or match["mark2"])
        ends = _time(match["hour2"], match["minute2"], match["mark2"] or match["mark1"]) if match["hour2"] else None
        if begins is None or (match["hour2"] and ends is None):
            continue
        if ends is not None and ends <= begins:
            ends = None
        found.append((sure, begins, ends, _without(folded, match)))
    found.sort(key=lambda one: not one[0])
    return [(begins, ends, rest) for _, begins, ends, rest in found]


def _without(folded: str, match: re.Match[str]) -> str:
    return f"{folded[: match.start()].rstrip(' ,')} {folded[match.end() :].lstrip(' ,')}".strip()


def _time(hour: str, minute: str | None, mark: str | None) -> time | None:
    number, said = int(hour), (mark or "").replace(".", "")
    if said in ("am", "pm"):
        if not 1 <= number <= 12:
            return None
        number = number % 12 + (12 if said == "pm" else 0)
    elif 1 <= number < NIGHT:
        number += 12
    if number > 23 or int(minute or 0) > 59:
        return None
    return time(number, int(minute or 0))

"""The words that a template does not say itself, in its language: greetings, dates, durations, how to meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

DEFAULT = "en"
SENTENCES = ("meet", "background", "why")
"""Keys of [owner.about] that are words of a language and not a name: they stand in no mail of another language."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. The forms have slots: {day}, {month}, {weekday}, {year}; {name}; {n}."""

    code: str
    months: tuple[str, ...]
    days: tuple[str, ...]
    date_form: str
    year_form: str
    clock_form: str
    greeting: str  # to somebody whose first name is known
    greeting_whole: str  # to somebody whose whole name is known, where that is the custom
    hello: str  # to anybody
    meet: str
    minutes: str
    half_hour: str
    hour: str
    last: str  # what stands before the last name of a list
    small: frozenset[str]  # words by which the language is known

    def calendar_day(self, day: date, *, year: bool = False) -> str:
        """ "24 November", "24. November", "24 novembre", "24 de noviembre"; with the year where it is wanted."""
        form = self.year_form if year else self.date_form
        number = "1er" if self.code == "fr" and day.day == 1 else day.day
        return form.format(day=number, month=self.months[day.month - 1], year=day.year)

    def weekday(self, day: date) -> str:
        """ "Tuesday", "Dienstag", "mardi", "martes"."""
        return self.days[day.weekday()]

    def clock(self, moment: datetime | time) -> str:
        """ "14:30", "14:30 Uhr", "14 h 30"."""
        return self.clock_form.format(hour=moment.hour, minute=f"{moment.minute:02}")

    def duration(self, minutes: int) -> str:
        """ "thirty minutes", "eine Stunde", "45 minutes"."""
        if minutes == 30:
            return self.half_hour
        if minutes == 60:
            return self.hour
        return self.minutes.format(n=minutes)

    def listed(self, names: Sequence[str]) -> str:
        """ "Lee Park, Jo Tan and Una Berg"; in Spanish an e before the sound of i."""
        *first, final = names
        if not first:
            return final
        last = self.last
        if self.code == "es" and re.match(r"h?[ií](?![aeo])", final.casefold()):
            last = "e"
        return f"{', '.join(first)} {last} {final}"

    def strftime(self, moment: date | time, form: str) -> str:
        """What `strftime` gives, with the names of days and months in this language."""
        if not isinstance(moment, date):
            return moment.strftime(form)
        day, month = self.days[moment.weekday()], self.months[moment.month - 1]
        named = {"%A": day, "%B": month, "%a": day.split("-")[0][:3], "%b": month[:3], "%h": month[:3]}
        return moment.strftime(_spelled(form, named))

    def greet(self, first: str | None, last: str | None) -> str:
        """The line that a mail begins with: "Hi Una,", "Guten Tag Una Berg,"; without a name where none is certain."""
        if first and last and self.greeting_whole:
            return self.greeting_whole.format(name=f"{first} {last}")
        return self.greeting.format(name=first) if first else self.hello


def _spelled(form: str, named: Mapping[str, str]) -> str:
    return re.sub(r"%.", lambda found: named.get(found[0], found[0]), form)


def code_of(language: str | None) -> str:
    """The two letters of a language ("de" of "de-AT" and "DE"), "" where there is none."""
    found = re.fullmatch(r"([a-z]{2})(?:[-_].*)?", (language or "").strip().lower())
    return found[1] if found else ""


@cache
def tongue(language: str | None) -> Tongue:
    """The words of a language, English where there are none."""
    from worker.writing.tongues import TONGUES

    return TONGUES.get(code_of(language), TONGUES[DEFAULT])


def known() -> frozenset[str]:
    """The languages of which we have words."""
    from worker.writing.tongues import TONGUES

    return frozenset(TONGUES)


def own_words(about: Mapping[str, Any], language: str) -> dict[str, Any]:
    """`[owner.about]` as a template of this language says it: `[owner.about.de]` over what stands there.

    What is plainly written in another language (`meet`, `background`, `why`) is left out, so that no mail mixes
    two; `field`, `link` and all other keys are names. `meet` is never empty.
    """
    code = code_of(language) or DEFAULT
    plain = {key: value for key, value in about.items() if not _is_table(key, value)}
    translated = dict(_table(about, language))
    other = guess(str(plain.get(key) or "") for key in SENTENCES)
    if other is not None and other != code:
        plain = {key: value for key, value in plain.items() if key not in SENTENCES}
    words: dict[str, Any] = {"field": None, "background": None, "why": None, "link": None} | plain | translated
    words["meet"] = str(words.get("meet") or "").strip() or tongue(code).meet
    return words


def without_tables(about: Mapping[str, Any], language: str) -> dict[str, Any]:
    """`[owner.about]` with the keys of this language's table over it, for templates that say `owner.about.KEY`."""
    plain = {key: value for key, value in about.items() if not _is_table(key, value)}
    return plain | dict(_table(about, language))


def untranslated(about: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """The keys that a mail of this language leaves out, since they are written in another one."""
    said = own_words(about, language)
    translated = _table(about, language)
    return tuple(key for key in SENTENCES if about.get(key) and key not in translated and said.get(key) != about[key])


def _table(about: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    there = about.get(code_of(language) or DEFAULT)
    return there if isinstance(there, Mapping) else {}


def guess(texts: Iterable[str]) -> str | None:
    """The language of some short texts by their small words; None where it cannot be told."""
    from worker.writing.tongues import TONGUES

    words = re.findall(r"[^\W\d_]+", " ".join(texts).casefold())
    scores = sorted(((sum(word in one.small for word in words), code) for code, one in TONGUES.items()), reverse=True)
    return scores[0][1] if scores[0][0] > scores[1][0] else None


def _is_table(key: str, value: Any) -> bool:
    return isinstance(value, Mapping) and bool(re.fullmatch(r"[a-z]{2}", key))

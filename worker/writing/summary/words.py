"""Every word of the summary, a language at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from worker.conversation.vocabulary import Intent, Step
from worker.writing.summary.content import Need


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `texts` holds sentences with {slots}; `counts` a singular and a plural with {n}."""

    code: str
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    long_date: str
    short_date: str
    needs: Mapping[Need, str]
    intents: Mapping[Intent, str]
    steps: Mapping[Step, str]
    states: Mapping[str, str]
    counts: Mapping[str, tuple[str, str]]
    texts: Mapping[str, str]
    actions: Mapping[str, str]
    orders: Mapping[str, str]  # what an offered answer says, in words that `tell` understands
    refuted: Mapping[Intent, str]  # "not a decline": the reading is wrong
    did: Mapping[str, str]  # what happened, with {slots}
    kinds: Mapping[str, str]  # what came, where no person wrote
    notes: Mapping[str, str]  # what is said beside an item, with {slots}

    def count(self, key: str, number: int) -> str:
        """ "1 call", "3 calls"; in French nought is singular as well."""
        one, many = self.counts[key]
        singular = number == 1 or (number == 0 and self.code == "fr")
        return (one if singular else many).format(n=number)

    def text(self, key: str, **slots: object) -> str:
        """The sentence of that key with its slots filled in."""
        return _one_stop(self.texts[key].format(**slots))

    def pair(self, first: str, second: str) -> str:
        """ "Una Berg: a yes"; a French colon stands off."""
        return f"{first}\xa0: {second}" if self.code == "fr" else f"{first}: {second}"

    def note(self, key: str, **slots: object) -> str:
        """The note of that key with its slots filled in."""
        return _one_stop(self.notes[key].format(**slots))

    def day(self, day: date, *, short: bool = True) -> str:
        """ "Tue 24 Nov", or "Tuesday, 24 November 2026"."""
        days, months = (self.short_days, self.short_months) if short else (self.days, self.months)
        form = self.short_date if short else self.long_date
        return form.format(weekday=days[day.weekday()], day=day.day, month=months[day.month - 1], year=day.year)

    def moment(self, moment: datetime, today: date) -> str:
        """ "09:12", with its day where that is not today."""
        clock = f"{moment:%H:%M}"
        return clock if moment.date() == today else f"{self.day(moment.date())}, {clock}"


def _one_stop(sentence: str) -> str:
    """A date may end with a full stop of its own ("7 déc."), and the sentence with another."""
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", sentence)


def words_for(language: str | None) -> Words:
    """The words of a language ("de", "de-AT"), English where there are none."""
    from worker.writing.summary.languages import LANGUAGES

    return LANGUAGES.get((language or "en")[:2].lower(), LANGUAGES["en"])

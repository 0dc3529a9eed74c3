"""Says in the owner's language what the program says in English: refusals, reasons, what became of an order."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache

from worker.conversation.vocabulary import Intent, Step
from worker.writing.summary.typesetting import held
from worker.writing.summary.words import Words, words_for

_SLOT = re.compile(r"\{(\w+)\}")
_DAY = r"\d{4}-\d\d-\d\d"
_DATE = r"\d\d \w{3} \d{4}"
_HOUR = r"\w{3} \d\d \w{3} \d\d:\d\d"
_STEPS = "|".join(sorted({form for step in Step for form in (step.value, step.value.replace("_", " "))}, key=len)[::-1])
_INTENTS = "|".join(sorted({form for one in Intent for form in (one.value, one.value.replace("_", " "))}))


def said(sentence: str, words: Words) -> str:
    """The sentence in the language of `words`; what is not known, as a server's answer, stays as it is.

    The English sentences stand in `languages/said.py` with slots. Several in a row may be joined by "; " or a space
    after a full stop. A slot that holds a sentence is said in the language too.
    """
    if words.code == "en" or not sentence.strip():
        return sentence
    return _in_language(sentence, words.code)


@lru_cache(maxsize=4096)  # a summary can tell of thousands of mails that wait for the same reason
def _in_language(sentence: str, code: str) -> str:
    words = words_for(code)
    whole = _whole(sentence, words)
    if whole is not None:
        return whole
    for seam in ("; ", ". ", ": "):
        head, found, rest = sentence.partition(seam)
        while found:
            first = _whole(head + ("." if seam == ". " else ""), words)
            second = _whole(rest, words)
            if first is not None or second is not None:
                first = first if first is not None else said(head, words) + ("." if seam == ". " else "")
                gap = " " if seam == ". " else seam
                return first + gap + (second if second is not None else said(rest, words))
            more, found, rest = rest.partition(seam)
            head += seam + more
    return sentence


def _whole(sentence: str, words: Words) -> str | None:
    for pattern, template in _patterns(words.code):
        found = pattern.fullmatch(sentence)
        if found is not None:
            try:
                slots = {name: _slot(name, value, words) for name, value in found.groupdict().items()}
            except ValueError:
                continue  # it looks like a date, and is none
            shown = template.format(**slots)
            return held(shown) if words.code == "fr" else shown
    return None


@cache
def _patterns(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Every sentence as a pattern with its form in the language, those with the most fixed words first."""
    from worker.writing.summary.languages.said import LANGUAGES, SAID

    place = LANGUAGES.index(code)
    made = sorted(SAID, key=lambda one: len(_SLOT.sub("", one)), reverse=True)
    return tuple((_pattern(one), SAID[one][place]) for one in made)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _SLOT.split(sentence)
    made = [
        f"(?P<{part}>{_SHAPES.get(_kind(part), '.+?')})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(made), re.DOTALL)


def _kind(slot: str) -> str:
    return slot.rstrip("0123456789")


def _slot(name: str, value: str, words: Words) -> str:
    say = _SAYERS.get(_kind(name))
    return say(value, words) if say is not None else value


def _step(value: str, words: Words) -> str:
    return words.steps[Step(value.replace(" ", "_"))]


def _steps(value: str, words: Words) -> str:
    return ", ".join(_step(one, words) for one in value.split(", "))


def _state(value: str, words: Words) -> str:
    return words.states.get(value.replace(" ", "_"), value)


def _meaning(value: str, words: Words) -> str:
    key = value.replace(" ", "_")
    return words.intents[Intent(key)] if key in set(Intent) else words.kinds.get(key, value)


def _day(value: str, words: Words) -> str:
    return words.day(date.fromisoformat(value))


def _date(value: str, words: Words) -> str:
    return words.day(datetime.strptime(value, "%d %b %Y").date())  # noqa: DTZ007 (a day of the owner's)


def _hour(value: str, words: Words) -> str:
    day, clock = value.rsplit(" ", 1)
    names = _english()
    _, number, month = day.split()
    weekday = words.short_days[names.short_days.index(day.split()[0])]
    shown = words.short_date.format(
        weekday=weekday, day=int(number), month=words.short_months[names.short_months.index(month)], year=""
    )
    return f"{shown}, {clock}"


def _english() -> Words:
    from worker.writing.summary.languages import LANGUAGES

    return LANGUAGES["en"]


def _quoted(value: str, words: Words) -> str:
    """What Python wrote in its quotes, in those of the language."""
    try:
        bare = str(literal_eval(value))
    except (SyntaxError, ValueError):
        bare = value
    return words.text("quote", words=bare)


_SHAPES: Mapping[str, str] = {
    "step": _STEPS,
    "steps": f"(?:{_STEPS})(?:, (?:{_STEPS}))*",
    "meaning": f"{_INTENTS}|bounce|delay|complaint|auto reply|receipt|calendar|list|unreadable|reply",
    "day": _DAY,
    "date": _DATE,
    "hour": _HOUR,
    "number": r"\d+",
    "quoted": r"'.*?'|\".*?\"",
    "reasoned": r"(?: \(.*\))?",
    "command": r"[^;:.]+?",
    "provider": r"[^;:.]+?",
    "host": r"\S+",
    "moment": r"[\w :]+",
    "place": r"\S+ \(\w+\)",
    "protocol": r"\w+",
    "user": r"\S+",
    "address": r"\S+",
    "email": r"\S+@\S+",
    "domain": r"\S+",
    "name": r"[^;:]+?",
    "other": r"[^;:]+?",
    "answered": r"(?: \(\".*\"\))?",
    "delivery": "draft|held|due|sending|in_flight|retry|uncertain|sent|failed|cancelled",
    "state": r"[a-z]+(?:[ _][a-z]+)*",
}
_SAYERS: Mapping[str, Callable[[str, Words], str]] = {
    "step": _step,
    "steps": _steps,
    "state": _state,
    "meaning": _meaning,
    "day": _day,
    "date": _date,
    "hour": _hour,
    "quoted": _quoted,
    "why": said,
}

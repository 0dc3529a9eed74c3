"""Finds the times that somebody proposes for a talk, as quoted phrases."""

from __future__ import annotations

import re
from functools import lru_cache

from worker.reading.datewords import MONTHS, WEEKDAYS, WORDS
from worker.reading.folding import Flat

CLOCK = (
    r"\d{1,2}(?::\d{2}|\.\d{2}|h\d{0,2})? ?(?:a\.?m\.?|p\.?m\.?|uhr|h\b|heures?|horas?|o'clock|ore|uur)?"
    r"|noon|midday|mittags?|midi|mediodia|meio-dia|mezzogiorno|12 uur"
)
PART = (
    r"mornings?|afternoons?|evenings?|lunch(?:time)?|vormittags?|nachmittags?|abends?|morgens|fruh"
    r"|matin|apres-midi|soir|por la manana|por la tarde|de manha|a tarde"
    r"|mattina|pomeriggio|sera|ochtend|middag|avond"
)
JOIN = (
    r"(?:,? ?(?:at|um|gegen|ab|a|à|as|alle|om|nach|after|before|vor|from|between|zwischen|around|about|von"
    r"|vers|entre|tra|sobre|las|la|the|les|dopo|le|na|rond) )?"
)


def times(flat: Flat, lang: str) -> tuple[str, ...]:
    """Phrases such as "Tuesday at 3pm" or "Donnerstag um 10 Uhr", at most six, as written."""
    found = (flat.shown[match.start() : match.end()].strip(" ,") for match in _pattern(lang).finditer(flat.plain))
    return tuple(dict.fromkeys(found))[:6]


@lru_cache(maxsize=16)
def _pattern(lang: str) -> re.Pattern[str]:
    # Two letters are too little: "so 20 Minuten" is no Sunday.
    weekdays = re.sub(r"\|\w\w(?=\||$)", "", "|".join(WEEKDAYS[lang].split()))
    months = "|".join(f"(?:{word})" for word in MONTHS[lang].split())
    days = rf"(?:{weekdays}|{WORDS[lang].fixed['tomorrow']}|\d{{1,2}}\.? ?(?:{months})|\d{{1,2}}\.\d{{1,2}}\.)"
    return re.compile(
        rf"(?<!\w){days},? ?{JOIN}(?:{CLOCK}|{PART})(?:(?: ?- ?| to | bis | a | und | and | or "
        rf"| oder ){CLOCK})?(?!\w)|(?<!\w){days}(?= ?\?)"
    )

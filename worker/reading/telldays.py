"""The one day that the owner's words name, and words that say nothing more."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from worker.reading import dates
from worker.reading.folding import flatten
from worker.reading.tellwords import FILLER_AFTER

LANGUAGES = ("en", "de", "fr", "es")


def day_of(text: str, today: date) -> date | None:
    """The one date that the words name, on or after today."""
    text = re.sub(r"(\d\.\d{1,2})(?= |$)", r"\1.", text.strip("( )"))
    flat = flatten(re.sub(r"^(?:until|till?|to|auf|on|at|for|bis|zum|am)\s+(?=\d|the|next)", "", text))
    for language in LANGUAGES:
        reader = dates.Reader(language, today, "dmy" if re.search(r"\d\.\d", text) else None)
        mentions = dates.find(flat, reader)
        if len(mentions) != 1 or len(mentions[0].options) != 1:
            continue
        mention = mentions[0]
        outside = (flat.plain[: mention.start] + " " + flat.plain[mention.end :]).strip()
        if not _before_date().fullmatch(outside) and not plain(outside):
            continue
        day = dates.first_day(mention, reader)
        if today <= day <= today + timedelta(days=dates.FARTHEST * 2):
            return day
    return None


def plain(rest: str) -> bool:
    """Whether nothing is left but please, thanks and their like."""
    return not _after().sub("", rest).strip(" ,.;:!-")


@lru_cache(maxsize=1)
def _after() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{FILLER_AFTER})(?![\w'])|[!.]")


@lru_cache(maxsize=1)
def _before_date() -> re.Pattern[str]:
    return re.compile(
        r"(?:until|till?|to|in|on|from|after|the|at|for|again|bis|zum|auf|ab|am|im|nach|dem|der"
        r"|jusqu'?au|jusqu'?a|le|en|au|apres|hasta|el|a partir de|de|despues|del|write|ask|again|weg"
        r"|away|off|,|\s)*"
    )

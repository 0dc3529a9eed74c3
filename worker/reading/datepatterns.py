"""The patterns by which dates are found in a folded text, one set for each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from worker.reading.datewords import MONTHS, NUMBERS, WEEKDAYS, WORDS
from worker.reading.daywords import COUNTS, day_words
from worker.reading.holidays import NAMES


@dataclass(frozen=True, slots=True)
class Patterns:
    numeric: re.Pattern[str]
    day_month: re.Pattern[str]
    month_day: re.Pattern[str]
    month: re.Pattern[str]
    day_alone: re.Pattern[str]
    day_spelled: re.Pattern[str]
    weekday: re.Pattern[str]
    weekday_day: re.Pattern[str]
    of_month: re.Pattern[str]
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
    r"(?<![\w/.:+])(?<!(?<![\d.])-)(\d{1,2})(?:(\.) ?(\d{1,2})(?:(\.)(?: ?(20\d\d|\d\d)(?!\d))?)?"
    r"|([/-])(\d{1,2})(?:[/-](20\d\d|\d\d))?)(?![\w/:%]|\.\d|-(?!\d{1,2}[./]))"
)


YEAR = r"(?:(?:,? (?:de |del |do )?|-)(20\d\d|'\d\d))?"


ORDINAL = r"(?:st|nd|rd|th|\.|º|°|er|re|e|o|ste|de|ª|ter|ten)?"

AN_HOUR = r"(?!\d|[:./h]\d|-\d| ?(?:am|pm|a\.m|p\.m|uhr|h|hs|hrs|hours|horas|heures|ore|uur|o'?clock|min\w*|%)(?!\w))"
"""What must not follow a lone number that is a day."""


@lru_cache(maxsize=16)
def patterns_of(lang: str) -> Patterns:
    words = WORDS[lang]
    tables = MONTHS[lang].split()
    months = "|".join(tables)
    full = rf"(?P<month>{months})\b\.?"
    before = rf"(?:(?P<early>{words.early}) |(?P<late>{words.late}) |(?P<middle>{words.middle})[ -]?)?"
    of = rf"(?:{words.of}) ?" if words.of else ""
    weekdays = "|".join(f"(?:{day})" for day in WEEKDAYS[lang].split())
    written = "|".join(sorted(day_words(lang), key=len, reverse=True))
    digits = "|".join(f"(?:{number})" for number in NUMBERS[lang].split())
    unit = rf"(?P<day>{words.day})|(?P<week>{words.week})|(?P<month>{words.month})|(?P<year>{words.year})"

    def whole(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")

    return Patterns(
        numeric=NUMERIC,
        day_month=whole(rf"(?P<d>\d{{1,2}}{ORDINAL}|{written})(?:,? ?|-)(?:{of})?{full}{YEAR}"),
        month_day=whole(
            rf"{full} (?:the |le |el )?(?P<d>(?:\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]| ?[ap]m| ?uhr| ?h\b)"
            rf"|{written}){YEAR}"
        ),
        month=whole(rf"{before}(?:{of})?{full}{YEAR}"),
        day_alone=whole(words.day_alone),
        day_spelled=whole(
            rf"(?:on|until|till|by|from|after|before|back) (?:the )?(?P<d>{written})(?! (?:of|time|person|one|day"
            rf"|week|month|floor|"
            r"grade|year|half|call|try)\b)"
            if lang == "en"
            else r"(?!)"
        ),
        weekday=whole(weekdays),
        weekday_day=whole(
            rf"(?P<name>{weekdays}),? (?:the |le |el |il |o |den |de |em |dia |no |der )?(?:dia )?"
            rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|e|\.)?{AN_HOUR}"
        ),
        of_month=whole(
            r"(?:dia |the |le |el |il |am |de )?(?P<d>\d{1,2})(?:st|nd|rd|th|\.|er|º|e)?,? (?:(?P<next>of (?:next"
            r"|the (?:next|"
            r"following|coming)) month|na?e?chsten monats|n\. ?m\.|du mois prochain|del (?:mes que viene|proximo mes"
            r"|mes proximo|mes entrante)|do (?:proximo mes|mes que vem)|del (?:prossimo mese|mese prossimo)"
            r"|van (?:de )?volgende maand)|of this month|of the month|dieses monats|d\. ?m\.|de ce mois|courant"
            r"|de este mes|del (?:corriente|presente)(?: mes)?|del mes en curso|del mes|deste mes|do corrente(?: mes)?"
            r"|do mes|corrente(?: mese)?|c\.? ?m\.|di questo mese|van deze maand|dezer)"
        ),
        span=whole(
            rf"(?:(?P<in>{words.within}) )?(?P<n>\d{{1,2}}|{digits}|{'|'.join(COUNTS)})(?: or so"
            rf"| bis \w+)? (?:{unit})(?P<now> (?:{words.from_now})| time)?"
        ),
        week=whole(words.week_number),
        fixed=tuple((name, whole(pattern)) for name, pattern in words.fixed.items()),
        quarter=whole(rf"q([1-4])(?: (20\d\d))?|([1-4])(?:st|nd|rd|th|\.|er|e|º|°)? (?:{words.quarter})|t([1-4])"),
        holidays=tuple((name, whole(pattern)) for name, pattern in NAMES.items()),
        relations=tuple(
            (
                name,
                re.compile(
                    rf"(?<!\w)(?:{pattern})(?:[ ,:(]|\b)*(?:(?:the|den|dem|der|die|das|le|la|les|el|los|las|o"
                    rf"|os|as|il|lo|i|gli|de|het|um|about|around|circa|ca\.?|to|including|einschliesslich"
                    rf"|einschl\.?|inkl\.?|y con|incluido|inclusive|incluso|compris|en|and|zum|zur|am|au|al|ao"
                    rf"|dia|evening|end|close|of|feriado|puente|holiday|feestdag|feiertag|bank|date|day|sera|soir"
                    rf"|abend|del|do|du|des|della|van|week|semana|semaine|settimana|woche) ?)*$"
                ),
            )
            for name, pattern in (
                (
                    "not_before",
                    rf"(?:not|n't|nicht|pas|no|nao|non|niet|never) (?:{words.before}|{words.until})|(?:erst"
                    rf"|fruhestens|fruehestens)(?: wieder)?(?: ab| im| am| in| nach)?|pas avant(?: le)?"
                    rf"|no antes del?|so a partir (?:de|do)|non prima (?:del|di)|niet voor|pas (?:vanaf|na"
                    rf"|in|weer)",
                ),
                ("until", words.until),
                ("after", words.after),
                ("before", words.before),
                ("starting", words.starting),
            )
        ),
        back=whole(words.back),
        retry=whole(words.retry),
        months=tuple(re.compile(rf"(?:{month})\.?$") for month in tables),
        weekdays=tuple(re.compile(rf"(?:{day})$") for day in WEEKDAYS[lang].split()),
        numbers=tuple(re.compile(rf"(?:{number})$") for number in NUMBERS[lang].split()),
    )

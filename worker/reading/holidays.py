"""Public holidays by name, and the first working day after one."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from functools import lru_cache

FIXED = {
    "christmas": (12, 25),
    "new_year_day": (1, 1),
    "assumption": (8, 15),
    "all_saints": (11, 1),
    "epiphany": (1, 6),
    "labour_may": (5, 1),
    "independence_us": (7, 4),
    "unity_de": (10, 3),
    "bastille": (7, 14),
    "kings": (4, 27),
    "liberation_nl": (5, 5),
    "hispanic": (10, 12),
    "immaculate": (12, 8),
    "republic_it": (6, 2),
    "republic_pt": (10, 5),
    "armistice": (11, 11),
    "boxing": (12, 26),
    "australia": (1, 26),
    "canada": (7, 1),
    "saint_john": (6, 24),
    "saint_patrick": (3, 17),
    "anzac": (4, 25),
}
FROM_EASTER = {
    "easter": -0,
    "easter_sunday": 0,
    "carnival": -47,
    "ash_wednesday": -46,
    "good_friday": -2,
    "easter_monday": 1,
    "ascension": 39,
    "pentecost": 49,
    "pentecost_monday": 50,
    "corpus": 60,
}
# month, weekday (Monday is 0), which one (-1: the last)
NTH = {
    "thanksgiving": (11, 3, 4),
    "thanksgiving_ca": (10, 0, 2),
    "labour_september": (9, 0, 1),
    "memorial": (5, 0, -1),
    "mlk": (1, 0, 3),
    "presidents": (2, 0, 3),
    "august_bank": (8, 0, -1),
    "early_may_bank": (5, 0, 1),
    "spring_bank": (5, 0, -1),
}


NAMES = {
    "easter": r"easter|ostern|osterferien(?!\w)|paques|semana santa|pascuas?|pascoa|pasqua|pasen|paastijd"
    r"|osterfeiertage\w*",
    "easter_sunday": r"easter sunday|ostersonntag|dimanche de paques|domingo de (?:pascua|resurreccion|ramos y)"
    r"|domingo de pascoa"
    r"|domenica di pasqua|eerste paasdag|paaszondag",
    "carnival": r"carnival|carnaval|karneval|fasching|fasnacht|fastnacht|fasnet|carnevale|mardi gras|martedi grasso"
    r"|rosenmontag",
    "ash_wednesday": r"ash wednesday|aschermittwoch|mercredi des cendres|miercoles de ceniza|quarta-feira de cinzas"
    r"|mercoledi delle ceneri|aswoensdag",
    "saint_john": r"(?:o )?sao joao|festas juninas|festejos juninos|san juan",
    "pentecost_monday": r"pfingstmontag|whit monday|lundi de pentecote|tweede pinksterdag|lunes de pentecostes",
    "christmas": r"christmas|xmas|weihnachten|weihnachtsfeiertage\w*|(?<!papa )(?<!pere )noel|navidad(?:es)?"
    r"|natal|natale|kerst(?:mis)?",
    "new_year_day": r"new year'?s(?: day)?|neujahr|(?:le )?jour de l'an|(?:le )?nouvel an|capodanno|nieuwjaar",
    "pentecost": r"pentecost|whitsun|pfingste?n|pentecote|pentecostes|pentecoste|pinksteren",
    "ascension": r"ascension(?: day)?|christi himmelfahrt|himmelfahrt|l'ascension|ascensione|ascensao"
    r"|hemelvaart(?:sdag)?",
    "corpus": r"corpus christi|fronleichnam|fete-dieu|corpus domini|corpo de deus",
    "assumption": r"assumption(?: day)?|mariae? himmelfahrt|l'assomption|assomption|asuncion|assuncao|ferragosto",
    "all_saints": r"all saints'?(?: day)?|allerheiligen|toussaint|todos los santos|todos os santos|finados|ognissanti",
    "epiphany": r"epiphany|dreikonig(?:e|stag)?|heilige(?:n)? drei konige|epiphanie|(?<=de )reyes|los reyes"
    r"|(?<=dos )reis|(?<=de )reis|os reis|epifania|befana|driekoningen",
    "thanksgiving": r"(?:the )?thanksgiving",
    "thanksgiving_ca": r"l'action de graces?",
    "saint_patrick": r"(?:saint |st\.? )?(?:patrick|paddy)'?s day",
    "anzac": r"anzac(?: day)?",
    "labour_may": r"may day|tag der arbeit|fete du travail|primo maggio|1[°º]? maggio|1er mai|premier mai"
    r"|primero de mayo|primeiro de maio|dia del trabajo|dia do trabalhador|festa del lavoro"
    r"|dag van de arbeid|erste[nr]? mai",
    "labour_september": r"labou?r day",
    "memorial": r"memorial day",
    "independence_us": r"(?:the )?(?:fourth|4th) of july|july 4th|independence day",
    "unity_de": r"tag der deutschen einheit",
    "bastille": r"bastille day|le quatorze juillet|fete nationale",
    "kings": r"koningsdag|king'?s day",
    "liberation_nl": r"bevrijdingsdag",
    "hispanic": r"dia de la hispanidad|el pilar|fiesta nacional",
    "immaculate": r"immacolata|inmaculada|immaculate conception",
    "republic_it": r"festa della repubblica",
    "republic_pt": r"implantacao da republica",
    "armistice": r"armistice(?: day)?|11 novembre",
    "good_friday": r"good friday|karfreitag|vendredi saint|viernes santo|sexta-feira santa|venerdi santo|goede vrijdag",
    "easter_monday": r"easter monday|ostermontag|lundi de paques|lunes de pascua|pasquetta|tweede paasdag"
    r"|lunedi dell'angelo",
    "boxing": r"boxing day|stephanstag|st\.? stephen'?s day|santo stefano|tweede kerstdag",
    "mlk": r"mlk day|martin luther king day",
    "presidents": r"presidents'? day",
    "australia": r"australia day",
    "canada": r"canada day",
    "august_bank": r"(?:the )?august bank holiday|(?:the )?summer bank holiday",
    "early_may_bank": r"(?:the )?early may bank holiday",
    "spring_bank": r"(?:the )?(?:spring|late may|whitsun) bank holiday",
}
"""What each holiday is called in the seven languages, as patterns on folded text."""


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year."""
    from dateutil.easter import easter as sunday

    return sunday(year)


def holiday(name: str, today: date, country: str | None = None) -> date | None:
    """The next day of that holiday (a key of `NAMES`) that is not over on `today`; None for an unknown name."""
    for year in (today.year, today.year + 1):
        day = _in_year(name, year, country)
        # While the holiday's own days last, "after Easter" still means this one.
        if day and day + timedelta(days=1) >= today:
            return day
    return None


def _in_year(name: str, year: int, country: str | None) -> date | None:
    if name in FIXED:
        return date(year, *FIXED[name])
    if name in FROM_EASTER:
        return easter(year) + timedelta(days=FROM_EASTER[name])
    if name == "thanksgiving" and country == "CA":
        return _nth(year, 10, 0, 2)
    return _nth(year, *NTH[name]) if name in NTH else None


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    if which < 0:
        after = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return after - timedelta(days=(after.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def first_working_day_after(day: date, country: str | None) -> date:
    """The first day after `day` that is neither Saturday, Sunday nor a public holiday of the country (ISO code)."""
    after = day + timedelta(days=1)
    free = _holidays(country, after.year) if country else frozenset()
    while after.weekday() >= 5 or after in free:
        after += timedelta(days=1)
    return after


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> Container[date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=(year, year + 1)))
    except NotImplementedError:
        return frozenset()

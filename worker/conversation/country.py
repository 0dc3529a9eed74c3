"""Which country a word or a time zone means, and which zone a country keeps."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

# How people write countries beside the code and the English name of ISO 3166, folded (see `_folded`).
_NAMES = {
    "aut": "AT", "austria": "AT", "oesterreich": "AT", "osterreich": "AT", "autriche": "AT", "oostenrijk": "AT",
    "aus": "AU", "bel": "BE", "belgie": "BE", "belgien": "BE", "belgique": "BE", "belgio": "BE", "belgica": "BE",
    "bra": "BR", "brasil": "BR", "brasilien": "BR", "bresil": "BR", "can": "CA", "kanada": "CA",
    "che": "CH", "schweiz": "CH", "suisse": "CH", "svizzera": "CH", "suiza": "CH", "zwitserland": "CH",
    "chn": "CN", "prc": "CN", "czechia": "CZ", "cesko": "CZ", "tschechien": "CZ", "cze": "CZ",
    "deu": "DE", "ger": "DE", "deutschland": "DE", "allemagne": "DE", "alemania": "DE", "alemanha": "DE",
    "germania": "DE", "duitsland": "DE", "federal republic of germany": "DE", "dnk": "DK", "danmark": "DK",
    "danemark": "DK", "esp": "ES", "espana": "ES", "spanien": "ES", "espagne": "ES", "espanha": "ES", "spagna": "ES",
    "spanje": "ES", "fin": "FI", "suomi": "FI", "finnland": "FI", "fra": "FR", "frankreich": "FR", "francia": "FR",
    "franca": "FR", "frankrijk": "FR", "gbr": "GB", "uk": "GB", "united kingdom": "GB", "great britain": "GB",
    "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "grossbritannien": "GB", "vereinigtes konigreich": "GB", "royaume uni": "GB", "reino unido": "GB",
    "regno unito": "GB", "grc": "GR", "griechenland": "GR", "hun": "HU", "ungarn": "HU", "irl": "IE", "irland": "IE",
    "eire": "IE", "republic of ireland": "IE", "ind": "IN", "indien": "IN", "ita": "IT", "italia": "IT",
    "italien": "IT", "italie": "IT", "jpn": "JP", "lux": "LU", "luxemburg": "LU", "mex": "MX", "mexiko": "MX",
    "nld": "NL", "the netherlands": "NL", "holland": "NL", "nederland": "NL", "niederlande": "NL", "pays bas": "NL",
    "paises bajos": "NL", "paesi bassi": "NL", "nor": "NO", "norge": "NO", "norwegen": "NO", "nzl": "NZ",
    "pol": "PL", "polska": "PL", "polen": "PL", "prt": "PT", "rus": "RU", "russian federation": "RU",
    "south korea": "KR", "republic of korea": "KR", "korea": "KR", "swe": "SE", "sverige": "SE", "schweden": "SE",
    "sgp": "SG", "turkiye": "TR", "turkei": "TR", "usa": "US", "united states of america": "US", "america": "US",
    "vereinigte staaten": "US", "etats unis": "US", "estados unidos": "US", "stati uniti": "US",
    "uae": "AE", "emirates": "AE", "viet nam": "VN", "zaf": "ZA",
}  # fmt: skip

# Names of clocks, not of places: they are links to some city, which says nothing about a country.
_CLOCKS = frozenset(("CET", "MET", "EET", "WET", "EST", "MST", "HST", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"))


def country_code(text: str | None) -> str | None:
    """The ISO 3166 code of what somebody wrote as a country ("DE", "de-BY", "Germany", "Deutschland"), or None."""
    word = _folded(text or "")
    if not word:
        return None
    code = word.upper()
    if code in _english():
        return code
    head = (text or "").upper().partition("-")[0].strip()
    if "-" in (text or "") and head in _english():
        return head
    return _NAMES.get(word) or _by_english_name().get(word)


def subdivision(text: str | None) -> str | None:
    """The part after the dash of "DE-BY", or None."""
    head, _, part = (one.strip() for one in (text or "").upper().partition("-"))
    return part if part and head in _english() else None


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone of that name in any case of letters, or None where there is none."""
    key = _zone_names().get((name or "").strip().replace(" ", "_").lower())
    return ZoneInfo(key) if key else None


def zone_of(country: str | None) -> ZoneInfo | None:
    """The one zone of a country, given by its code; None where its clocks differ (US, ES, PT ...).

    Zones that show the same time all year are one (Berlin and Büsingen).
    """
    names = [name for name, code in _places().items() if code == country]
    if not names or len({_hours(name) for name in names}) > 1:
        return None
    return ZoneInfo(names[0])


def country_of_zone(name: str | None) -> str | None:
    """The code of the country in which a zone lies, also under its old names; None for UTC and its kind."""
    zone = zone_named(name)
    if zone is None or zone.key in _CLOCKS:
        return None
    return _places().get(zone.key) or _places().get(_links().get(zone.key, ""))


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    plain = "".join(one for one in letters if not unicodedata.combining(one)).casefold()
    # "U.S.A." and "U.K." are one word, "Royaume-Uni" and "Korea (South)" are two.
    return " ".join("".join(one if one.isalnum() else " " for one in plain.replace(".", "")).split())


def _lines(name: str) -> list[str]:
    """A table of the tz database, from the package: the same on every machine."""
    from importlib.resources import files

    path = files("tzdata") / name if name == "zones" else files("tzdata") / "zoneinfo" / name
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


@cache
def _places() -> dict[str, str]:
    """Zone to country; the zone with the most people of a country comes first."""
    rows = (line.split("\t") for line in _lines("zone.tab"))
    return {row[2]: row[0] for row in rows}


@cache
def _links() -> dict[str, str]:
    rows = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {row[2]: row[1] for row in rows}


@cache
def _zone_names() -> dict[str, str]:
    return {name.lower(): name for name in _lines("zones")}


@cache
def _english() -> dict[str, str]:
    return dict(line.split("\t")[:2] for line in _lines("iso3166.tab"))


@cache
def _by_english_name() -> dict[str, str]:
    return {_folded(name): code for code, name in _english().items()}


@cache
def _hours(name: str) -> tuple[object, ...]:
    """What a zone's clock shows through a year; any year does."""
    zone = ZoneInfo(name)
    days = (datetime(2026, month, day, tzinfo=UTC) for month in range(1, 13) for day in (1, 15))
    return tuple(zone.utcoffset(day.astimezone(zone)) for day in days)

"""Tells by which convention a mail writes its dates: order of day and month, the sender's country."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from worker.conversation.vocabulary import Context
from worker.reading.dates import Reader
from worker.reading.headers import Headers

MONTH_FIRST = frozenset({"US", "PH"})
DAY_FIRST_ENGLISH = frozenset({"GB", "IE", "AU", "NZ", "IN", "ZA", "SG", "HK", "MT", "NG", "KE"})
TOP_LEVEL = {
    "uk": "GB",
    "ie": "IE",
    "au": "AU",
    "nz": "NZ",
    "in": "IN",
    "za": "ZA",
    "sg": "SG",
    "us": "US",
    "gov": "US",
    "edu": "US",
    "mil": "US",
    "ca": "CA",
    "de": "DE",
    "at": "AT",
    "ch": "CH",
    "fr": "FR",
    "be": "BE",
    "lu": "LU",
    "es": "ES",
    "mx": "MX",
    "ar": "AR",
    "cl": "CL",
    "co": "",
    "pe": "PE",
    "pt": "PT",
    "br": "BR",
    "it": "IT",
    "nl": "NL",
    "se": "SE",
    "dk": "DK",
    "no": "NO",
    "fi": "FI",
    "pl": "PL",
    "cz": "CZ",
}
HOME = {"de": "DE", "fr": "FR", "es": "ES", "pt": "PT", "it": "IT", "nl": "NL"}


def reader(lang: str, headers: Headers, context: Context, today: date) -> Reader:
    """The conventions of one mail: by the contact's country or zone, the address, the language, the Date's offset."""
    country = country_of(lang, headers, context)
    return Reader(lang, today, _order(lang, country, _offset(headers)), country or _likely(lang, _offset(headers)))


def country_of(lang: str, headers: Headers, context: Context) -> str | None:
    """The sender's country (ISO code) where something says it; None otherwise."""
    contact = context.contact
    if contact and contact.country:
        return contact.country.upper()[:2]
    zone = context.zone or (contact.timezone if contact else None)
    if zone and (country := _country_of_zone(zone)):
        return country
    last = headers.from_address.rpartition(".")[2]
    if TOP_LEVEL.get(last):
        return TOP_LEVEL[last]
    if lang == "pt" and (offset := _offset(headers)) is not None and offset <= timedelta(hours=-2):
        return "BR"
    return HOME.get(lang)


def _order(lang: str, country: str | None, offset: timedelta | None) -> str | None:
    if lang != "en":
        return "dmy"
    if country in MONTH_FIRST:
        return "mdy"
    if country and country != "CA":
        return "dmy"
    if offset is None or not offset:
        # Many servers write UTC whatever the sender's country.
        return None
    if timedelta(hours=-11) <= offset <= timedelta(hours=-4):
        return "mdy" if country != "CA" else None
    return (
        "dmy"
        if timedelta(0) < offset <= timedelta(hours=5, minutes=30) or offset >= timedelta(hours=9, minutes=30)
        else None
    )


def _likely(lang: str, offset: timedelta | None) -> str | None:
    if lang != "en" or offset is None:
        return HOME.get(lang)
    if timedelta(hours=-11) <= offset <= timedelta(hours=-4):
        return "US"
    return "GB" if timedelta(0) <= offset <= timedelta(hours=1) else None


def _offset(headers: Headers) -> timedelta | None:
    return headers.date.utcoffset() if headers.date else None


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Zones of countries that have them to themselves, from the zone rules' own table."""
    from importlib.resources import files

    try:
        text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    except (FileNotFoundError, ModuleNotFoundError):
        return {}
    return {line.split("\t")[2].strip(): line[:2] for line in text.splitlines() if line and not line.startswith("#")}


def _country_of_zone(zone: str) -> str | None:
    return _zones().get(zone)

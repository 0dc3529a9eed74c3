"""Countries, languages and time zones as people write them in a table."""

from __future__ import annotations

import functools
import re
import unicodedata
import zoneinfo
from importlib import resources

_COUNTRIES = {
    "DE": "deutschland allemagne alemania germania duitsland",
    "AT": "osterreich oesterreich autriche",
    "CH": "schweiz suisse svizzera suiza",
    "FR": "frankreich francia frankrijk",
    "ES": "spanien espana espagne spagna",
    "IT": "italien italia italie",
    "NL": "niederlande paysbas nederland holland thenetherlands paisesbajos",
    "BE": "belgien belgique belgie belgica",
    "GB": "uk unitedkingdom greatbritain england scotland wales northernireland grossbritannien vereinigteskonigreich"
    " royaumeuni reinounido",
    "IE": "irland irlande republicofireland",
    "US": "usa unitedstates unitedstatesofamerica america etatsunis estadosunidos vereinigtestaaten",
    "PL": "polen polska pologne polonia",
    "CZ": "czechrepublic tschechien cesko",
    "DK": "danemark danmark",
    "SE": "schweden sverige suede",
    "NO": "norwegen norge norvege",
    "FI": "finnland suomi finlande",
    "PT": "portugal",
    "BR": "brasilien brasil bresil",
    "MX": "mexiko mexique",
    "JP": "japon",
    "CN": "prchina",
    "KR": "southkorea korea republicofkorea sudkorea",
    "RU": "russland russianfederation",
    "TR": "turkei turkiye turquie",
    "AE": "uae",
    "VN": "vietnam",
}
_LANGUAGES = {
    "en": "english englisch anglais ingles inglese engels",
    "de": "german deutsch allemand aleman tedesco duits",
    "fr": "french francais franzosisch franzoesisch frances francese frans",
    "es": "spanish espanol spanisch espagnol castellano spagnolo spaans",
    "it": "italian italiano italienisch italien",
    "pt": "portuguese portugues portugiesisch portugais",
    "nl": "dutch nederlands niederlandisch niederlaendisch neerlandais holandes",
    "pl": "polish polski polnisch polonais",
    "cs": "czech cestina tschechisch",
    "da": "danish dansk danisch",
    "sv": "swedish svenska schwedisch",
    "no": "norwegian norsk norwegisch",
    "fi": "finnish suomi finnisch",
    "ru": "russian russisch russe",
    "uk": "ukrainian ukrainisch",
    "tr": "turkish turkce turkisch",
    "ja": "japanese japanisch nihongo",
    "zh": "chinese mandarin chinesisch",
    "ko": "korean koreanisch",
    "hu": "hungarian magyar ungarisch",
    "el": "greek griechisch",
}
_CODES = frozenset(
    """
    aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()
)


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]", "", "".join(letter for letter in bare if not unicodedata.combining(letter)))


@functools.cache
def _countries() -> dict[str, str]:
    table = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    names = {_folded(name): code for code, name in rows} | {code.lower(): code for code, _ in rows}
    return names | {word: code for code, words in _COUNTRIES.items() for word in words.split()}


def country(text: str) -> str | None:
    """The ISO 3166 code of a country, from its code or its name; None where it is not known."""
    return _countries().get(_folded(text))


def language(text: str) -> str | None:
    """The ISO 639 code of a language, from its code (also "de-AT") or its name; None where it is not known."""
    code = re.split(r"[-_]", text.strip().lower())[0]
    if code in _CODES:
        return code
    return next((code for code, words in _LANGUAGES.items() if _folded(text) in words.split()), None)


@functools.cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


def timezone(text: str) -> str | None:
    """The name of a time zone as the tz database spells it; None where it is not known."""
    return _zones().get(text.strip().replace(" ", "_").casefold())

"""The days of a month written as words ("the eighth of January", "ocho de febrero"), folded, in seven languages."""

from __future__ import annotations

from functools import lru_cache

_EN = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
)
_EN += " sixteenth seventeenth eighteenth nineteenth twentieth"
_DE = "erst zweit dritt viert funft sechst siebt acht neunt zehnt elft zwolft dreizehnt vierzehnt funfzehnt sechzehnt"
_DE += " siebzehnt achtzehnt neunzehnt zwanzigst"
_FR = "premier deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
_FR += " dix-neuf vingt"
_ES = "primero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete"
_ES += " dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete"
_ES += " veintiocho veintinueve treinta"
_PT = "primeiro dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete"
_PT += " dezoito dezenove vinte"
_IT = "primo due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
_IT += " diciassette diciotto diciannove venti ventuno ventidue ventitre ventiquattro venticinque ventisei ventisette"
_IT += " ventotto ventinove trenta trentuno"
_NL = "eerste twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
_NL += " achttien negentien twintig"
_TENS = "one two three four five six seven eight nine"
_EINS = "ein zwei drei vier funf sechs sieben acht neun"
_UN = "et-un deux trois quatre cinq six sept huit neuf"
_UM = "um dois tres quatro cinco seis sete oito nove"
_EEN = "een twee drie vier vijf zes zeven acht negen"


COUNTS = {
    word: number
    for words, number in (
        ("thirteen dreizehn", 13),
        ("fourteen vierzehn quatorze catorce catorze quattordici veertien quinze quince quindici", 14),
        ("fifteen funfzehn vijftien", 15),
        ("twenty zwanzig vingt veinte vinte venti twintig", 20),
        ("thirty dreissig trente treinta trinta trenta dertig", 30),
        ("sixty sechzig soixante sesenta sessenta sessanta zestig", 60),
        ("ninety neunzig quatre-vingt-dix noventa novanta negentig", 90),
    )
    for word in words.split()
}
"""Numbers of days beyond twelve that people write as words; where Romance speakers say fifteen they mean two weeks."""


@lru_cache(maxsize=16)
def day_words(lang: str) -> dict[str, int]:
    """Each word of the language that means a day of a month, with its number."""
    table = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES, "pt": _PT, "it": _IT, "nl": _NL}[lang].split()
    words = {word: number for number, word in enumerate(table, 1)}
    if lang == "en":
        for number, (ordinal, plain) in enumerate(zip(table, _TENS.split(), strict=False), 1):
            words |= {f"twenty-{ordinal}": 20 + number, f"twenty {ordinal}": 20 + number}
            words |= {f"twenty-{plain}": 20 + number, f"twenty {plain}": 20 + number}
        words |= {"thirtieth": 30, "thirty-first": 31, "thirty first": 31, "thirty": 30}
    elif lang == "de":
        words = {f"{word}e{ending}": number for word, number in words.items() for ending in ("n", "r", "")}
        for number, unit in enumerate(_EINS.split(), 1):
            words |= {f"{unit}undzwanzigste{ending}": 20 + number for ending in ("n", "r", "")}
        words |= {
            f"{stem}ste{ending}": day for stem, day in (("dreissig", 30), ("dreisig", 30)) for ending in ("n", "")
        }
        words |= {"einunddreissigsten": 31, "einunddreisigsten": 31}
    elif lang == "fr":
        words |= {f"vingt-{unit}": 20 + number for number, unit in enumerate(_UN.split(), 1)}
        words |= {"vingt et un": 21, "trente": 30, "trente et un": 31, "trente-et-un": 31}
    elif lang == "es":
        words |= {"uno": 1, "treinta y uno": 31}
    elif lang == "pt":
        words |= {f"vinte e {unit}": 20 + number for number, unit in enumerate(_UM.split(), 1)}
        words |= {"dezasseis": 16, "dezassete": 17, "dezanove": 19, "quatorze": 14, "trinta": 30, "trinta e um": 31}
    elif lang == "nl":
        for number, unit in enumerate(_EEN.split(), 1):
            words[f"{unit}entwintig"] = 20 + number
        words |= {"dertig": 30, "eenendertig": 31}
        words |= {f"{word}ste": number for word, number in list(words.items()) if number >= 20}
    return words

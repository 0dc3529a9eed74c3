"""Names of people as they may stand in a mail to somebody else."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME = 60

_TITLE_WORDS = (
    "dr prof professor mr mrs ms miss mx sir dame lady lord rev herr frau hr fr dipl ing mag med phd "
    "mme mlle monsieur madame m sr sra srta señor señora dott dott.ssa ir drs dhr mevr"
)
_TITLES = frozenset(_TITLE_WORDS.split())
_ALIKE = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-"})


def checked_name(name: str | None) -> str | None:
    """The name if it is one: letters, marks, spaces, . ' - and at most 60 characters; else None.

    A name that comes from a stranger is shown to third people only through here. Curly apostrophes become
    straight, all blanks become one space; what looks like a host name ("evil.example") is no name.
    """
    if not name:
        return None
    plain = unicodedata.normalize("NFC", name).translate(_ALIKE)
    if any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn") for c in plain):
        return None
    plain = " ".join(plain.split())
    if len(plain) > MAX_NAME or re.search(r"\w{2,}\.\w{2,}", plain):
        return None
    if not any(unicodedata.category(c)[0] == "L" for c in plain):
        return None
    return plain if all(unicodedata.category(c)[0] in "LM" or c in " .'-" for c in plain) else None


def first_name(name: str | None) -> str | None:
    """The first name in a full name, where it can be told: "Dr. Una Berg" and "Berg, Una" give "Una".

    None for titles with a family name alone ("Mr. Smith"), for initials, and for scripts in which the family
    name comes first without a space.
    """
    text = " ".join((name or "").split())
    text = re.sub(r"\s*[(\[].*?[)\]]", "", text).strip(" \"'")
    family, comma, given = text.partition(",")
    if comma and _bare(given.split()[-1] if given.split() else "") not in _TITLES:
        text = given.strip()
        family = ""
    elif comma:
        text = family.strip()
    words = text.split()
    titled = bool(comma and family)
    while words and _bare(words[0]) in _TITLES:
        words.pop(0)
        titled = titled or not comma
    if not words or (titled and len(words) == 1):
        return None
    word = checked_name(words[0])
    if word is None or len(word.replace(".", "")) < 2 or word.endswith(".") or not _spaced(word):
        return None
    if len(word) > 2 and (word.isupper() or word.islower()):
        return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
    return word


def _bare(word: str) -> str:
    return word.rstrip(".").casefold()


def _spaced(word: str) -> bool:
    return not any("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in word)

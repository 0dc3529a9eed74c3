"""A person's name as written: which word is the first name, where that is certain."""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib import resources

_TITLES = frozenset(
    """
    dr prof professor professorin doctor doktor med phil rer nat ing dipl diplom mag magister mr mrs ms miss mx sir
    dame lady lord rev reverend fr herr hr frau m mme mlle monsieur madame sr sra srta senor senora don dona sig
    dott dottssa ir drs dhr mevr hon capt col lt
    """.split()
)
# As they are written: the last name Ma is no master's degree.
_DEGREES = frozenset(
    """
    PhD MD MBA MSc BSc MA BA LLM JD CPA CFA PE Esq Jr jr Sr sr II III IV DDS RN DPhil MEng BEng PMP
    """.split()
)
_PARTICLES = frozenset(
    """
    van von der den de del della di da dos das du la le el al ter ten zu zum zur bin ibn af av d o y e san st mc mac
    """.split()
)
# Written with the family name first at home; which order a Latin spelling follows cannot be told.
_FAMILY_FIRST = frozenset(
    """
    li wang zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie tang song
    deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren shen yao zhong
    cui tan fan wong chan cheung lau leung ng ho chow kwok tsai hsu chang nguyen tran pham phan vu vo dang bui ngo
    duong kim lee park choi jung jeong kang cho yoon jang lim shin seo kwon hwang ahn hong yoo sato suzuki takahashi
    tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada nagy kovacs toth szabo horvath varga kiss
    molnar nemeth farkas balogh papp lakatos takacs juhasz
    """.split()
)
# Two people in one cell.
_JOINERS = frozenset("and und et y e i en u or oder ou o & +".split())
_NO_PERSON = frozenset(
    """
    team office info support sales press hr human resources customer service services hiring manager recruiting
    recruiter talent reception desk front sekretariat empfang personalabteilung department abteilung dept board
    staff group gruppe inc ltd llc gmbh ag corp corporation company co sa sarl srl bv nv plc limited labs lab
    biotech pharma systems solutions consulting consultants partners media software technologies technology tech
    digital studio studios agency agentur foundation stiftung museum bank hotel school schule club hospital klinik
    clinic university universitat universite universidad institute institut college hochschule society association
    verein verband ministry ministerium council center centre zentrum network ventures capital holding holdings
    industries international global the and und unknown jobs careers kontakt contact admin newsletter account
    accounts general inquiries dear sir madam owner nobody anonymous director managing executive chief head
    president officer ceo cto cfo editor chair chairman
    """.split()
)


def valid_name(text: str) -> bool:
    """Whether a stranger's words may stand as a name: letters, marks, spaces, . ' - and at most 60 characters."""
    if not 0 < len(text) <= 60 or text != text.strip():
        return False
    if not any(unicodedata.category(letter)[0] == "L" for letter in text):
        return False
    return all(
        unicodedata.category(letter)[0] in "LM" or letter in " .'-\N{RIGHT SINGLE QUOTATION MARK}" for letter in text
    )


def given(text: str) -> str | None:
    """A first name from a column of its own, ready for a greeting; None for initials, titles and what is no name."""
    words = _without_titles(text.split())[0]
    name = " ".join(words)
    if not valid_name(name) or _initial(words[0]) or any(_bare(word) in _NO_PERSON or _joins(word) for word in words):
        return None
    if len(words) > 1 and _initial(words[-1]):
        name = " ".join(words[:-1])
    if name.islower() or (name.isupper() and len(name) > 3):
        return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name)
    return name


def turned_round(first: str | None, last: str | None, email: str | None) -> bool:
    """Whether the family name probably came first ("Rossi Mario"): the address says so, or only the last is a first."""
    if not first or not last:
        return False
    local = _bare((email or "").partition("@")[0])
    parts = [part for part in re.split(r"[._\-\d+]+", local) if part]
    one, two = _bare(first), _bare(last)
    if parts[:2] == [one, two]:
        return False
    return parts[:2] == [two, one] or (two in _first_names() and one not in _first_names())


@functools.cache
def _first_names() -> frozenset[str]:
    text = (resources.files("worker") / "reading" / "phrases" / "first_names.txt").read_text("utf-8")
    return frozenset(_bare(word) for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _joins(word: str) -> bool:
    return _bare(word) in _JOINERS


def split(name: str) -> tuple[str | None, str | None]:
    """First and last name, each None where it is not certain: a wrong first name is worse than none."""
    text = re.sub(r"[(\[{].*?[)\]}]", " ", name)
    parts = [
        (words, titled) for words, titled in map(_without_titles, (part.split() for part in text.split(","))) if words
    ]
    if len(parts) == 1:
        return _in_order(*parts[0])
    if len(parts) == 2:
        return _family_first(parts[0][0], parts[1][0])
    return None, None


def _in_order(words: list[str], titled: bool) -> tuple[str | None, str | None]:
    """Ann Lee, Ann B. Lee, Ann van der Lee; with a title alone (Dr. Lee) only the last name."""
    if len(words) == 1:
        return None, words[0] if titled and _plain(words[0]) else None
    first, rest = words[0], words[1:]
    if len(rest) > 1 and _initial(rest[0]):
        rest = rest[1:]
    last = _without_particles(rest)
    if len(last) != 1 or not _plain(first) or not (_plain(last[0]) or _shouted(last[0])):
        return None, None
    if _bare(first) in _PARTICLES or (_bare(first) in _FAMILY_FIRST and not _shouted(last[0])):
        return None, None
    if _names_no_person([first, *rest]) or _joins(rest[0]):  # Ann y Bo, Ann e Bo: two people
        return None, None
    return first, _family(rest)


def _family_first(family: list[str], given: list[str]) -> tuple[str | None, str | None]:
    """Lee, Ann; van der Lee, Ann B.; Lee, Ann Marie."""
    if len(given) > 1 and _initial(given[-1]):
        given = given[:-1]
    last = _without_particles(family)
    if len(last) != 1 or len(given) > 2 or not all(map(_plain, given)) or _names_no_person([*family, *given]):
        return None, None
    if not (_plain(last[0]) or _shouted(last[0])):
        return None, None
    return " ".join(given), _family(family)


def _family(words: list[str]) -> str:
    return " ".join(word.capitalize() if _shouted(word) else word for word in words)


def _names_no_person(words: list[str]) -> bool:
    return not valid_name(" ".join(words)) or any(_bare(word) in _NO_PERSON for word in words)


def _initial(word: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]\.?", word)) and word[0].isupper()


def _without_titles(words: list[str]) -> tuple[list[str], bool]:
    kept = list(words)
    while kept and all(part in _TITLES for part in re.split(r"[.\-]+", _bare(kept[0]).strip(".-"))):
        kept.pop(0)
    titled = len(kept) < len(words)
    while kept and kept[-1].replace(".", "") in _DEGREES:
        kept.pop()
    return kept, titled


def _without_particles(words: list[str]) -> list[str]:
    kept = list(words)
    while len(kept) > 1 and kept[0].casefold().rstrip("'.") in _PARTICLES:
        kept.pop(0)
    return kept


def _plain(word: str) -> bool:
    """A capital letter and small ones, in Latin script, also in parts: Ann, Jean-Luc, O'Neil, McDonald."""
    parts = re.split(r"[-'\N{RIGHT SINGLE QUOTATION MARK}]", word)
    return (
        word[:1].isupper()
        and any(len(part) > 1 for part in parts)
        and all(part and _latin(part) and (len(part) == 1 or not part.isupper()) for part in parts)
    )


def _shouted(word: str) -> bool:
    return len(word) > 2 and word.isupper() and _latin(word.replace("-", "").replace("'", ""))


def _latin(word: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in unicodedata.normalize("NFC", word))


def _bare(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).strip(".,")

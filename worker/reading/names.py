"""Recognises names of people in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from worker.reading.datewords import MONTHS, WEEKDAYS
from worker.reading.folding import fold
from worker.reading.language import SMALL_WORDS

LONGEST = 60


TITLES = re.compile(
    r"(?:(?:dr|prof|professor(?:in)?|doctor|doktor|mr|mrs|ms|miss|mx|sir|dame|herr[n]?|frau|fr|hr|dipl"
    r"|ing|mag|pd|med|phil|jur|rer|nat"
    r"|mme|mlle|madame|mademoiselle|monsieur|m|me|maitre|docteur|sr|sra|srta|senor|senora|senorita|don"
    r"|dona|dna|doctora|dra|licenciad[oa]|lic"
    r"|senhor|senhora|eng|enga|engenheir[oa]|arq|arquit\w+|professora?|dott|dottor|dottore|dottoressa"
    r"|dottssa|sig|sigra|signor|signora|signore|avv|avvocato|geom|arch|ingegnere"
    r"|dhr|mevr|mevrouw|meneer|mw|drs|ir|mijnheer|rev|hon|capt|captain|sgt|chef|nurse|sister|judge"
    r"|rabbi|pfarrer(?:in)?|h\.c|ph\.?d|msc|mba)\.?(?:-(?:ing|med|phil)\.?)?(?:ssa|ra)?\.?)$"
)

PARTICLES = frozenset(
    "von van de da di del della der den dem ten ter te la le el al bin ibn y e i dos das do du des "
    "zu zum zur vom af av ap mac mc lo san st 't op".split()
)

NEVER_FIRST = re.compile(
    "|".join(rf"(?:{word})$" for table in (MONTHS, WEEKDAYS) for text in table.values() for word in text.split())
)

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_])){0,38}\.?", re.UNICODE)
ALLOWED = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-]|[\u0300-\u036f])*$", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text: where it stands, as written without titles, whether a title or a known first name marks it."""

    start: int
    end: int
    name: str
    certain: bool
    titled: bool = False


@lru_cache(maxsize=1)
def not_names() -> frozenset[str]:
    """Capitalised words that are no names, folded: greetings, verbs at a sentence's beginning, places, offices."""
    small = {word for text in SMALL_WORDS.values() for word in fold(text).split() if len(word) < 4 or word != "will"}
    return frozenset(fold(_words("no_names.txt")).split()) | small


def _words(file: str) -> str:
    return files("worker.reading").joinpath("phrases", file).read_text("utf-8")


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Common first names of the seven languages, folded."""
    return frozenset(fold(_words("first_names.txt")).split())


def names(shown: str) -> Iterator[Named]:
    """The runs of words that look like a person's name, in order."""
    known = first_names()
    run: list[re.Match[str]] = []
    titled = False
    words = list(WORD.finditer(shown))
    for number, word in enumerate([*words, None]):
        if word is not None:
            near = not run or _joined(shown[run[-1].end() : word.start()], run[-1].group())
            if not near:
                yield from _named(shown, run, titled, known)
                run, titled = [], False
            bare = fold(word.group()).rstrip(".")
            if (
                TITLES.match(fold(word.group()))
                and (word.group()[0].isupper() or len(bare) > 1)
                and (len(bare) > 2 or word.group()[0].isupper())
                and not (bare in known and not word.group().endswith("."))
            ):
                if run:
                    yield from _named(shown, run, titled, known)
                    run = []
                titled = True
                continue
            if _is_name(word.group(), bare, shown, word.start()):
                run.append(word)
                if word.group().endswith(".") and len(bare) > 2:
                    yield from _named(shown, run, titled, known)
                    run, titled = [], False
                continue
            following = words[number + 1] if number + 1 < len(words) else None
            if (
                run
                and bare in PARTICLES
                and word.group()[0].islower()
                and following is not None
                and (following.group()[0].isupper() or fold(following.group()) in PARTICLES)
                and shown[word.end() : following.start()] in (" ", "'")
            ):
                run.append(word)
                continue
        yield from _named(shown, run, titled, known)
        run, titled = [], False


def _joined(between: str, previous: str) -> bool:
    return between in (" ", "  ") or (between == " " and previous.endswith("."))


def _is_name(word: str, bare: str, shown: str, start: int) -> bool:
    if not word[0].isupper() or not bare:
        return False
    if bare in not_names() and not (bare in first_names() and _surname_follows(shown, start + len(word))):
        return False
    if (
        word.isupper()
        and len(bare) > 1
        and not (len(bare) > 2 and bare in first_names())
        and not _shouting_name(word, shown, start)
    ):
        return False
    if NEVER_FIRST.match(bare):
        return bare in first_names() and not re.search(
            r"(?:in|on|next|until|im|am|en|le|el) $", fold(shown[max(0, start - 6) : start])
        )
    return True


def _surname_follows(shown: str, end: int) -> bool:
    """Whether a capitalised word that may be a surname comes next: "Ben Okafor" is a name, "Ben" in Dutch is a verb."""
    found = re.match(r" ((?:[a-z]{2,3} )?)([^\W\d_][\w'’-]*)", shown[end : end + 50])
    if not found or not found[2][0].isupper():
        return False
    bare = fold(found[2])
    return bare not in not_names() and not NEVER_FIRST.match(bare)


def _shouting_name(word: str, shown: str, start: int) -> bool:
    """French and Spanish writers set surnames in capitals: "Marie DUPONT"."""
    before = re.search(r"([A-ZÀ-Þ][\w-]+) $", shown[max(0, start - 20) : start])
    if len(word) < 3 or before is None:
        return False
    return (len(word) > 3 and not before[1].isupper()) or fold(before[1]) in first_names()


def _named(shown: str, run: list[re.Match[str]], titled: bool, known: frozenset[str]) -> Iterator[Named]:
    while run and fold(run[-1].group()) in PARTICLES and run[-1].group()[0].islower():
        run.pop()
    if not run or len(run) > 6:
        return
    # A sentence begins with a capital: what is no first name there and is followed by one is no part of the name.
    for skip in range(len(run) - 1):
        if (
            fold(run[skip].group()).rstrip(".") not in known
            and fold(run[skip + 1].group()) in known
            and _begins(shown, run[0].start())
        ):
            run = run[skip + 1 :]
            break
    start, end = run[0].start(), run[-1].end()
    written = shown[start:end]
    if written.endswith(".") and not re.search(r"\b[A-Z]\.$", written):
        written, end = written[:-1], end - 1
    for possessive in ("'s", "’s"):
        if written.endswith(possessive):
            written, end = written[:-2], end - 2
    if clean(written) is None or len(written) < 2:
        return
    first = fold(run[0].group()).rstrip(".")
    certain = titled or any(part in known for part in re.split(r"[ -]", first))
    yield Named(start, end, written, certain, titled)


def _begins(shown: str, start: int) -> bool:
    before = shown[:start].rstrip(' "(')
    return not before or before[-1] in ".!?\n:;-" or shown[max(0, start - 1) : start] == "\n"


def clean(name: str | None) -> str | None:
    """A name that may go into a mail, no titles: letters, marks, spaces, . ' - and at most 60 characters, or None."""
    if not name:
        return None
    text = " ".join(name.replace("’", "'").split()).strip(" .,;:'\"-")
    words = text.split(" ")
    while len(words) > 1 and TITLES.match(fold(words[0])):
        words.pop(0)
    text = " ".join(words)
    if not text or len(text) > LONGEST or not ALLOWED.match(text):
        return None
    return text


def ordered(display: str) -> str:
    """A display name in speaking order: "Lee, Ann (Sales)" becomes "Ann Lee"."""
    text = re.sub(r"\s*[(\[|/].*$", "", display.strip(" \"'"))
    last, comma, first = text.partition(",")
    if comma and first.strip() and len(first.split()) <= 3 and not TITLES.match(fold(first.strip())):
        return f"{first.strip()} {last.strip()}"
    return last.strip() if comma else text

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
    r"|barr|barrister|mdm|madam|br|frere|soeur|suor|fra|fray|frei|broeder|zuster|schwester|bruder|pater|padre|onkel"
    r"|hr|hrn|familie|fam|d|dom|sage-femme|dr\.?a|prof\.?a|eng\.?a"
    r"|rabbi|lt|cpt|lieutenant|pfarrer(?:in)?|h\.c|ph\.?d|msc|mba)\.?(?:-(?:ing|med|phil)\.?)?(?:ssa|ra)?\.?)$"
)

PARTICLES = frozenset(
    "von van de da di del della der den dem ten ter te la le el al bin ibn dos das do du des "
    "zu zum zur vom af av ap mac mc lo san st 't op".split()
)

LARGE_PARTICLES = frozenset("La Le El De Di Von Van Du Da Dos Della Dal Del Ten Ter".split())
"""Particles that many write large: "Ibrahim El Amrani", "mevrouw De Vries"."""

BEFORE_ARTICLE = frozenset({"von", "van", "op", "in", "aan", "zu", "aus"})
"""Particles that an article may follow inside a name: "von der", "van den"."""

NEVER_FIRST = re.compile(
    "|".join(rf"(?:{word})$" for table in (MONTHS, WEEKDAYS) for text in table.values() for word in text.split())
)

ELIDED = re.compile(r"[ldLD]['’][A-ZÀ-Þ][a-zà-þ]")
"""An elided article before a name; "D'Angelo" and "L'Oréal" lose nothing that matters."""

SHORTENED = re.compile(r"(?:i|you|we|they|he|she|it|that|there|who|what|here|let|don|can|won)['’](?:d|ve|ll|m|s|re|t)$")
"""A pronoun with its verb: "I'd" is nobody's name."""

ORGANISATION = re.compile(
    r"(?:schools?|education|health|services?|university|college|hospital|museum|foundation|theat(?:re|er)|council|county"
    r"|department|institute?|partners|group|systems?|solutions?|studios?|consulting|engineering|logistics|garten|sanierung\w*"
    r"|getriebebau|\w*bau|verein|stiftung|museum|universitat|klinik|hochschule|agency|association|society|church|library"
    r"|works|pumps|trust|mills?|farms?|brewing|company|authority|center|centre|laborator\w+|labs?|fondo|ayuntamiento"
    r"|ospedale|comune|associazione|gemeente|stichting|mairie|lycee)$"
)
"""A last word that makes a run of large words an organisation."""

LEGAL = re.compile(
    r" (?:gmbh|ag|kg|ohg|e\. ?v\.|inc|llc|ltd|llp|plc|corp|co\b|s\.?a\.?s?\b|s\.?l\.?\b|s\.?r\.?l|bv\b|nv\b|lda\b|ltda)"
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
    words = [_without_article(word, shown) for word in WORD.finditer(shown)]
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
            behind_particle = _known(run[0].group(), known) and fold(run[-1].group()) in PARTICLES if run else False
            if (behind_particle and word.group()[0].isupper()) or _is_name(word.group(), bare, shown, word.start()):
                run.append(word)
                if word.group().endswith(".") and len(bare) > 2:
                    yield from _named(shown, run, titled, known)
                    run, titled = [], False
                continue
            following = words[number + 1] if number + 1 < len(words) else None
            if (
                (run or (titled and word.group() in LARGE_PARTICLES))
                and bare in PARTICLES
                and (word.group()[0].islower() or word.group() in LARGE_PARTICLES)
                and following is not None
                and (following.group()[0].isupper() or fold(following.group()) in PARTICLES)
                and shown[word.end() : following.start()] in (" ", "'")
                and (
                    bare not in ("der", "den", "dem", "die", "des")
                    or word.group() in LARGE_PARTICLES
                    or (run and fold(run[-1].group()) in BEFORE_ARTICLE)
                )
            ):
                run.append(word)
                continue
        yield from _named(shown, run, titled, known)
        run, titled = [], False


def _without_article(word: re.Match[str], shown: str) -> re.Match[str]:
    """ "L'Elodie" and "d'Anna" name Elodie and Anna."""
    if ELIDED.match(word.group()):
        return WORD.match(shown, word.start() + 2) or word
    return word


def _joined(between: str, previous: str) -> bool:
    return between in (" ", "  ") or (between == " " and previous.endswith("."))


def _is_name(word: str, bare: str, shown: str, start: int) -> bool:
    if not word[0].isupper() or not bare or SHORTENED.match(fold(word)):
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
    # A sentence begins with a capital, and so does every German noun: what is no first name and is followed by one
    # there, or after "mein" and "the", is no part of the name.
    for skip in range(len(run) - 1):
        if (
            not _known(run[skip].group(), known)
            and _known(run[skip + 1].group(), known)
            and (
                (_begins(shown, run[0].start()) and (len(run) > 2 or run[skip].group().endswith("ing")))
                or (
                    OWNED.search(shown[max(0, run[0].start() - 12) : run[0].start()])
                    and (len(run) > 2 or ROLE_NOUN.search(fold(run[skip].group())))
                )
            )
        ):
            run = run[skip + 1 :]
            break
    run = _before_place(shown, run)
    if len(run) > 2 and run[1].group() in ("al", "a", "la") and _begins(shown, run[0].start()):
        # "Llamalo al Tincho": what stands before "al" is a verb.
        run = run[2:]
    start, end = run[0].start(), run[-1].end()
    written = shown[start:end]
    if written.endswith(".") and not re.search(r"\b(?:[A-Z]|[JS]r)\.$", written):
        written, end = written[:-1], end - 1
    for possessive in ("'s", "’s"):
        if written.endswith(possessive):
            written, end = written[:-2], end - 2
    if clean(written) is None or len(written) < 2:
        return
    first = fold(run[0].group()).rstrip(".")
    certain = titled or _known(first, known)
    if not titled and LEGAL.match(fold(shown[end : end + 8])):
        return
    if len(run) > 1 and not titled and not _known(first, known) and ORGANISATION.match(fold(run[-1].group())):
        return
    yield Named(start, end, written, certain, titled)


ROLE_NOUN = re.compile(
    r"(?:in|er|chor|ar|ant|ent|or|mann|frau|hilfe|leitung|schwester|bruder|tochter|sohn|nichte|neffe|tante|onkel|cousine?"
    r"|chef\w*|ing|eur|euse|trice|ante|ora?|eira?)$"
)
"""Ends of large words that say what somebody does rather than who they are."""

OWNED = re.compile(
    r"\b(?:mein(?:e[nmr]?)?|unser(?:e[nmr]?)?|sein(?:e[nmr]?)?|ihr(?:e[nmr]?)?|der|die|den|dem|beim|im|zur|zum|ein(?:e[nmr]?)?"
    r"|früherer?|my|our|the|ma|mon|notre|mi|nuestr[oa]|minha|meu|mijn|onze) $",
    re.I,
)


def _known(word: str, known: frozenset[str]) -> bool:
    """Whether a word, or the first half of a double one, is a first name."""
    bare = fold(word).rstrip(".")
    return bare in known or bare.split("-")[0] in known


def _before_place(shown: str, run: list[re.Match[str]]) -> list[re.Match[str]]:
    """The run up to "von der" where first and last name stand before it: "Leander Rupp von der Bauhütte"."""
    for number, word in enumerate(run):
        if word.group() in ("di", "del", "della", "dei") and _place_follows(run, number):
            return run[:number]
        if word.group() in ("von", "vom") and number + 2 <= len(run):
            large = sum(part.group()[0].isupper() for part in run[:number])
            following = run[number + 1].group() if number + 1 < len(run) else ""
            if word.group() == "vom" or (large >= 2 and following in ("der", "den", "dem", "Der")):
                return run[:number]
    return run


def _place_follows(run: list[re.Match[str]], number: int) -> bool:
    """Whether first and last name stand before "di": Italian surnames have it first, and large."""
    large = [part for part in run[:number] if part.group()[0].isupper()]
    following = fold(run[number + 1].group()).rstrip(".") if number + 1 < len(run) else ""
    return len(large) >= 2 and (
        run[number].group() == "di" or following in not_names() or bool(ORGANISATION.match(following))
    )


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
    if name.rstrip().endswith((" Jr.", " Sr.")):
        text += "."
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

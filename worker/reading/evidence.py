"""Evidence in a reply: which known phrases stand in it, turned by negation, contrast and question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files

from worker.conversation.vocabulary import Step
from worker.reading.folding import Flat, flatten, fold
from worker.reading.language import detect
from worker.reading.names import first_names, not_names

GAP = r"(?:[^\s.!?;:,]{1,30}\s){0,3}"
HEADING = re.compile(r"\[(\w+) (\d)\]$")
PART = re.compile(r"@([a-z]+)")
UMLAUTS = {"ä": "ae?", "ö": "oe?", "ü": "ue?", "ß": "ss?", "œ": "oe?"}

MODIFIERS = frozenset({"negation", "contrast", "wish", "other"})
TURNS = {"yes": "no", "retry": "opt", "hand": "no_name", "invite": "skip"}
"""What a feature becomes when it is denied."""

OPPOSED = {
    "yes": frozenset({"no", "later", "retry", "left", "away", "nobody", "opt"}),
    "no": frozenset({"yes", "retry", "hand"}),
    "left": frozenset({"yes"}),
    "retry": frozenset({"no", "opt"}),
    "thanks": frozenset({"opt", "no"}),
}
"""Which later features weaken an earlier one when a contrast stands between them."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One phrase that counts: its feature, how much, where it stands in the flattened text, and as it was written."""

    feature: str
    weight: float
    start: int
    end: int
    sentence: int
    words: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for what: `scores` per feature (yes, no, retry, later, hand, left, away, opt, ask ...) after
    negation and contrast; `raw` the same before; `cues` the phrases in order; `lang` the language read;
    `contrasts` where a "but" stands.
    """

    lang: str
    scores: Mapping[str, float]
    raw: Mapping[str, float]
    cues: tuple[Cue, ...] = ()
    flat: Flat = field(default=Flat("", "", ()), repr=False)
    contrasts: tuple[int, ...] = ()

    def words(self, *features: str) -> tuple[str, ...]:
        """The passages that speak for any of the features, strongest first, at most five."""
        found = sorted((cue for cue in self.cues if cue.feature in features), key=lambda cue: (-cue.weight, cue.start))
        return tuple(dict.fromkeys(cue.words for cue in found))[:5]


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language's phrases: its groups (feature, weight, pattern) and its modifiers."""

    groups: tuple[tuple[str, float, re.Pattern[str]], ...]
    negation: re.Pattern[str]
    contrast: re.Pattern[str]
    wish: re.Pattern[str]
    other: re.Pattern[str]


def evidence(new_text: str, lang: str | None = None, step: Step | None = None) -> Evidence:
    """The evidence in a new text (without quotes); `lang` one of the seven codes or None to detect it.

    `step` is what the text answers: after a referral_request "nobody comes to mind" counts as a no.
    Pure and total: any text gives an Evidence.
    """
    flat = flatten(new_text)
    language = lang or detect(new_text)
    grammar = load(language)
    cues = tuple(_turned(grammar, flat, _resolved(_matches(grammar, flat))))
    raw: dict[str, float] = {}
    for cue in cues:
        raw[cue.feature] = raw.get(cue.feature, 0.0) + cue.weight
    cues = tuple(_after_contrast(grammar, flat, cues))
    scores: dict[str, float] = {}
    for cue in cues:
        scores[cue.feature] = scores.get(cue.feature, 0.0) + cue.weight
    if step is Step.referral_request and scores.get("nobody"):
        scores["no"] = scores.get("no", 0.0) + scores["nobody"]
    contrasts = tuple(found.start() for found in grammar.contrast.finditer(flat.plain))
    return Evidence(language, scores, raw, cues, flat, contrasts)


def _matches(grammar: Grammar, flat: Flat) -> Iterator[Cue]:
    for feature, weight, pattern in grammar.groups:
        for found in pattern.finditer(flat.plain):
            start, end = found.span()
            if end > start:
                number = flat.sentence_at(start)
                asked = "?" in flat.plain[end - 1 : flat.sentences[number][1]] if flat.sentences else False
                yield Cue(feature, weight, start, end, number, flat.shown[start:end].strip(" ,.:;-\n"), asked)


def _resolved(cues: Iterator[Cue]) -> list[Cue]:
    """Of phrases that overlap the longest stays, so that "not interested" is never read as "interested"."""
    kept: list[Cue] = []
    for cue in sorted(cues, key=lambda cue: (not _first(cue), cue.start - cue.end, -cue.weight, cue.start)):
        rivals = [number for number, other in enumerate(kept) if cue.start < other.end and cue.end > other.start]
        if not rivals:
            kept.append(cue)
        for number in rivals:
            # A phrase inside a longer one of the same sense lends it its weight.
            if kept[number].feature == cue.feature and kept[number].weight < cue.weight:
                kept[number] = replace(kept[number], weight=cue.weight)
    return sorted((cue for cue in kept if cue.feature != "skip"), key=lambda cue: cue.start)


def _first(cue: Cue) -> bool:
    """A plain demand to be left alone is never part of something friendlier."""
    return cue.feature == "opt" and cue.weight >= 4


def _turned(grammar: Grammar, flat: Flat, cues: list[Cue]) -> Iterator[Cue]:
    """Turn what is denied: a negation among the four words before, in the same clause."""
    taken = [(cue.start, cue.end) for cue in cues]
    for cue in cues:
        if cue.feature == "yes" and _somebody_else(grammar, flat, cue):
            yield replace(cue, feature="hand")
            continue
        if cue.feature in TURNS:
            begin = max(flat.sentences[cue.sentence][0], cue.start - 40)
            before = flat.plain[begin : cue.start]
            before = re.split(r"[,;:()]| - ", before)[-1]
            contrasts = list(grammar.contrast.finditer(before))
            offset = cue.start - len(before) + (contrasts[-1].end() if contrasts else 0)
            clause = flat.plain[offset : cue.start]
            near = [found for found in grammar.negation.finditer(clause) if len(clause[found.end() :].split()) <= 3]
            if any(not any(s <= offset + f.start() < e for s, e in taken) for f in near):
                yield replace(cue, feature=TURNS[cue.feature], weight=cue.weight * 0.6)
                continue
        yield cue


def _somebody_else(grammar: Grammar, flat: Flat, cue: Cue) -> bool:
    """Whether the subject before a yes is a third person: "she'd be happy to talk" hands her over."""
    word = re.search(r"([^\W\d_]+) ?$", flat.plain[max(flat.sentences[cue.sentence][0], cue.start - 24) : cue.start])
    if word is None:
        return False
    if grammar.other.fullmatch(word[1]):
        return True
    large = flat.shown[cue.start - len(word.group())].isupper()
    return large and word[1] in first_names() and word[1] not in not_names()


def _after_contrast(grammar: Grammar, flat: Flat, cues: tuple[Cue, ...]) -> Iterator[Cue]:
    """Weaken what a later clause takes back: in "I would love to, but I cannot" the second half counts.

    A wish ("I'd love to say yes.") is taken back by the no that follows it even without a "but".
    """
    contrasts = [found.start() for found in grammar.contrast.finditer(flat.plain)]
    for cue in cues:
        opposed = OPPOSED.get(cue.feature, frozenset())
        weight = cue.weight
        wished = cue.feature == "yes" and bool(grammar.wish.search(flat.plain, max(0, cue.start - 12), cue.end))
        for other in cues:
            if (
                other.start >= cue.end
                and other.feature in opposed
                and other.weight >= 2
                and other.sentence - cue.sentence <= 1
                and (wished or any(cue.end - 1 <= place <= other.start for place in contrasts))
            ):
                weight = cue.weight * 0.25
                break
        yield replace(cue, weight=weight)


@lru_cache(maxsize=16)
def load(language: str) -> Grammar:
    """The grammar of a language, from the package's own data."""
    text = files("worker.reading").joinpath("phrases", f"{language}.txt").read_text("utf-8")
    return compiled(text)


def compiled(text: str) -> Grammar:
    """A phrase file as patterns; see the head of phrases/en.txt for its notation."""
    parts: dict[str, str] = {}
    groups: dict[tuple[str, float], list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        heading = HEADING.match(line)
        if heading:
            current = groups.setdefault((heading[1], float(heading[2])), [])
        elif line.startswith("let "):
            name, _, value = line[4:].partition(" = ")
            parts[name] = f"({_with_parts(value, parts)})"
        else:
            current.append(_with_parts(line, parts))
    joined = {key: _alternatives(lines) for key, lines in groups.items()}
    ordinary = tuple((name, weight, pattern) for (name, weight), pattern in joined.items() if name not in MODIFIERS)
    modifiers = (joined.get((name, 1.0), re.compile(r"(?!)")) for name in ("negation", "contrast", "wish", "other"))
    return Grammar(ordinary, *modifiers)


def _with_parts(line: str, parts: Mapping[str, str]) -> str:
    return PART.sub(lambda found: parts[found[1]], line)


def _alternatives(lines: list[str]) -> re.Pattern[str]:
    written = sorted((_pattern(line.rstrip("\n")) for line in lines), key=len, reverse=True)
    return re.compile(rf"(?:(?<!\w)|(?='))(?:{'|'.join(written)})(?!\w)")


def _pattern(line: str) -> str:
    for letter, either in UMLAUTS.items():
        line = line.replace(letter, f"(?:{either})")
    line = fold(line.replace("\\", "\x00")).replace("\x00", "\\")
    line = re.sub(r"(?<!\\)\((?!\?)", "(?:", line)
    line = re.sub(r"(?: ~)+$", "", line.strip()).replace(" ~ ", f" {GAP}").replace("~ ", GAP)
    return line.replace(" ", ",? ")

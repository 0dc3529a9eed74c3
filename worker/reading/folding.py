"""Folds written text for comparison: one case, no accents, joined lines, every character in its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

SENTENCE_END = re.compile(r"[.!?…](?=[\s\"')\]]|$)|\n|[!?…]")
ABBREVIATION = re.compile(
    r"(?:^|[\s('])(?:[a-z]|dr|dra|profa|eng|enga|lic|arq|ssa|drs|hr|hrn|barr|mdm|rev|capt|sgt|prof|mr|mrs|ms|st|no|nr|bzw|ca|evtl|ggf|inkl|tel|str|mme|mlle|sr|sra|srta|d|dña|dott|ing"
    r"|avv|geom|dhr|mevr|mw|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|z\.b|d\.h|u\.a"
    r"|i\.e|e\.g|p\.s|approx"
    r"|vs|etc|max|min|tél|tfno|núm|pag|\d{1,2})$"
)
NUMERIC_DATE = re.compile(r"(?<!\d)\d{1,2}\.\d{1,2}$")
SHORT_LINE = 46

LIKE = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\t": " ",
    "ß": "s",
    "æ": "a",
    "œ": "o",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "t",
    "ı": "i",
}


@dataclass(frozen=True, slots=True)
class Flat:
    """A text with its soft line breaks joined (`shown`), the same folded (`plain`) at equal offsets, and its sentences.

    `sentences` are (start, end) offsets, in order and without gaps.
    """

    shown: str
    plain: str
    sentences: tuple[tuple[int, int], ...]

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence that holds an offset."""
        low, high = 0, len(self.sentences) - 1
        while low < high:
            middle = (low + high) // 2
            if self.sentences[middle][1] <= offset:
                low = middle + 1
            else:
                high = middle
        return max(low, 0)

    def sentence(self, offset: int) -> tuple[int, int]:
        """The bounds of the sentence that holds an offset."""
        return self.sentences[self.sentence_at(offset)] if self.sentences else (0, 0)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in LIKE:
        return LIKE[character]
    lowered = character.lower()
    if len(lowered) != 1:
        lowered = character
    if lowered in LIKE:
        return LIKE[lowered]
    if lowered < "\u0080":
        return lowered
    base = unicodedata.normalize("NFD", lowered)[0]
    return base if base.isalpha() else lowered


def fold(text: str) -> str:
    """The text in lower case and without accents, of the same length."""
    if text.isascii():
        return text.lower().replace("`", "'").replace("\t", " ")
    return "".join(map(_fold_character, text))


def flatten(text: str) -> Flat:
    """Join lines that a mail program wrapped, keep those that a person ended, and find the sentences."""
    text = unicodedata.normalize("NFC", text[:20000])
    out: list[str] = []
    previous = ""
    for raw in text.splitlines():
        line = " ".join(raw.split())
        if not line or line.startswith(">"):
            if out and out[-1] != "\n":
                out.append("\n")
            previous = ""
            continue
        if previous:
            greeting = previous.endswith(",") and len(previous) < 40
            ended = previous[-1] in ".!?:;…"
            soft = not greeting and (
                (line[0].islower() and not ended)
                or (len(previous) >= SHORT_LINE and not line.startswith(("-", "*", "•")))
            )
            out.append(" " if soft else "\n")
        out.append(line)
        previous = line
    shown = "".join(out).strip()
    plain = fold(shown)
    return Flat(shown, plain, _sentences(shown, plain))


def _sentences(shown: str, plain: str) -> tuple[tuple[int, int], ...]:
    bounds: list[tuple[int, int]] = []
    start = 0
    for end in SENTENCE_END.finditer(plain):
        stop = end.end()
        if end.group() == "." and ABBREVIATION.search(plain[max(start, end.start() - 8) : end.start()]):
            continue
        if end.group() == "." and NUMERIC_DATE.search(plain, max(start, end.start() - 6), end.start()):
            # "Ab 18.8. bin ich da" goes on, "bis 18.8. Danach" does not.
            following = shown[stop : stop + 2].strip()
            if following and not following[0].isupper():
                continue
        if stop > start and plain[start:stop].strip():
            bounds.append((start, stop))
            start = stop
        elif bounds:
            bounds[-1] = (bounds[-1][0], stop)
            start = stop
    if start < len(plain):
        bounds.append((start, len(plain)))
    return tuple(bounds)

"""Chooses the pieces that the seven languages need, out of a vocabulary for a hundred."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from worker.reading.model.tokenizer import MARK, UNKNOWN, Tokenizer

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
# a word that is rarer than one in ten million, and a piece that is rarer than one in 200,000 pieces, teach nothing
_RARE_WORD, _RARE_PIECE = 1e-7, 5e-6
_LATIN_END, _SYMBOLS, _EMOJI = 0x250, range(0x2000, 0x2C00), 0x1F000


def kept(tokenizer: Tokenizer, pieces: Sequence[str], texts: Iterable[str]) -> list[int]:
    """The ids of the pieces to keep: marks, signs, digits, emoji, what frequent words need, what `texts` need."""
    frequency = _frequencies(tokenizer, len(pieces))
    needed = {i for text in texts for i in tokenizer.ids(text)}
    return [i for i, piece in enumerate(pieces) if i in needed or i <= UNKNOWN or _useful(piece, frequency[i])]


def _frequencies(tokenizer: Tokenizer, count: int) -> Sequence[float]:
    """How often each piece occurs in the words of the seven languages, small, capitalised and in capitals."""
    import wordfreq

    found: defaultdict[int, float] = defaultdict(float)
    for language in LANGUAGES:
        for word, share in wordfreq.get_frequency_dict(language, "best").items():
            if share >= _RARE_WORD:
                for form, weight in ((word, 1.0), (word.capitalize(), 0.15), (word.upper(), 0.02)):
                    for i in tokenizer.ids(form):
                        found[i] += share * weight
    return [found[i] for i in range(count)]


def _useful(piece: str, frequency: float) -> bool:
    body = piece.lstrip(MARK)
    if not any(letter.isalpha() for letter in body):
        codes = [ord(letter) for letter in body]
        return all(code < _LATIN_END or code in _SYMBOLS or code >= _EMOJI for code in codes) and "\u202c" not in body
    latin = all(unicodedata.name(letter, "").startswith("LATIN") or letter in "'’-." for letter in body)
    return latin and (frequency >= _RARE_PIECE or (len(piece) == 1 and ord(piece) < _LATIN_END))

"""Cuts text into the pieces that the encoder knows (SentencePiece unigram model, by Viterbi)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3
MARK = "▁"
_SPACE = re.compile(" +")


def _marks() -> dict[int, str]:
    """What the vocabulary was trained to drop or to read as a space, beside NFKC."""
    dropped = [*range(1, 9), 11, *range(14, 32), 0x7F, 0x8F, 0x9F]
    spaces = [9, 10, 12, 13, 0xA0, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x2581, 0x3000]
    table = dict.fromkeys(dropped, "")
    table |= dict.fromkeys([*spaces, 65279, 65533], " ")
    return table


class Tokenizer:
    """A unigram vocabulary: `pieces` in the order of their ids, with the logarithm of each one's probability.

    The first four ids are the beginning, padding, end and unknown marks.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._ids: Mapping[str, int] = {piece: i for i, piece in enumerate(pieces) if i > UNKNOWN}
        self._scores = list(scores)
        self._longest = max(map(len, self._ids), default=1)
        self._unknown_score = min(self._scores[UNKNOWN + 1 :], default=0.0) - 10.0
        self._marks = _marks()

    def words(self, text: str) -> list[tuple[str, list[int]]]:
        """The words of `text` between spaces, each with the ids of its pieces."""
        seen: dict[str, list[int]] = {}
        cut: list[tuple[str, list[int]]] = []
        for word in _SPACE.split(text.translate(self._marks).strip(" ")):
            ids = seen.get(word)
            if ids is None:
                # one character may come apart into a space and more (NFKC of a spacing accent)
                parts = [part for part in unicodedata.normalize("NFKC", word).split(" ") if part]
                ids = seen[word] = [i for part in parts for i in self._cut(MARK + part)]
            if ids:
                cut.append((word, ids))
        return cut

    def ids(self, text: str) -> list[int]:
        """The ids of all pieces of `text`, without the marks of beginning and end."""
        return [i for _, ids in self.words(text) for i in ids]

    def _cut(self, word: str) -> list[int]:
        """The most probable pieces of one word; neighbouring unknown characters are one unknown piece."""
        whole = self._ids.get(word)
        size = len(word)
        best = [0.0] + [float("-inf")] * size
        last: list[tuple[int, int]] = [(0, UNKNOWN)] * (size + 1)
        if whole is not None and size == 1:
            return [whole]
        for start in range(size):
            base = best[start]
            for end in range(start + 1, min(start + self._longest, size) + 1):
                found = self._ids.get(word[start:end])
                if found is not None:
                    score = base + self._scores[found]
                    if score > best[end]:
                        best[end], last[end] = score, (start, found)
            score = base + self._unknown_score
            if score > best[start + 1]:
                best[start + 1], last[start + 1] = score, (start, UNKNOWN)
        backwards: list[int] = []
        end = size
        while end:
            end, found = last[end]
            if not (found == UNKNOWN and backwards and backwards[-1] == UNKNOWN):
                backwards.append(found)
        return backwards[::-1]

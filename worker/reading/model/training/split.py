"""Says which answers of the corpus are kept back from the training."""

from __future__ import annotations

from zlib import crc32

WHOLE_WRITERS = ("i-", "j-", "p-")
"""Parts of which nothing is trained on.

`i` and `j` have writers who wrote nothing else: what the model says of them is what it will say of people whom it has
never met. The plain answers of `p` are the examples that the rules were written on: from them the blend learns that a
plain rule is right about a plain answer; no score and no threshold comes from them.
"""


def kept_back(name: str, family: str) -> bool:
    """Whether an answer is kept back from the training, to calibrate on: a fifth of the families, two thirds of `k`.

    `name` is the answer's id. The long answers of `k` cost the most time to train on, and teach the least.
    """
    if name.startswith(WHOLE_WRITERS):
        return True
    chance = crc32((family or name).encode())
    return chance % 3 != 0 if name.startswith("k-") else chance % 5 == 0


def counts(name: str) -> bool:
    """Whether scores and thresholds may be taken from an answer that was kept back."""
    return not name.startswith("p-")

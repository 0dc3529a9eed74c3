"""Says which answers of the corpus are kept back from the training."""

from __future__ import annotations

from zlib import crc32


def kept_back(name: str, family: str) -> bool:
    """Whether an answer is kept back from the training, to calibrate on: a fifth of the families, two thirds of `k`.

    `name` is the answer's id. The long answers of `k` cost the most time to train on, and teach the least.
    """
    chance = crc32((family or name).encode())
    return chance % 3 != 0 if name.startswith("k-") else chance % 5 == 0

"""The encoder computes what the textbook formula says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from worker.reading.model.encoder import HEADS, from_arrays
from worker.reading.model.opinion import PIECES


def plainly(found: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """The same, number by number, at 64 bits."""

    def wide(name: str) -> np.ndarray:
        return found[name].astype(np.float64) * found[f"{name}.scale"].astype(np.float64)[:, None]

    def normal(row: np.ndarray, name: str) -> np.ndarray:
        spread = math.sqrt(((row - row.mean()) ** 2).mean())
        return (row - row.mean()) / spread * found[f"{name}scale"] + found[f"{name}shift"]

    rows = [normal(wide("words")[i] + found["positions"][at], "") for at, i in enumerate(ids)]
    width, depth = found["words"].shape[1], sum(name.endswith(".qkv") for name in found)
    size = width // HEADS
    for depth_at in range(depth):
        name = f"{depth_at}."
        split = [wide(f"{name}qkv") @ row + found[f"{name}qkv.bias"] for row in rows]
        mixed = []
        for query in split:
            parts = []
            for head in range(HEADS):
                cut = slice(head * size, (head + 1) * size)
                heat = [math.exp(query[cut] @ other[width:][cut] / math.sqrt(size)) for other in split]
                parts.append(sum(h * other[2 * width :][cut] for h, other in zip(heat, split, strict=True)) / sum(heat))
            mixed.append(wide(f"{name}out") @ np.concatenate(parts) + found[f"{name}out.bias"])
        rows = [normal(row + more, f"{name}attention.") for row, more in zip(rows, mixed, strict=True)]
        inner = [wide(f"{name}widen") @ row + found[f"{name}widen.bias"] for row in rows]
        bent = [np.array([0.5 * x * (1 + math.erf(x / math.sqrt(2))) for x in row]) for row in inner]
        narrow = [wide(f"{name}narrow") @ row + found[f"{name}narrow.bias"] for row in bent]
        rows = [normal(row + more, f"{name}output.") for row, more in zip(rows, narrow, strict=True)]
    return np.array(rows)


def test_it_computes_what_the_formula_says(toy_arrays: dict[str, np.ndarray]) -> None:
    ids = [0, 5, 15, 5, 11, 2]
    # the tanh form of GELU is within a thousandth of the exact one
    assert np.allclose(from_arrays(toy_arrays).encode(ids), plainly(toy_arrays, ids), atol=0.01)


def test_the_same_piece_at_another_place_is_read_differently(toy_arrays: dict[str, np.ndarray]) -> None:
    states = from_arrays(toy_arrays).encode([5, 5])
    assert not np.allclose(states[0], states[1])


@pytest.mark.parametrize("count", [0, PIECES + 1])
def test_a_text_that_does_not_fit_is_refused(toy_arrays: dict[str, np.ndarray], count: int) -> None:
    with pytest.raises(ValueError, match="pieces"):
        from_arrays(toy_arrays).encode([1] * count)

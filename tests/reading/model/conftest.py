"""A model so small that it can be worked out by hand, whose weights mean nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from worker.conversation.vocabulary import Intent
from worker.reading.model.opinion import PIECES
from worker.reading.model.tokenizer import Tokenizer

WIDTH, DEPTH = 24, 2
TOY_PIECES = "<s> <pad> </s> <unk> ▁ ▁no ▁not ▁thanks t h n o a ks 2 ▁than".split()
TOY_SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -4.0, -4.5, -6.0, -5.0, -5.0, -5.0, -5.0, -5.0, -5.5, -4.0, -4.0]


@pytest.fixture(scope="session")
def toy_pieces() -> tuple[list[str], list[float]]:
    return TOY_PIECES, TOY_SCORES


@pytest.fixture(scope="session")
def toy_tokenizer() -> Tokenizer:
    return Tokenizer(TOY_PIECES, TOY_SCORES)


@pytest.fixture
def toy_arrays() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(7)

    def matrix(name: str, rows: int, columns: int) -> dict[str, np.ndarray]:
        steps = chance.integers(-127, 128, (rows, columns)).astype(np.int8)
        return {name: steps, f"{name}.scale": chance.uniform(0.001, 0.004, rows).astype(np.float32)}

    def numbers(*shape: int) -> np.ndarray:
        return chance.normal(size=shape).astype(np.float32)

    found = matrix("words", len(TOY_PIECES), WIDTH)
    found |= {"positions": numbers(PIECES, WIDTH), "scale": numbers(WIDTH), "shift": numbers(WIDTH)}
    for i in range(DEPTH):
        for name, rows, columns in (
            ("qkv", 3 * WIDTH, WIDTH),
            ("out", WIDTH, WIDTH),
            ("widen", 4 * WIDTH, WIDTH),
            ("narrow", WIDTH, 4 * WIDTH),
        ):
            found |= matrix(f"{i}.{name}", rows, columns) | {f"{i}.{name}.bias": numbers(rows)}
        for name in ("attention", "output"):
            found |= {f"{i}.{name}.scale": numbers(WIDTH), f"{i}.{name}.shift": numbers(WIDTH)}
    found |= {"head": numbers(len(Intent), WIDTH), "head.bias": numbers(len(Intent))}
    return found | {"scores": np.array(TOY_SCORES, np.float32)}


@pytest.fixture
def toy(tmp_path: Path, toy_arrays: dict[str, np.ndarray]) -> Path:
    """The folder of such a model."""
    np.save(tmp_path / "words.npy", toy_arrays["words"])
    np.savez(tmp_path / "weights.npz", **{name: array for name, array in toy_arrays.items() if name != "words"})
    (tmp_path / "pieces.txt").write_text("\n".join(TOY_PIECES), "utf-8")
    card = {"version": "toy", "temperature": 2.0, "intents": [intent.value for intent in Intent]}
    (tmp_path / "card.json").write_text(json.dumps(card), "utf-8")
    return tmp_path

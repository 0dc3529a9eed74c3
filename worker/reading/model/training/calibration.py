"""Makes probabilities honest, and measures how right they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Places = NDArray[np.int64]


def probabilities(logits: Numbers, temperature: float) -> Numbers:
    """Logits divided by the temperature, as probabilities: rows that sum to one."""
    scaled = logits / np.float32(temperature)
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    result: Numbers = weights / weights.sum(axis=1, keepdims=True)
    return result


def temperature(logits: Numbers, intents: Places) -> float:
    """The one number that makes the right intents likeliest over all answers (temperature scaling), to 3 digits."""

    def surprise(value: float) -> float:
        right = probabilities(logits, value)[np.arange(len(intents)), intents]
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    return round(float(min(np.geomspace(0.1, 10.0, 461), key=surprise)), 3)


def macro_f1(said: Places, intents: Places) -> float:
    """The mean of the F1 of each intent that occurs."""
    scores = []
    for intent in np.unique(intents):
        both = np.sum((said == intent) & (intents == intent))
        scores.append(2 * both / max(1, np.sum(said == intent) + np.sum(intents == intent)))
    return float(np.mean(scores))


def reliability(sure: Numbers, right: NDArray[np.bool_], bins: int = 10) -> list[tuple[float, float, int]]:
    """For each tenth of confidence: mean confidence, share that was right, how many."""
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        (float(sure[place == i].mean()), float(right[place == i].mean()), int(np.sum(place == i)))
        for i in range(bins)
        if np.any(place == i)
    ]


def calibration_error(sure: Numbers, right: NDArray[np.bool_]) -> float:
    """The expected calibration error over tenths of confidence."""
    return sum(abs(said - was) * count for said, was, count in reliability(sure, right)) / max(1, len(sure))

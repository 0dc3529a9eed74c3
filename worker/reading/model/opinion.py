"""Weighs what a new text means, with the weights that ship beside this module."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worker.conversation.vocabulary import Intent, Step
from worker.errors import AskaroundError
from worker.reading.model.encoder import Encoder, from_arrays
from worker.reading.model.tokenizer import BEGIN, END, Tokenizer

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import numpy as np
    from numpy.typing import NDArray

    from worker.reading.model.encoder import Matrix

PIECES = 256
_LEAD_PIECES = 48
# a reply says what it wants at its beginning; what takes it back or adds a name stands at its end
_TAIL_PIECES = 64
_HEAD_CHARACTERS, _TAIL_CHARACTERS = 6_000, 2_000


@dataclass(frozen=True, slots=True)
class Framed:
    """A text as the model reads it: the pieces of step and subject, then its own words with their pieces."""

    lead: tuple[int, ...]
    words: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def ids(self) -> list[int]:
        """All pieces in order, between the marks of beginning and end; never more than PIECES."""
        return [BEGIN, *self.lead, *(i for _, pieces in self.words for i in pieces), END]


@dataclass(frozen=True, slots=True)
class Opinion:
    """The calibrated probability of each intent, and how far each word spoke for the likeliest against the next."""

    probabilities: Mapping[Intent, float]
    words: tuple[tuple[str, float], ...] = ()

    @property
    def intent(self) -> Intent:
        """The likeliest intent."""
        return max(self.probabilities, key=self.probabilities.__getitem__)

    @property
    def confidence(self) -> float:
        """The probability of the likeliest intent."""
        return self.probabilities[self.intent]


@dataclass(frozen=True, slots=True)
class IntentModel:
    """A loaded model. It holds about 100 MB: keep it while there is mail to read, then let it go."""

    tokenizer: Tokenizer
    encoder: Encoder
    head: Matrix
    bias: Matrix
    temperature: float
    version: str

    def opinion(self, step: Step | None, subject: str, text: str) -> Opinion:
        """What `text` (the new text alone) most likely means as an answer to `step`."""
        import numpy as np

        framed = frame(self.tokenizer, step, subject, text)
        ids = framed.ids
        # the head is linear on the mean over all pieces, so each piece has its own exact share of the outcome
        shares = (self.encoder.encode(ids) @ self.head.T) / np.float32(len(ids))
        logits = (shares.sum(axis=0) + self.bias) / np.float32(self.temperature)
        weights = np.exp(logits - logits.max())
        weights /= weights.sum()
        first, second = (int(i) for i in np.argsort(-logits)[:2])
        lean = (shares[:, first] - shares[:, second]).tolist()
        at = 1 + len(framed.lead)
        words: list[tuple[str, float]] = []
        for word, pieces in framed.words:
            words.append((word, sum(lean[at : at + len(pieces)])))
            at += len(pieces)
        return Opinion({intent: float(weights[i]) for i, intent in enumerate(Intent)}, tuple(words))


def frame(tokenizer: Tokenizer, step: Step | None, subject: str, text: str) -> Framed:
    """Cuts a reply to what the model reads: its step, its subject, its head and its end. Linear in the text."""
    if len(text) > _HEAD_CHARACTERS + _TAIL_CHARACTERS:
        text = f"{text[:_HEAD_CHARACTERS]} {text[-_TAIL_CHARACTERS:]}"
    lead = tokenizer.ids(f"query: {(step or Step.ask).value}: {subject[:300]}: ")[:_LEAD_PIECES]
    room = PIECES - 2 - len(lead)
    words = [(word, tuple(pieces[: room - _TAIL_PIECES])) for word, pieces in tokenizer.words(text)]
    if sum(len(pieces) for _, pieces in words) > room:
        head = _fitting(words, room - _TAIL_PIECES)
        tail = _fitting(words[: len(head) - 1 : -1] if head else words[::-1], _TAIL_PIECES)
        words = head + tail[::-1]
    return Framed(tuple(lead), tuple(words))


def _fitting(words: list[tuple[str, tuple[int, ...]]], room: int) -> list[tuple[str, tuple[int, ...]]]:
    """The first words whose pieces fit into `room`."""
    for at, (_, pieces) in enumerate(words):
        room -= len(pieces)
        if room < 0:
            return words[:at]
    return words


def _read(stored: Traversable) -> NDArray[np.int8]:
    import numpy as np

    with stored.open("rb") as file:
        array: NDArray[np.int8] = np.load(file, allow_pickle=False)
    return array


@contextmanager
def opened(directory: Traversable | None = None) -> Iterator[IntentModel]:
    """The model that ships with the package, or the one in `directory`; its memory is free again after the block.

    Raises AskaroundError where the weights are missing or not to be read.
    """
    model = load(directory)
    yield model


def load(directory: Traversable | None = None) -> IntentModel:
    """Reads the model from `directory`, by default the one beside this module; its memory lives as long as it does."""
    import numpy as np

    place = directory or resources.files(__package__) / "data"
    try:
        card: dict[str, Any] = json.loads((place / "card.json").read_text("utf-8"))
        pieces = (place / "pieces.txt").read_text("utf-8").split("\n")
        with (place / "weights.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        # few of the pieces occur in a mail, so their vectors stay on the disk where there is one
        words = place / "words.npy"
        arrays["words"] = np.load(words, mmap_mode="r") if isinstance(words, Path) else _read(words)
        if card["intents"] != [intent.value for intent in Intent]:
            raise ValueError("it knows other intents")
        return IntentModel(
            tokenizer=Tokenizer(pieces, arrays["scores"].tolist()),
            encoder=from_arrays(arrays),
            head=arrays["head"].astype(np.float32),
            bias=arrays["head.bias"].astype(np.float32),
            temperature=float(card["temperature"]),
            version=str(card["version"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise AskaroundError(
            f"The model that reads replies cannot be loaded: {error}",
            where=str(place),
            todo="Install askaround again, or build the model with `make model`.",
        ) from error

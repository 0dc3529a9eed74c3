"""Keeps the model in memory while there is mail to read, and gives it back after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import resources

from worker.conversation.vocabulary import Step
from worker.errors import AskaroundError
from worker.reading.model.opinion import IntentModel, Opinion, load


class Shelf:
    """Holds the model from its first use; without weights there is nothing to hold, and the rules decide alone."""

    def __init__(self) -> None:
        self._model: IntentModel | None = None
        self._tried = False

    def model(self) -> IntentModel | None:
        """The model, loaded at the first call; None where its weights are missing or broken."""
        if not self._tried:
            self._tried = True
            if present():
                try:
                    self._model = load()
                except AskaroundError:
                    self._model = None  # a reader without it asks the owner more often; reading must go on
        return self._model


_shelf: ContextVar[Shelf | None] = ContextVar("shelf", default=None)


def present() -> bool:
    """Whether weights ship with this package (a source checkout may lack them)."""
    return (resources.files("worker.reading.model") / "data" / "weights.npz").is_file()


@contextmanager
def opened() -> Iterator[None]:
    """All reading within shares one model, loaded at the first mail that needs it; its memory is free after."""
    if _shelf.get() is not None:
        yield
        return
    token = _shelf.set(Shelf())
    try:
        yield
    finally:
        _shelf.reset(token)


def opinion(step: Step | None, subject: str, text: str) -> Opinion | None:
    """What the model makes of a new text; None without weights. Outside of `opened` it is loaded for this one text."""
    model = (_shelf.get() or Shelf()).model()
    return model.opinion(step, subject, text) if model is not None else None

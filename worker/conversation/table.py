"""The table: what follows from what happens to a conversation, row by row."""

from __future__ import annotations

from worker.conversation.evidence import is_human_reply, occurrences, seen_in
from worker.conversation.standing import Act, Decision, Occurrence, Standing
from worker.conversation.vocabulary import Reading

__all__ = [
    "Act",
    "Decision",
    "Occurrence",
    "Standing",
    "acts_alone",
    "confirmed",
    "decide",
    "decide_all",
    "is_human_reply",
    "markdown",
    "occurrences",
    "on_human_reply",
    "seen_in",
]


def on_human_reply(standing: Standing) -> Decision:
    """First of all, for any human reply: an open ask counts as arrived, pending mail is held."""
    raise NotImplementedError


def decide(standing: Standing, occurrence: Occurrence) -> Decision:
    """The first row that fits; total over all standings and occurrences."""
    raise NotImplementedError


def decide_all(standing: Standing, happened: tuple[Occurrence, ...], *, human: bool = False) -> tuple[Decision, ...]:
    """`on_human_reply` where `human`, then each occurrence upon the state that the one before left."""
    raise NotImplementedError


def confirmed(standing: Standing, occurrence: Occurrence) -> Decision:
    """What the owner's "ok" on a review carries out, where the row itself would only say review again."""
    raise NotImplementedError


def acts_alone(reading: Reading) -> bool:
    """Whether the worker carries out the row by itself for this mail in its thread, in state asked."""
    raise NotImplementedError


def markdown() -> str:
    """docs/conversation.md."""
    raise NotImplementedError

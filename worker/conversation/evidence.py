"""What an incoming mail is to a conversation: a Reading as one or more occurrences."""

from __future__ import annotations

from worker.conversation.standing import Occurrence, Standing
from worker.conversation.vocabulary import Match, Reading


def is_human_reply(reading: Reading) -> bool:
    """Whether the row "any human reply" runs first: a person wrote, and it is no sure absence message."""
    raise NotImplementedError


def occurrences(
    reading: Reading, *, match: Match, in_junk: bool = False, from_contact: bool = True
) -> tuple[Occurrence, ...]:
    """What happened, in the order in which the table must be asked; empty for what concerns no conversation.

    `match` says whether the mail lies in our thread; `in_junk` that every known copy lies in Junk;
    `from_contact` that the contact wrote it, from whatever address (a human reply of somebody else is shown).
    """
    raise NotImplementedError


def seen_in(standing: Standing, reading: Reading) -> Standing:
    """`standing` with the facts of this mail: handed_on and dated."""
    raise NotImplementedError

"""One thing that happened to one conversation, as the effects need to see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Match, Reading


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation, its contact, and what came: a reading of a message, a word of the owner, or time.

    `words` are quoted in the journal; `by_owner` says that the owner's word caused it, which needs no notice.
    """

    conversation: Row[Any]
    contact: Row[Any]
    change_id: int | None = None
    reading: Reading | None = None
    message_id: int | None = None
    reading_id: int | None = None
    match: Match | None = None
    answers: Row[Any] | None = None  # the mail of ours that the message is about
    from_address: str = ""
    from_name: str = ""
    words: str | None = None
    by_owner: bool = False
    row: str = ""  # of the table, that is being carried out

    @property
    def name(self) -> str:
        """The person's name, else the address."""
        return str(self.contact.name or self.contact.email or self.contact.phone or "somebody")

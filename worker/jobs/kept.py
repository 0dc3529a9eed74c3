"""What the place of a kept mail tells of its time, and the line of `once` about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.jobs import match
from worker.reading.headers import Headers


@dataclass(frozen=True, slots=True)
class Read:
    """One line of `once`: whose conversation, and what the mail was taken for."""

    email: str
    kind: str
    intent: str | None
    confidence: float


def written(place: Row[Any], head: Headers) -> datetime:
    """When a mail came; when it was written, where its place in the folder is a day younger: it was copied there."""
    came: datetime = place.internal_date
    return head.date if head.date is not None and came - head.date > timedelta(days=1) else came


def before_them(place: Row[Any], came: datetime, contact: Row[Any]) -> bool:
    """Whether a mail in a folder that is read again was no concern of ours when it came: nobody was to be asked yet."""
    return bool(place.generation) and came < contact.created_at - match.CLOCKS

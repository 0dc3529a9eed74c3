"""What the words of a reply mean: the value that intent reading hands back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from worker.conversation.vocabulary import Intent, Person


@dataclass(frozen=True, slots=True)
class Judgement:
    """The intent of a new text with what was found in it.

    `confidence` is calibrated, 0 to 1; `sure` allows the worker to act on it; dates, people, phones, links and
    times are as in `Reading`; `why` holds reasons in words, best first; `words` the passages that decided.
    """

    intent: Intent
    confidence: float = 0.0
    sure: bool = False
    referrals: tuple[Person, ...] = ()
    return_date: date | None = None
    resume_after: date | None = None
    standin_email: str | None = None
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

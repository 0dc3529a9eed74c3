"""What the morning's mail to the owner holds, before it is put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from worker.conversation.vocabulary import Intent, Step


class Need(StrEnum):
    """Why somebody needs the owner."""

    yes = "yes"
    question = "question"
    review = "review"
    proposed = "proposed"
    uncertain = "uncertain"
    name_without_address = "name_without_address"
    later = "later"
    took_place = "took_place"
    domain = "domain"
    trouble = "trouble"
    draft = "draft"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the owner can do: a link that says what it does.

    `line` is what the answer to the summary says ("2. yes"). With `to`, the link writes to that person instead,
    with `subject`; the line then is empty.
    """

    label: str
    line: str = ""
    to: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class NeedsYou:
    """Somebody who needs the owner.

    words: what the person wrote, quoted. reading, sure, deciding: what the worker thinks it means, how sure
    (0 to 1), and the words that say so. times: proposed times, as written. note: anything else, in a sentence.
    """

    number: int
    kind: Need
    name: str
    email: str | None = None
    company: str | None = None
    words: str = ""
    reading: Intent | None = None
    sure: float | None = None
    deciding: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    note: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to ring today: their clock at the moment of the summary (aware, in their zone, where known), what
    was written to them and on which day, and up to three sentences to say."""

    number: int
    name: str
    phone: str
    email: str | None = None
    role: str | None = None
    company: str | None = None
    their_time: datetime | None = None
    written: tuple[tuple[Step, date], ...] = ()
    say: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done or came in since the last summary, and why."""

    what: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A mail that will leave: when (aware, in the owner's zone), its first lines, and how to stop it."""

    number: int
    name: str
    email: str
    step: Step
    when: datetime
    company: str | None = None
    subject: str = ""
    first_lines: str = ""
    why: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """How many were asked and how many answered in one week; `begins` is its Monday."""

    begins: date
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class Led:
    """A person, what became of them (a state's name or free words), and the people they led to."""

    name: str
    state: str = ""
    to: tuple[Led, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands, over all time."""

    asked: int = 0
    answered: int = 0
    talks: int = 0
    referrals: int = 0
    weeks: tuple[Week, ...] = ()
    tree: tuple[Led, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the mail: a name in ASCII, a type of text ("plain", "calendar"), the text itself."""

    name: str
    subtype: str
    text: str


@dataclass(frozen=True, slots=True)
class SummaryContent:
    """Everything that one summary says; a section that is empty is left out.

    made_at: now, aware, in the owner's zone. mailbox: the address that is read and that answers go to.
    token: what an answer is known by. again: a second one on the same date. last_check: when the mailbox was last
    read to its end (aware, in the owner's zone). problems: sentences; none means that nothing is stuck.
    away_until: the last day of the owner's absence; finished: they have ended the search.
    The numbers of needs_you, call_today and leaves are unique together.
    """

    day: date
    made_at: datetime
    owner: str
    mailbox: str
    token: str = ""
    language: str = "en"
    again: bool = False
    needs_you: tuple[NeedsYou, ...] = ()
    call_today: tuple[Call, ...] = ()
    happened: tuple[Happened, ...] = ()
    leaves: tuple[Leaving, ...] = ()
    standing: Standing | None = None
    last_check: datetime | None = None
    problems: tuple[str, ...] = ()
    paused: bool = False
    paused_until: date | None = None
    away_until: date | None = None
    finished: bool = False
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        numbers = [item.number for item in self.numbered()]
        if len(set(numbers)) != len(numbers):
            raise ValueError(f"two items of a summary have the same number: {numbers}")

    def numbered(self) -> Iterable[NeedsYou | Call | Leaving]:
        """All items that an answer can speak of by their number."""
        return (*self.needs_you, *self.call_today, *self.leaves)

"""What a job works with: one mailbox, its owner and rules, the instant of the turn, a source of ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from worker.contacts import canonical
from worker.conversation.pacing import Calendar, calendar_for, on_any_day
from worker.conversation.vocabulary import Pace, Replies, Sequence, Step
from worker.jobs import marks
from worker.jobs.ids import Ids
from worker.mailbox.access import ImapAccess, SmtpAccess

if TYPE_CHECKING:
    from worker.mailbox.tokens import Keeper, Trouble


@dataclass(frozen=True, slots=True)
class Templates:
    """Template texts by name, where each came from (for errors), and its language."""

    texts: Mapping[str, str]
    origin: Mapping[str, str]
    languages: Mapping[str, str] = field(default_factory=dict)

    def language(self, name: str) -> str:
        """The language of a template ("ask")."""
        return self.languages.get(f"{name}.md", "en")


@dataclass(frozen=True, slots=True)
class Owner:
    """The person the worker writes for.

    `away` holds first and last days of absences; `configured` those of them that stand in the configuration, where
    the owner has told of others (None: all of them do).
    """

    name: str
    email: str
    timezone: str
    phone: str | None = None
    aliases: tuple[str, ...] = ()
    away: tuple[tuple[date, date], ...] = ()
    configured: tuple[tuple[date, date], ...] | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mail account with everything that a job may use of the configuration."""

    id: int
    address: str
    owner: Owner
    imap: ImapAccess
    smtp: SmtpAccess
    pace: Pace
    sequence: Sequence
    replies: Replies
    templates: Callable[..., Templates]  # campaign, the contact's language (None: none) -> templates
    templates_folder: Path | None = None
    save_sent: str = "auto"
    files_sent: bool | None = None  # what is known of the provider
    summary_at: time = time(7, 30)
    summary_to: str = ""
    summary_language: str = "en"
    alert_mail: bool = False  # a yes or a question is told at once
    alert_command: tuple[str, ...] = field(default=(), repr=False)
    folders: tuple[str, ...] = ()
    keep_raw_days: int = 0  # how long the bytes of mails are kept; 0: for ever
    key: bytes = field(default=b"", repr=False)  # by which our mails are known again
    sign_in: Keeper | None = field(default=None, repr=False, compare=False)  # the tokens, where it is by OAuth2

    @property
    def own_addresses(self) -> frozenset[str]:
        """The owner's addresses in their canonical form."""
        mine = (self.address, self.owner.email, self.summary_to, *self.owner.aliases)
        return frozenset(canonical(address) for address in mine if address)

    @property
    def zone(self) -> ZoneInfo:
        """The owner's time zone."""
        return ZoneInfo(self.owner.timezone)

    def sign_in_trouble(self) -> Trouble | None:
        """What the owner has to know about the sign-in with OAuth2: it is over, or soon will be."""
        return self.sign_in.trouble() if self.sign_in is not None else None


@dataclass(frozen=True, slots=True)
class Desk:
    """A mailbox at one instant: what is handed to everything that runs inside a turn."""

    mailbox: Mailbox
    now: datetime
    ids: Ids

    def at(self, now: datetime) -> Desk:
        """The same desk at another instant."""
        return replace(self, now=now)

    def message_id(self, to: str, step: str) -> str:
        """A new Message-ID for a mail to this address, with the marks by which it is known again."""
        chance = self.ids.message_id(self.mailbox.address)
        return marks.message_id(self.mailbox.key, chance, to, step) if self.mailbox.key else chance

    def token(self, to: str, step: str) -> str:
        """A new token for a mail to this address, with the marks by which it is known again."""
        chance = self.ids.token()
        return marks.token(self.mailbox.key, chance, to, step) if self.mailbox.key else chance

    @property
    def today(self) -> date:
        """The owner's local date."""
        return self.now.astimezone(self.mailbox.zone).date()

    @property
    def midnight(self) -> datetime:
        """When the owner's local date began."""
        local = self.now.astimezone(self.mailbox.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)  # the first, where it comes twice

    def calendar(self, contact: Row[Any], step: str | None = None) -> Calendar:
        """The working time of a contact; thanks for a talk may come on a day off too: they are due within a day."""
        theirs = calendar_for(self.mailbox.pace, contact.timezone, contact.country, self.mailbox.owner.timezone)
        return on_any_day(theirs) if step == Step.thanks_for_talk else theirs

    @property
    def own_calendar(self) -> Calendar:
        """The working time of the owner."""
        return calendar_for(self.mailbox.pace, None, None, self.mailbox.owner.timezone)

    @property
    def owner_away(self) -> bool:
        """Whether nothing may leave today: the owner is away, or will be tomorrow, when a yes would meet silence."""
        days = (self.today, self.today + timedelta(days=1))
        return any(first <= day <= last for first, last in self.mailbox.owner.away for day in days)

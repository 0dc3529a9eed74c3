"""The settings as the rest of the program asks for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from worker.conversation.vocabulary import Pace, Replies, Sequence, Step
from worker.settings import secret
from worker.settings.secret import TokenEntry
from worker.settings.tables import (
    AlertsTable,
    MailboxTable,
    OwnerTable,
    PaceTable,
    RepliesTable,
    SequenceTable,
    StoreTable,
    SummaryTable,
    TemplatesTable,
)

PREFIX = "ASKAROUND_"


class Tables(BaseModel):
    """All tables of config.toml, as they stand there; the environment is merged over them before (see load.py)."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    owner: OwnerTable
    mailbox: MailboxTable
    pace: PaceTable = PaceTable()
    sequence: SequenceTable = SequenceTable()
    replies: RepliesTable = RepliesTable()
    summary: SummaryTable = SummaryTable()
    alerts: AlertsTable = AlertsTable()
    store: StoreTable = StoreTable()
    templates: TemplatesTable = TemplatesTable()


@dataclass(frozen=True)
class Settings:
    """A configuration that was read and checked.

    `path` is the file (None: environment alone), `folder` what relative paths are relative to,
    `remarks` what is allowed and yet probably not meant, a sentence each.
    """

    tables: Tables
    path: Path | None
    folder: Path
    remarks: tuple[str, ...] = ()

    @property
    def owner(self) -> OwnerTable:
        """`[owner]`."""
        return self.tables.owner

    @property
    def mailbox(self) -> MailboxTable:
        """`[mailbox]` with its servers."""
        return self.tables.mailbox

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address that is the owner's, in lower case."""
        owner = self.owner
        found = {owner.email, self.mailbox.address, *owner.aliases}
        if self.tables.summary.to:
            found.add(self.tables.summary.to)
        return frozenset(one.lower() for one in found)

    def pace(self) -> Pace:
        """`[pace]` in the words of the conversation."""
        table = self.tables.pace
        return Pace(
            per_day=table.per_day,
            window=table.window,
            weekdays=table.weekdays,
            gap_minutes=table.gap_minutes,
            holidays=table.holidays,
            per_company_at_once=table.per_company_at_once,
            company_rest_days=table.company_rest_days,
        )

    def sequence(self) -> Sequence:
        """`[sequence]` in the words of the conversation."""
        table = self.tables.sequence
        return Sequence(
            call_after_days=table.call_after_days,
            nudge_after_days=table.nudge_after_days,
            silent_after_days=table.silent_after_days,
            approve=frozenset(Step(word) for word in table.approve),
            approve_first=table.approve_first,
            report_back=table.report_back,
        )

    def replies(self) -> Replies:
        """`[replies]` in the words of the conversation."""
        table = self.tables.replies
        return Replies(
            act_above=table.act_above,
            referral_delay_hours=table.referral_delay_hours,
            ask_new_contacts=table.new_contacts == "ask",
        )

    @property
    def summary_at(self) -> int:
        """When the summary leaves: minutes since midnight in the owner's zone."""
        return self.tables.summary.at

    @property
    def summary_to(self) -> str:
        """Where the summary goes."""
        return self.tables.summary.to or self.owner.email

    @property
    def summary_language(self) -> str:
        """The language of the summary and of what it offers: en, de, fr or es."""
        return self.tables.summary.language

    @property
    def alert_command(self) -> tuple[str, ...]:
        """The program that is run when the service needs somebody, with its arguments; none: ()."""
        return self.tables.alerts.command or ()

    @property
    def alert_mail(self) -> bool:
        """Whether a yes or a question is mailed to the owner at once."""
        return self.tables.alerts.mail

    def store_url(self) -> str:
        """The database's URL, with its password and an absolute path: for the store, never for a log."""
        url = self.tables.store.url.get_secret_value()
        if not url.startswith("sqlite:///"):
            return url
        name, mark, query = url.removeprefix("sqlite:///").partition("?")
        if name == ":memory:":
            return url
        return f"sqlite:///{self.resolve(name)}{mark}{query}"

    @property
    def keep_raw_days(self) -> int:
        """How long the bytes of mails are kept, in days; 0: for ever."""
        return self.tables.store.keep_raw_days

    @property
    def store_has_password(self) -> bool:
        """Whether the database's URL holds a password."""
        user, at, _ = self.tables.store.url.get_secret_value().partition("://")[2].rpartition("@")
        return bool(at) and ":" in user

    @property
    def templates_folder(self) -> Path | None:
        """The owner's own templates, or None for the shipped ones alone."""
        folder = self.tables.templates.folder
        return self.resolve(folder) if folder else None

    @property
    def ca_file(self) -> Path | None:
        """The certificate authority to trust instead of the machine's, or None."""
        name = self.mailbox.tls.ca_file
        return self.resolve(name) if name else None

    def secret(self) -> Callable[[], str]:
        """What gives the mailbox's password when it is called; it raises ConfigError, without the password."""
        mailbox = self.mailbox
        if mailbox.password_file is not None:
            return secret.from_file(self.resolve(mailbox.password_file))
        if mailbox.password_command is not None:
            return secret.from_command(mailbox.password_command, self.folder)
        if mailbox.password_keyring:
            return secret.from_keyring(mailbox.login)
        return secret.from_value(mailbox.password)

    def client_secret(self) -> Callable[[], str] | None:
        """What gives the secret of the OAuth2 client when it is called; None where the client has none."""
        oauth = self.mailbox.oauth
        named = ("client secret", "[mailbox.oauth] client_secret")
        if oauth.client_secret_file is not None:
            return secret.from_file(self.resolve(oauth.client_secret_file), *named)
        if oauth.client_secret_command is not None:
            return secret.from_command(oauth.client_secret_command, self.folder, *named)
        return secret.from_value(oauth.client_secret) if oauth.client_secret_sources() else None

    @property
    def token_file(self) -> Path:
        """Where the tokens of the sign-in are kept without a keyring, and the lock beside them.

        By default beside the database's file, else beside the configuration; a file of its own for each address.
        """
        if name := self.mailbox.oauth.token_file:
            return self.resolve(name)
        url = self.store_url()
        beside = Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:///") else None
        folder = beside.parent if beside is not None and beside.name != ":memory:" else self.folder
        return folder / f"askaround.sign-in.{re.sub(r'[^a-z0-9.@+_-]', '_', self.mailbox.login.lower())}.json"

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """The files that hold a password or the secret of an OAuth2 client, the configuration among them if it does."""
        mailbox = self.mailbox
        here = mailbox.password or mailbox.oauth.client_secret or self.store_has_password
        named = (mailbox.password_file, mailbox.oauth.client_secret_file)
        found = [self.path] if self.path is not None and here else []
        return (*found, *(self.resolve(name) for name in named if name is not None))

    def token_ring(self) -> TokenEntry:
        """The keyring's entry for the tokens of the sign-in."""
        return TokenEntry(self.mailbox.login)

    def resolve(self, name: str) -> Path:
        """A path of the configuration as an absolute one."""
        return (self.folder / Path(name).expanduser()).absolute()

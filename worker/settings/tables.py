"""The tables of config.toml: every key with its default and the reader of its value."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from worker.conversation.vocabulary import Step
from worker.errors import ConfigError
from worker.settings import values
from worker.settings.values import Wrong

Security = Literal["tls", "starttls", "plain"]

Text = Annotated[str, BeforeValidator(values.text)]
Address = Annotated[str, BeforeValidator(values.address)]
Host = Annotated[str, BeforeValidator(values.host)]
Path = Annotated[str, BeforeValidator(values.path)]
Port = Annotated[int, BeforeValidator(lambda value: _port(value))]
SecurityWord = Annotated[Security, BeforeValidator(values.one_of("tls", "starttls", "plain"))]
Url = Annotated[str, BeforeValidator(values.secure_url)]
Clock = Annotated[int, BeforeValidator(values.clock)]
Delay = Annotated[int, BeforeValidator(values.whole(0, 3))]
DelayOrNever = Annotated[int | None, BeforeValidator(values.whole_or_never(0, 5))]


def _port(value: Any) -> int:
    found = values.whole(1, 993)(value)
    if found > 65535:
        raise Wrong("must be a port, 1 to 65535")
    return found


def _secret(value: Any) -> SecretStr:
    if isinstance(value, SecretStr):
        return value
    if not isinstance(value, str) or "\n" in value or "\r" in value or "\0" in value:
        raise Wrong("must be one line of text in quotes")
    return SecretStr(value)


def _database(value: Any) -> SecretStr:
    return SecretStr(values.database(value.get_secret_value() if isinstance(value, SecretStr) else value))


class Table(BaseModel):
    """One table: unknown keys are errors, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True)


class OwnerTable(Table):
    """`[owner]`: the person the worker writes for. `about` is free for templates."""

    name: Text
    email: Address
    timezone: Annotated[str, BeforeValidator(values.zone)]
    phone: Text | None = None
    aliases: Annotated[tuple[str, ...], BeforeValidator(values.listed(values.address, "addresses"))] = ()
    away: Annotated[tuple[tuple[date, date], ...], BeforeValidator(values.absences)] = ()
    about: dict[str, Any] = Field(default_factory=dict)


class Endpoint(Protocol):
    """What a provider's preset tells about one of its servers."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def security(self) -> str: ...


class Server(NamedTuple):
    """Where one server is and how it is spoken to."""

    host: str
    port: int
    security: str


class Servers(NamedTuple):
    """Both servers of a mailbox, complete."""

    imap: Server
    smtp: Server


# Ports that begin in clear until STARTTLS (RFC 3501 section 2.1, RFC 6409 section 3.1; 1143, 1025: Proton Bridge).
_STARTTLS_PORTS = frozenset({143, 1143, 25, 587, 1025, 2525})


class ServerTable(Table):
    """What `[mailbox.imap]` and `[mailbox.smtp]` share; host may be left to the provider's preset."""

    host: Host | None = None
    port: Port | None = None
    security: SecurityWord | None = None

    @model_validator(mode="after")
    def _clear_text_stays_here(self) -> ServerTable:
        if self.security == "plain" and not (self.host and values.is_loopback(self.host)):
            raise Wrong(
                'is "plain", which is refused unless the host is this machine (localhost, 127.0.0.0/8, ::1)',
                'The password would travel in clear. Write security = "tls" or "starttls".',
                key="security",
            )
        return self

    def complete(self, preset: Endpoint | None, ports: dict[str, int]) -> Server | None:
        """Host, port and security with what is missing taken from `preset` and then from each other."""
        if self.host is None and preset is None:
            return None
        taken = preset if self.host is None else None
        host = self.host or (taken.host if taken else "")
        by_port = "starttls" if self.port in _STARTTLS_PORTS else "tls"
        security = self.security or (taken.security if taken and self.port is None else by_port)
        port = self.port or (taken.port if taken and security == taken.security else ports[security])
        return Server(host, port, security)


class ImapTable(ServerTable):
    """`[mailbox.imap]`: where mail is read. No folders means those found by SPECIAL-USE or their usual names."""

    folders: Annotated[tuple[str, ...], BeforeValidator(values.listed(values.text, "folder names"))] = ()
    poll_minutes: Annotated[
        float, BeforeValidator(values.number(0, 1440, "must be a number of minutes, 0 to 1440, fractions allowed"))
    ] = 5.0


class SmtpTable(ServerTable):
    """`[mailbox.smtp]`: where mail is handed over, and whether a copy is filed in Sent."""

    save_sent: Annotated[
        Literal["auto", "always", "never"], BeforeValidator(values.one_of("auto", "always", "never"))
    ] = "auto"


class TlsTable(Table):
    """`[mailbox.tls]`: a certificate authority of one's own."""

    ca_file: Path | None = None


class OAuthTable(Table):
    """`[mailbox.oauth]`: sign-in with tokens instead of a password; without `provider` there is none.

    The endpoints belong to "custom"; beside another provider they replace its own.
    """

    provider: Annotated[
        Literal["google", "microsoft", "custom"] | None,
        BeforeValidator(values.one_of("google", "microsoft", "custom")),
    ] = None
    client_id: Text | None = None
    client_secret: Annotated[SecretStr | None, BeforeValidator(_secret)] = None
    client_secret_file: Path | None = None
    client_secret_command: Annotated[tuple[str, ...] | None, BeforeValidator(values.command)] = Field(
        default=None, repr=False
    )
    tenant: Annotated[str, BeforeValidator(values.tenant)] = "common"
    scopes: Annotated[tuple[str, ...], BeforeValidator(values.listed(values.word, "scopes"))] = ()
    auth_endpoint: Url | None = None
    device_endpoint: Url | None = None
    token_endpoint: Url | None = None
    keep: Annotated[Literal["auto", "keyring", "file"], BeforeValidator(values.one_of("auto", "keyring", "file"))] = (
        "auto"
    )
    token_file: Path | None = None

    @model_validator(mode="after")
    def _complete(self) -> OAuthTable:
        secrets = self.client_secret_sources()
        if self.provider is None:
            if self.model_fields_set - {"provider"}:
                raise Wrong("is missing", 'Write "google", "microsoft" or "custom".', key="provider")
            return self
        if self.client_id is None:
            raise Wrong("is missing", "docs/oauth.md tells how to get one, step by step.", key="client_id")
        if len(secrets) > 1:
            raise Wrong(
                "is given together with " + " and ".join(secrets[1:]), "Keep exactly one of them.", key=secrets[0]
            )
        if self.provider == "google" and not secrets:
            todo = "Google shows it beside the client id; docs/oauth.md tells where."
            raise Wrong("is missing", todo, key="client_secret")
        if self.provider == "custom":
            if self.token_endpoint is None:
                raise Wrong("is missing", "Your provider's help pages name it.", key="token_endpoint")
            if self.auth_endpoint is None and self.device_endpoint is None:
                todo = "Give auth_endpoint for a sign-in in the browser, or device_endpoint for one with a code."
                raise Wrong("is missing, and device_endpoint too", todo, key="auth_endpoint")
        return self

    def client_secret_sources(self) -> list[str]:
        """Which of the three keys are filled in."""
        given = [
            ("client_secret", bool(self.client_secret and self.client_secret.get_secret_value())),
            ("client_secret_file", self.client_secret_file is not None),
            ("client_secret_command", self.client_secret_command is not None),
        ]
        return [key for key, filled in given if filled]


class MailboxTable(Table):
    """`[mailbox]`: one account. One of the four passwords stands there, or OAuth2; an empty one counts as absent."""

    address: Address
    username: Text | None = None
    password: Annotated[SecretStr | None, BeforeValidator(_secret)] = None
    password_file: Path | None = None
    password_command: Annotated[tuple[str, ...] | None, BeforeValidator(values.command)] = Field(None, repr=False)
    password_keyring: Annotated[bool, BeforeValidator(values.switch)] = False
    imap: ImapTable = ImapTable()
    smtp: SmtpTable = SmtpTable()
    tls: TlsTable = TlsTable()
    oauth: OAuthTable = OAuthTable()

    @model_validator(mode="after")
    def _one_password(self) -> MailboxTable:
        given = self.password_sources()
        if self.oauth.provider is not None:
            if given:
                todo = "Keep one: a password signs in, or a token of [mailbox.oauth]."
                raise Wrong("is given together with [mailbox.oauth]", todo, key=given[0])
            return self
        if not given:
            raise Wrong(
                "is missing",
                "Fill in one of password, password_file and password_command, or set ASKAROUND_MAILBOX__PASSWORD; "
                "`askaround init` asks for it.",
                key="password",
            )
        if len(given) > 1:
            raise Wrong("is given together with " + " and ".join(given[1:]), "Keep exactly one of them.", key=given[0])
        return self

    def password_sources(self) -> list[str]:
        """Which of the four keys are filled in."""
        found = [("password", bool(self.password and self.password.get_secret_value()))]
        found += [
            ("password_file", self.password_file is not None),
            ("password_command", self.password_command is not None),
            ("password_keyring", self.password_keyring),
        ]
        return [key for key, given in found if given]

    @property
    def login(self) -> str:
        """The name to log in with."""
        return self.username or self.address

    def require_servers(self, imap: Endpoint | None = None, smtp: Endpoint | None = None) -> Servers:
        """Both servers, with what is missing taken from a provider's preset.

        Raises ConfigError where neither the configuration nor a preset names the host.
        """
        domain = self.address.rpartition("@")[2]
        imap_server = self.imap.complete(imap, {"tls": 993, "starttls": 143, "plain": 143})
        smtp_server = self.smtp.complete(smtp, {"tls": 465, "starttls": 587, "plain": 25})
        missing = [name for name, server in (("imap", imap_server), ("smtp", smtp_server)) if server is None]
        if imap_server is None or smtp_server is None:
            raise ConfigError(
                f"The mail servers of {domain} are not known.",
                where=" and ".join(f"[mailbox.{name}] host" for name in missing) + " must be filled in",
                todo=f'For example host = "{missing[0]}.{domain}"; your provider\'s help pages name them.',
            )
        return Servers(imap_server, smtp_server)


class PaceTable(Table):
    """`[pace]`: how much, when, and how far apart."""

    per_day: Annotated[int, BeforeValidator(values.whole(0, 8))] = 8
    window: Annotated[tuple[int, int], BeforeValidator(values.window)] = (9 * 60, 17 * 60)
    weekdays: Annotated[frozenset[int], BeforeValidator(values.weekdays)] = frozenset(range(5))
    gap_minutes: Annotated[tuple[float, float], BeforeValidator(values.span("minutes", "[4, 11]"))] = (4.0, 11.0)
    holidays: Annotated[str | bool, BeforeValidator(values.holidays)] = "auto"
    per_company_at_once: Annotated[int, BeforeValidator(values.whole(1, 1))] = 1
    company_rest_days: Delay = 3


class SequenceTable(Table):
    """`[sequence]`: business days from the ask."""

    call_after_days: DelayOrNever = 3
    nudge_after_days: DelayOrNever = 5
    silent_after_days: Annotated[int, BeforeValidator(values.whole(0, 10))] = 10
    report_back: Annotated[bool, BeforeValidator(values.switch)] = True
    approve: Annotated[
        tuple[str, ...], BeforeValidator(values.listed(values.one_of(*(step.value for step in Step)), "steps"))
    ] = ()
    approve_first: Annotated[int, BeforeValidator(values.whole(0, 3))] = 0


class RepliesTable(Table):
    """`[replies]`: what is done alone, and how fast."""

    act_above: Annotated[float, BeforeValidator(values.number(0, 1, "must be a number from 0.0 to 1.0"))] = 0.0
    referral_delay_hours: Annotated[tuple[float, float], BeforeValidator(values.span("hours", "[20, 30]"))] = (
        20.0,
        30.0,
    )
    new_contacts: Annotated[Literal["propose", "ask"], BeforeValidator(values.one_of("propose", "ask"))] = "propose"


class SummaryTable(Table):
    """`[summary]`: the daily mail to the owner. `at` is minutes since midnight, the owner's local time."""

    at: Clock = 7 * 60 + 30
    to: Address | None = None
    language: Annotated[Literal["en", "de", "fr", "es"], BeforeValidator(values.one_of("en", "de", "fr", "es"))] = "en"


class AlertsTable(Table):
    """`[alerts]`: what does not wait for the summary. `command` is a program with its arguments, without a shell."""

    command: Annotated[tuple[str, ...] | None, BeforeValidator(values.command)] = Field(default=None, repr=False)
    mail: Annotated[bool, BeforeValidator(values.switch)] = True


class StoreTable(Table):
    """`[store]`: the database; its URL can hold a password."""

    url: Annotated[SecretStr, BeforeValidator(_database)] = SecretStr("sqlite:///askaround.db")
    keep_raw_days: Annotated[int, BeforeValidator(values.whole(0, 180))] = 180


class TemplatesTable(Table):
    """`[templates]`: the owner's own templates, before the shipped ones."""

    folder: Path | None = None

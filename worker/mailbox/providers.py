"""Hosts and habits of the mail providers that many people use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from worker.mailbox.access import Security


class SignIn(StrEnum):
    """What the provider takes as a secret."""

    password = "password"  # noqa: S105 - a word, no secret
    app_password = "app_password"  # noqa: S105 - a word, no secret
    oauth2 = "oauth2"


@dataclass(frozen=True, slots=True)
class Server:
    """Host, port and security of one server."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider.

    `files_sent` says that it puts what leaves by its SMTP server into Sent by itself. `watch` are the roles of the
    folders to read. `local_part_signs_in` says that IMAP's username is the part before the @. `hint` is for the owner.
    """

    name: str
    domains: tuple[str, ...]
    imap: Server
    smtp: Server
    sign_in: SignIn = SignIn.password
    files_sent: bool = False
    watch: tuple[str, ...] = ("inbox", "junk", "sent")
    local_part_signs_in: bool = False
    hint: str = ""

    def imap_username(self, address: str) -> str:
        """What signs in to IMAP for this mail address; SMTP takes the address."""
        return address.partition("@")[0] if self.local_part_signs_in else address


def _tls(host: str, port: int) -> Server:
    return Server(host, port, Security.tls)


def _starttls(host: str, port: int) -> Server:
    return Server(host, port, Security.starttls)


_OAUTH = "Microsoft takes OAuth2 alone for IMAP; a password does not sign in."
_APP = "An app password is needed: make one in the account's security settings."

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "Gmail",
        ("gmail.com", "googlemail.com"),
        _tls("imap.gmail.com", 993),
        _tls("smtp.gmail.com", 465),
        SignIn.app_password,
        files_sent=True,
        watch=("all", "junk"),
        hint="An app password is needed (2-step verification on): myaccount.google.com/apppasswords.",
    ),
    Provider(
        "Outlook.com",
        (
            *(
                "outlook.com",
                "hotmail.com",
                "live.com",
                "msn.com",
                "outlook.de",
                "outlook.fr",
                "outlook.es",
                "outlook.it",
            ),
            *(
                "hotmail.de",
                "hotmail.fr",
                "hotmail.co.uk",
                "hotmail.es",
                "hotmail.it",
                "live.de",
                "live.fr",
                "live.co.uk",
            ),
        ),
        _tls("outlook.office365.com", 993),
        _starttls("smtp-mail.outlook.com", 587),
        SignIn.oauth2,
        files_sent=True,
        hint=_OAUTH,
    ),
    Provider(
        "Microsoft 365",
        ("office365.com", "onmicrosoft.com"),
        _tls("outlook.office365.com", 993),
        _starttls("smtp.office365.com", 587),
        SignIn.oauth2,
        files_sent=True,
        hint=_OAUTH,
    ),
    Provider(
        "iCloud",
        ("icloud.com", "me.com", "mac.com"),
        _tls("imap.mail.me.com", 993),
        _starttls("smtp.mail.me.com", 587),
        SignIn.app_password,
        files_sent=True,
        local_part_signs_in=True,
        hint="An app-specific password is needed: account.apple.com. The IMAP username is the part before the @.",
    ),
    Provider(
        "Yahoo",
        (
            *("yahoo.com", "ymail.com", "rocketmail.com", "yahoo.de", "yahoo.fr", "yahoo.it", "yahoo.es", "yahoo.ca"),
            *("yahoo.co.uk", "yahoo.co.in", "yahoo.com.br", "yahoo.com.au", "yahoo.com.mx", "myyahoo.com"),
        ),
        _tls("imap.mail.yahoo.com", 993),
        _tls("smtp.mail.yahoo.com", 465),
        SignIn.app_password,
        hint=_APP,
    ),
    Provider("AOL", ("aol.com",), _tls("imap.aol.com", 993), _tls("smtp.aol.com", 465), SignIn.app_password, hint=_APP),
    Provider(
        "Fastmail",
        ("fastmail.com", "fastmail.fm", "fastmail.de", "fastmail.co.uk", "messagingengine.com", "sent.com"),
        _tls("imap.fastmail.com", 993),
        _tls("smtp.fastmail.com", 465),
        SignIn.app_password,
        hint=_APP,
    ),
    Provider(
        "Proton Bridge",
        ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        _starttls("127.0.0.1", 1143),
        _starttls("127.0.0.1", 1025),
        files_sent=True,
        hint="Proton Bridge has to run on this machine; use the password that Bridge shows, and export its "
        "certificate for [mailbox.tls] ca_file.",
    ),
    Provider(
        "GMX",
        ("gmx.net", "gmx.de", "gmx.at", "gmx.ch", "gmx.li", "gmx.eu"),
        _tls("imap.gmx.net", 993),
        _tls("mail.gmx.net", 465),
        hint="IMAP has to be allowed first: settings, POP3/IMAP.",
    ),
    Provider(
        "GMX International",
        ("gmx.com", "gmx.us", "gmx.co.uk", "gmx.fr", "gmx.es", "mail.com"),
        _tls("imap.gmx.com", 993),
        _tls("mail.gmx.com", 465),
        hint="IMAP has to be allowed first: settings, POP3/IMAP.",
    ),
    Provider(
        "web.de",
        ("web.de",),
        _tls("imap.web.de", 993),
        _starttls("smtp.web.de", 587),
        hint="IMAP has to be allowed first: settings, POP3/IMAP.",
    ),
    Provider(
        "Zoho Mail",
        ("zoho.com", "zohomail.com"),
        _tls("imap.zoho.com", 993),
        _tls("smtp.zoho.com", 465),
        SignIn.app_password,
        files_sent=True,
        hint=_APP,
    ),
    Provider(
        "Zoho Mail Europe",
        ("zoho.eu", "zohomail.eu"),
        _tls("imap.zoho.eu", 993),
        _tls("smtp.zoho.eu", 465),
        SignIn.app_password,
        files_sent=True,
        hint=_APP,
    ),
    Provider(
        "IONOS",
        ("ionos.de", "online.de", "onlinehome.de", "1und1.de"),
        _tls("imap.ionos.de", 993),
        _tls("smtp.ionos.de", 465),
    ),
    Provider(
        "IONOS",
        ("ionos.com", "ionos.co.uk", "ionos.fr", "ionos.es", "ionos.it"),
        _tls("imap.ionos.com", 993),
        _tls("smtp.ionos.com", 465),
    ),
    Provider("mailbox.org", ("mailbox.org",), _tls("imap.mailbox.org", 993), _tls("smtp.mailbox.org", 465)),
    Provider(
        "Posteo",
        ("posteo.de", "posteo.net", "posteo.org", "posteo.at", "posteo.ch", "posteo.eu", "posteo.me", "posteo.uk"),
        _tls("posteo.de", 993),
        _tls("posteo.de", 465),
    ),
)


def for_address(address: str) -> Provider | None:
    """The provider of a mail address, by its domain (or a domain above it, as for tenant.onmicrosoft.com)."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    while "." in domain:
        for provider in PROVIDERS:
            if domain in provider.domains:
                return provider
        domain = domain.partition(".")[2]
    return None


def for_host(host: str) -> Provider | None:
    """The provider whose IMAP or SMTP server this is, for addresses under a domain of one's own.

    Loopback is nobody: a bridge there cannot be told from any other server.
    """
    name = host.strip().rstrip(".").lower()
    if name.startswith("127.") or name in ("localhost", "::1"):
        return None
    for provider in PROVIDERS:
        if name in (provider.imap.host, provider.smtp.host):
            return provider
    return None

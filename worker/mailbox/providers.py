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
    For a domain of one's own: `spf` are the names of which its SPF record includes one, `dkim` the selectors under
    which this provider has its keys put; () where the owner chooses them.
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
    spf: tuple[str, ...] = ()
    dkim: tuple[str, ...] = ()

    def imap_username(self, address: str) -> str:
        """What signs in to IMAP for this mail address; SMTP takes the address."""
        return address.partition("@")[0] if self.local_part_signs_in else address


def _tls(host: str, port: int) -> Server:
    return Server(host, port, Security.tls)


def _starttls(host: str, port: int) -> Server:
    return Server(host, port, Security.starttls)


_OAUTH = (
    "Microsoft takes OAuth2 alone for IMAP: neither a password nor an app password signs in. "
    "Register a client id of your own (docs/oauth.md); then you sign in with a code in any browser."
)
_GOOGLE = (
    "Turn on 2-Step Verification at https://myaccount.google.com/security. "
    'Then make an app password at https://myaccount.google.com/apppasswords, name it "askaround", and copy its '
    "sixteen letters."
)
_ZOHO = (
    "Allow IMAP in Zoho Mail: Settings, Mail Accounts, IMAP. "
    "With two-factor sign-in, make an app password at https://accounts.zoho.{end}: Security, App Passwords."
)
_ALLOW_IMAP = (
    "Allow IMAP first: in the web mail, Settings, POP3/IMAP. "
    "The account's password signs in; with two-factor sign-in, make an app-specific one in the security settings."
)
_ORDINARY = "The password of the mailbox signs in, as in any mail program. {more}"

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "Gmail",
        ("gmail.com", "googlemail.com"),
        _tls("imap.gmail.com", 993),
        _tls("smtp.gmail.com", 465),
        SignIn.app_password,
        files_sent=True,
        watch=("all", "junk"),
        hint=_GOOGLE,
        spf=("_spf.google.com",),
        dkim=("google",),
    ),
    Provider(
        "Google Workspace",
        (),
        _tls("imap.gmail.com", 993),
        _tls("smtp.gmail.com", 465),
        SignIn.app_password,
        files_sent=True,
        watch=("all", "junk"),
        hint=_GOOGLE,
        spf=("_spf.google.com",),
        dkim=("google",),
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
        spf=("spf.protection.outlook.com",),
        dkim=("selector1", "selector2"),
    ),
    Provider(
        "Microsoft 365",
        ("office365.com", "onmicrosoft.com"),
        _tls("outlook.office365.com", 993),
        _starttls("smtp.office365.com", 587),
        SignIn.oauth2,
        files_sent=True,
        hint=_OAUTH,
        spf=("spf.protection.outlook.com",),
        dkim=("selector1", "selector2"),
    ),
    Provider(
        "iCloud",
        ("icloud.com", "me.com", "mac.com"),
        _tls("imap.mail.me.com", 993),
        _starttls("smtp.mail.me.com", 587),
        SignIn.app_password,
        files_sent=True,
        local_part_signs_in=True,
        hint="Sign in at https://account.apple.com and open Sign-In and Security, App-Specific Passwords. "
        'Make one, name it "askaround", and copy it with its hyphens.',
        spf=("icloud.com",),
        dkim=("sig1",),
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
        hint="Sign in at https://login.yahoo.com/account/security and choose Generate app password. "
        'Name it "askaround", and copy what it shows.',
    ),
    Provider(
        "AOL",
        ("aol.com",),
        _tls("imap.aol.com", 993),
        _tls("smtp.aol.com", 465),
        SignIn.app_password,
        hint="Sign in at https://login.aol.com/account/security and choose Generate app password. "
        'Name it "askaround", and copy what it shows.',
    ),
    Provider(
        "Fastmail",
        ("fastmail.com", "fastmail.fm", "fastmail.de", "fastmail.co.uk", "messagingengine.com", "sent.com"),
        _tls("imap.fastmail.com", 993),
        _tls("smtp.fastmail.com", 465),
        SignIn.app_password,
        hint="In Fastmail open Settings, Privacy & Security, and manage the app passwords. "
        "Make one with access to mail (IMAP/SMTP), and copy it.",
        spf=("spf.messagingengine.com",),
        dkim=("fm1", "fm2", "fm3"),
    ),
    Provider(
        "Proton Bridge",
        ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        _starttls("127.0.0.1", 1143),
        _starttls("127.0.0.1", 1025),
        files_sent=True,
        hint="Proton Bridge has to run on this machine: use the password that Bridge shows for the mailbox. "
        "Export its certificate (Settings, Advanced) and name the file in [mailbox.tls] ca_file (--ca-file).",
        spf=("_spf.protonmail.ch",),
        dkim=("protonmail", "protonmail2", "protonmail3"),
    ),
    Provider(
        "GMX",
        ("gmx.net", "gmx.de", "gmx.at", "gmx.ch", "gmx.li", "gmx.eu"),
        _tls("imap.gmx.net", 993),
        _tls("mail.gmx.net", 465),
        hint=_ALLOW_IMAP,
    ),
    Provider(
        "GMX International",
        ("gmx.com", "gmx.us", "gmx.co.uk", "gmx.fr", "gmx.es", "mail.com"),
        _tls("imap.gmx.com", 993),
        _tls("mail.gmx.com", 465),
        hint=_ALLOW_IMAP,
    ),
    Provider(
        "web.de",
        ("web.de",),
        _tls("imap.web.de", 993),
        _starttls("smtp.web.de", 587),
        hint=_ALLOW_IMAP,
    ),
    Provider(
        "Zoho Mail",
        ("zoho.com", "zohomail.com"),
        _tls("imap.zoho.com", 993),
        _tls("smtp.zoho.com", 465),
        SignIn.app_password,
        files_sent=True,
        hint=_ZOHO.format(end="com"),
        spf=("zohomail.com", "zoho.com", "one.zoho.com"),
    ),
    Provider(
        "Zoho Mail for organizations",
        (),
        _tls("imappro.zoho.com", 993),
        _tls("smtppro.zoho.com", 465),
        SignIn.app_password,
        files_sent=True,
        hint=_ZOHO.format(end="com"),
        spf=("zohomail.com", "zoho.com", "one.zoho.com"),
    ),
    Provider(
        "Zoho Mail Europe",
        ("zoho.eu", "zohomail.eu"),
        _tls("imap.zoho.eu", 993),
        _tls("smtp.zoho.eu", 465),
        SignIn.app_password,
        files_sent=True,
        hint=_ZOHO.format(end="eu"),
        spf=("zohomail.eu", "zoho.eu", "one.zoho.eu"),
    ),
    Provider(
        "Zoho Mail Europe for organizations",
        (),
        _tls("imappro.zoho.eu", 993),
        _tls("smtppro.zoho.eu", 465),
        SignIn.app_password,
        files_sent=True,
        hint=_ZOHO.format(end="eu"),
        spf=("zohomail.eu", "zoho.eu", "one.zoho.eu"),
    ),
    Provider(
        "IONOS",
        ("ionos.de", "online.de", "onlinehome.de", "1und1.de"),
        _tls("imap.ionos.de", 993),
        _tls("smtp.ionos.de", 465),
        hint=_ORDINARY.format(
            more="It is the one set for this address under E-Mail, not that of the customer's account."
        ),
        spf=("_spf-eu.ionos.com", "_spf.kundenserver.de"),
        dkim=("s1-ionos", "s2-ionos"),
    ),
    Provider(
        "IONOS International",
        ("ionos.com", "ionos.co.uk", "ionos.fr", "ionos.es", "ionos.it"),
        _tls("imap.ionos.com", 993),
        _tls("smtp.ionos.com", 465),
        hint=_ORDINARY.format(
            more="It is the one set for this address under Email, not that of the customer's account."
        ),
        spf=("_spf-us.ionos.com", "_spf-eu.ionos.com", "_spf.perfora.net"),
        dkim=("s1-ionos", "s2-ionos"),
    ),
    Provider(
        "mailbox.org",
        ("mailbox.org",),
        _tls("imap.mailbox.org", 993),
        _tls("smtp.mailbox.org", 465),
        hint=_ORDINARY.format(more="With two-factor sign-in, make an application password in the settings."),
        spf=("mailbox.org",),
        dkim=("MBO0001", "MBO0002", "MBO0003", "MBO0004"),
    ),
    Provider(
        "Posteo",
        ("posteo.de", "posteo.net", "posteo.org", "posteo.at", "posteo.ch", "posteo.eu", "posteo.me", "posteo.uk"),
        _tls("posteo.de", 993),
        _tls("posteo.de", 465),
        hint=_ORDINARY.format(more="Posteo's additional mail protection must be off, as it refuses IMAP."),
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

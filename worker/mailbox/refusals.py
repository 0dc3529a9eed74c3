"""What a server means that does not accept a password: the reason behind its words, and what helps."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.mailbox.providers import Provider, SignIn, for_host

_WRONG = re.compile(r"user credentials were incorrect", re.IGNORECASE)  # Microsoft says 5.7.139 to that as well
_WEB_LOGIN = re.compile(
    r"web ?login|log ?in (?:via|with|using|through) your (?:web )?browser|WEBALERT|5\.7\.14\b|"
    r"(?:please )?verify your account",
    re.IGNORECASE,
)
_APP_PASSWORD = re.compile(
    r"app(?:lication)?[- ]?specific|app(?:lication)?[- ]password|5\.7\.9\b|InvalidSecondFactor|"
    r"generate (?:an )?app|two[- ]factor|\b2fa\b|authori[sz](?:ed|ation) code",
    re.IGNORECASE,
)
_SMTP_AUTH_OFF = re.compile(r"SmtpClientAuth\w* is disabled|smtp_auth_disabled", re.IGNORECASE)
_FORBIDDEN = re.compile(
    r"did not meet the criteria|security defaults|conditional access|locked by your organi[sz]ation", re.IGNORECASE
)
_BASIC_OFF = re.compile(
    r"5\.7\.139|5\.7\.30\b|basic auth|LogonDenied-BasicAuth|LOGIN failed.*outlook|BasicAuthBlocked", re.IGNORECASE
)
_OFF = r"(?:not enabled|disabled|deactivated|not activated|turned off|switched off|nicht freigeschaltet|deaktiviert)"
PROTOCOL_OFF = re.compile(
    rf"\b(?:imap4?|pop3?|smtp)\b(?:[ /-]\w+){{0,6}} {_OFF}|not enabled for (?:imap|smtp)|enable (?:imap|pop)|"
    r"(?:imap|smtp)[- ]?zugriff|nicht aktiviert",
    re.IGNORECASE,
)
_LOCKED = re.compile(r"account (?:is |has been )?(?:temporarily )?(?:locked|suspended|blocked)", re.IGNORECASE)
_OAUTH_HOSTS = ("office365.com", "outlook.com", "hotmail.com", "live.com")


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason in a few words, where in the configuration, and what helps."""

    why: str
    where: str
    todo: str


def refusal(protocol: str, host: str, port: int, answer: str) -> Refusal | None:
    """The reason that the server's words give; None where they say no more than that it is not accepted."""
    table = f"[mailbox.{protocol.lower()}]"
    if _WRONG.search(answer):
        return None
    if _WEB_LOGIN.search(answer):
        return Refusal(
            "it wants to see you in the browser first",
            "[mailbox]",
            "Sign in on the provider's web page, confirm that it was you, and try again.",
        )
    if _APP_PASSWORD.search(answer):
        return Refusal("it wants an app password", "[mailbox] password", _make_one(_provider(host, port)))
    if _SMTP_AUTH_OFF.search(answer):
        return Refusal(
            "authenticated SMTP is switched off for it",
            table,
            "Switch it on, or ask the administrator: Microsoft 365 admin center, Users, Mail, Manage email apps, "
            "Authenticated SMTP.",
        )
    if _FORBIDDEN.search(answer):
        return Refusal(
            "a rule of your organization forbids it",
            "[mailbox] password",
            "Ask its administrator, or sign in with OAuth2: [mailbox.oauth] and askaround login (docs/oauth.md).",
        )
    oauth_only = protocol == "IMAP" and host.rstrip(".").lower().endswith(_OAUTH_HOSTS)
    if _BASIC_OFF.search(answer) or oauth_only:
        return Refusal(
            "passwords are switched off there",
            "[mailbox] password",
            "Sign in with OAuth2: [mailbox.oauth] and askaround login (docs/oauth.md).",
        )
    if PROTOCOL_OFF.search(answer):
        return Refusal(
            f"{protocol} is switched off for this account",
            table,
            f"Allow {protocol} in the settings of the account on the provider's web page.",
        )
    if _LOCKED.search(answer):
        return Refusal(
            "the account is locked",
            "[mailbox]",
            "Sign in on the provider's web page to unlock it; then wait an hour before the next try.",
        )
    return None


def wrong_password(host: str, port: int) -> str:
    """What to do where the server says no more than that name and password do not fit."""
    provider = _provider(host, port)
    if provider is None or provider.sign_in is SignIn.oauth2:
        return "Check username and password; many providers want an app password instead of the usual one."
    if provider.imap.host == "imap.gmail.com":
        return "Google takes app passwords alone: make one at myaccount.google.com/apppasswords."
    if provider.sign_in is SignIn.app_password:
        return f"{provider.name} takes app passwords alone. {provider.hint}"
    return f"Check username and password. {provider.hint}"


def _make_one(provider: Provider | None) -> str:
    if provider is None or provider.sign_in is not SignIn.app_password:
        return "Make an app password in the account's security settings (needs 2-step verification) and use that."
    if provider.imap.host == "imap.gmail.com":
        return "Make one at myaccount.google.com/apppasswords (needs 2-step verification) and use that."
    return provider.hint


def _provider(host: str, port: int) -> Provider | None:
    """Whose server it is; what listens on the ports of Proton Bridge is Proton Bridge."""
    from worker.mailbox.access import is_loopback
    from worker.mailbox.discover import named

    return named("Proton Bridge") if is_loopback(host) and port in (1143, 1025) else for_host(host)

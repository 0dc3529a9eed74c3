"""Puts a failed connection or sign-in into words for the owner."""

from __future__ import annotations

import base64
import difflib
import errno
import re
import socket
import ssl
from dataclasses import dataclass

from worker.clock import SystemClock
from worker.errors import ServerMisbehaved, ServerUnreachable, SignInRefused, WorldError
from worker.mailbox.oauth import Challenge
from worker.mailbox.providers import PROVIDERS
from worker.mailbox.refusals import PROTOCOL_OFF, refusal, wrong_password

# X509_V_ERR_* of OpenSSL's x509_vfy.h
_NOT_YET_VALID, _EXPIRED = 9, 10
_SELF_SIGNED = {18, 19}
_UNKNOWN_ISSUER = {2, 20, 21}
_WRONG_NAME = {62, 63, 64}

_RENEW = "else the server's owner has to renew it."

_NO_TLS_THERE = {
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "UNKNOWN_PROTOCOL",
    "RECORD_LAYER_FAILURE",
    "UNEXPECTED_MESSAGE",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Which server a failure is about: protocol (IMAP or SMTP), host, port, security, and its configuration table."""

    protocol: str
    host: str
    port: int
    security: str

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def table(self) -> str:
        return f"[mailbox.{self.protocol.lower()}]"


def unreachable(place: Place, error: BaseException) -> ServerUnreachable:
    """What kept a connection from coming about, or broke it: name, network, TLS, certificate."""
    what, todo = _why(place, error)
    return ServerUnreachable(f"{place.name} ({place.protocol}): {what}.", where=place.table, todo=todo)


def _why(place: Place, error: BaseException) -> tuple[str, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(place, error)
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "").upper()
        if reason in _NO_TLS_THERE:
            other = "starttls" if place.security == "tls" else "tls"
            return "the server does not speak TLS on this port", f'Try security = "{other}", or check the port.'
        return (
            f"the TLS handshake failed ({(error.reason or str(error)).replace('_', ' ').lower()})",
            "Check host and port; the server may offer only outdated encryption.",
        )
    if isinstance(error, socket.gaierror):
        return _no_such_name(place, error)
    if isinstance(error, UnicodeError):
        return "the host name is not a valid name", "Check the spelling of the host."
    if isinstance(error, TimeoutError):
        return "no answer in time", _silent(place)
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused", "Check host and port; is the server running?"
    if isinstance(error, (ConnectionResetError, BrokenPipeError, EOFError)):
        return "the server broke off the connection", "It is tried again; if it stays so, check port and security."
    if isinstance(error, OSError):
        if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
            return "the network is not reachable", "Check this machine's connection."
        return f"the connection failed ({error.strerror or error})", "It is tried again."
    return f"the connection failed ({error})", "It is tried again."


def _today() -> str:
    return f"{SystemClock().now():%d %b %Y %H:%M} UTC"


def _no_such_name(place: Place, error: socket.gaierror) -> tuple[str, str]:
    if error.errno == socket.EAI_AGAIN:
        return (
            "no name server answers, so the host cannot be found",
            "Check this machine's connection; it is tried again.",
        )
    todo = "Check the spelling of the host; if other names fail too, this machine has no working name server."
    known = {one.host for provider in PROVIDERS for one in (provider.imap, provider.smtp)}
    host = place.host.rstrip(".").lower()
    if host not in known and (near := difflib.get_close_matches(host, sorted(known), n=1, cutoff=0.8)):
        todo = f"Did you mean {near[0]}?"
    return "the host name cannot be found", todo


def _silent(place: Place) -> str:
    """What to try where nobody answers: most often a network that lets nobody out on a port."""
    if place.security != "tls" and place.port in (465, 993):
        return 'This port expects TLS from the first byte: set security = "tls".'
    if place.protocol == "SMTP" and place.port == 25:
        return 'Most networks block port 25: set port = 465 with security = "tls", or 587 with "starttls".'
    other = {465: '587 with security = "starttls"', 587: '465 with security = "tls"'}.get(place.port)
    if place.protocol == "SMTP" and other is not None:
        return f"Some networks block port {place.port}: try port = {other}, or another network; it is tried again."
    return "Check host and port, and whether a firewall blocks them; it is tried again."


def _certificate(place: Place, error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    code = error.verify_code
    if code == _EXPIRED:
        return (
            "the server's certificate has expired",
            f"If it is not {_today()} now, set this machine's clock; {_RENEW}",
        )
    if code == _NOT_YET_VALID:
        return "the server's certificate is not valid yet", f"If it is not {_today()} now, set this machine's clock."
    if code in _WRONG_NAME:
        return (
            "the server's certificate is for another host name",
            "Use the host name that the provider gives for this server; nothing was sent to it.",
        )
    if code in _SELF_SIGNED:
        return (
            "the server's certificate is self-signed, so nobody vouches for it",
            "If it is your own server, save its certificate as a PEM file and name that in [mailbox.tls] ca_file.",
        )
    if code in _UNKNOWN_ISSUER:
        return (
            "the server's certificate comes from an authority that this machine does not know",
            "If it is your own server, name the authority's PEM file in [mailbox.tls] ca_file.",
        )
    return f"the server's certificate was not accepted ({error.verify_message})", "Nothing was sent to it."


def misbehaved(place: Place, what: str, todo: str | None = None) -> ServerMisbehaved:
    """The server answered what the protocol does not allow, or refused a plain request."""
    return ServerMisbehaved(f"{place.name} ({place.protocol}): {what}.", where=place.table, todo=todo)


# Said of the account rather than of what was asked for (RFC 5530; Yahoo's SERVERBUG is about one message).
_BUSY = re.compile(
    r"\[(?:THROTTLED|INUSE|LIMIT|UNAVAILABLE|OVERQUOTA)\b|throttl|rate[- ]?limit|"
    r"too many (?:simultaneous |concurrent )?(?:connections|commands|requests)|"
    r"exceeded (?:command|bandwidth|download)|bandwidth limit",
    re.IGNORECASE,
)


# That was asked for too much at once; half of it may come.
_AT_ONCE = re.compile(r"too many (?:uids|messages|message numbers)\b", re.IGNORECASE)


def refused(place: Place, what: str, words: str) -> ServerUnreachable | ServerMisbehaved:
    """A command that reads was answered with NO or BAD: a server that asks for patience counts as away."""
    if _BUSY.search(words) and not _AT_ONCE.search(words):
        return ServerUnreachable(
            f"{place.name} ({place.protocol}): the server asks for patience ({words.strip()}).",
            where=place.table,
            todo="It is tried again later.",
        )
    return refused_for_good(place, what, words)


def refused_for_good(place: Place, what: str, words: str) -> ServerMisbehaved:
    """A command that reads was refused, and waiting does not help."""
    if "authenticated but not connected" in words.lower():
        # Exchange Online, for an account whose IMAP is off or whose token is for somebody else's mailbox.
        return misbehaved(
            place,
            f"the account has no mailbox that may be read ({words.strip()})",
            "Allow IMAP for the account (Exchange admin center, the mailbox, Email apps); check address and username.",
        )
    return misbehaved(place, f"{what} was refused ({words})")


def no_starttls(place: Place) -> ServerUnreachable:
    """STARTTLS was asked for and is not offered: by mistake, or because somebody in between removed it (RFC 3207 6)."""
    return ServerUnreachable(
        f"{place.name} ({place.protocol}): the server does not offer STARTTLS; the password was not sent.",
        where=place.table,
        todo='Try security = "tls" with the port for it; if STARTTLS worked before, somebody may be in between.',
    )


def injected(place: Place) -> WorldError:
    """Words came after the answer to STARTTLS and before the encryption: they would count as encrypted."""
    return misbehaved(
        place, "somebody put words into the connection before it was encrypted", "Do not use this network."
    )


_LATER = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED|OVERQUOTA)\]|temporar|try again|too many|"
    r"rate limit|throttl|internal (?:server )?error|\b4\.\d{1,3}\.\d{1,3}\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(
    r"\[(?:AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|EXPIRED|PRIVACYREQUIRED)\]|5\.7\.8\b|invalid|incorrect|password",
    re.IGNORECASE,
)


def sign_in_refused(place: Place, username: str, answer: str, *, later: bool = False) -> WorldError:
    """What a refused sign-in means, from the server's own words.

    `later` says that the server's code was a temporary one. Comes back as SignInRefused where the owner has to do
    something, as ServerUnreachable where waiting helps.
    """
    said = _quoted(answer)
    head = f"{place.name} ({place.protocol}) does not accept the sign-in of {username}"
    meant = refusal(place.protocol, place.host, place.port, answer)
    if meant is not None:
        return SignInRefused(f"{head}: {meant.why}{said}.", where=meant.where, todo=meant.todo)
    if later or (_LATER.search(answer) and not _DEFINITE.search(answer)):
        return ServerUnreachable(
            f"{place.name} ({place.protocol}) cannot check the sign-in now{said}.",
            where=place.table,
            todo="Nothing to do: it is tried again later.",
        )
    todo = wrong_password(place.host, place.port)
    return SignInRefused(f"{head}{said}.", where="[mailbox] username, password", todo=todo)


class TokenRefused(SignInRefused):
    """A token was refused for no other reason than itself: another one may be taken."""


_SMTP_AUTH_OFF = re.compile(r"5\.7\.139|5\.7\.30\b|SmtpClientAuth\w* is disabled", re.IGNORECASE)


def token_refused(place: Place, username: str, answer: str, challenge: Challenge, *, later: bool = False) -> WorldError:
    """What it means that a server did not take a token; the arguments as for `sign_in_refused`.

    Comes back as TokenRefused where another token may help, as SignInRefused where the owner has to do something, as
    ServerUnreachable where waiting helps.
    """
    said = _quoted(f"{challenge.words}; {answer}" if challenge.words and answer else challenge.words or answer)
    head = f"{place.name} ({place.protocol}) does not accept the sign-in of {username}"
    if _SMTP_AUTH_OFF.search(answer):
        return SignInRefused(
            f"{head}: authenticated SMTP is switched off for it{said}.",
            where=place.table,
            todo="Switch it on, or ask the administrator: Microsoft 365 admin center, Users, Mail, Manage email apps, "
            "Authenticated SMTP.",
        )
    if challenge.lacks_scope:
        return SignInRefused(
            f"{head}: the token is not for {place.protocol}{said}.",
            where="[mailbox.oauth] scopes",
            todo="Check scopes and what the app's registration allows, then: askaround login",
        )
    if PROTOCOL_OFF.search(answer):
        return SignInRefused(
            f"{head}: {place.protocol} is switched off for this account{said}.",
            where=place.table,
            todo=f"Allow {place.protocol} in the settings of the account on the provider's web page.",
        )
    refused = bool(challenge.status) and not challenge.later
    if later or challenge.later or (not refused and _LATER.search(answer) and not _DEFINITE.search(answer)):
        return ServerUnreachable(
            f"{place.name} ({place.protocol}) cannot check the sign-in now{said}.",
            where=place.table,
            todo="Nothing to do: it is tried again later.",
        )
    return TokenRefused(
        f"{head}: it does not take the token{said}.",
        where="[mailbox.oauth]",
        todo=f"Sign in again as {username}: askaround login",
    )


def no_tokens_there(place: Place, offered: str) -> SignInRefused:
    """The server takes none of the mechanisms for tokens."""
    return SignInRefused(
        f"{place.name} ({place.protocol}) does not sign in with OAuth2 (it offers: {offered or 'nothing'}).",
        where=place.table,
        todo="Check host and port; or use a password instead of [mailbox.oauth].",
    )


def _quoted(answer: str) -> str:
    words = " ".join(answer.split()).strip(" .")
    return f' ("{words[:200]}")' if words else ""


def without_secret(text: str, username: str, secret: str, *sent: bytes) -> str:
    """The text of a server that may have echoed what we sent: the secret is taken out.

    In clear, as IMAP quotes it (RFC 9051 4.3), with the blanks that a text keeps, and in base64. `sent` is what else
    went over the wire with the secret in it.
    """
    hidden = {secret, secret.replace("\\", "\\\\").replace('"', '\\"')}
    hidden |= {repr(form)[1:-1] for form in hidden} | {" ".join(form.split()) for form in hidden}
    packed = (secret, f"\0{username}\0{secret}", f"{username}\0{username}\0{secret}")
    for plain in (*(one.encode() for one in packed), *sent):
        encoded = base64.b64encode(plain).decode()
        hidden |= {encoded, encoded.rstrip("=")}
    for piece in sorted((p for p in hidden if p), key=len, reverse=True):
        text = text.replace(piece, "***")
    return text

"""OAuth2 as the mail protocols speak it: who signs in where, the words of SASL, what a refusal means."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Mechanism(StrEnum):
    """How a token is handed over."""

    oauthbearer = "OAUTHBEARER"  # RFC 7628
    xoauth2 = "XOAUTH2"  # Google's, which Microsoft takes too


class Bearer(Protocol):
    """What gives the tokens of a mailbox."""

    def token(self) -> str:
        """An access token that should be good. Raises SignInEnded, ServerUnreachable, SignInRefused, ConfigError."""
        ...

    def renewed(self, refused: str) -> str:
        """Another one than this, which the server has refused before its time. Raises as `token`."""
        ...


@dataclass(frozen=True, slots=True)
class Client:
    """The program as it is registered at an authorization server (RFC 6749 2), and where that is.

    `provider` is google, microsoft or custom; `secret` is called when it is needed and never shown, None where the
    client has none. `ca_file` is trusted beside the system's authorities.
    """

    provider: str
    client_id: str
    token_endpoint: str
    auth_endpoint: str | None = None
    device_endpoint: str | None = None
    scopes: tuple[str, ...] = ()
    secret: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    tenant: str = "common"
    ca_file: Path | None = None

    @property
    def name(self) -> str:
        """The provider's name in a sentence."""
        return {"google": "Google", "microsoft": "Microsoft"}.get(self.provider, "The sign-in server")


GOOGLE_AUTH = "https://accounts.google.com/o/oauth2/v2/auth"
GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
GOOGLE_SCOPES = ("https://mail.google.com/",)
MICROSOFT = "https://login.microsoftonline.com"
MICROSOFT_SCOPES = (
    "https://outlook.office.com/IMAP.AccessAsUser.All",
    "https://outlook.office.com/SMTP.Send",
    "offline_access",
)


# Whose sign-in a server takes.
_AT = {"imap.gmail.com": "google", "outlook.office365.com": "microsoft"}


def provider_at(host: str) -> str | None:
    """The provider whose tokens an IMAP server takes, where that is known: google or microsoft."""
    return _AT.get(host.strip().rstrip(".").lower())


def client(
    provider: str,
    client_id: str,
    *,
    secret: Callable[[], str] | None = None,
    tenant: str = "common",
    scopes: tuple[str, ...] = (),
    auth_endpoint: str | None = None,
    device_endpoint: str | None = None,
    token_endpoint: str | None = None,
    ca_file: Path | None = None,
) -> Client:
    """A client with what its provider is known for; what is given comes before that."""
    known: tuple[str | None, str | None, str, tuple[str, ...]] = (None, None, "", ())
    if provider == "google":
        known = (GOOGLE_AUTH, None, GOOGLE_TOKEN, GOOGLE_SCOPES)
    elif provider == "microsoft":
        there = f"{MICROSOFT}/{tenant}/oauth2/v2.0"
        known = (None, f"{there}/devicecode", f"{there}/token", MICROSOFT_SCOPES)
    return Client(
        provider=provider,
        client_id=client_id,
        auth_endpoint=auth_endpoint or known[0],
        device_endpoint=device_endpoint or known[1],
        token_endpoint=token_endpoint or known[2],
        scopes=scopes or known[3],
        secret=secret,
        tenant=tenant,
        ca_file=ca_file,
    )


def mechanism(offered: Iterable[str]) -> Mechanism | None:
    """The mechanism to use, of those that a server offers; None where it takes no tokens.

    OAUTHBEARER first: it is the standard's, and it names the server that the token is for.
    """
    words = {word.upper() for word in offered}
    return next((one for one in Mechanism if one.value in words), None)


def response(how: Mechanism, username: str, token: str, host: str, port: int) -> bytes:
    """The initial client response, not encoded yet (RFC 7628 3.1; Google's XOAUTH2)."""
    if how is Mechanism.oauthbearer:
        # A saslname (RFC 5801 4) has no "," or "=".
        name = username.replace("=", "=3D").replace(",", "=2C")
        return f"n,a={name},\1host={host}\1port={port}\1auth=Bearer {token}\1\1".encode()
    return f"user={username}\1auth=Bearer {token}\1\1".encode()


def acknowledgement(how: Mechanism) -> bytes:
    """What the client says to a challenge that tells of a failure, so that the server can say NO (RFC 7628 3.2.3)."""
    return b"\1" if how is Mechanism.oauthbearer else b""


def fit(username: str, token: str) -> bool:
    """Whether both can stand in a response: no separator, no line end (RFC 6750 2.1 for the token)."""
    return not re.search(r"[\x00-\x1f\x7f]", username) and bool(re.fullmatch(r"[\x21-\x7e]+", token))


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server tells in its challenge about a token that it does not take (RFC 7628 3.2.2)."""

    status: str = ""
    scope: str = ""

    @property
    def words(self) -> str:
        """It in a few words, for the owner; empty where the server told nothing."""
        scope = f", scope {self.scope}" if self.scope else ""
        return f"{self.status}{scope}" if self.status else ""

    @property
    def lacks_scope(self) -> bool:
        """The token is good, and for something else."""
        return self.status.lower() in ("insufficient_scope", "403")

    @property
    def later(self) -> bool:
        """The server could not look at the token now."""
        return bool(re.fullmatch(r"5\d\d|temporarily_unavailable|server_error", self.status.lower()))


def challenge(data: bytes) -> Challenge:
    """A challenge as it came, in base64 or already decoded. Never raises."""
    for text in (data, _decoded(data)):
        try:
            found = json.loads(text.decode("utf-8", "replace")) if text else None
        except ValueError:
            continue
        if isinstance(found, dict):
            return Challenge(_short(found.get("status")), _short(found.get("scope")))
    return Challenge()


def _decoded(data: bytes) -> bytes:
    try:
        return base64.b64decode(data.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _short(value: object) -> str:
    text = str(value) if isinstance(value, str | int) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:100]

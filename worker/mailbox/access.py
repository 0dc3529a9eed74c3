"""What is needed to reach a mailbox: hosts, security, sign-in."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import ConfigError

if TYPE_CHECKING:
    from worker.mailbox.oauth import Bearer


class Security(StrEnum):
    """How a connection is protected; `plain` is for loopback alone."""

    tls = "tls"
    starttls = "starttls"
    plain = "plain"


_ELSEWHERE = 'Use "tls" or "starttls"; "plain" is for servers on this machine.'


@dataclass(frozen=True, slots=True)
class ImapAccess:
    """How the mailbox is read.

    `secret` is called once a connection and is never shown; `bearer` gives tokens instead, where the account signs in
    with OAuth2. `ca_file` is a PEM file that replaces the system's
    authorities. `folders` are the configured names, empty for the automatic choice. `timeout` is seconds for
    each wait on the server.
    """

    host: str
    port: int
    security: Security | str
    username: str
    secret: Callable[[], str] = field(repr=False, compare=False)
    ca_file: Path | None = None
    folders: tuple[str, ...] = ()
    timeout: float = 60.0
    bearer: Bearer | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class SmtpAccess:
    """How mail leaves.

    `timeout` is seconds for each answer but the last; `answer_timeout` is for the answer to the final dot, ten
    minutes by RFC 5321 4.5.3.2.6. `local_hostname` is what EHLO says, by default the address literal of our
    end of the connection.
    """

    host: str
    port: int
    security: Security | str
    username: str
    secret: Callable[[], str] = field(repr=False, compare=False)
    ca_file: Path | None = None
    timeout: float = 120.0
    local_hostname: str | None = None
    answer_timeout: float = 600.0
    bearer: Bearer | None = field(default=None, repr=False, compare=False)


def is_loopback(host: str) -> bool:
    """Does this host name or address literal mean this machine (RFC 6761 6.3)? Whether it led here: `stays_here`."""
    name = host.strip().strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def security_of(access: ImapAccess | SmtpAccess, table: str) -> Security:
    """The security of an access; raises ConfigError for an unknown word, or for plain on a host elsewhere."""
    try:
        security = Security(access.security)
    except ValueError:
        raise ConfigError(
            f'security = "{access.security}" is not known.',
            where=table,
            todo='Use "tls", "starttls" or "plain".',
        ) from None
    if security is Security.plain and not is_loopback(access.host):
        raise ConfigError(
            f"{access.host}:{access.port} would get the password without encryption.",
            where=f'{table} security = "plain"',
            todo=_ELSEWHERE,
        )
    return security


def stays_here(access: ImapAccess | SmtpAccess, sock: socket.socket, table: str) -> None:
    """Raises ConfigError where a connection without encryption leaves this machine: its name was resolved elsewhere."""
    peer = str(sock.getpeername()[0])
    found = ipaddress.ip_address(peer.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    if (mapped or found).is_loopback or peer == sock.getsockname()[0]:
        return
    raise ConfigError(
        f"{access.host}:{access.port} would get the password without encryption: the name leads to {peer}.",
        where=f'{table} security = "plain"',
        todo=_ELSEWHERE,
    )


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """A client context that checks certificate and host name; raises ConfigError where `ca_file` is unusable."""
    if ca_file is None:
        return ssl.create_default_context()
    try:
        context = ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"{ca_file} cannot be used as a certificate file: {error.strerror or error}.",
            where="[mailbox.tls] ca_file",
            todo="Give the path of a PEM file with the authority's certificate, or remove the key.",
        ) from None
    # Private authorities seldom carry all that Python 3.13's strict mode asks for; chain and name are checked anyhow.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    # A server's own certificate may be the trusted one (Proton Bridge).
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context

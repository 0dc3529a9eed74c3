"""Opens an IMAP connection: the dial, the encryption, the password or token."""

from __future__ import annotations

import ast
import base64
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worker.errors import ConfigError, ServerUnreachable, SignInRefused, WorldError
from worker.mailbox import oauth
from worker.mailbox.access import ImapAccess, Security, security_of, stays_here, tls_context
from worker.mailbox.failures import (
    Place,
    TokenRefused,
    injected,
    misbehaved,
    no_starttls,
    no_tokens_there,
    sign_in_refused,
    token_refused,
    unreachable,
    without_secret,
)
from worker.mailbox.oauth import Challenge

if TYPE_CHECKING:
    from imapclient import IMAPClient

# imaplib gives up at lines over 1,000,000 bytes; a SEARCH in a mailbox of many years is longer.
_LONGEST_LINE = 50_000_000

# A command's line can be this long at every server of today; a longer token waits to be asked for.
_LONGEST_COMMAND = 7_000

_DIAL_SECONDS = 30.0


@contextmanager
def signed_in(access: ImapAccess) -> Iterator[tuple[IMAPClient, Place]]:
    """A client that has signed in, and the words for its server; hung up at the end without raising."""
    security = security_of(access, "[mailbox.imap]")
    place = Place("IMAP", access.host, access.port, security)
    token = access.bearer.token() if access.bearer is not None else None
    client = _dialled(access, security, place)
    try:
        try:
            _sign_in(client, access, security, place, token)
        except TokenRefused:
            if access.bearer is None or token is None:
                raise
            # Once more with another token, on a line of its own: some servers close after a refusal.
            another = access.bearer.renewed(token)
            _hang_up(client)
            client = _dialled(access, security, place)
            _sign_in(client, access, security, place, another)
        yield client, place
    finally:
        _hang_up(client)


def _dialled(access: ImapAccess, security: Security, place: Place) -> IMAPClient:
    from imapclient import IMAPClient, SocketTimeout

    imaplib._MAXLINE = max(imaplib._MAXLINE, _LONGEST_LINE)  # type: ignore[attr-defined]
    context = None if security is Security.plain else tls_context(access.ca_file)
    client: IMAPClient | None = None
    try:
        client = IMAPClient(
            access.host.strip("[]"),
            access.port,
            ssl=security is Security.tls,
            ssl_context=context if security is Security.tls else None,
            timeout=SocketTimeout(min(_DIAL_SECONDS, access.timeout), access.timeout),
        )
        # No dialogue in any log: it holds the password and other people's mail.
        client._imap.debug = 0
        client.normalise_times = False
        # Names are decoded by us: one malformed name would make the whole list unreadable.
        client.folder_encode = False
        # imaplib sends a literal's line end by itself, which would wait 40 ms for the acknowledgement of the literal.
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if security is Security.starttls and context is not None:
            _starttls(client, context, place)
        elif security is Security.plain:
            stays_here(access, client.socket(), place.table)
    except BaseException as error:
        if client is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()
        if isinstance(error, (OSError, UnicodeError)):
            raise unreachable(place, error) from None
        if isinstance(error, imaplib.IMAP4.error):
            raise _greeting(place, error) from None
        raise
    return client


def _starttls(client: IMAPClient, context: ssl.SSLContext, place: Place) -> None:
    if client._imap.state != "NONAUTH":
        # PREAUTH would take us past STARTTLS (RFC 9051 11.1).
        raise misbehaved(place, "the server greets us as signed in before the connection is encrypted")
    if not client.has_capability("STARTTLS"):
        raise no_starttls(place)
    client.starttls(_Encryption(client, context, place))
    # Whatever was said in clear counts for nothing now (RFC 3501 6.2.1).
    client._imap.untagged_responses.clear()


@dataclass
class _Encryption:
    """The context of STARTTLS: it encrypts only where nothing waits that was said in clear (CVE-2011-0411)."""

    client: IMAPClient
    context: ssl.SSLContext
    place: Place

    def wrap_socket(self, sock: socket.socket, *, server_hostname: str) -> ssl.SSLSocket:
        """What imaplib calls between the answer to STARTTLS and the first encrypted byte."""
        if _spoken(self.client._imap, sock):
            raise injected(self.place)
        return self.context.wrap_socket(sock, server_hostname=server_hostname)


def _spoken(imap: Any, sock: socket.socket) -> bool:
    """Has the server said more than we have read? Never waits."""
    own = getattr(imap, "_readbuf", None)  # imaplib has had a buffer of its own since Python 3.14, no file
    if own is not None and any(own):
        return True
    patience = sock.gettimeout()
    try:
        sock.settimeout(0.0)
        return bool(own is None and imap.file.peek(1)) or bool(sock.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        sock.settimeout(patience)


def _greeting(place: Place, error: imaplib.IMAP4.error) -> WorldError:
    words = said(error)
    if "EOF" in words or "unterminated" in words:
        return unreachable(place, EOFError(words))
    if "BYE" in words.upper():
        return ServerUnreachable(
            f"{place.name} (IMAP): the server turns us away now ({words[:200]}).",
            where=place.table,
            todo="It is tried again.",
        )
    return misbehaved(
        place, f"this does not answer like an IMAP server ({words[:120]})", "Check host, port and security."
    )


def _sign_in(
    client: IMAPClient, access: ImapAccess, security: Security, place: Place, token: str | None = None
) -> None:
    """One attempt, with the token where there is one, else with the password. Raises TokenRefused and the others."""
    username, secret = access.username, access.secret() if token is None else token
    if re.search(r"[\r\n\0]", username + secret):
        raise ConfigError("Username or password contains a line end.", where="[mailbox]")
    spoken = _Spoken()
    try:
        if client._imap.state == "NONAUTH":
            if token is None:
                _password(client, username, secret, security, place)
            else:
                _token(client, access, token, place, spoken)
        if client.has_capability("ID"):
            # NetEase's servers (163.com) open no folder for a client that has not told its name; others do not care.
            with suppress(imaplib.IMAP4.error, ValueError):
                client.id_({"name": "askaround"})
    except imaplib.IMAP4.error as error:
        words = without_secret(said(error), username, secret, spoken.sent)
        lost = isinstance(error, imaplib.IMAP4.abort) or isinstance(error.__context__, imaplib.IMAP4.abort)
        if lost and not client._imap.untagged_responses.get("BYE"):
            raise unreachable(place, ConnectionResetError(words)) from None
        warnings = " ".join(
            word.decode("utf-8", "replace")
            for kind in ("ALERT", "WEBALERT", "NO", "BYE")
            for word in client._imap.untagged_responses.get(kind, ())
            if isinstance(word, bytes)
        )
        answer = f"{words} {without_secret(warnings, username, secret, spoken.sent)}".strip()
        if token is not None:
            raise token_refused(place, username, answer, spoken.challenge, later=lost) from None
        raise sign_in_refused(place, username, answer, later=lost) from None
    except OSError as error:
        raise unreachable(place, error) from None


def _password(client: IMAPClient, username: str, secret: str, security: Security, place: Place) -> None:
    """One attempt, by one mechanism: a second one would count towards a lock-out."""
    capabilities = {word.decode("ascii", "replace").upper() for word in client.capabilities()}
    plain = "AUTH=PLAIN" in capabilities
    login = "LOGINDISABLED" not in capabilities
    if login and (username + secret).isascii():
        quoted = '"' + username.replace("\\", "\\\\").replace('"', '\\"') + '"'
        client.login(username if re.fullmatch(r"[\w.@+-]+", username) else quoted, secret)
    elif plain:
        client.plain_login(username, secret)
    elif login:
        raise SignInRefused(
            f"{place.name} (IMAP) can only take usernames and passwords of ASCII characters.",
            where="[mailbox] username, password",
            todo="Choose a password without special letters.",
        )
    elif security is Security.plain:
        raise ServerUnreachable(
            f"{place.name} (IMAP) takes no password without encryption (LOGINDISABLED).",
            where=place.table,
            todo='Set security = "starttls" or "tls".',
        )
    else:
        ways = ", ".join(sorted(word[5:] for word in capabilities if word.startswith("AUTH="))) or "none"
        raise SignInRefused(
            f"{place.name} (IMAP) takes no passwords (LOGINDISABLED; it offers: {ways}).",
            where=place.table,
            todo="Use an app password if it allows them, or sign in with OAuth2: [mailbox.oauth] (docs/oauth.md).",
        )


@dataclass
class _Spoken:
    """What went to and fro of a sign-in with a token."""

    sent: bytes = b""
    challenge: Challenge = field(default_factory=Challenge)


def _token(client: IMAPClient, access: ImapAccess, token: str, place: Place, spoken: _Spoken) -> None:
    """AUTHENTICATE with a token (RFC 7628; RFC 4959 where the server takes the response in the command's line)."""
    capabilities = {word.decode("ascii", "replace").upper() for word in client.capabilities()}
    ways = sorted(word[5:] for word in capabilities if word.startswith("AUTH="))
    how = oauth.mechanism(ways)
    if how is None:
        raise no_tokens_there(place, ", ".join(ways))
    if not oauth.fit(access.username, token):
        raise ConfigError("The token or the username contains what no token can.", where="[mailbox.oauth]")
    spoken.sent = oauth.response(how, access.username, token, access.host.strip("[]"), access.port)
    at_once = base64.b64encode(spoken.sent).decode()
    said_already = "SASL-IR" in capabilities and len(at_once) < _LONGEST_COMMAND

    def answer(data: bytes) -> bytes:
        nonlocal said_already
        if not said_already:
            said_already = True
            return spoken.sent
        # What comes now tells of a failure: it is answered, so that the server ends it with NO (RFC 7628 3.2.3).
        spoken.challenge = oauth.challenge(data)
        return oauth.acknowledgement(how)

    imap: Any = client._imap
    imap.literal = imaplib._Authenticator(answer).process
    words = (how.value, at_once) if said_already else (how.value,)
    status, lines = imap._simple_command("AUTHENTICATE", *words)
    if status != "OK":
        raise imaplib.IMAP4.error(lines[-1] if lines else b"")
    imap.state = "AUTH"
    client._cached_capabilities = None


def _hang_up(client: IMAPClient) -> None:
    with suppress(Exception):  # whatever goes wrong here changes nothing that was read
        client.socket().settimeout(5.0)
        client.logout()
        return
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()


def said(error: BaseException) -> str:
    """The server's words in an imaplib error, which often holds bytes or their repr."""
    argument = error.args[0] if error.args else ""
    text = argument.decode("utf-8", "replace") if isinstance(argument, bytes) else str(argument)
    return " ".join(re.sub(r"""\[?\b(b(['"]).*\2)\]?$""", _unpacked, text.strip(), flags=re.DOTALL).split())


def _unpacked(found: re.Match[str]) -> str:
    """The words in the repr of bytes, whatever their letters."""
    try:
        return ast.literal_eval(found[1]).decode("utf-8", "replace")  # type: ignore[no-any-return]
    except (ValueError, SyntaxError, AttributeError):
        return found[1][2:-1]

"""Hands mails to the owner's SMTP server, one stage at a time."""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from worker.errors import ConfigError, ServerUnreachable, SignInRefused
from worker.mailbox import oauth
from worker.mailbox.access import Security, SmtpAccess, security_of, stays_here, tls_context
from worker.mailbox.answers import About, Outcome, Result, Stage, accepted, lost, sorted_out, uncertain
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

__all__ = ["About", "Outcome", "Result", "SmtpSession", "Stage", "open"]

_DIAL_SECONDS = 30.0
_QUIT_SECONDS = 5.0
# Why a server ends a connection that says nothing of the account: so many mails, or so long, and no more on one line.
_OF_THIS_LINE = re.compile(
    r"per[- ](?:connection|session)|(?:this|same|single|one) (?:connection|session)|time(?:d[ -]?|[ -])?out|\bidle\b|"
    r"4\.4\.2",
    re.IGNORECASE,
)
_LONGEST_COMMAND = 512  # octets of a command with its line end (RFC 5321 4.5.3.1.4)


class _Line(smtplib.SMTP):
    """smtplib's dialogue over a socket that is encrypted from the first byte where `context` is given."""

    debuglevel = 0  # whoever has smtplib show its dialogues: this one holds the password and other people's mail

    def __init__(self, access: SmtpAccess, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__(local_hostname="localhost", timeout=min(_DIAL_SECONDS, access.timeout))

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = socket.create_connection((host, port), timeout)
        if self._context is None:
            return raw
        return self._context.wrap_socket(raw, server_hostname=host)


@contextmanager
def open(access: SmtpAccess) -> Iterator[SmtpSession]:
    """A signed-in session; QUIT at the end decides nothing and never raises.

    Raises ConfigError, SignInRefused, ServerUnreachable, ServerMisbehaved.
    """
    security = security_of(access, "[mailbox.smtp]")
    place = Place("SMTP", access.host, access.port, security)
    context = None if security is Security.plain else tls_context(access.ca_file)
    token = access.bearer.token() if access.bearer is not None else None
    line = _Line(access, context if security is Security.tls else None)
    try:
        try:
            _dialogue(line, access, place, security, context, token)
        except TokenRefused:
            if access.bearer is None or token is None:
                raise
            # Once more with another token, on a line of its own: some servers close after a refusal.
            another = access.bearer.renewed(token)
            _hang_up(line)
            line = _Line(access, context if security is Security.tls else None)
            _dialogue(line, access, place, security, context, another)
        yield SmtpSession(line, access)
    finally:
        _hang_up(line)


def _dialogue(
    line: _Line, access: SmtpAccess, place: Place, security: Security, context: ssl.SSLContext | None, token: str | None
) -> None:
    """From the dial to the sign-in."""
    try:
        _greet(line, access, place)
        if security is Security.starttls and context is not None:
            _starttls(line, context, access, place)
        if token is None:
            _sign_in(line, access, place)
        else:
            _token(line, access, token, place)
    except smtplib.SMTPServerDisconnected as error:
        raise unreachable(place, _cause(error)) from None
    except (OSError, UnicodeError) as error:
        raise unreachable(place, error) from None


def _cause(error: smtplib.SMTPServerDisconnected) -> BaseException:
    """smtplib hides the timeout or reset that made it give up."""
    hidden = error.__context__
    return hidden if isinstance(hidden, OSError) else ConnectionResetError(str(error))


def _greet(line: _Line, access: SmtpAccess, place: Place) -> None:
    host = access.host.strip("[]")
    code, words = line.connect(host, access.port)
    _expect(place, "greets us", code, words)
    assert line.sock is not None
    if place.security == Security.plain:
        stays_here(access, line.sock, place.table)
    line.sock.settimeout(access.timeout)
    # The final dot leaves by itself, and would wait 40 ms for the acknowledgement of what came before it.
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.local_hostname = access.local_hostname or _literal(line.sock)
    # _host is the name that smtplib puts into its own messages.
    line._host = host  # type: ignore[attr-defined]
    code, words = line.ehlo()
    if code != 250:
        _expect(place, "answers EHLO", code, words)


def _literal(sock: socket.socket) -> str:
    """An address literal (RFC 5321 4.1.3): true, and tells no one the machine's name."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _expect(place: Place, what: str, code: int, words: bytes) -> None:
    if 200 <= code < 300:
        return
    text = " ".join(words.decode("utf-8", "replace").split())[:200]
    if code == -1:
        raise misbehaved(
            place, f"this does not answer like an SMTP server ({text or 'no code'})", "Check host and port."
        )
    raise ServerUnreachable(
        f"{place.name} (SMTP) {what} with {code} {text}.",
        where=place.table,
        todo="It is tried again." if 400 <= code < 500 else "Ask the provider why this machine's address is refused.",
    )


def _starttls(line: _Line, context: ssl.SSLContext, access: SmtpAccess, place: Place) -> None:
    if not line.has_extn("starttls"):
        raise no_starttls(place)
    code, words = line.docmd("STARTTLS")
    if code != 220:
        _expect(place, "answers STARTTLS", code if code != 250 else 554, words)
    sock = line.sock
    assert sock is not None
    if _spoken(line):
        # What was said in clear after STARTTLS would be taken for the encrypted server's words (CVE-2011-0411).
        raise injected(place)
    line.sock = context.wrap_socket(sock, server_hostname=access.host.strip("[]"))
    line.file = None
    # All that was learnt in clear is forgotten (RFC 3207 4.2).
    line.ehlo_resp = line.helo_resp = None
    line.esmtp_features = {}
    code, words = line.ehlo()
    if code != 250:
        _expect(place, "answers EHLO", code, words)


def _sign_in(line: _Line, access: SmtpAccess, place: Place) -> None:
    """One attempt by one mechanism: trying them in turn counts towards a lock-out."""
    username, secret = access.username, access.secret()
    if re.search(r"[\r\n\0]", username + secret):
        raise ConfigError("Username or password contains a line end.", where="[mailbox]")
    offered = line.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        packed = base64.b64encode(f"\0{username}\0{secret}".encode()).decode()
        code, words = line.docmd("AUTH", f"PLAIN {packed}")
        if code == 334:
            # A server that takes no initial response asks for it (RFC 4954 4).
            code, words = line.docmd(packed)
    elif "LOGIN" in offered:
        code, words = line.docmd("AUTH", "LOGIN")
        for piece in (username, secret):
            if code == 334:
                code, words = line.docmd(base64.b64encode(piece.encode()).decode())
    elif not offered:
        raise misbehaved(
            place,
            "the server offers no sign-in (AUTH)",
            "Use the provider's submission port: 465 with tls, or 587 with starttls.",
        )
    else:
        raise SignInRefused(
            f"{place.name} (SMTP) takes no passwords (it offers: {', '.join(offered)}).",
            where=place.table,
            todo="Use an app password if it allows them, or sign in with OAuth2: [mailbox.oauth] (docs/oauth.md).",
        )
    if code == 235:
        return
    text = without_secret(f"{code} {words.decode('utf-8', 'replace')}", username, secret)
    if code == -1:
        raise misbehaved(place, f"the answer to AUTH cannot be read ({text[:100]})")
    raise sign_in_refused(place, username, text, later=400 <= code < 500)


def _token(line: _Line, access: SmtpAccess, token: str, place: Place) -> None:
    """AUTH with a token (RFC 7628, RFC 4954), by one mechanism."""
    offered = line.esmtp_features.get("auth", "").upper().split()
    how = oauth.mechanism(offered)
    if how is None:
        raise no_tokens_there(place, ", ".join(offered))
    if not oauth.fit(access.username, token):
        raise ConfigError("The token or the username contains what no token can.", where="[mailbox.oauth]")
    sent = oauth.response(how, access.username, token, access.host.strip("[]"), access.port)
    packed = base64.b64encode(sent).decode()
    # The command's line has its limit of old; what is longer waits for the server's 334 (RFC 4954 4).
    at_once = len(f"AUTH {how} {packed}\r\n") <= _LONGEST_COMMAND
    code, words = line.docmd("AUTH", f"{how} {packed}" if at_once else str(how))
    if code == 334 and (not at_once or not words.strip()):
        code, words = line.docmd(packed)
    challenge = Challenge()
    if code == 334:
        # It tells of a failure, and waits for an answer before it ends it with 535 (RFC 7628 3.2.3).
        challenge = oauth.challenge(words)
        code, words = line.docmd(base64.b64encode(oauth.acknowledgement(how)).decode())
    if code == 235:
        return
    text = without_secret(f"{code} {words.decode('utf-8', 'replace')}", access.username, token, sent)
    if code == -1:
        raise misbehaved(place, f"the answer to AUTH cannot be read ({text[:100]})")
    raise token_refused(place, access.username, text, challenge, later=400 <= code < 500)


def _hang_up(line: _Line) -> None:
    with suppress(Exception):  # QUIT decides nothing: what was accepted stays accepted
        if line.sock is not None:
            line.sock.settimeout(_QUIT_SECONDS)
            line.docmd("QUIT")
    with suppress(OSError):
        line.close()


def _spoken(line: _Line) -> bool:
    """Has the server said something unasked, or closed the connection? Never waits."""
    sock, file = line.sock, line.file
    if sock is None:
        return True
    patience = sock.gettimeout()
    try:
        sock.settimeout(0.0)
        try:
            if file is not None and file.peek(1):
                return True
            # Nothing is lost by this read: peek has just found no byte, so it finds none, or the end.
            sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        return True
    except OSError:
        return True
    finally:
        with suppress(OSError):
            sock.settimeout(patience)


class SmtpSession:
    """One connection, good for many mails. `alive` turns False once it is lost; then open another."""

    def __init__(self, line: _Line, access: SmtpAccess) -> None:
        self._line = line
        self._access = access
        self._open = True
        self._used = False  # a mail was accepted on it

    @property
    def alive(self) -> bool:
        """Whether the next mail can go over it; a server that has said good-bye since the last one ends it (421)."""
        if self._open and _spoken(self._line):
            # Taken for the answer to MAIL, it would be held against the account.
            self._close()
        return self._open

    def submit(self, sender: str, recipient: str, raw: bytes, *, before_data: Callable[[], None]) -> Outcome:
        """Sends one mail to one recipient.

        `before_data` is called when the recipient is accepted, right before DATA; what it raises stops the mail and
        comes through. The outcome is `uncertain` only where the last byte of the final dot has left and no answer
        came: whatever ends the dialogue before that cannot have delivered the mail (RFC 5321 4.1.1.4).
        """
        if not self.alive:
            return lost("the connection was lost before")
        data = _canonical(raw)
        obstacle = self._obstacle(sender, recipient, data)
        if obstacle is not None:
            return obstacle
        try:
            refusal = self._envelope(sender, recipient, data)
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(error)
        if refusal is not None:
            self._reset()
            return refusal
        try:
            before_data()
        except BaseException:  # whatever stops the mail comes through; the session stays fit for the next
            self._reset()
            raise
        return self._data(data)

    def _obstacle(self, sender: str, recipient: str, data: bytes) -> Outcome | None:
        """What this server cannot carry is not tried."""
        for address in (sender, recipient):
            plain = re.fullmatch(r"[^\s<>\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+", address)
            # a domain that IDNA cannot write (RFC 5890) exists nowhere
            if not plain or not _ascii_domain(address).rpartition("@")[2].isascii():
                about = About.recipient if address is recipient else About.policy
                text = f"{address!r} cannot be an address"
                return Outcome(Result.refused, about, about is About.recipient, 553, "5.1.3", text)
        head = data.partition(b"\r\n\r\n")[0]
        local_parts = sender.rpartition("@")[0] + recipient.rpartition("@")[0]
        if not (local_parts.isascii() and head.isascii()) and not self._line.has_extn("smtputf8"):
            text = "the server cannot carry addresses or headers beyond ASCII (no SMTPUTF8)"
            return Outcome(Result.refused, About.message, False, 553, "5.6.7", text)
        if not data.isascii() and not self._line.has_extn("8bitmime"):
            text = "the server cannot carry eight-bit text (no 8BITMIME)"
            return Outcome(Result.refused, About.message, False, 554, "5.6.3", text)
        limit = self._line.esmtp_features.get("size", "").strip()
        if limit.isdigit() and 0 < int(limit) < len(data):
            text = f"{len(data)} bytes are more than the server takes ({limit})"
            return Outcome(Result.refused, About.message, False, 552, "5.3.4", text)
        return None

    def _envelope(self, sender: str, recipient: str, data: bytes) -> Outcome | None:
        """MAIL and RCPT (RFC 5321 4.1.1.2, 4.1.1.3); None where both were accepted."""
        line = self._line
        head = data.partition(b"\r\n\r\n")[0]
        eight_bit = not data.isascii()
        international = not (sender.rpartition("@")[0] + recipient.rpartition("@")[0]).isascii() or not head.isascii()
        line.command_encoding = "utf-8" if international else "ascii"
        options = ""
        if line.has_extn("size"):
            options += f" SIZE={len(data)}"
        if eight_bit:
            options += " BODY=8BITMIME"
        if international:
            options += " SMTPUTF8"
        for stage, command in (
            (Stage.mail, f"MAIL FROM:<{_ascii_domain(sender)}>{options}"),
            (Stage.rcpt, f"RCPT TO:<{_ascii_domain(recipient)}>"),
        ):
            code, words = line.docmd(command)
            if code == 421 and stage is Stage.mail and self._used and _OF_THIS_LINE.search(_shown(words)):
                # Its good-bye after the mail before, on the way while we spoke.
                self._close()
                return lost(f"{code} {_shown(words)}")
            if not 200 <= code < 300:
                return self._answered(stage, code, words)
        return None

    def _data(self, data: bytes) -> Outcome:
        line = self._line
        try:
            code, words = line.docmd("DATA")
            if code != 354:
                refusal = self._answered(Stage.data, code, words)
                self._reset()
                return refusal
            sock = line.sock
            assert sock is not None
            for piece in _pieces(_stuffed(data)):
                sock.sendall(piece)
            if _spoken(line):
                # An answer, or the end, in the middle of the mail: the dot stays here, so nothing was accepted.
                return self._cut_short()
            dot = b".\r\n"
            while dot:
                dot = dot[sock.send(dot) :]
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(error)
        except BaseException:  # Ctrl-C too: no QUIT into the middle of a mail
            self._close()
            raise
        return self._verdict()

    def _cut_short(self) -> Outcome:
        try:
            code, words = self._line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(error)
        answer = self._answered(Stage.body, code, words)
        self._close()
        if answer.result is Result.accepted:
            return lost("the server answered before the mail was complete")
        return answer

    def _verdict(self) -> Outcome:
        """The answer to the final dot, for which RFC 5321 4.5.3.2.6 gives the server ten minutes."""
        line = self._line
        try:
            assert line.sock is not None
            line.sock.settimeout(self._access.answer_timeout)
            code, words = line.getreply()
            if line.sock is not None:
                line.sock.settimeout(self._access.timeout)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return uncertain(f"no answer to the final dot ({_cause_words(error)})")
        if not 200 <= code < 600 or 300 <= code < 400:
            self._close()
            return uncertain(f"the answer to the final dot cannot be read ({_shown(words)})")
        if code == 421 and not words.startswith(b"4.7."):
            # It tells that the server goes, not what became of the mail; 4.7.x is a refusal with a reason.
            self._close()
            return uncertain(f"the server hung up instead of an answer to the final dot ({_shown(words)})")
        return self._answered(Stage.body, code, words)

    def _answered(self, stage: Stage, code: int, words: bytes) -> Outcome:
        text = words.decode("utf-8", "replace")
        if stage is Stage.body and 200 <= code < 300:
            self._used = True
            return accepted(code, text)
        if code in (421, -1):
            # The server closes after a 421 (RFC 5321 3.8).
            self._close()
        return sorted_out(stage, code, text)

    def _reset(self) -> None:
        """After a refusal the session goes on for the next mail."""
        if not self.alive:
            return
        try:
            code, _ = self._line.docmd("RSET")
        except (OSError, smtplib.SMTPException):
            self._close()
            return
        if not 200 <= code < 300:
            self._close()

    def _lost(self, error: BaseException) -> Outcome:
        self._close()
        return lost(_cause_words(error))

    def _close(self) -> None:
        self._open = False
        with suppress(OSError):
            self._line.close()


def _shown(words: bytes) -> str:
    return words.decode("utf-8", "replace")[:100]


def _cause_words(error: BaseException) -> str:
    cause = _cause(error) if isinstance(error, smtplib.SMTPServerDisconnected) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return str(cause) or type(cause).__name__


def _pieces(data: bytes, size: int = 65_536) -> Iterator[bytes]:
    """Blocks for sendall, whose timeout is for all that it is given: a slow line gets its time for each of them."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


def _canonical(raw: bytes) -> bytes:
    """Lines end with CRLF and nothing else (RFC 5321 2.3.8), the last one too."""
    data = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def _stuffed(data: bytes) -> bytes:
    """A dot more before each line that begins with one (RFC 5321 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", data)


def _ascii_domain(address: str) -> str:
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    with suppress(UnicodeError):
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    return address

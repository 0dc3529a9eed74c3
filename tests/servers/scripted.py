"""A server on a real socket that says exactly what a test has written down, and breaks off where it wants."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers.certificates import Certificate


@dataclass
class Say:
    """Sends these bytes (a string gets CRLF)."""

    what: str | bytes


@dataclass
class Expect:
    """Reads a line and checks its beginning, whatever the case; for IMAP the tag is skipped and kept."""

    beginning: str


@dataclass
class Read:
    """Reads exactly so many bytes."""

    count: int


@dataclass
class ReadMail:
    """Reads up to the final dot, which is read too."""


@dataclass
class Cut:
    """Closes the connection: `reset` as a crash does (RST), else in order (FIN)."""

    reset: bool = True


@dataclass
class Stall:
    """Says nothing more, but keeps the connection until the client goes away or the test ends."""


@dataclass
class StartTls:
    """Goes over to TLS."""


Step = Say | Expect | Read | ReadMail | Cut | Stall | StartTls


@dataclass
class Heard:
    """What a scripted server has heard: lines, mails, and everything as bytes; `errors` are broken expectations."""

    lines: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    errors: list[str] = field(default_factory=list)
    tag: str = ""


class Scripted:
    """One listening socket; connection after connection plays the next dialogue (the last one again and again)."""

    host = "127.0.0.1"

    def __init__(self, *dialogues: list[Step], certificate: Certificate | None = None, tls: bool = False) -> None:
        self._dialogues = dialogues
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate.certificate, certificate.key)
        self.heard: list[Heard] = []
        self._ended = threading.Event()
        self._socket = socket.create_server((self.host, 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        number = 0
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            dialogue = self._dialogues[min(number, len(self._dialogues) - 1)]
            number += 1
            heard = Heard()
            self.heard.append(heard)
            connection.settimeout(10)
            with suppress(OSError, EOFError):
                _Connection(connection, heard, self._context, self._ended).play(dialogue, self._tls)
            with suppress(OSError):
                connection.close()

    def close(self) -> None:
        """Ends the server, and stalled connections with it."""
        self._ended.set()
        # Closing alone does not wake a thread that waits in accept.
        with suppress(OSError):
            socket.create_connection((self.host, self.port), 1).close()
        with suppress(OSError):
            self._socket.close()
        self._thread.join(5)


class _Connection:
    def __init__(
        self, connection: socket.socket, heard: Heard, context: ssl.SSLContext | None, ended: threading.Event
    ) -> None:
        self._socket = connection
        self._heard = heard
        self._context = context
        self._ended = ended
        self._buffer = b""

    def play(self, dialogue: list[Step], tls: bool) -> None:
        if tls:
            self._wrap()
        for step in dialogue:
            if not self._play(step):
                return
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while data := self._socket.recv(65536):
                self._heard.raw += data

    def _play(self, step: Step) -> bool:
        match step:
            case Say(what):
                data = what if isinstance(what, bytes) else what.replace("TAG", self._heard.tag).encode() + b"\r\n"
                self._socket.sendall(data)
            case Expect(beginning):
                self._expect(beginning)
            case Read(count):
                while len(self._buffer) < count:
                    self._more()
                self._buffer = self._buffer[count:]
            case ReadMail():
                while not self._buffer.endswith(b"\r\n.\r\n"):
                    self._more()
                self._heard.mails.append(self._buffer)
                self._buffer = b""
            case Cut(reset):
                if reset:
                    # Linger of zero: close sends RST, as a killed machine's kernel does.
                    self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self._socket.close()
                return False
            case Stall():
                self._ended.wait(30)
                return False
            case StartTls():
                self._wrap()
        return True

    def _wrap(self) -> None:
        assert self._context is not None
        self._socket = self._context.wrap_socket(self._socket, server_side=True)

    def _more(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise EOFError
        self._heard.raw += data
        self._buffer += data

    def _expect(self, beginning: str) -> None:
        while b"\r\n" not in self._buffer:
            self._more()
        raw, _, self._buffer = self._buffer.partition(b"\r\n")
        line = raw.decode("utf-8", "replace")
        self._heard.lines.append(line)
        tag, _, command = line.partition(" ")
        if line.lower().startswith(beginning.lower()):
            return
        if command.lower().startswith(beginning.lower()):
            self._heard.tag = tag
            return
        self._heard.errors.append(f"expected {beginning!r}, got {line!r}")
        raise EOFError


@contextmanager
def scripted(*dialogues: list[Step], certificate: Certificate | None = None, tls: bool = False) -> Iterator[Scripted]:
    """A scripted server for a with block."""
    server = Scripted(*dialogues, certificate=certificate, tls=tls)
    try:
        yield server
    finally:
        server.close()


def smtp_start(*extensions: str, auth: str = "AUTH PLAIN LOGIN") -> list[Step]:
    """Greeting, EHLO and a sign-in that is accepted."""
    offers = [e for e in (auth, *extensions) if e]
    lines = ["250-scripted.example"] + [f"250-{e}" for e in offers[:-1]] + [f"250 {offers[-1]}"]
    return [
        Say("220 scripted.example ESMTP"),
        Expect("EHLO"),
        Say("\r\n".join(lines)),
        Expect("AUTH"),
        Say("235 2.7.0 welcome"),
    ]


def imap_start(capabilities: str = "IMAP4rev1") -> list[Step]:
    """Greeting, capabilities and a sign-in that is accepted."""
    return [
        Say("* OK scripted"),
        Expect("CAPABILITY"),
        Say(f"* CAPABILITY {capabilities}\r\nTAG OK done"),
        Expect("LOGIN"),
        Say(f"* CAPABILITY {capabilities}\r\nTAG OK signed in"),
    ]


def imap_examine(exists: int = 1, uidvalidity: int = 7, uidnext: int = 100) -> list[Step]:
    """EXAMINE of a folder."""
    return [
        Expect("EXAMINE"),
        Say(
            f"* {exists} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY {uidvalidity}] ok\r\n"
            f"* OK [UIDNEXT {uidnext}] ok\r\nTAG OK [READ-ONLY] done"
        ),
    ]

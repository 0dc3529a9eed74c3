"""An IMAP relay that understands the lines that pass, so that a test may change, answer, hold or cut what it likes."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_COMMAND = re.compile(rb"(?P<tag>[!-~]+) +(?P<words>.*)", re.DOTALL)


class Cut(Exception):
    """Raised by a hook: the connection ends here, as if a router had died."""


@dataclass(slots=True)
class Command:
    """A command: its name in capitals ("UID FETCH"), its bytes, which connection, the how-manieth there."""

    tag: str
    name: str
    raw: bytes
    connection: int
    number: int

    @property
    def line(self) -> str:
        """The command for reading."""
        return self.raw.decode("latin-1").strip()


@dataclass(slots=True)
class Hooks:
    """What a test does to the dialogue.

    `command` sees each command: bytes are sent to the client instead of the server's answer (TAG stands for the tag),
    None passes on its `raw`, which it may change. `response` sees each response of the server, with its literals, and
    gives what the client gets.
    """

    command: Callable[[Command], bytes | None] = lambda command: None
    response: Callable[[bytes, int], bytes] = lambda response, connection: response


@dataclass(slots=True)
class _Line:
    """One connection through the relay."""

    client: socket.socket
    server: socket.socket
    number: int
    seen: int = 0
    pending: bytes = b""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        for one in (self.client, self.server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class Meddler:
    """Listens on loopback and passes on to an IMAP server without encryption, by way of `hooks`."""

    def __init__(self, port: int, hooks: Hooks | None = None) -> None:
        self._target = port
        self.hooks = hooks or Hooks()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        self.commands: list[Command] = []
        self.errors: list[Exception] = []  # of hooks
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # closing alone does not wake a thread that waits in accept
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if kind is None:
            assert not self.errors, self.errors

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            line = _Line(client, server, self.connections)
            for work in (self._to_server, self._to_client):
                threading.Thread(target=self._guarded, args=(work, line), daemon=True).start()

    def _guarded(self, work: Callable[[_Line], None], line: _Line) -> None:
        try:
            work(line)
        except (Cut, OSError):
            line.close()
        except Exception as error:  # noqa: BLE001 - a test's own mistake is told where the test ends
            self.errors.append(error)
            line.close()
        else:
            line.close()

    def _to_server(self, line: _Line) -> None:
        for raw in _lines(line.client):
            found = _COMMAND.match(raw)
            if line.pending or not found:
                # the rest of a command whose literal was announced, the answer to a challenge, DONE
                line.pending = b"literal" if _LITERAL.search(raw) else b""
                line.server.sendall(raw)
                if line.pending:
                    self._literal(line, raw)
                continue
            words = found["words"].split(None, 2)
            name = words[0].strip().upper().decode("latin-1")
            if name == "UID" and len(words) > 1:
                name += " " + words[1].strip().upper().decode("latin-1")
            line.seen += 1
            command = Command(found["tag"].decode("latin-1"), name, raw, line.number, line.seen)
            self.commands.append(command)
            answer = self.hooks.command(command)
            if answer is not None:
                with line.lock:
                    line.client.sendall(answer.replace(b"TAG", found["tag"]))
                continue
            line.server.sendall(command.raw)
            if _LITERAL.search(raw):
                line.pending = b"literal"
                self._literal(line, raw)

    def _literal(self, line: _Line, raw: bytes) -> None:
        """Passes on the bytes that the client sends once it was told to go on."""
        found = _LITERAL.search(raw)
        assert found is not None
        left = int(found[1])
        while left:
            data = _take(line.client, left)
            line.server.sendall(data)
            left -= len(data)

    def _to_client(self, line: _Line) -> None:
        for response in _responses(line.server):
            changed = self.hooks.response(response, line.number)
            if changed:
                with line.lock:
                    line.client.sendall(changed)


# What was read from a socket and not asked for yet.
_left: dict[int, bytes] = {}


def _take(source: socket.socket, most: int) -> bytes:
    """Up to `most` bytes, at least one; raises Cut at the end."""
    waiting = _left.pop(source.fileno(), b"")
    data = waiting or source.recv(65536)
    if not data:
        raise Cut
    if len(data) > most:
        _left[source.fileno()] = data[most:]
    return data[:most]


def _line(source: socket.socket) -> bytes:
    read = b""
    while b"\n" not in read:
        read += _take(source, 65536)
    line, end, rest = read.partition(b"\n")
    if rest:
        _left[source.fileno()] = rest + _left.get(source.fileno(), b"")
    return line + end


def _lines(source: socket.socket) -> Iterator[bytes]:
    while True:
        yield _line(source)


def _responses(source: socket.socket) -> Iterator[bytes]:
    """Whole responses: a line, and where it announces a literal, that and what follows."""
    while True:
        whole = _line(source)
        while found := re.search(rb"\{(\d+)\}\r\n$", whole):
            left = int(found[1])
            parts = [whole]
            while left:
                parts.append(_take(source, left))
                left -= len(parts[-1])
            whole = b"".join((*parts, _line(source)))
        yield whole

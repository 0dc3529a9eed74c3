"""A relay between the worker and a real server that does one kind of harm at one byte of the dialogue."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: the close is a RST
_SLOW_BYTES = 0.0005
QUIT, APPEND, LOGOUT = b"QUIT\r\n", b" APPEND ", b" LOGOUT\r\n"
WORDS = (QUIT, APPEND, LOGOUT)  # that part one dialogue from the next


class Harm(StrEnum):
    """What becomes of the connection."""

    cut = "cut"  # both sides see an orderly end
    reset = "reset"  # both sides see a RST
    stall = "stall"  # nothing more comes, and nothing ends
    slow = "slow"  # from here on a byte at a time
    farewell = "421"  # instead of the line at hand the server says that it goes (SMTP 421, IMAP BYE)


@dataclass(frozen=True, slots=True)
class Fault:
    """One harm, `at` so many bytes `to` the server or `to` the client, counted over all connections.

    They are counted from where the worker first says `after`, one of WORDS; from the begin for nothing.
    """

    harm: Harm
    to: str
    at: int
    after: bytes = b""

    def __str__(self) -> str:
        return f"{self.harm} at byte {self.at} to the {self.to}{' from' if self.after else ''}{self.after.decode()}"


class Relay:
    """Listens on loopback and passes on to `port`. `fault` happens once; afterwards the wire is whole again."""

    def __init__(self, port: int, farewell: bytes) -> None:
        self._target = port
        self._farewell = farewell
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.fault: Fault | None = None
        self.happened = False
        self.passed = {"server": 0, "client": 0}
        self.marks: dict[bytes, dict[str, int]] = {}  # what had passed when the worker first said one of WORDS
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        self.release()

    def arm(self, fault: Fault | None) -> None:
        """Count anew, and do this harm where its byte comes."""
        with self._lock:
            self.fault, self.happened = fault, False
            self.passed = {"server": 0, "client": 0}
            self.marks = {b"": dict(self.passed)}

    def inside(self, until: bytes) -> bool:
        """Whether the harm was done, and before the worker said `until`."""
        with self._lock:
            fault, end = self.fault, self.marks.get(until)
            if fault is None or not self.happened:
                return False
            return end is None or self.marks[fault.after][fault.to] + fault.at < end[fault.to]

    def release(self) -> None:
        """End what still hangs."""
        with self._lock:
            ends, self._open = self._open, []
        for one in ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open += [client, server]
            for source, sink, to in ((client, server, "server"), (server, client, "client")):
                threading.Thread(target=self._pass_on, args=(source, sink, to), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, to: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                fault, whole, rest = self._divide(to, data)
                if fault is None:
                    sink.sendall(data)
                elif fault.harm is Harm.slow:
                    sink.sendall(whole)
                    self._slowly(sink, rest)
                else:
                    self._harm(fault, source, sink, whole)
                    return
            sink.shutdown(socket.SHUT_WR)

    def _divide(self, to: str, data: bytes) -> tuple[Fault | None, bytes, bytes]:
        """What passes whole and what no longer does, where the fault lies in `data`."""
        with self._lock:
            if to == "server":
                for word in WORDS:
                    if word in data:
                        self.marks.setdefault(word, dict(self.passed))
            before = self.passed[to]
            self.passed[to] += len(data)
            fault = self.fault
            if fault is None or self.happened or fault.to != to or fault.after not in self.marks:
                return None, data, b""
            place = self.marks[fault.after][to] + fault.at - before
            if not 0 <= place < len(data):
                return None, data, b""
            self.happened = True
            return fault, data[:place], data[place:]

    def _harm(self, fault: Fault, source: socket.socket, sink: socket.socket, whole: bytes) -> None:
        if fault.harm is Harm.farewell:
            # at the begin of a line, where a server can say it
            whole = whole[: whole.rfind(b"\n") + 1] + self._farewell
        sink.sendall(whole)
        if fault.harm is Harm.stall:
            threading.Event().wait()
        for one in (source, sink):
            with contextlib.suppress(OSError):
                if fault.harm is Harm.reset:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    one.shutdown(socket.SHUT_RD)  # wakes who reads, and says nothing to the other side
                else:
                    one.shutdown(socket.SHUT_RDWR)
            one.close()

    @staticmethod
    def _slowly(sink: socket.socket, rest: bytes) -> None:
        pause = threading.Event()
        for byte in rest:
            sink.sendall(bytes((byte,)))
            pause.wait(_SLOW_BYTES)

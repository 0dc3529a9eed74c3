"""Runs `python -m MODULE ARGUMENTS` as a process of its own without loading the libraries again each time.

A process that has imported the program waits at a Unix socket, forks for each command and answers with its exit code.
What a command does is what it does anywhere: its own memory, folder, environment and files. POSIX alone.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from worker.conversation.vocabulary import Context
from worker.reading import opened, read

ROOT = Path(__file__).parents[1]
LONGEST = 120.0  # seconds that a command may take


class Warm:
    """The waiting process; `run` may be called from several threads."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="warm")
        self._address = str(Path(self._folder.name) / "socket")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self._address)
            listening.listen(16)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.warm", str(listening.fileno())],
                cwd=ROOT,
                pass_fds=[listening.fileno()],
                stdin=subprocess.PIPE,  # it ends with whoever holds the other end
                stdout=subprocess.DEVNULL,
            )

    def run(
        self, module: str, *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """The exit code (negative: the signal that ended it), stdout and stderr; TimeoutExpired after two minutes."""
        asked = {
            "module": module,
            "arguments": arguments,
            "cwd": str(cwd),
            "env": dict(os.environ if env is None else env),
        }
        command = [module, *arguments]
        with (
            socket.socket(socket.AF_UNIX) as line,
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write(stdin)
            given.seek(0)
            line.settimeout(LONGEST)
            line.connect(self._address)
            words = json.dumps(asked).encode()
            socket.send_fds(line, [struct.pack("!I", len(words))], [file.fileno() for file in (given, out, err)])
            line.sendall(words)
            pid = _number(line)
            try:
                code = _number(line)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(command, LONGEST) from None
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, code, out.read(), err.read())


@cache
def warm() -> Warm:
    """The one of this process of tests, started at its first command."""
    return Warm()


def _number(line: socket.socket) -> int:
    read = _exactly(line, 4)
    return int(struct.unpack("!i", read)[0])


def _exactly(line: socket.socket, count: int) -> bytes:
    read = b""
    while len(read) < count:
        more = line.recv(count - len(read))
        if not more:
            raise ConnectionError("The waiting process has gone.")
        read += more
    return read


def main() -> None:
    """Wait for commands; returns, in each command's own process, when the command has ended by itself."""
    listening = socket.socket(fileno=int(sys.argv[1]))
    _load()
    opened().__enter__()  # as for the tests themselves: one model for all
    read(b"From: una@acme.example\n\nSorry, no.\n", Context())
    while not select.select([listening, sys.stdin], [], [])[0].count(sys.stdin):
        line, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            asked = _taken(line)
            command = os.fork()
            if command == 0:
                line.close()
                _become(asked)
                return
            _follow(line, command)
        line.close()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                continue


def _load() -> None:
    """Import all of the program, and what it imports while it works."""
    import worker

    for found in pkgutil.walk_packages(worker.__path__, "worker."):
        if ".training" not in found.name and not found.name.endswith("__main__") and ".migrations" not in found.name:
            import_module(found.name)
    for name in ("tests.proof.faults", "alembic.command"):
        import_module(name)
    gc.freeze()


def _taken(line: socket.socket) -> dict[str, object]:
    """What is asked, with stdin, stdout and stderr as they are to be."""
    head, files, _, _ = socket.recv_fds(line, 4, 3)
    head += _exactly(line, 4 - len(head))
    asked: dict[str, object] = json.loads(_exactly(line, struct.unpack("!I", head)[0]))
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    return asked


def _become(asked: dict[str, object]) -> None:
    os.chdir(str(asked["cwd"]))
    environment, arguments = asked["env"], asked["arguments"]
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [one for one in environment.get("PYTHONPATH", "").split(os.pathsep) if one]
    time.tzset()
    sys.argv = ["-m", *arguments]
    runpy.run_module(str(asked["module"]), run_name="__main__", alter_sys=True)


def _follow(line: socket.socket, command: int) -> None:
    """Tell who runs and how it ended."""
    with suppress(OSError):  # whoever asked may have gone
        line.sendall(struct.pack("!i", command))
        _, status = os.waitpid(command, 0)
        line.sendall(struct.pack("!i", os.waitstatus_to_exitcode(status)))
    os._exit(0)


if __name__ == "__main__":
    main()

"""Debian roots for mail servers that this machine cannot hold beside its own, and a way to run programs in them.

ASKAROUND_OTHER_SERVERS says what is wanted: nothing (the tests are skipped, for a root is 250 MB from the network),
"try" (they are skipped where no root can be made) or "required" (they fail there). A root is made once by mmdebstrap
and kept in ASKAROUND_ROOTS (by default below the user's cache folder). What runs in it does so in namespaces of its
own: the root is the lower layer of an overlay whose upper layer is memory, so that nothing is written to it, and with
the last process all mounts are gone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

from tests.servers.available import program

REQUIRED = "ASKAROUND_OTHER_SERVERS"

# $1: a folder to mount at, $2: the root, $3: the work folder, seen as /srv inside. Device by device: all of /dev
# would bring the machine's own log, and a daemon would write into it.
_ENTER = """\
set -e
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay none -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
mount --bind "$3" srv
mount -t proc none proc
mount -t tmpfs none dev
mount -t tmpfs none run
mkdir -m 1777 dev/shm
for device in null zero full random urandom; do
  : > "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
ln -s /srv/log dev/log
printf '127.0.0.1 localhost mail.example.org\\n' > etc/hosts
printf 'nameserver 127.0.0.1\\noptions attempts:1 timeout:1\\n' > etc/resolv.conf
exec chroot . /bin/sh
"""


def missing(reason: str) -> NoReturn:
    """Skips the test, or fails it where the environment says that these servers have to be there."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{reason} ({REQUIRED}=required)")
    pytest.skip(reason)


def folder() -> Path:
    """Where the roots are kept."""
    named = os.environ.get("ASKAROUND_ROOTS")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_cache_dir("askaround-tests")) / "roots"


def root(suite: str, *packages: str) -> Path:
    """A root with packages of a Debian, made where it is not there yet; skips the test where that cannot be."""
    if not os.environ.get(REQUIRED):
        missing(f"mail servers in roots of their own are wanted with {REQUIRED}=try alone")
    if os.geteuid() != 0:
        missing("servers in a root of their own can only be started by root")
    entered = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "none", "/tmp"],
        check=False,
        capture_output=True,
        text=True,
    )
    if entered.returncode:
        missing(f"no namespaces here: {entered.stderr.strip()[-200:]}")
    name = "-".join(sorted(packages))
    path = folder() / f"{suite}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker of pytest makes it just now
        if not path.exists():
            _make(path, suite, packages)
    return path


def _make(path: Path, suite: str, packages: tuple[str, ...]) -> None:
    maker = program("mmdebstrap")
    if maker is None:
        missing("not installed: mmdebstrap")
    half = path.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    command = [maker, "--quiet", "--variant=minbase", f"--include={','.join(packages)}", suite, str(half)]
    made = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if made.returncode:
        shutil.rmtree(half, ignore_errors=True)
        missing(f"mmdebstrap could not make a root (no network?): {made.stderr.strip()[-300:]}")
    half.rename(path)


class Inside:
    """A shell in a root, and all that it started; `work` is /srv in there. The end of the shell is the end of all.

    It is the first process of its namespace and reads its commands from a pipe: when this process dies, however it
    does, the pipe ends, and with the shell the kernel ends every server in the root.
    """

    def __init__(self, path: Path) -> None:
        self.work = Path(tempfile.mkdtemp(prefix="askaround-root-"))
        self.work.chmod(0o755)
        self._mounts = Path(tempfile.mkdtemp(prefix="askaround-mount-"))
        self._log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._log.bind(str(self.work / "log"))
        (self.work / "log").chmod(0o666)
        self._ended = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._lock = threading.Lock()
        with (self.work / "output.log").open("ab") as output:
            self._shell = subprocess.Popen(
                [
                    *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
                    *("/bin/sh", "-c", _ENTER, "enter", self._mounts, path, self.work),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )

    def run(self, command: str) -> None:
        """Runs a command of one line; raises RuntimeError, with what the servers wrote, where it fails."""
        code = self.tried(command)
        if code != "0":
            raise RuntimeError(f"{command}: {code}\n{self.log()}")

    def tried(self, command: str) -> str:
        """Runs a command of one line; its exit code, or "" where the shell has ended."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        with self._lock, suppress(BrokenPipeError):
            self._shell.stdin.write(f"( {command} ) < /dev/null >> /srv/output.log 2>&1; echo $?\n")
            self._shell.stdin.flush()
            return self._shell.stdout.readline().strip()
        return ""

    def write(self, name: str, text: str) -> None:
        """A file of the work folder, replaced at once."""
        new = self.work / f"{name}.new"
        new.write_text(text)
        new.rename(self.work / name)

    def _listen(self) -> None:
        """What the servers tell syslog, into a file."""
        with suppress(OSError), (self.work / "syslog.log").open("ab") as file:
            while line := self._log.recv(65536):
                if self._ended:
                    return
                file.write(line.rstrip(b"\0\n") + b"\n")
                file.flush()

    def log(self) -> str:
        """The end of what the servers wrote."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-6000:]}" for path in sorted(self.work.glob("*.log"))
        )

    def stop(self) -> None:
        """Ends all that runs in the root, which unmounts it, and removes what was written."""
        self._ended = True
        self._shell.kill()
        self._shell.wait(20)
        for pipe in (self._shell.stdin, self._shell.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"end", str(self.work / "log"))
        self._listener.join(5)
        self._log.close()
        shutil.rmtree(self.work, ignore_errors=True)
        self._mounts.rmdir()

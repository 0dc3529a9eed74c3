"""A private PostgreSQL cluster in a folder, reached over a Unix socket."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from urllib.parse import quote

from tests.servers.available import absent

USER = "postgres"


def binaries() -> Path | None:
    """The folder of the newest installed version's programs."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "initdb").exists()]
    return max(found, key=lambda p: int(re.sub(r"\D", "", p.parent.name) or 0), default=None)


class PostgreSQL:
    """A running cluster; `database()` gives the URL of a fresh, empty database."""

    def __init__(self) -> None:
        programs = binaries()
        if programs is None:
            absent("not installed: PostgreSQL")
        self._programs = programs
        self._as_user: list[str] = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            self._as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        # Short, for a Unix socket's path ends at 107 bytes.
        self.root = Path(tempfile.mkdtemp(prefix="askaround-pg-"))
        self.root.chmod(0o755)
        if self._as_user:
            shutil.chown(self.root, USER, USER)
        self._count = 0
        self._initialise()
        with (self.root / "server.log").open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *self._as_user,
                    *(str(programs / "postgres"), "-D", str(self.root / "data"), "-k", str(self.root)),
                    *("-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off"),
                    *("-c", "max_connections=60", "-c", "shared_buffers=32MB"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.root,
            )
        self._await()

    def _initialise(self) -> None:
        command = [str(self._programs / "initdb"), "-D", str(self.root / "data"), "-A", "trust", "-U", USER]
        command += ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        subprocess.run([*self._as_user, *command], check=True, capture_output=True, cwd=self.root)

    def _await(self) -> None:
        pause = threading.Event()
        for _ in range(400):
            ready = subprocess.run(
                [str(self._programs / "pg_isready"), "-q", "-h", str(self.root), "-U", USER], check=False
            )
            if ready.returncode == 0:
                return
            if self._process.poll() is not None:
                break
            pause.wait(0.025)
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log()}")

    def database(self, copy_of: str | None = None) -> str:
        """A SQLAlchemy URL for psycopg of a new database: empty, or a copy of another that nobody has open."""
        import psycopg
        from sqlalchemy import make_url

        self._count += 1
        name = f"askaround{self._count}"
        with psycopg.connect(host=str(self.root), user=USER, dbname="postgres", autocommit=True) as connection:
            template = f" TEMPLATE {make_url(copy_of).database}" if copy_of else ""
            connection.execute(f"CREATE DATABASE {name}{template}")  # type: ignore[arg-type]
        return f"postgresql+psycopg://{USER}@/{name}?host={quote(str(self.root), safe='')}"

    def log(self) -> str:
        """The end of what the server wrote."""
        return (self.root / "server.log").read_text(errors="replace")[-6000:]

    def stop(self) -> None:
        """Ends the cluster at once, and removes it."""
        # The process itself is the postmaster: setpriv replaces itself. SIGINT is its fast shutdown.
        self._process.send_signal(2)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        shutil.rmtree(self.root, ignore_errors=True)

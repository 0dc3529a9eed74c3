"""The service: a real process, told by real signals, with a heartbeat on a real socket."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import OWNER, Shell
from tests.stories.world import PASSWORD
from worker.demo.clock import JumpingClock
from worker.demo.servers import EmbeddedServers
from worker.errors import StoreError, StoreTooNew
from worker.service import patiently

UNA = "una@acme.example"


@pytest.fixture
def shell(embedded: EmbeddedServers, tmp_path: Path) -> Shell:
    embedded.add_user(OWNER, PASSWORD)
    embedded.add_user(UNA, "x")
    made = Shell(tmp_path, embedded)
    made.configure()
    text = (tmp_path / "config.toml").read_text()
    (tmp_path / "config.toml").write_text(text.replace("imap = { host", "imap = { poll_minutes = 0.02, host"))
    return made


def start(shell: Shell, **env: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "worker", "run"],
        cwd=shell.folder,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def awaited(what: Callable[[], Any], seconds: float = 30) -> Any:
    """Poll until `what` gives something: the event is another process's."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_it_works_and_stops_when_told(shell: Shell) -> None:
    shell.write("people.csv", f"email,name\n{UNA},Una Berg\n")
    assert shell.run("import", "people.csv").code == 0
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(f"{folder}/notify")
        door.settimeout(30)
        service = start(shell, NOTIFY_SOCKET=f"{folder}/notify")
        heard = [door.recv(300).decode() for _ in range(3)]
        assert "READY=1" in heard
        assert "WATCHDOG=1" in heard
        awaited(lambda: shell.servers.messages(UNA))
        service.send_signal(signal.SIGTERM)
        _, err = service.communicate(timeout=30)
    assert service.returncode == 0, err.decode()
    lines = [json.loads(line) for line in err.splitlines()]
    assert (lines[0]["event"], lines[-1]["event"]) == ("started", "stopped")
    (sent,) = [line for line in lines if line["event"] == "sent" and line["step"] == "ask"]
    (mail,) = [row for row in shell.run("status", "--json").json["outbox"] if row["id"] == sent["mail"]]
    assert (sent["email"], sent["message_id"]) == (UNA, mail["message_id"])
    assert sent["conversation"] in {row["id"] for row in shell.run("status", "--json").json["conversations"]}
    (raw,) = shell.servers.messages(UNA)
    body = [line for line in raw.partition(b"\r\n\r\n")[2].splitlines() if len(line) > 30]
    assert body
    assert not [line for line in body if line in err]
    assert PASSWORD.encode() not in err
    assert json.loads(shell.run("status", "--json").out)["outbox"][0]["state"] in ("sent", "due")


def test_no_new_data_begins_after_the_word_to_stop(shell: Shell) -> None:
    people = "".join(f"p{n}@many{n}.example,Person {n}\n" for n in range(30))
    shell.write("people.csv", "email,name\n" + people)
    shell.run("import", "people.csv")
    first: list[subprocess.Popen[bytes]] = []

    def stop_at_the_first(envelope: Any, raw: bytes) -> None:
        if first and OWNER not in envelope.recipients:
            first.pop().send_signal(signal.SIGTERM)

    shell.servers.on_accepted = stop_at_the_first
    service = start(shell)
    first.append(service)
    service.communicate(timeout=60)
    assert service.returncode == 0
    accepted = [e for e, _ in shell.servers.accepted if OWNER not in e.recipients]
    assert 1 <= len(accepted) <= 2
    states = {row["state"] for row in shell.run("status", "--json").json["outbox"]}
    assert states <= {"sent", "due", "retry"}


def test_a_server_that_is_away_is_no_crash_loop(shell: Shell) -> None:
    text = (shell.folder / "config.toml").read_text()
    (shell.folder / "config.toml").write_text(text.replace(f"port = {shell.servers.imap_port}", "port = 1"))
    service = start(shell)
    errors = awaited(lambda: shell.run("status", "--json").json["health"]["errors"])
    assert service.poll() is None
    assert "localhost:1" in errors[0]
    service.send_signal(signal.SIGTERM)
    _, err = service.communicate(timeout=30)
    assert service.returncode == 0
    assert err.count(b"localhost:1") < 5


def with_bell(shell: Shell) -> Path:
    """A configuration whose alert command writes what it is told into a file."""
    bell = shell.folder / "bell.txt"
    program = "import sys; open(sys.argv[1], 'a').write(sys.argv[2] + chr(10))"
    config = shell.folder / "config.toml"
    command = json.dumps([sys.executable, "-c", program, str(bell)])
    config.write_text(config.read_text() + f"\n[alerts]\ncommand = {command}\n\n[summary]\nat = '00:00'\n")
    return bell


def test_the_bell_rings_once_when_the_summary_cannot_be_sent(shell: Shell) -> None:
    bell = with_bell(shell)
    shell.servers.refuse = lambda address: "451 4.3.0 try again later"
    service = start(shell)
    awaited(bell.exists)
    service.send_signal(signal.SIGTERM)
    service.communicate(timeout=30)
    (line,) = bell.read_text().splitlines()
    assert "no summary today" in line
    assert "try again later" in line
    assert PASSWORD not in line


def test_the_bell_rings_when_the_service_ends_with_an_error(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from worker import service
    from worker.clock import SystemClock
    from worker.errors import StoreTooNew
    from worker.jobs.equip import equip
    from worker.jobs.ids import SecretIds
    from worker.settings import load
    from worker.store import open_store

    def too_new(*given: object, **named: object) -> None:
        raise StoreTooNew("The database is newer than this program.", where="askaround.db")

    bell = with_bell(shell)
    settings = load(shell.folder / "config.toml", {})
    store = open_store(settings.store_url())
    clock = SystemClock()
    monkeypatch.setattr(service, "turn", too_new)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with pytest.raises(StoreTooNew):
            service.Service(store, equip(settings, store, clock.now()), clock, SecretIds(), poll_minutes=1).run()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        store.close()
    assert "has ended: The database is newer than this program" in bell.read_text()


def test_a_disk_that_cannot_be_written_at_the_start_is_no_crash_loop() -> None:
    clock = JumpingClock(datetime(2027, 3, 1, 9, 0, tzinfo=UTC))
    tried: list[datetime] = []

    def open_it() -> str:
        tried.append(clock.now())
        if len(tried) < 10:
            raise StoreError("The database cannot be opened: database or disk is full.")
        return "open"

    assert patiently(open_it, clock) == "open"
    waits = [(after - before).total_seconds() / 60 for before, after in pairwise(tried)]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_a_newer_database_is_nothing_to_wait_for() -> None:
    def open_it() -> str:
        raise StoreTooNew("This database was written by a newer askaround.")

    with pytest.raises(StoreTooNew):
        patiently(open_it, JumpingClock(datetime(2027, 3, 1, 9, 0, tzinfo=UTC)))

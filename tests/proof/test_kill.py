"""SIGKILL at every commit and every exchange with a server: nothing leaves twice, nothing is lost.

ASKAROUND_KILL_STRIDE is how many steps lie between one kill and the next; on PostgreSQL three times as many.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.proof.figures import record
from tests.servers.postgresql import PostgreSQL
from tests.stories.world import World
from tests.warm import warm
from worker.demo.servers import EmbeddedServers, Envelope

UNA = "una@acme.example"
ROOT = Path(__file__).parents[2]
STRIDE = int(os.environ.get("ASKAROUND_KILL_STRIDE", "60"))


def words(world: World, kill_at: int, turns: int) -> tuple[str, ...]:
    return str(world.config), str(kill_at), str(turns), str(world.clock.now())


def child(world: World) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.proof.child", *words(world, 0, 1)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(world: World, kill_at: int = 0, turns: int = 1) -> tuple[int, str]:
    done = warm().run("tests.proof.child", *words(world, kill_at, turns))
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    sound(world)
    return done.returncode, done.stdout.decode()


def sound(world: World) -> None:
    """What a kill left of an SQLite file is whole."""
    file = world.folder / "askaround.db"
    if not file.exists():
        return  # another database
    with closing(sqlite3.connect(file)) as there:
        assert there.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert there.execute("PRAGMA foreign_key_check").fetchall() == []


def delivered(servers: EmbeddedServers) -> Counter[str]:
    """How often each mail to a stranger was accepted, by subject and kind: the sink's own log."""
    found: Counter[str] = Counter()
    for envelope, raw in servers.accepted:
        if envelope.recipients == (UNA,):
            mail = message_from_bytes(raw, policy=policy.default)
            found["ask" if mail["In-Reply-To"] is None else "later step"] += 1
    return found


def until_quiet(world: World) -> None:
    """A new process, and as many turns as it takes until nothing changes."""
    run(world, turns=3)


def prepared(folder: Path, servers: EmbeddedServers, number: int, url: str = "sqlite:///askaround.db") -> World:
    place = folder / str(number)
    place.mkdir()
    return World(servers, place, f"robin{number}@owner.example", url=url)


def story(world: World, servers: EmbeddedServers, kills: tuple[int, int]) -> None:
    """Ask, be declined, ask for a name; the first turn is killed at kills[0], the second at kills[1]."""
    world.person(UNA)
    run(world, kills[0])
    until_quiet(world)
    if world.mails(UNA).get("ask") == "uncertain":
        arrived = delivered(servers)["ask"] > 0
        world.tell(UNA, "arrived" if arrived else "did not arrive")
        until_quiet(world)
    world.reply(UNA, "Sorry, I am not interested.\n\nUna\n")
    run(world, kills[1])
    until_quiet(world)


@pytest.mark.slow
@pytest.mark.parametrize("turn", [0, 1], ids=["asking", "answering"])
def test_a_kill_at_every_step(embedded: EmbeddedServers, tmp_path: Path, turn: int) -> None:
    killed_everywhere(embedded, tmp_path, turn, "SQLite", STRIDE, lambda: "sqlite:///askaround.db")


@pytest.mark.slow
@pytest.mark.real_server
@pytest.mark.parametrize("turn", [0, 1], ids=["asking", "answering"])
def test_a_kill_at_every_third_step_on_postgresql(
    embedded: EmbeddedServers, tmp_path: Path, turn: int, postgresql: PostgreSQL
) -> None:
    killed_everywhere(embedded, tmp_path, turn, "PostgreSQL", 3 * STRIDE, postgresql.database)


def killed_everywhere(
    servers: EmbeddedServers, folder: Path, turn: int, database: str, stride: int, url: Callable[[], str]
) -> None:
    """Kill the turn at its 1st, 1+stride-th ... step, each time in a world of its own."""
    clean = prepared(folder, servers, 0, url())
    clean.person(UNA)
    _, first = run(clean)
    clean.reply(UNA, "Sorry, I am not interested.\n\nUna\n")
    _, second = run(clean)
    steps = int((first, second)[turn])
    assert steps > 40
    clean.store.close()
    doubtful = 0
    tried = range(1, steps + 1, stride)
    for number in tried:
        servers.accepted.clear()
        servers.expunge(UNA)
        world = prepared(folder, servers, 1000 * (turn + 1) + number, url())
        story(world, servers, (number, 0) if turn == 0 else (0, number))
        counts = delivered(servers)
        mails = world.mails(UNA)
        assert counts["ask"] == 1, (number, counts, mails)
        assert counts["later step"] <= 1, (number, counts, mails)
        if mails.get("referral_request") == "uncertain":
            doubtful += 1
        else:
            assert counts["later step"] == 1, (number, counts, mails)
            assert world.state(UNA) == "referral_asked"
        world.store.close()
    record("kills", database=database, turn=turn, points=len(tried), steps=steps, uncertain=doubtful, twice=0, lost=0)


@pytest.mark.slow
def test_a_kill_at_the_moment_of_acceptance(embedded: EmbeddedServers, tmp_path: Path) -> None:
    world = prepared(tmp_path, embedded, 1)
    world.person(UNA)
    victim: list[subprocess.Popen[bytes]] = []

    def kill(envelope: Envelope, raw: bytes) -> None:
        if victim and UNA in envelope.recipients:
            victim.pop().kill()

    embedded.on_accepted = kill
    victim.append(child(world))
    held: Any = victim[0]
    held.communicate(timeout=60)
    assert held.returncode == -signal.SIGKILL
    until_quiet(world)
    assert delivered(embedded)["ask"] == 1
    assert world.mails(UNA)["ask"] == "uncertain"
    content = world.inbox(world.owner)[-1].get_body(("plain",))
    assert content is not None
    assert "Una Berg" in content.get_content()
    world.reply(UNA, "Yes, let's talk on Friday!\n")
    run(world)
    assert world.mails(UNA)["ask"] == "sent"


def test_two_turns_at_the_same_time(embedded: EmbeddedServers, tmp_path: Path) -> None:
    world = prepared(tmp_path, embedded, 1)
    world.person(UNA)
    both = [child(world), child(world)]
    for one in both:
        _, err = one.communicate(timeout=60)
        assert one.returncode == 0, err.decode()
    assert delivered(embedded)["ask"] == 1

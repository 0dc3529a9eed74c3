"""SIGKILL at every commit, and at every mail that a server accepts: nothing leaves twice, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.stories.world import World
from worker.demo.servers import EmbeddedServers, Envelope

UNA = "una@acme.example"
ROOT = Path(__file__).parents[2]


def child(world: World, kill_at: int = 0) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.proof.child", str(world.config), str(kill_at)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(world: World, kill_at: int = 0) -> tuple[int, str]:
    done = child(world, kill_at)
    out, err = done.communicate(timeout=60)
    assert done.returncode in (0, -signal.SIGKILL), err.decode()
    return done.returncode, out.decode()


def delivered(servers: EmbeddedServers) -> Counter[str]:
    """How often each mail to a stranger was accepted, by subject and kind: the sink's own log."""
    found: Counter[str] = Counter()
    for envelope, raw in servers.accepted:
        if envelope.recipients == (UNA,):
            mail = message_from_bytes(raw, policy=policy.default)
            found["ask" if mail["In-Reply-To"] is None else "later step"] += 1
    return found


def until_quiet(world: World) -> None:
    """Run turns until two in a row change nothing; what is uncertain is told as the sink knows it."""
    for _ in range(3):
        run(world)


def prepared(folder: Path, servers: EmbeddedServers, number: int) -> World:
    place = folder / str(number)
    place.mkdir()
    return World(servers, place, f"robin{number}@owner.example", start=datetime.now(UTC))


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
@pytest.mark.parametrize("turn", [0, 1])
def test_a_kill_at_every_commit(embedded: EmbeddedServers, tmp_path: Path, turn: int) -> None:
    clean = prepared(tmp_path, embedded, 0)
    clean.person(UNA)
    _, first = run(clean)
    clean.reply(UNA, "Sorry, I am not interested.\n\nUna\n")
    _, second = run(clean)
    steps = int((first, second)[turn])
    assert steps > 5
    stride = int(os.environ.get("ASKAROUND_KILL_STRIDE", "12"))
    for number in range(1, steps + 1, stride):
        embedded.accepted.clear()
        embedded.expunge(UNA)
        world = prepared(tmp_path, embedded, 100 * (turn + 1) + number)
        story(world, embedded, (number, 0) if turn == 0 else (0, number))
        counts = delivered(embedded)
        mails = world.mails(UNA)
        assert counts["ask"] == 1, (number, counts, mails)
        assert counts["later step"] <= 1, (number, counts, mails)
        if mails.get("referral_request") != "uncertain":
            assert counts["later step"] == 1, (number, counts, mails)
            assert world.state(UNA) == "referral_asked"
        world.store.close()


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

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
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.proof.figures import record
from tests.servers.postgresql import PostgreSQL
from tests.stories.world import World
from tests.warm import warm
from worker.demo.servers import EmbeddedServers, Envelope
from worker.store import Transaction
from worker.store.schema import reading, summary

UNA = "una@acme.example"
NO = "Sorry, I am not interested.\n\nUna\n"
ROOT = Path(__file__).parents[2]
STRIDE = int(os.environ.get("ASKAROUND_KILL_STRIDE", "60"))


def words(world: World, kill_at: int, turns: int) -> tuple[str, ...]:
    return str(world.config), str(kill_at), str(turns), str(world.clock.now())


def child(world: World) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.proof.child", *words(world, 0, 1)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(world: World, kill_at: int = 0) -> int:
    """A turn in a process of its own, killed at that step unless it is 0; how many steps it was."""
    done = warm().run("tests.proof.child", *words(world, kill_at, 1))
    assert done.returncode == (-signal.SIGKILL if kill_at else 0), (kill_at, done.returncode, done.stderr.decode())
    sound(world)
    return 0 if kill_at else int(done.stdout.split()[0])


def sound(world: World) -> None:
    """What a kill left of an SQLite file is whole."""
    file = world.folder / "askaround.db"
    if not file.exists():
        return  # another database
    with closing(sqlite3.connect(file)) as there:
        assert there.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert there.execute("PRAGMA foreign_key_check").fetchall() == []


def until_quiet(world: World) -> None:
    """A new process, and as many turns as it takes until nothing changes."""
    done = warm().run("tests.proof.child", *words(world, 0, 6))
    assert done.returncode == 0, done.stderr.decode()
    sound(world)
    assert int(done.stdout.split()[1]), "turn after turn there was something to do, or something wrong"


def prepared(folder: Path, servers: EmbeddedServers, number: int, url: str = "sqlite:///askaround.db") -> World:
    place = folder / str(number)
    place.mkdir()
    return World(servers, place, f"robin{number}@owner.example", url=url)


def taken(servers: EmbeddedServers, recipient: str) -> list[Any]:
    """The mails to somebody that were accepted: the sink's own log."""
    mails = [raw for envelope, raw in servers.accepted if envelope.recipients == (recipient,)]
    return [message_from_bytes(raw, policy=policy.default) for raw in mails]


@dataclass(frozen=True)
class Told:
    """How a story ended: what must be the same whether it was killed or not, and what nobody knew in it."""

    counts: Counter[str]  # what the sink took, the copies in Sent, the readings
    states: dict[str, Any]
    steps: tuple[int, int]  # of the two turns that may be killed
    uncertain: list[str]  # steps that the owner settled
    unsure: set[str]  # summaries of which nobody knows whether they arrived
    besides: Counter[str]  # the next day's summary, where something uncertain had to stand in one

    def twice(self, clean: Told) -> Counter[str]:
        """What there is more of than without a kill."""
        return self.counts - clean.counts - self.besides

    def lost(self, clean: Told) -> Counter[str]:
        """What is missing, and is not known to be unknown."""
        return Counter({what: count for what, count in (clean.counts - self.counts).items() if what not in self.unsure})


def story(world: World, servers: EmbeddedServers, kills: tuple[int, int]) -> Told:
    """Ask, be declined, ask for a name; the first turn is killed at kills[0], the second at kills[1].

    What is uncertain must be listed; then the owner says what the sink knows.
    """
    uncertain: list[str] = []
    besides: Counter[str] = Counter()
    world.person(UNA)
    first = run(world, kills[0])
    until_quiet(world)
    settled(world, servers, uncertain, "ask")
    world.reply(UNA, NO)
    second = run(world, kills[1])
    until_quiet(world)
    if world.mails(UNA).get("referral_request") == "uncertain":
        world.clock.advance(timedelta(days=1))  # the day's own summary has left before
        until_quiet(world)
        besides[f"summary of {world.clock.now().date()}"] += 1
        settled(world, servers, uncertain, "referral_request")
    copies = [message_from_bytes(raw) for raw in servers.messages(world.owner, "Sent")]
    assert {one["Message-ID"] for one in copies} == {one["Message-ID"] for one in taken(servers, UNA)}
    counts = Counter(f"{step_of(one)} to Una" for one in taken(servers, UNA))
    counts.update(f"{step_of(one)} in Sent" for one in copies)
    counts.update(f"summary of {day_of(one)}" for one in taken(servers, world.owner))
    counts["readings"] = world.store.read(readings)
    flags = {folder: "\\Seen" in servers.flags(world.owner, folder) for folder in ("INBOX", "Sent")}
    return Told(
        counts,
        {"mails": world.mails(UNA), "state": world.state(UNA), "seen": flags},
        (first, second),
        uncertain,
        {f"summary of {one}" for one in world.store.read(unsure)},
        besides,
    )


def step_of(mail: Any) -> str:
    return "ask" if mail["In-Reply-To"] is None else "later step"


def day_of(mail: Any) -> str:
    return str(mail["Date"].datetime.date())


def settled(world: World, servers: EmbeddedServers, uncertain: list[str], step: str) -> None:
    """An uncertain mail stands in `status` and in the last summary, until the owner says what became of it."""
    if world.mails(UNA).get(step) != "uncertain":
        return
    uncertain.append(step)
    assert [(one["email"], one["text"].partition(":")[0]) for one in open_ones(world)] == [
        (UNA, step.replace("_", " "))
    ]
    asked_of_the_owner(world)
    arrived = (step == "ask") in {mail["In-Reply-To"] is None for mail in taken(servers, UNA)}
    world.tell(UNA, "arrived" if arrived else "did not arrive")
    until_quiet(world)
    assert open_ones(world) == []


def open_ones(world: World) -> list[dict[str, Any]]:
    return [one for one in world.status()["needs_you"] if one["kind"] == "uncertain"]


def asked_of_the_owner(world: World) -> None:
    """The last summary names who may have a mail and asks about it."""
    content = world.inbox(world.owner)[-1].get_body(("plain",))
    assert content is not None
    assert f"Una Berg ({UNA}) Did this mail arrive?" in " ".join(content.get_content().split())


def readings(tx: Transaction) -> int:
    return int(tx.execute(select(func.count()).select_from(reading)).scalar_one())


def unsure(tx: Transaction) -> list[date]:
    return list(tx.execute(select(summary.c.local_date).where(summary.c.state == "uncertain")).scalars())


CLEAN: dict[str, Told] = {}


def undisturbed(folder: Path, servers: EmbeddedServers, database: str, url: Callable[[], str]) -> Told:
    """The story without a kill; once for each database."""
    if database not in CLEAN:
        world = prepared(folder, servers, 0, url())
        told = story(world, servers, (0, 0))
        world.store.close()
        once = ("ask to Una", "ask in Sent", "later step to Una", "later step in Sent", "readings")
        assert told.counts == Counter((*once, "summary of 2027-03-01"))
        assert told.states["state"] == "referral_asked"
        # the owner's own mail must look unread, a copy of what was sent as read
        assert told.states["seen"] == {"INBOX": False, "Sent": True}
        assert (told.uncertain, told.unsure) == ([], set())
        CLEAN[database] = told
    return CLEAN[database]


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
    """Kill the turn at its 1st, 1+stride-th ... step, each time in a world of its own; all end as without a kill."""
    clean = undisturbed(folder, servers, database, url)
    steps = clean.steps[turn]
    assert steps > 40
    twice = lost = uncertain = unsure_summaries = 0
    broken: list[str] = []
    tried = range(1, steps + 1, stride)
    for number in tried:
        servers.accepted.clear()
        if servers.has_user(UNA):
            servers.expunge(UNA)
        world = prepared(folder, servers, 1000 * (turn + 1) + number, url())
        told = story(world, servers, (number, 0) if turn == 0 else (0, number))
        world.store.close()
        more, less = told.twice(clean), told.lost(clean)
        twice += more.total()
        lost += less.total()
        uncertain += len(told.uncertain)
        unsure_summaries += len(told.unsure)
        if more or less or told.states != clean.states:
            broken.append(f"killed at step {number}: too many {dict(more)}, too few {dict(less)}, {told.states}")
    record(
        "kills",
        database=database,
        turn=turn,
        points=len(tried),
        steps=steps,
        uncertain=uncertain,
        summaries=unsure_summaries,
        twice=twice,
        lost=lost,
    )
    assert not broken, "\n".join(broken)


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
    assert len(taken(embedded, UNA)) == 1
    assert world.mails(UNA)["ask"] == "uncertain"
    asked_of_the_owner(world)
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
    assert len(taken(embedded, UNA)) == 1

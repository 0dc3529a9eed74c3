"""Thirty days of a busy service with many contacts and a little trouble: no promise broken, nothing grows.

ASKAROUND_SOAK is how many contacts there are; they are asked over ASKAROUND_SOAK_DAYS days.
"""

from __future__ import annotations

import gc
import os
import random
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.proof.faults import Faults, installed
from tests.proof.figures import record
from tests.stories.world import START, World
from worker.contacts import parse
from worker.demo.servers import EmbeddedServers
from worker.jobs.enlist import enlist

CONTACTS = int(os.environ.get("ASKAROUND_SOAK", "40"))
DAYS = int(os.environ.get("ASKAROUND_SOAK_DAYS", "4"))
TURNS_A_DAY = 8
FAULTS = 0.01
REFUSALS = ("rcpt 450 4.2.0 greylisted, try again later", "dot 451 4.3.0 local error", "rcpt 421 4.3.2 shutting down")
ANSWERS = ("Sorry, I am not interested.\n", "Yes, let's talk on Friday!\n", "Please remove me from your list.\n")


def resident() -> float:
    """The memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def descriptors() -> int:
    """How many file descriptors are open."""
    return len(os.listdir("/proc/self/fd"))


def kept_for_each(servers: EmbeddedServers) -> float:
    """MB that the servers, which live in this process and keep all, take for a mail and its copy in Sent."""
    some = [bytes(bytearray(raw)) for _, raw in servers.accepted[-1000:]]
    servers.add_user("scales@owner.example", "x")
    gc.collect()
    before = resident()
    for raw in some:
        servers.deliver("scales@owner.example", raw)
    return (resident() - before) / len(some)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="there is no /proc to look at")
def test_thirty_days(tmp_path: Path) -> None:
    chance = random.Random(30)
    with EmbeddedServers() as servers:
        changes = {"per_day = 50": f"per_day = {-(-CONTACTS // max(1, DAYS - 3)) + 5}"}
        world = World(servers, tmp_path, "robin@owner.example", changes=changes, start=START.replace(hour=6))
        rows = "".join(f"p{n}@firm{n}.example,Una Berg\n" for n in range(CONTACTS))
        done = enlist(world.store, world.desk, parse(f"email,name\n{rows}".encode(), "people.csv"), "default")
        assert not done.rejects
        faults = Faults(owner=world.owner)
        faults.watch(world.store)
        answered: set[str] = set()
        sizes: list[float] = []
        opened: list[int] = []
        mails: list[int] = []
        with installed(faults):
            for _ in range(DAYS):
                for _ in range(TURNS_A_DAY):
                    trouble = tuple(chance.choice(REFUSALS) for _ in range(60) if chance.random() < FAULTS)
                    lost = chance.randrange(1, 40) if chance.random() < 10 * FAULTS else 0
                    faults.arm(verdicts=trouble, imap_lost_at=lost)
                    world.once()
                    faults.disarm()
                    _answer(world, servers, answered, chance)
                    world.clock.advance(timedelta(hours=2))
                world.clock.advance(timedelta(hours=24 - 2 * TURNS_A_DAY))
                gc.collect()
                sizes.append(resident())
                opened.append(descriptors())
                mails.append(len(servers.accepted))
        left = [(envelope.recipients[0], raw) for envelope, raw in servers.accepted]
        asks = Counter(who for who, raw in left if who != world.owner and b"\nIn-Reply-To:" not in raw)
        assert max(asks.values()) == 1
        # reminders come before asks, and count for the day as well
        assert sum(who != world.owner for who, _ in left) >= 0.95 * CONTACTS
        third = len(sizes) // 3
        since = len(servers.accepted) - mails[third]
        allowed = 25 + 1.25 * since * kept_for_each(servers)
        assert sizes[-1] - sizes[third] < allowed, (sizes, since, allowed)
        assert max(opened[third:]) - opened[third] <= 8, opened
        record(
            "soak", contacts=CONTACTS, days=DAYS, mails=len(servers.accepted), grown_mb=round(sizes[-1] - sizes[third])
        )
        world.store.close()


def _answer(world: World, servers: EmbeddedServers, answered: set[str], chance: random.Random) -> None:
    """Some of those who were asked since the last turn answer."""
    for envelope, raw in servers.accepted[-40:]:
        who = envelope.recipients[0]
        if who == world.owner or who in answered:
            continue
        answered.add(who)
        if chance.random() < 0.2:
            ours = message_from_bytes(raw, policy=policy.default)
            assert isinstance(ours, EmailMessage)
            world.reply(who, chance.choice(ANSWERS), to=ours)

"""Random histories of people who are asked: no rule of courtesy is broken, whatever the seed.

Each history is one company (or free-mail domain) with its people over forty days. ASKAROUND_HISTORIES sets how many
are played on the pure core, ASKAROUND_LIVES how many on the worker's own jobs with a database in memory;
ASKAROUND_COURTESY_SEED plays one world of each and prints what happened in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.proof.figures import record
from tests.proof.lives import Histories
from tests.proof.quick import Quick
from worker.store import Store, open_store

WORLD = 12  # histories that share an owner
SHARDS = 8
ONE = os.environ.get("ASKAROUND_COURTESY_SEED")
QUICK = int(os.environ.get("ASKAROUND_HISTORIES", "288"))
LIVES = int(os.environ.get("ASKAROUND_LIVES", "3"))


@pytest.fixture
def memory() -> Iterator[Store]:
    """A database in memory."""
    made = open_store("sqlite://")
    yield made
    made.engine.dispose()


def played(seeds: range, make: Callable[[int], Histories], core: str) -> None:
    """Plays the world of each seed, and fails with the seeds in which something was broken."""
    failures = []
    histories = mails = 0
    for seed in seeds:
        world = make(seed)
        broken = world.play()
        histories += world.how_many
        mails += sum(world.oracle.judged.values())
        if broken or ONE is not None:
            told = f"seed {seed}: ASKAROUND_COURTESY_SEED={seed} plays it again"
            print(f"\n{told}", *world.log, "broken:", *broken, sep="\n")
        failures += [f"seed {seed}: {one}" for one in broken[:1]]
    assert not failures, "\n".join(failures)
    assert mails > 0
    record("courtesy", core=core, histories=histories, mails=mails, twice=0)


def seeds_of(shard: int, histories: int) -> range:
    """The seeds of a shard; a single one where that was asked for."""
    if ONE is not None:
        return range(int(ONE), int(ONE) + 1)
    worlds = -(-histories // WORLD)
    each = -(-worlds // SHARDS)
    return range(1 + shard * each, 1 + min((shard + 1) * each, worlds))


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(1 if ONE is not None else SHARDS))
def test_no_history_on_the_pure_core_breaks_a_rule(shard: int, memory: Store) -> None:
    seeds = seeds_of(shard, QUICK)
    if seeds:
        played(seeds, lambda seed: Quick(seed, memory), "pure")


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(1 if ONE is not None else min(SHARDS, -(-LIVES // WORLD))))
def test_no_history_of_the_worker_breaks_a_rule(shard: int, memory: Store) -> None:
    seeds = seeds_of(shard, LIVES)
    if seeds:
        played(seeds, lambda seed: Histories(seed, memory, how_many=min(WORLD, LIVES)), "jobs")

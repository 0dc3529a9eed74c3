"""Random schedules of answers, words, crashes and faults: no promise is broken, whatever the seed.

ASKAROUND_SCHEDULES sets how many are played, ASKAROUND_FIRST_SEED where they begin; ASKAROUND_SEED plays a single one
and prints what happened in it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.proof.figures import record
from tests.proof.schedule import Schedule
from worker.demo.servers import EmbeddedServers
from worker.store import open_store

FIRST = int(os.environ.get("ASKAROUND_SEED", os.environ.get("ASKAROUND_FIRST_SEED", "1")))
MANY = 1 if "ASKAROUND_SEED" in os.environ else int(os.environ.get("ASKAROUND_SCHEDULES", "16"))
AT_ONCE = 8


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows at the newest schema: making one takes longer than most turns."""
    path = tmp_path_factory.mktemp("empty") / "askaround.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FIRST, FIRST + MANY, AT_ONCE))
def test_no_schedule_breaks_a_promise(first: int, tmp_path: Path, empty_database: Path) -> None:
    failures: list[str] = []
    crashes = uncertain = 0
    for seed in range(first, min(first + AT_ONCE, FIRST + MANY)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with EmbeddedServers() as servers:
            schedule = Schedule(seed, servers, folder, empty_database)
            broken = schedule.play()
        crashes += schedule.crashes
        uncertain += len(schedule.ledger.uncertain)
        if broken or MANY == 1:
            print(f"\nseed {seed}: ASKAROUND_SEED={seed} plays it again", *schedule.log, "broken:", *broken, sep="\n")
        if broken:
            failures.append(f"seed {seed}: {broken[0]}")
    assert not failures, "\n".join(failures)
    played = min(AT_ONCE, FIRST + MANY - first)
    record("schedules", played=played, crashes=crashes, twice=0, lost=0, uncertain=uncertain)

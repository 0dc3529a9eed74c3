"""The tables of a proof say what was counted, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.figures import kept, record
from tests.proof.report import outcomes, row, table


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASKAROUND_PROOF", str(tmp_path))
    return tmp_path


def test_what_no_run_counted_is_no_zero() -> None:
    assert row("tried", [{"twice": 0, "uncertain": 2}, {"twice": 1, "uncertain": 3}]) == "| tried | all | 1 | - | 5 |"


def test_what_one_of_the_runs_did_not_count_has_no_sum() -> None:
    assert (
        row("tried", [{"twice": 0, "lost": 0, "uncertain": 2}, {"twice": 0, "lost": 0}])
        == "| tried | all | 0 | 0 | - |"
    )


def test_the_rows_come_from_what_the_runs_recorded(folder: Path) -> None:
    record("kills", database="SQLite", turn=0, points=3, steps=100, uncertain=1, summaries=2, twice=0, lost=0)
    record("kills", database="SQLite", turn=1, points=2, steps=80, uncertain=1, summaries=0, twice=0, lost=0)
    record("schedules", played=8, crashes=5, twice=0)
    record("courtesy", core="pure", histories=12, mails=30, twice=0)
    lines = table(kept(folder))
    assert "| 5 kills (SQLite), of 180 steps; uncertain summaries: 2 | all | 0 | 0 | 2 |" in lines
    assert "| 8 random schedules, 5 crashes in them | all | 0 | - | - |" in lines
    assert "| 12 random histories of courtesy on the table and the pacing, 30 mails | all | 0 | - | - |" in lines
    assert not [line for line in lines if "on the line" in line or "PostgreSQL" in line]


def test_what_the_line_did_is_counted_and_not_assumed(folder: Path) -> None:
    place = {"protocol": "the ask (SMTP)", "to": "server", "harm": "cut"}
    record("cuts", **place, outcome="sent, 2 delivered", cells=3, uncertain=0, twice=3, lost=0)
    record("cuts", **place, outcome="uncertain, 0 delivered", cells=4, uncertain=4, twice=0, lost=1)
    found = kept(folder)
    assert "| 7 faults on the line to real servers | all | 3 | 1 | 4 |" in table(found)
    told = "| the ask (SMTP) | server | cut | sent, 2 delivered: 3; uncertain, 0 delivered: 4 |"
    assert outcomes(found)[2:] == [told]

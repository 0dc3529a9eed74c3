"""Half of a public set of real bounces, from some sixty mail systems: what is found, and what is hard."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from worker.conversation.vocabulary import Context, Kind, Reading
from worker.reading.reader import examine

FOLDER = Path(__file__).parents[3] / "shared" / "mail" / "bounces"
MATTER_OF_TASTE = frozenset({"filtered", "rejected", "onhold", "undefined", "suspend"})
OTHER_KINDS = {"feedback": Kind.complaint, "vacation": Kind.auto_reply, "delivered": Kind.receipt}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the set of real bounces is not on this machine")


@cache
def readings() -> tuple[tuple[str, list[dict[str, object]], Reading], ...]:
    lines = (FOLDER / "labels.jsonl").read_text("utf-8").splitlines()
    labels = [json.loads(line) for line in lines]
    return tuple(
        (one["file"], one["expected"], examine((FOLDER / one["file"]).read_bytes(), Context())) for one in labels
    )


def test_nearly_every_bounce_is_found() -> None:
    bounces = [one for one in readings() if one[1][0]["reason"] not in OTHER_KINDS]
    missed = [file for file, _, reading in bounces if reading.kind not in {Kind.bounce, Kind.delay}]
    assert len(missed) <= len(bounces) * 0.01, missed


def test_complaints_and_absences_are_what_they_are() -> None:
    others = [one for one in readings() if one[1][0]["reason"] in OTHER_KINDS]
    wrong = [file for file, expected, reading in others if reading.kind is not OTHER_KINDS[str(expected[0]["reason"])]]
    assert others
    assert wrong == []


def test_hard_and_soft_are_told_apart() -> None:
    counted = wrong = 0
    for _, expected, reading in readings():
        if reading.bounce is None or expected[0]["reason"] in MATTER_OF_TASTE:
            continue
        counted += 1
        wrong += reading.bounce.hard != expected[0]["hard"]
    assert counted > 200
    assert wrong <= counted * 0.02


def test_every_bounce_names_its_recipient() -> None:
    without = [file for file, _, reading in readings() if reading.bounce is not None and not reading.bounce.recipient]
    assert without == []


def test_nothing_that_a_machine_sent_is_human() -> None:
    # One file is a person who forwards a bounce.
    assert sum(reading.human for _, _, reading in readings()) <= 1

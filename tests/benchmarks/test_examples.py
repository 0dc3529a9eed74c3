"""The examples that the rules were written on, read by rules and model together.

Every third of them; ASKAROUND_EXAMPLES=all reads all, in three quarters of a minute.
"""

from __future__ import annotations

import os

import pytest

from tests.benchmarks.scores import HARMFUL, PRECIOUS
from tests.reading.test_intent import LANGUAGES, said
from tests.reading.writing import judged
from worker.reading.judgement import Judgement
from worker.reading.model import keeping

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not keeping.present(), reason="the weights of the model are not here"),
]

EVERY = 1 if os.environ.get("ASKAROUND_EXAMPLES") == "all" else 3
EXAMPLES = [example for language in LANGUAGES for example in said(language)][::EVERY]


@pytest.fixture(scope="module")
def read() -> list[Judgement]:
    """What is made of each example."""
    return [judged(text, step=step, kind=kind) for _, _, step, kind, text in EXAMPLES]


def test_nearly_all_are_read_as_before(read: list[Judgement]) -> None:
    right = sum(found.intent is example[1] for example, found in zip(EXAMPLES, read, strict=True))
    assert right >= 0.9 * len(EXAMPLES)


def test_no_yes_question_or_opt_out_is_ended(read: list[Judgement]) -> None:
    bad = [
        (example[4], found.why)
        for example, found in zip(EXAMPLES, read, strict=True)
        if found.sure and found.intent in HARMFUL and example[1] in PRECIOUS
    ]
    assert bad == []


def test_reasons_name_rules_and_model(read: list[Judgement]) -> None:
    asked = [found for found in read if any("the model says" in why for why in found.why)]
    assert len(asked) >= 0.8 * len(read)
    assert all(found.words for found in asked if found.confidence >= 0.9 and found.sure)

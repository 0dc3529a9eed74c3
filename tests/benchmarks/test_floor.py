"""The scores on the final part of the corpus stay where they are; the floors lie just under them."""

from __future__ import annotations

import pytest

from tests.benchmarks.answers import FINAL, Outcome, outcomes, records
from tests.benchmarks.scores import act_rate, act_right, dates_right, macro_f1, persons_f1, said
from worker.reading.model import keeping

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not keeping.present(), reason="the weights of the model are not here"),
]


@pytest.fixture(scope="module")
def final() -> list[Outcome]:
    """The final part, read once."""
    return list(outcomes(records(FINAL)))


@pytest.mark.parametrize("english, floor", [(True, 0.95), (False, 0.935)])
def test_intents(final: list[Outcome], english: bool, floor: float) -> None:
    assert macro_f1([said(one) for one in final if one.english is english]) >= floor


def test_acts(final: list[Outcome]) -> None:
    found = [said(one) for one in final]
    assert act_right(found) >= 0.985
    assert act_rate(found) >= 0.78


def test_no_yes_no_question_and_no_opt_out_is_ended(final: list[Outcome]) -> None:
    assert [one.record["id"] for one in final if said(one).harmed] == []


def test_details(final: list[Outcome]) -> None:
    assert persons_f1(final, "email") >= 0.96
    assert persons_f1(final, "name") >= 0.87
    assert dates_right(final)[0] >= 0.95

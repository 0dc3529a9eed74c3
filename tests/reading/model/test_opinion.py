"""An opinion weighs all nine intents, reads head and end of a text, and says which words spoke for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.conversation.vocabulary import Intent, Step
from worker.errors import AskaroundError
from worker.reading.model import opinion
from worker.reading.model.tokenizer import Tokenizer


def test_probabilities_cover_the_nine_and_sum_to_one(toy: Path) -> None:
    with opinion.opened(toy) as model:
        said = model.opinion(Step.ask, "Re: no", "not thanks")
    assert set(said.probabilities) == set(Intent)
    assert sum(said.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert said.confidence == max(said.probabilities.values()) == said.probabilities[said.intent]


def test_the_shares_of_words_add_up_to_the_lead_of_the_likeliest(toy: Path) -> None:
    with opinion.opened(toy) as model:
        hot = model.opinion(Step.ask, "", "no thanks no")
        whole = opinion.frame(model.tokenizer, Step.ask, "", "no thanks no")
        states = model.encoder.encode(whole.ids) @ model.head.T / len(whole.ids)
    first, second = np.argsort(-(states.sum(axis=0) + model.bias))[:2]
    outside = (states[:, first] - states[:, second])[[*range(1 + len(whole.lead)), -1]].sum()
    outside += model.bias[first] - model.bias[second]
    lead = np.log(hot.probabilities[list(Intent)[first]] / hot.probabilities[list(Intent)[second]]) * 2.0
    assert sum(share for _, share in hot.words) + outside == pytest.approx(lead, abs=1e-4)
    assert [word for word, _ in hot.words] == ["no", "thanks", "no"]


def test_the_step_changes_what_is_read(toy_tokenizer: Tokenizer) -> None:
    asked = opinion.frame(toy_tokenizer, Step.ask, "", "no")
    named = opinion.frame(toy_tokenizer, Step.referral_request, "", "no")
    assert asked.lead != named.lead
    assert asked.words == named.words
    assert opinion.frame(toy_tokenizer, None, "", "no") == asked


def test_a_long_text_is_read_at_its_head_and_at_its_end(toy_tokenizer: Tokenizer) -> None:
    framed = opinion.frame(toy_tokenizer, Step.ask, "no " * 500, "no " * 3000 + "thanks")
    assert len(framed.ids) <= opinion.PIECES
    assert framed.words[0][0] == "no"
    assert framed.words[-1][0] == "thanks"


@given(st.text(max_size=3000), st.text(max_size=400))
@settings(deadline=None, max_examples=50)
def test_any_text_fits(toy_tokenizer: Tokenizer, text: str, subject: str) -> None:
    assert 2 <= len(opinion.frame(toy_tokenizer, None, subject, text * 4).ids) <= opinion.PIECES


@given(st.integers(1, 300))
@settings(deadline=None, max_examples=60)
def test_all_words_are_read_where_they_fit_and_none_twice(toy_tokenizer: Tokenizer, count: int) -> None:
    framed = opinion.frame(toy_tokenizer, None, "", "no " * count)
    assert len(framed.words) == min(count, opinion.PIECES - 2 - len(framed.lead))


def test_missing_weights_are_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AskaroundError) as told:
        opinion.load(tmp_path)
    assert "make model" in str(told.value.todo)


def test_a_model_for_other_intents_is_refused(toy: Path) -> None:
    (toy / "card.json").write_text(json.dumps({"version": "x", "temperature": 1, "intents": ["yes"]}), "utf-8")
    with pytest.raises(AskaroundError, match="other intents"):
        opinion.load(toy)

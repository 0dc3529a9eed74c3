"""Rules and model together: what is decided, when the worker may act, and what never happens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reading.writing import judged
from worker.conversation.vocabulary import Intent, Kind, Step
from worker.reading import blend, intent
from worker.reading.blend import INTENTS, Blend, decide, features, may_act, weighed
from worker.reading.evidence import evidence
from worker.reading.model.opinion import Opinion
from worker.reading.verdict import Findings, Verdict

TRUSTING = Blend({f"model {one}": tuple(4.0 * (one is other) for other in INTENTS) for one in INTENTS}, {}, 0.05)


def opinion(*shares: tuple[Intent, float]) -> Opinion:
    rest = (1 - sum(share for _, share in shares)) / (len(INTENTS) - len(shares))
    return Opinion({one: dict(shares).get(one, rest) for one in INTENTS}, (("gladly,", 0.4), ("not", -0.2)))


def verdict(of: Intent, *, sure: bool = True) -> Verdict:
    return Verdict(of, 0.9, sure, "a rule", ("yes",))


def test_a_blend_that_trusts_the_model_says_what_the_model_says() -> None:
    said = opinion((Intent.later, 0.7), (Intent.declined, 0.2))
    odds = weighed(
        TRUSTING, features(evidence("x", "en"), verdict(Intent.declined), Findings(), Kind.reply, Step.ask, said)
    )
    assert odds[Intent.later] == pytest.approx(0.7, abs=1e-6)
    assert sum(odds.values()) == pytest.approx(1)


def test_without_an_opinion_the_rules_decide() -> None:
    decision = decide(
        evidence("I'd be glad to talk", "en"), verdict(Intent.interested), Findings(), Kind.reply, None, None
    )
    assert (decision.intent, decision.confidence, decision.sure) == (Intent.interested, 0.9, True)
    assert decision.why[0].startswith("a rule")


@pytest.mark.parametrize("precious", [Intent.interested, Intent.question, Intent.opt_out])
def test_no_harmful_act_where_a_yes_a_question_or_an_opt_out_is_possible(precious: Intent) -> None:
    thresholds = dict.fromkeys(INTENTS, 0.5)
    found = evidence("x", "en")
    clear = {one: 0.99 if one is Intent.declined else 0.00125 for one in INTENTS}
    act = Blend({}, thresholds, 0.05, 5.0)
    calm = opinion((Intent.declined, 0.97))
    assert may_act(act, clear, found, verdict(Intent.declined), Kind.reply, calm)
    assert not may_act(act, clear, found, verdict(Intent.declined), Kind.reply, opinion((precious, 0.4)))
    doubt = opinion((Intent.declined, 0.85), (precious, 0.09))
    assert may_act(act, clear, found, verdict(Intent.declined), Kind.reply, doubt)
    assert not may_act(act, clear, found, verdict(Intent.declined, sure=False), Kind.reply, doubt)
    assert not may_act(act, clear, found, verdict(precious), Kind.reply, calm)
    doubtful = clear | {Intent.declined: 0.69, precious: 0.3}
    assert not may_act(act, doubtful, found, verdict(Intent.declined), Kind.reply, calm)


def test_below_its_threshold_nothing_is_acted_on() -> None:
    odds = {one: 0.84 if one is Intent.interested else 0.02 for one in INTENTS}
    told = (
        odds,
        evidence("x", "en"),
        verdict(Intent.interested, sure=False),
        Kind.reply,
        opinion((Intent.interested, 0.9)),
    )
    assert may_act(Blend({}, {Intent.interested: 0.8}, 0.05), *told)
    assert not may_act(Blend({}, {Intent.interested: 0.85}, 0.05), *told)
    assert not may_act(Blend({}, {}, 0.05), *told)


def test_a_sure_rule_that_agrees_makes_a_yes_easier_to_believe() -> None:
    odds = {one: 0.84 if one is Intent.interested else 0.02 for one in INTENTS}
    strict = Blend({}, {Intent.interested: 0.9}, 0.05)
    told = (evidence("x", "en"), verdict(Intent.interested), Kind.reply, opinion((Intent.interested, 0.9)))
    assert may_act(strict, odds, *told)
    assert not may_act(strict, {one: 0.52 if one is Intent.interested else 0.06 for one in INTENTS}, *told)


def test_the_model_is_not_asked_where_there_is_nothing_to_ask() -> None:
    plain = evidence("I am out of the office until 3 May, with no access to email. I will reply on my return.", "en")
    left = evidence("I am out of the office for good: I have left the company. I have no access to email.", "en")
    away = verdict(Intent.out_of_office)
    assert not blend.needed(plain, verdict(Intent.other), Kind.reply, Findings(written=False))
    assert not blend.needed(plain, away, Kind.auto_reply, Findings())
    assert blend.needed(plain, away, Kind.reply, Findings())
    assert blend.needed(left, away, Kind.auto_reply, Findings())
    assert blend.needed(plain, verdict(Intent.out_of_office, sure=False), Kind.auto_reply, Findings())


def test_every_feature_has_a_column_of_the_fit() -> None:
    numpy = pytest.importorskip("numpy")
    from worker.reading.model.training import blending

    text = "Thanks, but I'm away; try again in March, or ask Dana Weiss, dana@weiss.example. Who are you? Stop."
    found = evidence(text, "en", Step.referral_request)
    beside = Findings(persons=2, copied=1, link=True, times=True, days_ahead=40, dated_invitation=True, length=10)
    for one in INTENTS:
        values = features(found, verdict(one), beside, Kind.auto_reply, Step.referral_request, opinion((one, 0.9)))
        assert set(values) <= set(blending.columns())
    assert numpy.isfinite(list(values.values())).all()


def test_a_fit_learns_what_the_model_does_not_know() -> None:
    numpy = pytest.importorskip("numpy")
    from worker.reading.model.training import blending

    names = blending.columns()
    rows = numpy.zeros((40, len(names)))
    rows[:, names.index("always")] = 1
    rows[20:, names.index("link")] = 1
    goal = numpy.array([INTENTS.index(Intent.declined)] * 20 + [INTENTS.index(Intent.interested)] * 20)
    odds = blending.odds_of(rows, blending.fit(rows, goal, 0.001))
    assert (odds.argmax(axis=1) == goal).all()


def test_the_details_follow_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    def later(*_: object) -> blend.Decision:
        return blend.Decision(Intent.later, 0.9, True, ("because",), ("words",))

    text = "I am out of the office until Friday, 4 December 2026. I look at mail again in January."
    assert judged(text, kind="auto_reply").return_date is not None
    monkeypatch.setattr(intent.blend, "decide", later)
    found = judged(text)
    assert (found.intent, found.return_date) == (Intent.later, None)


def test_a_sure_rule_that_agrees_is_a_witness_against_what_is_precious() -> None:
    odds = {one: 0.92 if one is Intent.declined else 0.01 for one in INTENTS}
    told = (verdict(Intent.declined), Kind.reply, opinion((Intent.declined, 0.92)))
    strict = Blend({}, {Intent.declined: 0.9}, 0.02)
    assert not may_act(strict, odds, evidence("x", "en"), *told)
    assert may_act(replace(strict, agreed=2.0), odds, evidence("x", "en"), *told)
    doubtful = (verdict(Intent.declined, sure=False), *told[1:])
    assert not may_act(replace(strict, agreed=2.0), odds, evidence("x", "en"), *doubtful)

"""Lets rules and model decide together: one calibrated probability for each intent, and whether to act on it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from worker.conversation.vocabulary import Intent, Kind, Step
from worker.reading.evidence import Evidence
from worker.reading.model.opinion import Opinion
from worker.reading.verdict import Findings, Verdict

INTENTS = tuple(Intent)
PHRASES = (
    *("yes", "no", "retry", "later", "hand", "pass", "away", "left", "opt", "ask", "tell", "pend", "wrong"),
    *("robot", "irony", "nobody", "thanks", "risk", "invite"),
)
"""The features of the phrase files that are weighed beside the model."""

HARMFUL = frozenset({Intent.declined, Intent.referral, Intent.left_company, Intent.later, Intent.out_of_office})
"""Intents on which the worker ends or moves a conversation: a yes, a question or an opt-out must never become one."""

PRECIOUS = (Intent.interested, Intent.question, Intent.opt_out)

AGREED_LEAST = 0.6
"""The confidence that is enough where a sure rule agrees and all that follows is to tell the owner or to be silent."""

_FLOOR = 1e-4
_PLAINLY_AWAY = 6.0
_ENOUGH_WORDS = 4
_AROUND = ".,;:!?()\"'“”„«»"


@dataclass(frozen=True, slots=True)
class Decision:
    """The intent with its calibrated confidence, whether the worker may act, the reasons, and the telling words."""

    intent: Intent
    confidence: float
    sure: bool
    why: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blend:
    """What was fitted on answers that the model had not seen: weights by feature, thresholds by intent."""

    weights: Mapping[str, tuple[float, ...]]
    thresholds: Mapping[Intent, float]
    precious: float
    """The most that model or blend may leave to a yes, a question or an opt-out where a harmful act is to follow."""
    agreed: float = 1.0
    """How many times as much, where a sure rule of the same sense is a witness of its own."""


def needed(found: Evidence, verdict: Verdict, kind: Kind, beside: Findings) -> bool:
    """Whether the model is to be asked: not where nothing is written, nor for a plain automatic absence message."""
    if kind is Kind.auto_reply and verdict.sure and verdict.intent is Intent.out_of_office:
        contrary = any(found.scores.get(name) for name in ("left", "no", "opt", "yes", "ask", "robot"))
        return contrary or found.scores.get("away", 0.0) < _PLAINLY_AWAY
    return beside.written


def decide(
    found: Evidence, verdict: Verdict, beside: Findings, kind: Kind, step: Step | None, opinion: Opinion | None
) -> Decision:
    """The decision on a reply or an automatic reply; without an opinion the rules' verdict stands. Total."""
    blend = shipped() if opinion is not None else None
    if opinion is None or blend is None:
        words = found.words(*verdict.features)
        return Decision(verdict.intent, verdict.confidence, verdict.sure, (_because(verdict.why, words),), words)
    odds = weighed(blend, features(found, verdict, beside, kind, step, opinion))
    intent = max(odds, key=odds.__getitem__)
    return Decision(
        intent,
        round(odds[intent], 4),
        may_act(blend, odds, found, verdict, kind, opinion),
        *_reasons(intent, odds, found, verdict, opinion),
    )


def features(
    found: Evidence, verdict: Verdict, beside: Findings, kind: Kind, step: Step | None, opinion: Opinion
) -> dict[str, float]:
    """What is weighed, by name, each roughly between -1 and 1."""
    values = {"always": 1.0}
    for intent in INTENTS:
        values[f"model {intent}"] = math.log(max(opinion.probabilities[intent], _FLOOR)) / 4
    values[f"rules {verdict.intent}"] = verdict.confidence
    if verdict.sure:
        values[f"rules sure {verdict.intent}"] = 1.0
    for name in PHRASES:
        if score := found.scores.get(name, 0.0):
            values[f"phrase {name}"] = min(score, 8.0) / 8
    values["persons"] = min(beside.persons, 2) / 2
    values["copied"] = float(beside.copied > 0)
    values["link"] = float(beside.link)
    values["times"] = float(beside.times)
    values["date"] = float(beside.days_ahead is not None)
    values["far date"] = float((beside.days_ahead or 0) >= 10)
    values["dated invitation"] = float(beside.dated_invitation)
    values["automatic"] = float(kind is Kind.auto_reply)
    values["asked for a name"] = float(step is Step.referral_request)
    values["short"] = float(beside.length < 40)
    return {name: value for name, value in values.items() if value}


def weighed(blend: Blend, values: Mapping[str, float]) -> dict[Intent, float]:
    """The probability of each intent (multinomial logistic regression); they sum to one."""
    sums = [0.0] * len(INTENTS)
    for name, value in values.items():
        for place, weight in enumerate(blend.weights.get(name, ())):
            sums[place] += weight * value
    top = max(sums)
    shares = [math.exp(one - top) for one in sums]
    return {intent: share / sum(shares) for intent, share in zip(INTENTS, shares, strict=True)}


def may_act(
    blend: Blend,
    odds: Mapping[Intent, float],
    found: Evidence,
    verdict: Verdict,
    kind: Kind,
    opinion: Opinion,
) -> bool:
    """Whether the worker may carry out what follows: confident enough, and no sign that harm could be done."""
    intent = max(odds, key=odds.__getitem__)
    agreed = verdict.sure and verdict.intent is intent
    least = blend.thresholds.get(intent, 2.0)
    if agreed and intent in PRECIOUS:
        least = min(least, AGREED_LEAST)
    if odds[intent] < least:
        return False
    if verdict.sure and verdict.intent is not intent and (opinion.intent is not intent or verdict.intent in PRECIOUS):
        return False
    if intent not in HARMFUL or (kind is Kind.auto_reply and opinion.intent not in PRECIOUS):
        return True
    if opinion.intent is not intent:
        return False
    most = max(sum(odds[one] for one in PRECIOUS), sum(opinion.probabilities[one] for one in PRECIOUS))
    return most <= blend.precious * (blend.agreed if agreed else 1.0)


@lru_cache(maxsize=1)
def shipped() -> Blend | None:
    """The blend that ships beside the weights; None where it is missing."""
    path = resources.files("worker.reading.model") / "data" / "blend.json"
    return parsed(json.loads(path.read_text("utf-8"))) if path.is_file() else None


def parsed(stored: Mapping[str, Any]) -> Blend:
    """A blend from its JSON object."""
    return Blend(
        weights={name: tuple(map(float, row)) for name, row in stored["weights"].items()},
        thresholds={Intent(name): float(value) for name, value in stored["thresholds"].items()},
        precious=float(stored["precious"]),
        agreed=float(stored["agreed"]),
    )


def _reasons(
    intent: Intent, odds: Mapping[Intent, float], found: Evidence, verdict: Verdict, opinion: Opinion
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The reasons in words and the passages that decided, best first."""
    said = found.words(*verdict.features)
    told = _telling(opinion)
    if verdict.intent is intent:
        why = [_because(verdict.why, said)]
        words = said or told
    else:
        why = [f"reads like {_plain(intent)} as a whole" + (": " + _quoted(told) if told else "")]
        why.append(f"the rules alone would say {_plain(verdict.intent)}: {verdict.why}")
        words = told
    why.append(f"the model says {_plain(opinion.intent)} ({opinion.confidence:.0%})" + _after(told))
    second = max((one for one in INTENTS if one is not intent), key=odds.__getitem__)
    if odds[second] >= 0.05:
        why.append(f"else it would be {_plain(second)} ({odds[second]:.0%})")
    return tuple(why), words


def _telling(opinion: Opinion) -> tuple[str, ...]:
    """The words that spoke most for the model's likeliest intent, in the order of the text."""
    places = sorted(range(len(opinion.words)), key=lambda place: -opinion.words[place][1])[:_ENOUGH_WORDS]
    words = (
        opinion.words[place][0].strip(".,;:!?()\"'“”„«»") for place in sorted(places) if opinion.words[place][1] > 0
    )
    return tuple(dict.fromkeys(word for word in words if word))


def _because(why: str, words: tuple[str, ...]) -> str:
    return why + (": " + _quoted(words) if words else "")


def _after(words: tuple[str, ...]) -> str:
    return ", most by " + _quoted(words) if words else ""


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _plain(intent: Intent) -> str:
    return intent.value.replace("_", " ")

"""Fits how rules and model decide together, on what the model says of answers that it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.conversation.vocabulary import Contact, Context, Intent, Kind, Step
from worker.reading import blend, intent
from worker.reading.blend import HARMFUL, INTENTS, PHRASES, PRECIOUS, Blend
from worker.reading.headers import Headers
from worker.reading.model.opinion import Opinion
from worker.reading.model.training.calibration import probabilities
from worker.reading.model.training.split import counts
from worker.reading.quotes import divide

STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1)
"""How strongly the fit may be held to the model's own word; one is chosen by cross-validation over writers."""

STEPS, CLOSE = 25, 1e-5
TARGET = 0.98
"""The share of acts that must have been right on answers that neither model nor blend had seen."""

HARDLY = 1 / 1500
"""The share of all answers, most of them hard on purpose, on which harm may have been done."""

NATURAL = frozenset("aijlmno")
"""The writers of a natural mix, a third of it hard; the others wrote what is hard, or long, or dialect."""

YES, TOLD = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96), (0.6, 0.7, 0.8, 0.85, 0.9, 0.94)
HARMS = (0.8, 0.85, 0.88, 0.9, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98)
LIMITS, AGREED = (0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.07, 0.1), (1.0, 2.0, 4.0)
"""What is tried: the confidence for a yes, for a question or an opt-out, for what ends or moves a conversation; what
model and blend may leave to a yes, a question or an opt-out before that; and how many times as much where a sure rule
agrees.
"""

Table = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """One answer with the right intent, what the rules saw in it, and what a model that had not seen it said."""

    id: str
    language: str
    goal: Intent
    hard: bool
    step: Step
    kind: Kind
    rules: intent.Seen
    opinion: Opinion

    @property
    def features(self) -> dict[str, float]:
        """As `blend.features` gives them."""
        rules = self.rules
        return blend.features(rules.found, rules.verdict, rules.beside, self.kind, self.step, self.opinion)

    @property
    def writer(self) -> str:
        """Who wrote it: the letters before the number of its id."""
        return self.id.partition("-")[0]


def cases(records: Iterable[Mapping[str, Any]], logits: Mapping[str, Sequence[float]], heat: float) -> list[Case]:
    """The answers of which the model said something, with what the rules see in them."""
    found = []
    for record in records:
        said = logits.get(record["id"])
        if said is None:
            continue
        odds = probabilities(np.array([said], np.float32), heat)[0]
        found.append(
            Case(
                id=record["id"],
                language=record["lang"],
                goal=Intent(record["intent"]),
                hard=bool(record.get("hard")),
                step=Step(record["step"]),
                kind=Kind(record["kind"]),
                rules=_seen(record),
                opinion=Opinion({one: float(odds[i]) for i, one in enumerate(INTENTS)}),
            )
        )
    return found


def _seen(record: Mapping[str, Any]) -> intent.Seen:
    """What the rules see in the new text of a record."""
    parts = divide(record["body"], name=record["from_name"], address=record["from"])
    headers = Headers(
        from_=((record["from_name"], record["from"]),),
        to=(("", record["to"]),),
        cc=tuple((one.get("name") or "", one["email"]) for one in record.get("cc") or ()),
        subject=record.get("subject") or "",
        date=datetime.fromisoformat(record["date"]).replace(hour=12, tzinfo=UTC),
    )
    contact = Contact(record["from"], name=record["from_name"])
    context = Context(own_addresses=frozenset({record["to"].lower()}), contact=contact, step=Step(record["step"]))
    return intent.see(
        parts.new.strip(), headers=headers, context=context, kind=Kind(record["kind"]), signature=parts.signature
    )


def columns() -> list[str]:
    """The names of all features, in a fixed order."""
    beside = ("persons", "copied", "link", "times", "date", "far date", "dated invitation", "automatic")
    return [
        "always",
        *(f"model {one}" for one in INTENTS),
        *(f"rules {one}" for one in INTENTS),
        *(f"rules sure {one}" for one in INTENTS),
        *(f"phrase {name}" for name in PHRASES),
        *beside,
        "asked for a name",
        "short",
    ]


def table(known: Sequence[Case]) -> Table:
    """One row of features for each answer."""
    places = {name: place for place, name in enumerate(columns())}
    rows = np.zeros((len(known), len(places)))
    for row, case in zip(rows, known, strict=True):
        for name, value in case.features.items():
            row[places[name]] = value
    return rows


def fit(rows: Table, goal: Places, strength: float) -> Table:
    """Weights (features x intents) of the logistic regression, held towards the model's own probabilities."""
    wide, many = rows.shape[1], len(INTENTS)
    prior = np.zeros((wide, many))
    for place, name in enumerate(columns()):
        if name.startswith("model "):
            prior[place, INTENTS.index(Intent(name.removeprefix("model ")))] = 4.0
    weights: Table = prior.copy()
    right = np.eye(many)[goal]
    for _ in range(STEPS):
        odds: Table = odds_of(rows, weights)
        slope: Table = rows.T @ (odds - right) / len(rows) + strength * (weights - prior)
        curve = np.zeros((wide, many, wide, many))
        for one in range(many):
            for other in range(one, many):
                pull = odds[:, one] * (float(one == other) - odds[:, other])
                block = (rows * pull[:, None]).T @ rows / len(rows)
                curve[:, one, :, other] = block
                curve[:, other, :, one] = block
        flat = curve.reshape(wide * many, wide * many) + strength * np.eye(wide * many)
        step = np.asarray(np.linalg.solve(flat, slope.reshape(-1)), np.float64).reshape(wide, many)
        now = _cost(rows, goal, weights, prior, strength)
        share = 1.0
        while share > CLOSE and _cost(rows, goal, weights - share * step, prior, strength) >= now:
            share /= 2
        weights = weights - share * step
        if share * np.abs(step).max() < CLOSE:
            break
    return weights


def _cost(rows: Table, goal: Places, weights: Table, prior: Table, strength: float) -> float:
    """What `fit` makes as small as it can."""
    return surprise(odds_of(rows, weights), goal) + strength * float(((weights - prior) ** 2).sum()) / 2


def odds_of(rows: Table, weights: Table) -> Table:
    """The probability of each intent for each row."""
    sums = rows @ weights
    shares = np.exp(sums - sums.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def crossed(known: Sequence[Case], strength: float) -> Table:
    """What the blend says of each answer when it was fitted without its writer."""
    rows, goal = table(known), goals(known)
    writers = np.array([case.writer for case in known])
    fair = np.array([counts(case.id) for case in known])
    said = np.zeros((len(known), len(INTENTS)))
    for writer in sorted(set(writers[fair])):
        apart = writers == writer
        said[apart] = odds_of(rows[apart], fit(rows[~apart], goal[~apart], strength))
    return said[fair]


def scored(known: Sequence[Case]) -> list[Case]:
    """The answers of which `crossed` speaks, in its order."""
    return [case for case in known if counts(case.id)]


def goals(known: Sequence[Case]) -> Places:
    """The places of the right intents."""
    return np.array([INTENTS.index(case.goal) for case in known], np.int64)


def surprise(said: Table, goal: Places) -> float:
    """The mean negative logarithm of the probability given to what was right."""
    return float(-np.log(np.maximum(said[np.arange(len(goal)), goal], 1e-9)).mean())


def strength_for(known: Sequence[Case]) -> float:
    """The strength with the least surprise over writers that the fit had not seen."""
    goal = goals(scored(known))
    return min(STRENGTHS, key=lambda strength: surprise(crossed(known, strength), goal))


def limits(known: Sequence[Case], said: Table) -> Blend:
    """The thresholds and limits of a blend (without weights), from what was said of unseen answers.

    As many acts as can be had on answers of a natural mix, while TARGET of these are right, none of them does harm, and
    hardly one does among the answers that are hard on purpose.
    """
    view = _View(known, said)
    best, most = Blend({}, dict.fromkeys(INTENTS, 1.0), LIMITS[0], 1.0), 0.0
    for yes, other, harmful, precious, agreed in product(YES, TOLD, HARMS, LIMITS, AGREED):
        acted = view.acted(yes, other, harmful, precious, agreed)
        there = acted & view.natural
        if (view.harm & there).any() or (view.harm & acted).sum() > HARDLY * len(known):
            continue
        share, right = there.sum() / max(1, view.natural.sum()), view.right[there].mean() if there.any() else 0.0
        if right >= TARGET and share > most:
            most = float(share)
            best = Blend({}, _thresholds(yes, other, harmful), precious, agreed)
    return best


def _thresholds(yes: float, other: float, harmful: float) -> dict[Intent, float]:
    """By intent: for a yes, for the others that only the owner hears of, and for what ends or moves a conversation."""
    told = {one: yes if one is Intent.interested else other for one in PRECIOUS}
    return told | dict.fromkeys(HARMFUL, harmful) | {Intent.other: 1.0}


class _View:
    """What decides about an act, of all answers at once: the same as `blend.may_act`, as arrays."""

    def __init__(self, known: Sequence[Case], said: Table) -> None:
        places = {intent: place for place, intent in enumerate(INTENTS)}
        precious = [places[one] for one in PRECIOUS]
        model = np.array([[case.opinion.probabilities[one] for one in INTENTS] for case in known])
        rules = np.array([places[case.rules.verdict.intent] for case in known])
        sure = np.array([case.rules.verdict.sure for case in known])
        automatic = np.array([case.kind is Kind.auto_reply for case in known])
        self.top = said.argmax(1)
        self.confidence = said.max(1)
        self.right = self.top == goals(known)
        self.yes = self.top == places[Intent.interested]
        self.harmful = np.isin(self.top, [places[one] for one in HARMFUL])
        self.agrees = sure & (rules == self.top)
        same = model.argmax(1) == self.top
        self.left = np.maximum(said[:, precious].sum(1), model[:, precious].sum(1))
        self.vetoed = (self.top == places[Intent.other]) | (
            sure & (rules != self.top) & (~same | np.isin(rules, precious))
        )
        self.free = ~self.harmful | (automatic & ~np.isin(model.argmax(1), precious))
        self.vetoed |= ~self.free & ~same
        self.harm = self.harmful & np.isin(goals(known), precious)
        self.natural = np.array([case.writer in NATURAL for case in known])

    def acted(self, yes: float, other: float, harmful: float, precious: float, agreed: float) -> NDArray[np.bool_]:
        """Which answers would be acted on."""
        least = np.where(self.harmful, harmful, np.where(self.yes, yes, other))
        least = np.where(self.agrees & ~self.harmful, np.minimum(least, blend.AGREED_LEAST), least)
        most = np.where(self.agrees, precious * agreed, precious)
        acted: NDArray[np.bool_] = ~self.vetoed & (self.confidence >= least) & (self.free | (self.left <= most))
        return acted

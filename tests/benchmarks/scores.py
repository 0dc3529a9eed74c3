"""How right readings were: intents, acts, persons and dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.answers import Outcome
from worker.conversation.vocabulary import Intent

PRECIOUS = frozenset({Intent.interested, Intent.question, Intent.opt_out})
HARMFUL = frozenset({Intent.declined, Intent.referral, Intent.left_company, Intent.later, Intent.out_of_office})


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: its language, what it is, what was said with which confidence, and whether the worker would act."""

    language: str
    goal: Intent
    intent: Intent | None
    confidence: float
    acted: bool

    @property
    def right(self) -> bool:
        return self.intent is self.goal

    @property
    def harmed(self) -> bool:
        """A yes, a question or an opt-out on which the worker would do what cannot be made good."""
        return self.acted and self.goal in PRECIOUS and self.intent in HARMFUL


def said(outcome: Outcome) -> Said:
    """The part of an outcome that concerns its intent."""
    reading = outcome.reading
    return Said(outcome.record["lang"], outcome.goal, reading.intent, reading.confidence, outcome.acted)


def f1(found: Sequence[Said], intent: Intent) -> tuple[float, float, float]:
    """Precision, recall and F1 of one intent."""
    both = sum(one.right for one in found if one.goal is intent)
    precision = both / max(1, sum(one.intent is intent for one in found))
    recall = both / max(1, sum(one.goal is intent for one in found))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def macro_f1(found: Sequence[Said]) -> float:
    """The mean F1 of the intents that occur."""
    there = [intent for intent in Intent if any(one.goal is intent for one in found)]
    return sum(f1(found, intent)[2] for intent in there) / max(1, len(there))


def act_rate(found: Sequence[Said]) -> float:
    """The share on which the worker would act."""
    return sum(one.acted for one in found) / max(1, len(found))


def act_right(found: Sequence[Said]) -> float:
    """Of those on which the worker would act, the share that was read right."""
    acted = [one for one in found if one.acted]
    return sum(one.right for one in acted) / max(1, len(acted))


def persons_f1(found: Iterable[Outcome], field: str) -> float:
    """F1 over all persons handed over, by `email` or by `name` (case and spaces aside)."""
    both = wanted = given = 0
    for outcome in found:
        want = {_flat(one[field]) for one in outcome.record["referrals"] if one.get(field)}
        got = {_flat(value) for one in outcome.reading.referrals if (value := getattr(one, field))}
        both, wanted, given = both + len(want & got), wanted + len(want), given + len(got)
    return 2 * both / max(1, wanted + given)


def dates_right(found: Iterable[Outcome]) -> tuple[float, int]:
    """The share of absences and postponements whose date (or lack of one) was read exactly, and of how many."""
    right = count = 0
    for outcome in found:
        field = {Intent.out_of_office: "return_date", Intent.later: "resume_after"}.get(outcome.goal)
        if field is not None:
            value = getattr(outcome.reading, field)
            right += (value.isoformat() if value else None) == outcome.record[field]
            count += 1
    return right / max(1, count), count


def _flat(text: str) -> str:
    return " ".join(text.split()).lower()

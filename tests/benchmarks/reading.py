"""Scores the reading of answers: `python -m tests.benchmarks.reading` prints tables and draws docs/reading-*.svg."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import pictures
from tests.benchmarks.answers import CORPUS, FINAL, Outcome, outcomes, records
from tests.benchmarks.scores import (
    Said,
    act_rate,
    act_right,
    dates_right,
    f1,
    macro_f1,
    persons_f1,
    said,
)
from worker.conversation.vocabulary import Intent
from worker.reading.blend import INTENTS, Blend, may_act

DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    """Reads the final part, then reckons what is said of the answers that were kept back from the training."""
    found = list(outcomes(records(FINAL)))
    final = [said(outcome) for outcome in found]
    print("## Final part, by writers who wrote nothing else\n")
    print("\n".join(report(final)))
    print("\n".join(details(found)))
    unseen, allowed = kept_back()
    print("\n## Kept back from the training, the blend fitted without the writer in question\n")
    print("\n".join(report(unseen)))
    (DOCS / "reading-reliability.svg").write_text(
        pictures.reliability({"final part": final, "kept back": unseen}), "utf-8"
    )
    (DOCS / "reading-acting.svg").write_text(pictures.acting({"kept back": pictures.curve(unseen, allowed)}), "utf-8")


def report(found: Sequence[Said]) -> list[str]:
    """The tables of one set as lines of Markdown."""
    lines = ["| language | answers | macro-F1 | right | acted on | of these right |", "| --- " * 6 + "|"]
    languages = {"English": {"en"}, "the six others": {one.language for one in found} - {"en"}}
    languages |= {name: {name} for name in sorted({one.language for one in found} - {"en"})}
    for name, codes in languages.items():
        part = [one for one in found if one.language in codes]
        right = sum(one.right for one in part) / max(1, len(part))
        figures = f"{macro_f1(part):.3f} | {right:.1%} | {act_rate(part):.1%} | {act_right(part):.2%}"
        lines.append(f"| {name} | {len(part)} | {figures} |")
    lines += ["", f"Harm done (a yes, a question or an opt-out ended or moved): {sum(one.harmed for one in found)}", ""]
    lines += ["| intent | precision | recall | F1 | acted on | of these right |", "| --- " * 6 + "|"]
    for intent in Intent:
        precision, recall, both = f1(found, intent)
        mine = [one for one in found if one.intent is intent]
        lines.append(
            f"| {intent} | {precision:.3f} | {recall:.3f} | {both:.3f} | {act_rate(mine):.1%} | {act_right(mine):.2%} |"
        )
    lines += ["", "| is, read as | " + " | ".join(Intent) + " |", "| --- " * 10 + "|"]
    for goal in Intent:
        row = [str(sum(one.goal is goal and one.intent is intent for one in found)) for intent in Intent]
        lines.append(f"| {goal} | " + " | ".join(row) + " |")
    return lines


def details(found: Sequence[Outcome]) -> list[str]:
    """Persons and dates of one set as lines of Markdown."""
    exact, count = dates_right(found)
    return [
        "",
        f"Persons handed over: F1 {persons_f1(found, 'email'):.3f} on addresses, "
        f"{persons_f1(found, 'name'):.3f} on names",
        f"Dates (return, resume) exact: {exact:.1%} of {count}",
    ]


def kept_back() -> tuple[list[Said], list[bool]]:
    """What model and blend say of answers that neither has seen; and which of them no veto holds back."""
    import json

    from worker.reading.model.training import blending
    from worker.reading.model.training.calibrate import OPINIONS, unseen

    stored = json.loads((OPINIONS.parents[1] / "data/blend.json").read_text("utf-8"))
    thresholds = {Intent(name): value for name, value in stored["thresholds"].items()}
    known, _ = unseen(sorted(CORPUS.glob("*.jsonl")), OPINIONS)
    rows = blending.crossed(known, stored["strength"])
    shipped = Blend({}, thresholds, stored["precious"], stored["agreed"])
    free = Blend({}, dict.fromkeys(INTENTS, 0.0), stored["precious"], stored["agreed"])
    found, allowed = [], []
    for case, row in zip(blending.scored(known), rows, strict=True):
        odds = {intent: float(row[place]) for place, intent in enumerate(INTENTS)}
        intent = max(odds, key=odds.__getitem__)
        rules = case.rules
        # what is read as "other" always waits for the owner
        may = [
            intent is not Intent.other and may_act(one, odds, rules.found, rules.verdict, case.kind, case.opinion)
            for one in (shipped, free)
        ]
        found.append(Said(case.language, case.goal, intent, odds[intent], may[0]))
        allowed.append(may[1])
    return found, allowed


if __name__ == "__main__":
    main()

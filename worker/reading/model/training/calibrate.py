"""Writes what lets rules and model decide together: the model's temperature, the blend's weights and its thresholds."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from worker.conversation.vocabulary import Intent, Step
from worker.reading.blend import INTENTS
from worker.reading.model.opinion import IntentModel, load
from worker.reading.model.training import blending, calibration
from worker.reading.model.training.split import counts, kept_back
from worker.reading.quotes import divide

ROOM = Path(__file__).parent
OPINIONS = ROOM / "opinions.jsonl"


def main() -> None:
    """Reads the arguments and does what they say."""
    parser = argparse.ArgumentParser(prog="python -m worker.reading.model.training.calibrate", description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+", help="files of answers, one JSON object a line")
    parser.add_argument("--opinions", type=Path, default=OPINIONS, help="what the model says of what it has not seen")
    parser.add_argument("--out", type=Path, default=ROOM.parent / "data", help="where the model is")
    options = parser.parse_args()

    card = json.loads((options.out / "card.json").read_text("utf-8")) | {"temperature": 1.0}
    _write(options.out / "card.json", card)
    ask(options.corpus, load(options.out), options.opinions)
    known, heat = unseen(options.corpus, options.opinions)
    strength = blending.strength_for(known)
    said = blending.crossed(known, strength)
    chosen = blending.limits(blending.scored(known), said)
    weights = blending.fit(blending.table(known), blending.goals(known), strength)
    rows = [[round(float(one), 4) for one in row] for row in weights]
    stored = {
        "strength": strength,
        "thresholds": {intent.value: chosen.thresholds[intent] for intent in INTENTS},
        "precious": chosen.precious,
        "agreed": chosen.agreed,
        "weights": dict(zip(blending.columns(), rows, strict=True)),
    }
    _write(options.out / "blend.json", stored)
    _write(options.out / "card.json", card | {"temperature": heat})
    print(f"{len(known)} answers, strength {strength}, temperature {heat}, precious {chosen.precious}")
    print(stored["thresholds"])


def ask(corpus: Sequence[Path], model: IntentModel, opinions: Path) -> None:
    """Writes what the model says of each answer that was kept back: the logarithms of its probabilities."""
    with opinions.open("w", encoding="utf-8") as file:
        for record in _records(corpus):
            if kept_back(record["id"], record["family"]):
                text = divide(record["body"], name=record["from_name"], address=record["from"]).new.strip()
                said = model.opinion(Step(record["step"]), record["subject"] or "", text).probabilities
                logits = [round(math.log(max(said[one], 1e-9)), 3) for one in INTENTS]
                file.write(json.dumps({"id": record["id"], "logits": logits}) + "\n")


def unseen(corpus: Sequence[Path], opinions: Path) -> tuple[list[blending.Case], float]:
    """The answers of which the model said something without having seen them, and the temperature of its words."""
    said = {line["id"]: line["logits"] for line in _lines(opinions)}
    records = [record for record in _records(corpus) if record["id"] in said]
    fair = [record for record in records if counts(record["id"])]
    goal = np.array([INTENTS.index(Intent(record["intent"])) for record in fair], np.int64)
    heat = calibration.temperature(np.array([said[record["id"]] for record in fair], np.float32), goal)
    return blending.cases(records, said, heat), heat


def _records(corpus: Sequence[Path]) -> list[dict[str, Any]]:
    return [record for path in sorted(corpus) for record in _lines(path)]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

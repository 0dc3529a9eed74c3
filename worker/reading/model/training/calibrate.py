"""Writes what lets rules and model decide together: the model's temperature, the blend's weights and its thresholds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from worker.conversation.vocabulary import Intent
from worker.reading.blend import INTENTS
from worker.reading.model.training import blending, calibration

ROOM = Path(__file__).parent


def main() -> None:
    """Reads the arguments and does what they say."""
    parser = argparse.ArgumentParser(prog="python -m worker.reading.model.training.calibrate", description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+", help="files of answers, one JSON object a line")
    parser.add_argument("--opinions", type=Path, default=ROOM / "opinions.jsonl", help="what the folds said")
    parser.add_argument("--out", type=Path, default=ROOM.parent / "data", help="where the model is")
    options = parser.parse_args()

    known, heat = unseen(options.corpus, options.opinions)
    strength = blending.strength_for(known)
    said = blending.crossed(known, strength)
    thresholds, precious = blending.limits(known, said)
    weights = blending.fit(blending.table(known), blending.goals(known), strength)
    stored = {
        "strength": strength,
        "thresholds": {intent.value: value for intent, value in thresholds.items()},
        "precious": precious,
        "weights": {
            name: [round(float(one), 4) for one in row] for name, row in zip(blending.columns(), weights, strict=True)
        },
    }
    (options.out / "blend.json").write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    card = json.loads((options.out / "card.json").read_text("utf-8"))
    card["temperature"] = heat
    (options.out / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")
    print(f"{len(known)} answers, strength {strength}, temperature {heat}, precious {precious}")
    print(stored["thresholds"])


def unseen(corpus: Sequence[Path], opinions: Path) -> tuple[list[blending.Case], float]:
    """The answers with what was said of them by a fold that had not seen them, and the temperature of these words."""
    said = {line["id"]: line["logits"] for line in _lines(opinions)}
    records = [record for path in sorted(corpus) for record in _lines(path) if record["id"] in said]
    goal = np.array([INTENTS.index(Intent(record["intent"])) for record in records], np.int64)
    heat = calibration.temperature(np.array([said[record["id"]] for record in records], np.float32), goal)
    return blending.cases(records, said, heat), heat


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()

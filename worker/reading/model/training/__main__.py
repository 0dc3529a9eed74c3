"""The command line of the build: `folds` scores by cross-validation, `model` writes the files that ship."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from worker.conversation.vocabulary import Intent
from worker.reading.model.tokenizer import Tokenizer
from worker.reading.model.training import calibration, corpus, source, vocabulary
from worker.reading.model.training.corpus import Answer
from worker.reading.model.training.fit import Example, Plan, logits, train
from worker.reading.model.training.network import Network, packed
from worker.reading.model.training.split import kept_back

FOLDS = 5
INTENTS = list(Intent)


def main() -> None:
    """Reads the arguments and does what they say."""
    room = Path(__file__).parent
    parser = argparse.ArgumentParser(prog="python -m worker.reading.model.training", description=__doc__)
    parser.add_argument("what", choices=("folds", "model"))
    parser.add_argument("corpus", type=Path, nargs="+", help="files of answers, one JSON object a line")
    parser.add_argument("--opinions", type=Path, default=room / "opinions.jsonl", help="what the folds said")
    parser.add_argument("--out", type=Path, default=room.parent / "data", help="where the model goes")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--depth", type=int, default=12, help="how many of the base's layers are kept")
    parser.add_argument("--epochs", type=int, default=Plan.epochs)
    parser.add_argument("--folds", type=int, default=FOLDS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    answers = corpus.read(options.corpus)
    if options.what == "model":
        answers = [answer for answer in answers if not kept_back(answer.id, answer.family)]
    base = source.installed()
    whole = Tokenizer(base.pieces, base.scores.tolist())
    kept = vocabulary.kept(whole, base.pieces, (f"{answer.subject} {answer.text}" for answer in answers))
    pieces, scores = [base.pieces[i] for i in kept], base.scores[kept]
    examples = corpus.examples(answers, Tokenizer(pieces, scores.tolist()))
    median = np.median([len(example.ids) for example in examples])
    print(f"{len(answers)} answers, {len(kept)} pieces, {median:.0f} of them in the median answer")
    plan = Plan(epochs=options.epochs)

    def fresh() -> Network:
        torch.manual_seed(plan.seed)
        return Network(base, kept, options.depth, len(INTENTS))

    if options.what == "folds":
        said = crossed(fresh, examples, corpus.folds(answers, options.folds), plan)
        write_opinions(options.opinions, answers, said)
        tell(answers, said)
        return
    arrays = packed(train(fresh(), examples, plan)) | {"scores": scores}
    options.out.mkdir(parents=True, exist_ok=True)
    np.save(options.out / "words.npy", arrays["words"])
    rest = {name: array for name, array in arrays.items() if name != "words"}
    np.savez(options.out / "weights.npz", **rest)  # type: ignore[arg-type]
    (options.out / "pieces.txt").write_text("\n".join(pieces), "utf-8")
    card = {
        "version": hashlib.sha256(
            b"".join(np.ascontiguousarray(arrays[name]).tobytes() for name in sorted(arrays))
        ).hexdigest()[:12],
        "intents": [intent.value for intent in INTENTS],
        "temperature": 1.0,
        "base": {"weights": source.MODEL, "from": f"{source.PACKAGE} {source.VERSION}", "sha256": source.SHA256},
        "corpus": {
            "answers": len(answers),
            "sha256": hashlib.sha256(b"".join(sorted(p.read_bytes() for p in options.corpus))).hexdigest(),
        },
        "plan": {
            "depth": options.depth,
            "epochs": plan.epochs,
            "batch": plan.batch,
            "rate": plan.rate,
            "seed": plan.seed,
        },
    }
    (options.out / "card.json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")


def crossed(
    fresh: Callable[[], Network], examples: Sequence[Example], folds: Sequence[int], plan: Plan
) -> NDArray[np.float32]:
    """What is said of each answer by a network that has seen no answer of its family."""
    said = np.zeros((len(examples), len(INTENTS)), np.float32)
    for fold in sorted(set(folds)):
        seen = [x for x, place in zip(examples, folds, strict=True) if place != fold]
        unseen = [i for i, place in enumerate(folds) if place == fold]
        said[unseen] = logits(train(fresh(), seen, plan), [examples[i].ids for i in unseen])
        right = np.mean(said[unseen].argmax(1) == [examples[i].intent for i in unseen])
        print(f"fold {fold + 1}: {right:.3f} of {len(unseen)} right", flush=True)
    return said


def write_opinions(path: Path, answers: Sequence[Answer], said: NDArray[np.float32]) -> None:
    """One line an answer: its id, its intent, and what its fold said (logits in the order of the intents)."""
    with path.open("w", encoding="utf-8") as file:
        for answer, row in zip(answers, said.tolist(), strict=True):
            line = {"id": answer.id, "lang": answer.language, "intent": answer.intent.value}
            file.write(json.dumps(line | {"logits": [round(x, 3) for x in row]}) + "\n")


def read_opinions(path: Path) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The logits and the right intents' places of a file that `write_opinions` wrote."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    goal = [INTENTS.index(Intent(line["intent"])) for line in lines]
    return np.array([line["logits"] for line in lines], np.float32), np.array(goal, np.int64)


def tell(answers: Sequence[Answer], said: NDArray[np.float32]) -> None:
    """Prints macro-F1 by language, the confusion of intents, the temperature and how reliable it makes confidence."""
    goal = np.array([INTENTS.index(answer.intent) for answer in answers])
    best = said.argmax(1)
    for name in ("en", "other", *sorted({answer.language for answer in answers} - {"en"})):
        rows = np.array([a.language == name or (name == "other" and a.language != "en") for a in answers])
        if rows.any():
            score = calibration.macro_f1(best[rows], goal[rows])
            print(
                f"{name:6} {rows.sum():5} answers  macro-F1 {score:.3f}  right {np.mean(best[rows] == goal[rows]):.3f}"
            )
    print("rows: what it is; columns: what was said")
    for place, intent in enumerate(INTENTS):
        print(f"{intent.value:14}", *(f"{np.sum(best[goal == place] == other):5}" for other in range(len(INTENTS))))
    heat = calibration.temperature(said, goal)
    sure, right = calibration.probabilities(said, heat).max(1), best == goal
    print(f"temperature {heat}, calibration error {calibration.calibration_error(sure, right):.3f}")
    for confidence, share, count in calibration.reliability(sure, right):
        print(f"  said {confidence:.2f}  right {share:.2f}  of {count}")


if __name__ == "__main__":
    main()

"""Reads the answers of the corpus, as the reader will meet them: the new text alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.conversation.vocabulary import Intent, Step
from worker.reading.model.opinion import frame
from worker.reading.model.tokenizer import Tokenizer
from worker.reading.model.training.fit import Example
from worker.reading.quotes import divide


@dataclass(frozen=True, slots=True)
class Answer:
    """One labelled answer; `family` binds those that must never stand on both sides of a split."""

    id: str
    family: str
    language: str
    step: Step
    subject: str
    text: str
    intent: Intent


def read(paths: Iterable[Path]) -> list[Answer]:
    """All answers of the files in their order; the same text twice counts once. ValueError names a broken line."""
    answers: dict[str, Answer] = {}
    for path in sorted(paths):
        for number, line in _lines(path):
            try:
                record = json.loads(line)
                answer = Answer(
                    id=record["id"],
                    family=record.get("family") or record["id"],
                    language=record["lang"],
                    step=Step(record["step"]),
                    subject=record.get("subject") or "",
                    text=divide(record["body"], name=record["from_name"], address=record["from"]).new,
                    intent=Intent(record["intent"]),
                )
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path}, line {number}: {error!r}") from error
            answers.setdefault(answer.text, answer)
    return list(answers.values())


def examples(answers: Sequence[Answer], tokenizer: Tokenizer) -> list[Example]:
    """The answers as the network takes them."""
    places = {intent: place for place, intent in enumerate(Intent)}
    return [
        Example(
            ids=frame(tokenizer, answer.step, answer.subject, answer.text).ids,
            ids_without_subject=frame(tokenizer, answer.step, "", answer.text).ids,
            intent=places[answer.intent],
        )
        for answer in answers
    ]


def folds(answers: Sequence[Answer], count: int) -> list[int]:
    """For each answer the fold that tests it: families stay together, folds are nearly of one size."""
    sizes: dict[str, int] = {}
    for answer in answers:
        sizes[answer.family] = sizes.get(answer.family, 0) + 1
    loads, place = [0] * count, dict[str, int]()
    for family in sorted(sizes, key=lambda name: (-sizes[name], name[::-1])):
        place[family] = loads.index(min(loads))
        loads[place[family]] += sizes[family]
    return [place[answer.family] for answer in answers]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            yield number, line

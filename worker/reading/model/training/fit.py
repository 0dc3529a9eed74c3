"""Fine-tunes the network on answers whose intent is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from worker.reading.model.tokenizer import PAD
from worker.reading.model.training.network import Network


@dataclass(frozen=True, slots=True)
class Example:
    """An answer as pieces, with and without its subject, and the place of its intent among the nine."""

    ids: Sequence[int]
    ids_without_subject: Sequence[int]
    intent: int


@dataclass(frozen=True)
class Plan:
    """How to train: rates by cross-validation over families, depth and epochs also by what an hour or two allow."""

    epochs: int = 4
    batch: int = 16
    rate: float = 1e-4
    head_rate: float = 2e-3
    rate_decay: float = 0.9
    smoothing: float = 0.05
    without_subject: float = 0.3
    seed: int = 0


def train(network: Network, examples: Sequence[Example], plan: Plan) -> Network:
    """Trains all layers but the pieces' own vectors, so that words which no example has keep their meaning."""
    torch.manual_seed(plan.seed)
    chance = np.random.default_rng(plan.seed)
    network.words.weight.requires_grad_(False)
    steps = plan.epochs * -(-len(examples) // plan.batch)
    optimiser = torch.optim.AdamW(_groups(network, plan), weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.1 * steps), max(0.0, (steps - step) / (0.9 * steps)))
    )
    network.train()
    for epoch in range(plan.epochs):
        seen = 0.0
        bare = chance.random(len(examples)) < plan.without_subject
        texts = [x.ids_without_subject if drop else x.ids for x, drop in zip(examples, bare, strict=True)]
        for batch in _mixed(texts, plan.batch, chance):
            goal = torch.tensor([examples[i].intent for i in batch])
            with torch.autocast("cpu", torch.bfloat16):
                answer = network(*_padded([texts[i] for i in batch]))
            loss = functional.cross_entropy(answer.float(), goal, label_smoothing=plan.smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            seen += loss.item() * len(batch)
        print(f"epoch {epoch + 1} of {plan.epochs}: loss {seen / len(examples):.3f}", flush=True)
    return network.eval()


@torch.no_grad()
def logits(network: Network, texts: Sequence[Sequence[int]], batch: int = 32) -> NDArray[np.float32]:
    """What the network says of each text: a row of nine numbers, before they are made probabilities."""
    network.eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found = np.zeros((len(texts), network.head.out_features), np.float32)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        with torch.autocast("cpu", torch.bfloat16):
            answer = network(*_padded([texts[i] for i in rows]))
        found[rows] = answer.float().numpy()
    return found


def _groups(network: Network, plan: Plan) -> list[dict[str, object]]:
    """Parameters with their rates: the head fast, each layer below the last a little slower."""
    depth = len(network.blocks)
    groups: list[dict[str, object]] = [{"params": list(network.head.parameters()), "lr": plan.head_rate}]
    for i, block in enumerate(network.blocks):
        groups.append({"params": list(block.parameters()), "lr": plan.rate * plan.rate_decay ** (depth - 1 - i)})
    lowest = [network.positions, *network.norm.parameters()]
    return [*groups, {"params": lowest, "lr": plan.rate * plan.rate_decay**depth}]


def _mixed(texts: Sequence[Sequence[int]], size: int, chance: np.random.Generator) -> Iterator[list[int]]:
    """Batches in a random order, each of texts of about the same length (padding costs time)."""
    order = chance.permutation(len(texts)).tolist()
    batches: list[list[int]] = []
    for start in range(0, len(order), size * 16):
        group = sorted(order[start : start + size * 16], key=lambda i: len(texts[i]))
        batches += [group[at : at + size] for at in range(0, len(group), size)]
    for at in chance.permutation(len(batches)):
        yield batches[at]


def _padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, texts))
    rows = [[*ids, *[PAD] * (longest - len(ids))] for ids in texts]
    return torch.tensor(rows), torch.tensor([len(ids) for ids in texts])

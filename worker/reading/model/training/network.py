"""The encoder and its head in a form that can be trained; the same arithmetic as worker/reading/model/encoder.py."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from worker.reading.model.encoder import HEADS
from worker.reading.model.opinion import PIECES
from worker.reading.model.training.source import Source

_EPSILON = 1e-12


class Block(nn.Module):
    """Self-attention, then the two-layer network."""

    def __init__(self, width: int, drop: float) -> None:
        super().__init__()
        self.drop = drop
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.attention = nn.LayerNorm(width, _EPSILON)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)
        self.output = nn.LayerNorm(width, _EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        query, key, value = self.qkv(x).view(batch, length, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        chance = self.drop if self.training else 0.0
        # no dropout inside attention: torch has a fast way without it, and it gained nothing
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        x = self.attention(x + functional.dropout(mixed, chance))
        narrow = self.narrow(functional.gelu(self.widen(x), approximate="tanh"))
        return self.output(x + functional.dropout(narrow, chance))


class Network(nn.Module):
    """Pieces in, one number for each intent out: encoder, mean over all pieces, linear head."""

    def __init__(self, source: Source, kept: Sequence[int], depth: int, intents: int, drop: float = 0.1) -> None:
        super().__init__()
        self.drop = drop
        self.words = nn.Embedding(len(kept), source.width)
        self.positions = nn.Parameter(torch.zeros(PIECES, source.width))
        self.norm = nn.LayerNorm(source.width, _EPSILON)
        self.blocks = nn.ModuleList(Block(source.width, drop) for _ in range(depth))
        self.head = nn.Linear(source.width, intents)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self._fill(source, list(kept))

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """One row of numbers for each piece."""
        chance = self.drop if self.training else 0.0
        x = functional.dropout(self.norm(self.words(ids) + self.positions[: ids.shape[1]]), chance)
        for block in self.blocks:
            x = block(x, mask[:, None, None, :])
        return x

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        mask = torch.arange(ids.shape[1])[None] < lengths[:, None]
        real = mask[..., None].float()
        mean = (self.states(ids, mask).float() * real).sum(1) / real.sum(1)
        result: Tensor = self.head(functional.dropout(mean, self.drop if self.training else 0.0))
        return result

    @torch.no_grad()
    def _fill(self, source: Source, kept: list[int]) -> None:
        width = source.width

        def put(parameter: Tensor, values: NDArray[np.float32]) -> None:
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)).view(parameter.shape))

        weights = source.weights
        put(self.words.weight, weights["emb.word"].reshape(-1, width)[kept])
        put(self.positions, (weights["emb.pos"].reshape(-1, width) + weights["emb.type"][:width])[:PIECES])
        put(self.norm.weight, weights["emb.ln.w"])
        put(self.norm.bias, weights["emb.ln.b"])
        for i, block in enumerate(self.blocks):
            put(block.qkv.weight, np.concatenate([weights[f"l{i}.{part}.w"] for part in "qkv"]))
            put(block.qkv.bias, np.concatenate([weights[f"l{i}.{part}.b"] for part in "qkv"]))
            for module, name in (
                (block.out, "ao"),
                (block.attention, "aln"),
                (block.widen, "fi"),
                (block.narrow, "fo"),
                (block.output, "oln"),
            ):
                put(module.weight, weights[f"l{i}.{name}.w"])
                put(module.bias, weights[f"l{i}.{name}.b"])


def packed(network: Network) -> dict[str, NDArray[np.generic]]:
    """The arrays of a weights file: matrices at 8 bits with one scale a row, all else at 32."""
    arrays: dict[str, NDArray[np.generic]] = {}

    def plain(name: str, values: Tensor) -> None:
        arrays[name] = values.detach().float().numpy()

    def matrix(name: str, values: Tensor) -> None:
        numbers = values.detach().float().numpy()
        scales = np.maximum(np.abs(numbers).max(axis=1), 1e-8) / 127
        arrays[name] = np.clip(np.rint(numbers / scales[:, None]), -127, 127).astype(np.int8)
        arrays[f"{name}.scale"] = scales.astype(np.float32)

    matrix("words", network.words.weight)
    plain("positions", network.positions)
    plain("scale", network.norm.weight)
    plain("shift", network.norm.bias)
    for i, block in enumerate(network.blocks):
        for name in ("qkv", "out", "widen", "narrow"):
            linear = getattr(block, name)
            matrix(f"{i}.{name}", linear.weight)
            plain(f"{i}.{name}.bias", linear.bias)
        for name in ("attention", "output"):
            norm = getattr(block, name)
            plain(f"{i}.{name}.scale", norm.weight)
            plain(f"{i}.{name}.shift", norm.bias)
    plain("head", network.head.weight)
    plain("head.bias", network.head.bias)
    return arrays

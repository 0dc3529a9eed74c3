"""Turns the pieces of a text into one vector each: a small transformer encoder, computed with numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix: TypeAlias = NDArray[np.float32]

HEADS = 12
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Layer:
    """One transformer block, its matrices laid out as input x output."""

    qkv: Matrix
    qkv_bias: Matrix
    out: Matrix
    out_bias: Matrix
    attention_scale: Matrix
    attention_shift: Matrix
    widen: Matrix
    widen_bias: Matrix
    narrow: Matrix
    narrow_bias: Matrix
    output_scale: Matrix
    output_shift: Matrix


@dataclass(frozen=True, slots=True)
class Encoder:
    """The weights of the encoder; `words` stays at 8 bits, with one scale for each piece."""

    words: NDArray[np.int8]
    word_scales: Matrix
    positions: Matrix
    scale: Matrix
    shift: Matrix
    layers: tuple[Layer, ...]

    def encode(self, ids: Sequence[int]) -> Matrix:
        """One row of numbers for each id; at most as many ids as there are positions (ValueError)."""
        import numpy as np

        if not 0 < len(ids) <= len(self.positions):
            raise ValueError(f"{len(ids)} pieces; the encoder takes 1 to {len(self.positions)}")
        rows = np.asarray(ids)
        x = self.words[rows].astype(np.float32) * self.word_scales[rows, None]
        x += self.positions[: len(rows)]
        x = _normalise(x, self.scale, self.shift)
        for layer in self.layers:
            x = _block(x, layer)
        return x


def from_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> Encoder:
    """The encoder from the arrays of a weights file, its matrices widened from 8 bits to 32."""
    import numpy as np

    def plain(name: str) -> Matrix:
        return arrays[name].astype(np.float32)

    def matrix(name: str) -> Matrix:
        # stored as output x input with one scale a row; multiplied into the layout that matmul reads fastest
        widened: Matrix = np.multiply(arrays[name].T, plain(f"{name}.scale"), dtype=np.float32, order="C")
        return widened

    def layer(i: int) -> Layer:
        return Layer(
            qkv=matrix(f"{i}.qkv"),
            qkv_bias=plain(f"{i}.qkv.bias"),
            out=matrix(f"{i}.out"),
            out_bias=plain(f"{i}.out.bias"),
            attention_scale=plain(f"{i}.attention.scale"),
            attention_shift=plain(f"{i}.attention.shift"),
            widen=matrix(f"{i}.widen"),
            widen_bias=plain(f"{i}.widen.bias"),
            narrow=matrix(f"{i}.narrow"),
            narrow_bias=plain(f"{i}.narrow.bias"),
            output_scale=plain(f"{i}.output.scale"),
            output_shift=plain(f"{i}.output.shift"),
        )

    depth = sum(name.endswith(".qkv") for name in arrays)
    return Encoder(
        words=arrays["words"].view(np.int8),
        word_scales=plain("words.scale"),
        positions=plain("positions"),
        scale=plain("scale"),
        shift=plain("shift"),
        layers=tuple(layer(i) for i in range(depth)),
    )


def _block(x: Matrix, layer: Layer) -> Matrix:
    """Self-attention, then the two-layer network, each added to its input and normalised."""
    import numpy as np

    count, width = x.shape
    split = x @ layer.qkv
    split += layer.qkv_bias
    query, key, value = split.reshape(count, 3, HEADS, width // HEADS).transpose(1, 2, 0, 3)
    weights = query @ key.transpose(0, 2, 1)
    weights *= np.float32((width // HEADS) ** -0.5)
    weights -= weights.max(axis=2, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=2, keepdims=True)
    mixed = (weights @ value).transpose(1, 0, 2).reshape(count, width) @ layer.out
    mixed += layer.out_bias
    mixed += x
    x = _normalise(mixed, layer.attention_scale, layer.attention_shift)
    wide = x @ layer.widen
    wide += layer.widen_bias
    narrow = _gelu(wide) @ layer.narrow
    narrow += layer.narrow_bias
    narrow += x
    return _normalise(narrow, layer.output_scale, layer.output_shift)


def _normalise(x: Matrix, scale: Matrix, shift: Matrix) -> Matrix:
    """Layer normalisation: each row to mean 0 and variance 1, then scaled and shifted. Changes `x`."""
    import numpy as np

    x -= x.mean(axis=1, keepdims=True)
    x /= np.sqrt((x * x).mean(axis=1, keepdims=True) + np.float32(_EPSILON))
    x *= scale
    x += shift
    return x


def _gelu(x: Matrix) -> Matrix:
    """The GELU function in its tanh form, which the weights were trained with (numpy has no erf)."""
    import numpy as np

    inner = x * x
    inner *= np.float32(0.044715)
    inner += np.float32(1.0)
    inner *= x
    inner *= np.float32(0.7978845608028654)
    np.tanh(inner, out=inner)
    inner += np.float32(1.0)
    inner *= x
    inner *= np.float32(0.5)
    return inner

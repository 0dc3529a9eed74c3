"""French typography: what may not begin a line, or end one, is held by a space that does not break."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from worker.writing.summary.words import Words

_BEFORE = re.compile(r" (?=[;:?!»%])")
_AFTER = re.compile(r"(?<=«) ")


def held(text: str) -> str:
    """The text with its spaces before ; : ? ! » % and after « made unbreakable."""
    return _AFTER.sub("\xa0", _BEFORE.sub("\xa0", text))


def typeset(words: Words) -> Words:
    """The words with every sentence so set; what the owner sends back stays as it is typed."""
    kept = {"orders", "refuted"}
    changed: dict[str, Any] = {
        one.name: {key: _held(value) for key, value in table.items()}
        for one in fields(words)
        if one.name not in kept and isinstance(table := getattr(words, one.name), Mapping)
    }
    return replace(words, **changed)


def _held(value: Any) -> Any:
    return tuple(held(one) for one in value) if isinstance(value, tuple) else held(value)

"""Variables in a form that a template can read and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Any


class Fields:
    """Variables as a template sees them: read by name, tested for emptiness, gone through, nothing else."""

    __slots__ = ("_label", "_values")

    def __init__(self, values: Mapping[str, Any], label: str = "") -> None:
        self._label = label
        self._values = {str(key): sealed(value, self.path(str(key))) for key, value in values.items()}

    def path(self, key: str) -> str:
        """How a template names the value of `key`: "contact.role"."""
        return f"{self._label}.{key}" if self._label else key

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def get(self, key: str, otherwise: Any = None) -> Any:
        """The value of `key`, or `otherwise` where there is none."""
        return self._values.get(key, otherwise)

    def items(self) -> tuple[tuple[str, Any], ...]:
        """All names with their values, in order."""
        return tuple(self._values.items())


def sealed(value: Any, label: str = "") -> Any:
    """A value in a form that a template cannot change or reach through: text, numbers, dates, tuples, Fields."""
    if value is None or isinstance(value, bool | int | float | date | datetime | time | Fields):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return Fields(value, label)
    if is_dataclass(value) and not isinstance(value, type):
        return Fields({field.name: getattr(value, field.name) for field in fields(value)}, label)
    if isinstance(value, Iterable):
        return tuple(sealed(item, label) for item in value)
    raise TypeError(f"a template cannot be given a {type(value).__name__}")

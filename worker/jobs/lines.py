"""The lines of `askaround check`: what was looked at, how it stands, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST = 10  # people that are named for one thing; the rest is counted


class Grade(StrEnum):
    """How a line ended."""

    ok = "ok"
    note = "note"
    bad = "bad"
    wrong = "wrong"  # the user wrote something that cannot work


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at; `rows` are a table below it, its head first."""

    what: str
    grade: Grade
    says: str
    todo: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def some(people: list[str]) -> str:
    """A few of them by name, the rest counted."""
    more = f" and {len(people) - MOST} more" if len(people) > MOST else ""
    return ", ".join(people[:MOST]) + more

"""The lines of `askaround check`: what was looked at, how it stands, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from worker.errors import AskaroundError, WorldError

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


def failed(what: str, error: AskaroundError, *, begin: str = "", grade: Grade | None = None) -> Line:
    """The line of an error: what happened, where, what to do."""
    by_itself = Grade.bad if isinstance(error, WorldError) else Grade.wrong
    says = f"{begin}{error.what} ({error.where})" if error.where else f"{begin}{error.what}"
    return Line(what, grade or by_itself, says, error.todo or "")


def some(people: list[str]) -> str:
    """A few of them by name, the rest counted."""
    more = f" and {len(people) - MOST} more" if len(people) > MOST else ""
    return ", ".join(people[:MOST]) + more

"""Sets rows in columns as plain text: what `status` prints, without loading what draws tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

GAP = "  "
NARROWEST = 8  # of a column that has to give room
LAST = 24  # of the last column, which is wrapped


def in_columns(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """The lines of a table `width` columns wide: the last column is wrapped, another is cut where room is short."""
    cells = [[printable(cell) for cell in row] for row in (head, *rows)]
    wide = [max(_width(row[at]) for row in cells) for at in range(len(head))]
    last = len(wide) - 1
    wide[last] = min(wide[last], max(LAST, width - sum(wide[:last]) - len(GAP) * last))
    while sum(wide) + len(GAP) * last > width and max(wide[:last], default=0) > NARROWEST:
        wide[max(range(last), key=lambda at: wide[at])] -= 1
    indent = " " * (sum(wide[:last]) + len(GAP) * last)
    for row in cells:
        first, *more = _wrapped(row[last], wide[last])
        yield GAP.join([*(_set(row[at], wide[at]) for at in range(last)), first]).rstrip()
        yield from (indent + line for line in more)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def printable(text: object, limit: int = 300) -> str:
    """Words of strangers as one harmless line: no control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _set(cell: str, width: int) -> str:
    if _width(cell) > width:
        while cell and _width(cell) > width - 1:
            cell = cell[:-1]
        cell += "…"
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    """How many columns a terminal gives it: two for the wide letters of East Asia, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

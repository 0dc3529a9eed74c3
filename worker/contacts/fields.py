"""What a field of a contact may hold, and how a cell becomes one."""

from __future__ import annotations

import re

from worker.contacts.encoding import unmangled

LONGEST = 200
LONGEST_TEXT = 2000
LONG = ("notes", "opening")
NAMES = (
    "email name first_name last_name company role profession phone timezone country language opening notes source "
    "referred_by"
).split()
"""The fields of a contact that a file or a person can fill."""

FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
AROUND = " \t\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}\u200e\u200f"
NOTHING = frozenset(
    ("-", "--", "---", "\N{EN DASH}", "\N{EM DASH}", "?", "n/a", "na", "none", "null", "nil", "k.a.", "unknown")
)
_ENCODED_WORD = re.compile(r"=\?.*\?=|=\?[\w.*-]+\?[bq]\?", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\s*[\r\n]+\s*")


class Unusable(ValueError):
    """Why a row, or a value, cannot be used: a sentence without its full stop."""


def limit(field: str) -> int:
    """How many characters a field may have."""
    return LONGEST_TEXT if field in LONG else LONGEST


def clean(cell: str, field: str, longest: int | None = None, *, lines: bool = False) -> str:
    """The value of a cell; raises Unusable for what may not stand in one. `lines` joins several lines with a slash."""
    value = unmangled(cell.strip(AROUND))
    if lines:
        value = _LINE_ENDS.sub(" / ", value.strip())
    allowed = limit(field) if longest is None else longest
    if len(value) > allowed:
        raise Unusable(f"{field} has {len(value)} characters, {allowed} are allowed")
    if FORBIDDEN.search(value):
        raise Unusable(f"{field} holds a line break or a control character")
    if _ENCODED_WORD.search(value):
        raise Unusable(f"{field} holds an encoded word (=?...?=)")
    return value

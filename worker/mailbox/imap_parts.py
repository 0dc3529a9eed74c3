"""The parts of IMAP's answers and questions: what a folder and a mail are to us, literals, numbers, strings, dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class FolderStatus(NamedTuple):
    """What EXAMINE says; `uidvalidity` is 0 where the server names none.

    `uidnext` is worked out from the mails that are there where it was not `told`.
    """

    uidvalidity: int
    uidnext: int
    exists: int
    told: bool = True


class HeaderItem(NamedTuple):
    """The header fields of one message.

    `internaldate` is aware, UTC, None where the server's date cannot be read. `headers` is None where the server
    would not give them though the message is there: try again at the next reading. `asked` is False where it was not
    asked for alone, since nothing came any more. `draft` says that it was not sent yet; told in a folder of all mail.
    """

    uid: int
    internaldate: datetime | None
    size: int
    headers: bytes | None
    draft: bool = False
    asked: bool = True


class Written(NamedTuple):
    """A mail that was written to somebody."""

    uid: int
    date: datetime | None
    message_id: str | None
    token: str | None


def section(data: dict[bytes, Any], name: bytes) -> bytes | None:
    """The literal of a BODY section, however the server spells the rest of its name; None for NIL or nothing."""
    for key, value in data.items():
        if isinstance(key, bytes) and key.upper().startswith(name):
            if isinstance(value, int):
                # A body of digits alone, sent as an atom or a quoted string.
                return str(value).encode()
            return value if isinstance(value, bytes) else None
    return None


def is_draft(data: dict[bytes, Any]) -> bool:
    """Whether a FETCH answer with FLAGS, and Gmail's X-GM-LABELS, is about a draft that nobody sent."""
    said: set[object] = set()
    for key in (b"FLAGS", b"X-GM-LABELS"):
        given = data.get(key)
        if isinstance(given, tuple):
            said |= {one.lower() for one in given if isinstance(one, bytes)}
    return bool(said & {b"\\draft", b"\\drafts"}) and b"\\sent" not in said


def as_number(value: object) -> int:
    """A number in an answer, of whatever shape; 0 where there is none."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return 0


def as_words(lines: Sequence[object]) -> str:
    """What a server said with its NO or BAD."""
    return " ".join(line.decode("utf-8", "replace") for line in lines if isinstance(line, bytes))[:200]


def quoted(value: str) -> str:
    """A quoted string (RFC 3501 4.3); line ends cannot be in one and are no part of an id or address."""
    clean = re.sub(r"[\r\n\0]", "", value)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def search_day(since: date) -> str:
    """A SEARCH date, one day early: servers compare in a zone of their own."""
    day = since - timedelta(days=1)
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year:04d}"

"""Header fields as bytes: encoded words, folding, and nothing that could become a second field."""

from __future__ import annotations

import base64
import re
import unicodedata
from datetime import datetime

from worker.errors import AskaroundError

MAX_LINE = 78
"""RFC 5322 section 2.1.1: what a line should hold, without its end."""

HARD_LINE = 998
"""RFC 5322 section 2.1.1: what a line must not exceed."""

_MAX_WORD = 75  # RFC 2047 section 2: the longest encoded word
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?([bBqQ])\?([^?]*)\?=")
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff\ufff9-\ufffb]")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def one_line(text: str, *, limit: int) -> str:
    """Text that may stand in a header: one line, no control or direction characters, no encoded words in disguise.

    Line ends of every alphabet (CR, LF, VT, FF, U+0085, U+2028, U+2029) and controls become a blank; encoded
    words are decoded until none is left, so that no reader can find a line end in one (a subject such as
    "=?utf-8?q?Hi=0ABcc:_x?=" becomes two header lines in some mail programs). Cut at `limit` characters.
    """
    for _ in range(4):
        # in each round: one of them between "=" and "?" would hide an encoded word until it is taken out
        undone = _UNSEEN.sub("", _ENCODED_WORD.sub(_decoded_word, text))
        if undone == text:
            break
        text = undone
    while "=?" in text:
        text = text.replace("=?", "= ")
    text = "".join(_visible(c) for c in text)
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return text[:limit].rstrip()


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return " " if category in ("Cc", "Zl", "Zp") else character


def _decoded_word(found: re.Match[str]) -> str:
    how, content = found.group(1).lower(), found.group(2)
    try:
        if how == "b":
            raw = base64.b64decode(content + "=" * (-len(content) % 4))
        else:
            unquoted = re.sub("=([0-9A-Fa-f]{2})", lambda hexed: chr(int(hexed.group(1), 16)), content)
            raw = unquoted.replace("_", " ").encode("latin-1")
    except ValueError:
        return content.replace("=", " ")
    return raw.decode("utf-8", "replace")


def text_field(name: str, text: str) -> bytes:
    """An unstructured field such as Subject; `text` has been through `one_line`."""
    words = text.split(" ")
    plain = text.isascii() and "=?" not in text and all(len(word) < MAX_LINE - len(name) - 2 for word in words)
    if plain:
        return _folded(name, words)
    mark = ["Re:"] if text.startswith("Re: ") else []
    coded = encoded_words(text.removeprefix("Re: ") if mark else text, first=_MAX_WORD - len(name) - 2 - 4 * len(mark))
    return _folded(name, mark + coded)


def address_field(name: str, display: str, address: str) -> bytes:
    """A From, To or Reply-To field with one mailbox (RFC 5322 section 3.4); `address` has been checked."""
    if not display:
        return _folded(name, [address])
    quoted = display.replace("\\", "\\\\").replace('"', '\\"')
    if not display.isascii() or "=?" in display or len(quoted) > 60:
        shown = encoded_words(display, first=_MAX_WORD - len(name) - 2)
    elif all(_ATOM.fullmatch(word) for word in display.split(" ")):
        shown = display.split(" ")
    else:
        shown = [f'"{quoted}"']
    return _folded(name, [*shown, f"<{address}>"])


def plain_field(name: str, tokens: list[str]) -> bytes:
    """A field of ASCII tokens, folded between them (References, Message-ID, Date)."""
    return _folded(name, tokens)


def date_value(moment: datetime) -> str:
    """A date and time as in RFC 5322 section 3.3, in the zone that `moment` carries."""
    offset = moment.utcoffset()
    if offset is None:
        raise AskaroundError("A mail needs a date with its zone.", where="Date")
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month - 1]} {moment.year:04d} "
        f"{moment:%H:%M:%S} {sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
    )


def encoded_words(text: str, *, first: int = _MAX_WORD) -> list[str]:
    """Text as RFC 2047 words of at most 75 characters, the first at most `first`; no character is split."""
    as_q = sum(1 if b in _Q_SAFE or b == 32 else 3 for b in text.encode())
    quoted = as_q <= 4 * len(text.encode()) / 3
    words: list[str] = []
    piece = ""
    for character in text:
        room = (first if not words else _MAX_WORD) - len("=?utf-8?q??=")
        if piece and len(_encode(piece + character, quoted)) > max(room, 12):
            words.append(piece)
            piece = ""
        piece += character
    words.append(piece)
    return [f"=?utf-8?{'q' if quoted else 'b'}?{_encode(word, quoted)}?=" for word in words]


def _encode(text: str, quoted: bool) -> str:
    raw = text.encode()
    if not quoted:
        return base64.b64encode(raw).decode("ascii")
    return "".join("_" if b == 32 else chr(b) if b in _Q_SAFE else f"={b:02X}" for b in raw)


def _folded(name: str, tokens: list[str]) -> bytes:
    lines = [f"{name}:"]
    for token in tokens:
        fits = len(lines[-1]) + 1 + len(token) <= MAX_LINE
        # A token too long for any line stays beside the name: some servers lose a Message-ID on the next line.
        alone = lines[-1] == f"{name}:" and len(token) >= MAX_LINE
        if fits or alone:
            lines[-1] += f" {token}"
        else:
            lines.append(f" {token}")
    return "\r\n".join(lines).encode("ascii") + b"\r\n"

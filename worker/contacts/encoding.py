"""Which encoding the bytes of a table are in: a byte order mark, what is valid, what reads like words."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from worker.errors import ContactsError

BLOCK = 1 << 16
MIXED = "utf-8, with lines in cp1252"
"""What is UTF-8 but for some bytes, as in files that were put together by hand."""

# What one byte for a letter means, in the order of how often spreadsheets write it; the first wins a draw.
_SINGLE = ("cp1252", "mac-roman", "cp850", "iso8859-15")
_UNKNOWN_TO_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_HIGH = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
# UTF-8 that was read as cp1252 once and saved again: ä has become A with a tilde and a sign.
_MANGLED = re.compile(
    "[\u00c2\u00c3\u00c4\u00c5\u00e2][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


def name_of(source: BinaryIO, filename: str, wanted: str | None = None) -> str:
    """The encoding of a file of text, as Python calls it, or MIXED; `wanted` is taken as it is.

    Raises ContactsError where `wanted` is no encoding, or the bytes are not in it.
    """
    if wanted is not None:
        return _checked(source, filename, wanted)
    source.seek(0)
    head = source.read(BLOCK)
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(head) > 3 and head[1::2].count(0) > len(head) // 4 and not head[::2].count(0):
        return "utf-16-le"
    if len(head) > 3 and head[::2].count(0) > len(head) // 4 and not head[1::2].count(0):
        return "utf-16-be"
    return _of_bytes(source)


def text_of(source: BinaryIO, encoding: str) -> Iterator[str]:
    """The text of a file in blocks, from its beginning; bytes that are not in the encoding become U+FFFD."""
    source.seek(0)
    if encoding == MIXED:
        for line in source:
            yield _line(line)
        return
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)("replace")
    while block := source.read(BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def unmangled(text: str) -> str:
    """The text as it was before UTF-8 was taken for cp1252, where that is what happened to it."""
    if not _MANGLED.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _checked(source: BinaryIO, filename: str, wanted: str) -> str:
    try:
        name = codecs.lookup(wanted).name
        decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)()
        source.seek(0)
        while block := source.read(BLOCK):
            if not isinstance(decoder.decode(block), str):
                raise LookupError
        decoder.decode(b"", final=True)
    except (LookupError, TypeError, AttributeError):
        raise ContactsError(
            f"There is no encoding {wanted!r}.", where="--encoding", todo="For example utf-8, utf-16, cp1252, cp1250."
        ) from None
    except UnicodeError:
        raise ContactsError(
            f"The file is not in {wanted}.", where=filename, todo="Leave --encoding out to have it guessed."
        ) from None
    return name


def _of_bytes(source: BinaryIO) -> str:
    """UTF-8 where it is valid, or nearly; else the single-byte encoding in which its letters make words."""
    source.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid = True
    seen: set[int] = set()
    words: dict[bytes, int] = {}
    while block := source.read(BLOCK):
        if valid:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                valid = False
        if _HIGH.search(block):
            seen |= {byte for byte in block if byte > 127}
            if len(words) < 2000:
                for word in _WORD.findall(block):
                    words[word] = words.get(word, 0) + 1
    if valid:
        try:
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            valid = False
    if _some_are_utf8(words):
        return MIXED
    scores = {name: _score(words, name) for name in _SINGLE}
    best = max(_SINGLE, key=lambda name: scores[name])
    if best == "cp1252" and seen & _UNKNOWN_TO_CP1252:
        return "latin-1"  # the five bytes that cp1252 does not know stay control characters, and are told
    return best


def _some_are_utf8(words: dict[bytes, int]) -> bool:
    def is_utf8(word: bytes) -> bool:
        try:
            word.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    good = sum(count for word, count in words.items() if is_utf8(word))
    return good > 0 and good >= sum(words.values()) / 2


def _score(words: dict[bytes, int], name: str) -> int:
    """How much these words look like words: small letters within, capitals in front, no signs between letters."""
    score = 0
    for word, count in words.items():
        text = word.decode(name, "replace")
        for at, letter in enumerate(text):
            if ord(letter) < 128:
                continue
            before, after = text[at - 1 : at], text[at + 1 : at + 2]
            kind = unicodedata.category(letter)
            if kind == "Ll":
                score += count if before.isalpha() or after.isalpha() else 0
            elif kind == "Lu":
                score += count if not before.islower() and after.islower() else -count
            elif before.isalpha() and after.isalpha() and letter not in "\u2019\u2018\u00ad\u00b7\u2010\u2013":
                score -= 2 * count
            elif kind in ("Cc", "Cn", "Co", "So"):
                score -= count
    return score


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def as_file(data: bytes) -> BinaryIO:
    """Bytes as a file."""
    return io.BytesIO(data)

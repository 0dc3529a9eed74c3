"""The header of a mail, read from any bytes without ever raising."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from worker.reading.charset import decode, storable

Address = tuple[str, str]
"""A display name (may be empty) and an address in the writer's spelling."""

HEADER_LIMIT = 256 * 1024
"""Bytes of a header block that are looked at; real ones stay below 64 KB."""

FIELD_LIMIT = 64 * 1024
"""Bytes of one field that are looked at: a To with two thousand addresses."""

END_OF_HEADER = re.compile(rb"\r?\n[ \t]*\r?\n")
FIELD_NAME = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:")
ID = re.compile(r"<[^<>\s]{1,500}>")
BARE_ID = re.compile(r"[^\s<>@,;\"]{1,250}@[^\s<>@,;\"]{1,250}")
ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@[^\s<>()\[\],;:\"@]{1,255}")
PARENTHESES = re.compile(r"\(([^()]{0,200})\)")


@dataclass(frozen=True, slots=True)
class Headers:
    """What the header block says; ids keep their <>, addresses the writer's spelling, `date` is aware or None.

    `looks_automatic` says that the mail may be a bounce, an automatic answer, a report, a receipt or a calendar
    answer: worth fetching its body though it answers nothing of ours. `fields` keeps every field, decoded, with
    its name in lower case, in order of appearance.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_: tuple[Address, ...] = ()
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    token: str | None = None
    list_id: str | None = None
    return_path: str | None = None
    content_type: str = ""
    looks_automatic: bool = False
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def first(self, name: str) -> str:
        """The first field of that name (lower case), "" where there is none."""
        return next((value for key, value in self.fields if key == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """All fields of that name (lower case), in order."""
        return tuple(value for key, value in self.fields if key == name)

    def has(self, name: str) -> bool:
        """Whether a field of that name (lower case) stands in the header."""
        return any(key == name for key, _ in self.fields)

    @property
    def from_address(self) -> str:
        """The first address in From, lower case; "" where there is none."""
        return self.from_[0][1].lower() if self.from_ else ""

    @property
    def from_name(self) -> str:
        """The display name of the first address in From."""
        return self.from_[0][0] if self.from_ else ""


def parse(block: bytes) -> Headers:
    """The header block (or a whole mail) as Headers; any bytes, never raises. `looks_automatic` is not set here."""
    fields = tuple(split(block))
    get: dict[str, str] = {}
    for name, value in fields:
        get.setdefault(name, value)
    message_ids = ids(get.get("message-id", ""))
    list_id = get.get("list-id", "").strip()
    return Headers(
        message_id=message_ids[0] if message_ids else None,
        in_reply_to=ids(get.get("in-reply-to", "")),
        references=ids(get.get("references", "")),
        from_=addresses(get.get("from", "")),
        sender=addresses(get.get("sender", "")),
        reply_to=addresses(get.get("reply-to", "")),
        to=_all(fields, "to"),
        cc=_all(fields, "cc"),
        subject=" ".join(words(get.get("subject", "")).split()),
        date=moment(get.get("date", "")),
        token=get["x-askaround-token"].strip() if "x-askaround-token" in get else None,
        list_id=words(list_id) or None,
        return_path=get["return-path"].strip() if "return-path" in get else None,
        content_type=get.get("content-type", ""),
        fields=fields,
    )


def split(block: bytes) -> Iterator[tuple[str, str]]:
    """Name (lower case) and unfolded value of each field; lines that are no field are skipped (RFC 7103 7)."""
    name, value = "", bytearray()
    for line in block[: end(block)].splitlines():
        if line[:1] in (b" ", b"\t"):
            if name and len(value) < FIELD_LIMIT:
                value += b"\n" + line
            continue
        found = FIELD_NAME.match(line)
        if not found:
            continue
        if name:
            yield name, _unfold(value)
        name, value = found[1].decode("ascii").lower(), bytearray(line[found.end() :])
    if name:
        yield name, _unfold(value)


def end(block: bytes) -> int:
    """Where the header block ends: before the first empty line, at HEADER_LIMIT at the latest."""
    empty = END_OF_HEADER.search(block, 0, HEADER_LIMIT)
    return empty.start() if empty else min(len(block), HEADER_LIMIT)


def words(value: str) -> str:
    """A field's text with its encoded words decoded (RFC 2047), tolerant of what real mail writes."""
    if "=?" not in value:
        return value
    joined = BETWEEN_WORDS.sub(r"\1", value)
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    position = 0
    for found in ENCODED_WORD.finditer(joined):
        if found.start() > position:
            out.append(_decoded(pending))
            pending = []
            out.append(joined[position : found.start()])
        pending.append((found[1], _word_bytes(found[2], found[3])))
        position = found.end()
    out.append(_decoded(pending))
    out.append(joined[position:])
    return "".join(out).replace("\r", " ").replace("\n", " ")


def ids(value: str) -> tuple[str, ...]:
    """The message ids in a field, each once, with <>; a bare id gets them."""
    found = ID.findall(value)
    if not found:
        found = [f"<{one}>" for one in BARE_ID.findall(value)]
    return tuple(dict.fromkeys(found))


def addresses(value: str) -> tuple[Address, ...]:
    """Names and addresses of an address field; groups, comments, unquoted commas and quoted addresses are borne."""
    result: list[Address] = []
    before: list[str] = []  # what stands before the last comma, and holds no address
    name: list[str] = []
    for piece, kind in _tokens(value):
        if kind == "address":
            found = ADDRESS.search(piece)
            shown = _name("".join((*before, *name)))
            before, name = [], []
            if found:
                result.append((shown, found[0].strip(".'")))
        elif kind == "end":
            last = "".join(name)
            name = []
            found = ADDRESS.search(last)
            if found:
                note = PARENTHESES.search("".join((*before, last)))
                result.append((_name(note[1]) if note else "", found[0].strip("'")))
                before = []
            elif piece == "," and (before or last.strip()):
                # "Huber, Anna <a@x.example>" without quotes: the comma belongs to the name.
                before += (last, ", ")
            else:
                before = []
        else:
            name.append(piece)
    return tuple(result)


def moment(value: str) -> datetime | None:
    """The date of a Date field, aware (UTC where no zone is said), or None."""
    if not value or len(value) > 200:
        return None
    try:
        when = parsedate_to_datetime(PARENTHESES.sub("", value).strip())
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        when.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
    return when


def _all(fields: tuple[tuple[str, str], ...], name: str) -> tuple[Address, ...]:
    return tuple(pair for key, value in fields if key == name for pair in addresses(value))


def _unfold(value: bytes | bytearray) -> str:
    return decode(bytes(value[:FIELD_LIMIT])).replace("\r", "").replace("\n", "").strip()


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return binascii.a2b_base64(data[:-1] + b"=" * (-len(data[:-1]) % 4))


def _decoded(pending: list[tuple[str, bytes]]) -> str:
    """Neighbouring words of one charset as one text: writers cut a multi-byte letter in two."""
    out: list[str] = []
    for position, (charset, data) in enumerate(pending):
        if position and pending[position - 1][0].lower() == charset.lower():
            continue
        run = [data]
        for other, more in pending[position + 1 :]:
            if other.lower() != charset.lower():
                break
            run.append(more)
        out.append(decode(b"".join(run), charset))
    return "".join(out)


def _tokens(value: str) -> Iterator[tuple[str, str]]:
    """Pieces of an address field: ("...", "text"), ("a@b", "address"), (",", "end")."""
    position, length = 0, len(value)
    while position < length:
        char = value[position]
        if char == '"':
            close = position + 1
            while close < length and value[close] != '"':
                close += 2 if value[close] == "\\" else 1
            yield value[position + 1 : close].replace('\\"', '"').replace("\\\\", "\\"), "text"
            position = close + 1
        elif char == "<":
            close = value.find(">", position)
            close = length if close < 0 else close
            yield value[position + 1 : close], "address"
            position = close + 1
        elif char in ",;":
            yield char, "end"
            position += 1
        else:
            close = position + 1
            while close < length and value[close] not in '"<,;':
                close += 1
            yield value[position:close], "text"
            position = close
    yield "", "end"


def _name(text: str) -> str:
    shown = " ".join(storable(words(text)).split()).strip("'\" ,")
    return shown if len(shown) <= 200 else shown[:200]

"""A raw mail taken apart into its MIME parts by offsets, so that a giant costs no more than one look (RFC 2046)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote_to_bytes

from worker.reading import headers as header
from worker.reading import html
from worker.reading.charset import decode
from worker.reading.headers import Headers

DEPTH_LIMIT = 25
PARTS_LIMIT = 1000
BOUNDARY_LIMIT = 20_000
"""Lines that may look like a boundary of one multipart; more is an attack, and what follows is one part."""

TEXT_LIMIT = 1024 * 1024
"""Encoded bytes of one text part that are read."""

PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;\s]*(?:[^;\S\r\n]+(?![^\s=;]+=)[^;\s]+)*)')
GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([!-~ ]{1,70}?)[ \t]*\r?\nContent-", re.IGNORECASE)
STUB = re.compile(r"\bhtml\b|text.only|nur.text|formato html", re.IGNORECASE)
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")


@dataclass(frozen=True)
class Part:
    """One part: where its body lies in the raw bytes, what its header says, and the parts inside it."""

    raw: bytes = field(repr=False)
    start: int
    end: int
    headers: Headers = field(repr=False)
    type: str
    parameters: dict[str, str]
    children: tuple[Part, ...] = ()

    @property
    def encoding(self) -> str:
        """The transfer encoding, lower case."""
        return self.headers.first("content-transfer-encoding").strip().strip("\"';").lower()

    @property
    def disposition(self) -> str:
        """inline, attachment or ""."""
        return self.headers.first("content-disposition").split(";")[0].strip().lower()

    @property
    def filename(self) -> str:
        """The name of the file, "" where there is none."""
        named = parameters(self.headers.first("content-disposition")).get("filename", "")
        return header.words(named or self.parameters.get("name", ""))

    def data(self, limit: int = TEXT_LIMIT) -> bytes:
        """The body without its transfer encoding; at most `limit` encoded bytes are looked at."""
        body = self.raw[self.start : min(self.end, self.start + limit)]
        if self.encoding == "base64":
            return _base64(body)
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        if self.encoding in {"x-uuencode", "uuencode", "x-uue"}:
            return _uu(body)
        return body

    def text(self, limit: int = TEXT_LIMIT) -> str:
        """The body as text with plain line ends; HTML stays HTML, flowed lines are joined (RFC 3676)."""
        charset = self.parameters.get("charset")
        data = self.data(limit)
        if charset is None and self.type == "text/html":
            said = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", data[:4096], re.IGNORECASE)
            charset = said[1].decode("ascii") if said else None
        text = decode(data, charset).replace("\r\n", "\n").replace("\r", "\n")
        if self.parameters.get("format", "").lower() == "flowed" and self.type == "text/plain":
            return flowed(text, delsp=self.parameters.get("delsp", "").lower() == "yes")
        return text

    def walk(self, *, into_messages: bool = False) -> Iterator[Part]:
        """This part and all below it, in order; what lies in a forwarded message only when asked for."""
        yield self
        if self.type.startswith("message/") and not into_messages:
            return
        for child in self.children:
            yield from child.walk(into_messages=into_messages)


class Letter:
    """A mail: `headers`, the tree of parts under `root`, and the text that a person would read."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw = _lines(raw)
        self.begin = begin(raw)
        self._count = 0
        self.root = self._part(self.begin, len(raw), 0, "text/plain")
        self.headers = self.root.headers

    def parts(self, *, into_messages: bool = False) -> Iterator[Part]:
        """All parts in order, the root first."""
        return self.root.walk(into_messages=into_messages)

    @cached_property
    def text(self) -> str:
        """The text of the mail: plain text where there is one, HTML converted where there is none."""
        return "\n".join(piece for piece in self._texts(self.root) if piece.strip()).strip("\n")

    @cached_property
    def markup(self) -> str:
        """The HTML of the mail, "" where there is none."""
        return "\n".join(p.text() for p in self.parts() if p.type == "text/html" and p.disposition != "attachment")

    def _texts(self, part: Part) -> Iterator[str]:
        if part.type == "multipart/alternative" and part.children:
            choices = [
                "\n".join(piece for piece in self._texts(child) if piece.strip())
                for child in part.children
                if child.type not in {"text/calendar", "text/x-amp-html", "text/watch-html"}
            ]
            best = next((text for text in choices if text.strip()), "")
            richest = max(choices, key=len, default="")
            stub = len(best) < 300 and len(richest) > len(best) + 40 and STUB.search(best)
            yield richest if stub else best
        elif part.children and not part.type.startswith("message/"):
            for child in part.children:
                yield from self._texts(child)
        elif part.disposition == "attachment":
            return
        elif part.type in {"text/html", "text/enriched"}:
            yield html.to_text(part.text())
        elif part.type in {"text/plain", "text/markdown", "text"}:
            yield part.text()

    def _part(self, start: int, end: int, depth: int, default: str) -> Part:
        self._count += 1
        head_end, body = _body(self.raw, start, end)
        head = header.parse(self.raw[start:head_end] + b"\n\n") if head_end > start else Headers()
        declared = head.content_type
        kind = declared.split(";")[0].strip().strip("\"'").lower() or default
        if "/" not in kind and kind != "text":
            kind = default
        said = parameters(declared)
        children: tuple[Part, ...] = ()
        if depth < DEPTH_LIMIT and self._count < PARTS_LIMIT:
            if kind.startswith("multipart/"):
                children = self._children(kind, said, body, end, depth)
                if not children:
                    kind = "text/plain"
            elif kind in {"message/rfc822", "message/global"} and depth:
                encoding = head.first("content-transfer-encoding").strip().lower()
                if encoding not in {"base64", "quoted-printable"}:
                    children = (self._part(begin(self.raw, body, end), end, depth + 1, "text/plain"),)
        return Part(self.raw, body, end, head, kind, said, children)

    def _children(self, kind: str, said: dict[str, str], start: int, end: int, depth: int) -> tuple[Part, ...]:
        boundary = said.get("boundary", "").encode("utf-8", "replace").rstrip()
        spans = list(_spans(self.raw, boundary, start, end)) if boundary else []
        if not spans:
            # No boundary given, or one that never comes (RFC 7103): take the first line that acts as one.
            guess = GUESSED_BOUNDARY.search(self.raw, max(0, start - 1), min(end, start + 65536))
            spans = list(_spans(self.raw, guess[1], start, end)) if guess else []
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        found = []
        for first, last in spans:
            if self._count >= PARTS_LIMIT:
                break
            found.append(self._part(first, last, depth + 1, default))
        return tuple(found)


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, names in lower case (RFC 2045, RFC 2231)."""
    plain: dict[str, str] = {}
    split_up: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in PARAMETER.finditer(value[:8192]):
        name, text = found[1].lower(), found[2].strip()
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text[1:].removesuffix('"'))
        stem, star, rest = name.partition("*")
        if not star:
            plain.setdefault(name, text)
            continue
        number = rest.rstrip("*")
        piece = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        split_up.setdefault(stem, {})[piece] = (text, rest.endswith("*") or not rest)
    for stem, pieces in split_up.items():
        charset, data = None, b""
        for position, (text, coded) in sorted(pieces.items()):
            if coded and position == 0 and text.count("'") >= 2:
                charset, _, text = text.split("'", 2)
            data += unquote_to_bytes(text) if coded else text.encode("utf-8", "replace")
        plain[stem] = decode(data, charset)
    return plain


def flowed(text: str, *, delsp: bool = False) -> str:
    """Lines that end in a space joined with the next of the same quote depth (RFC 3676 4.1, 4.2)."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        soft = body.endswith(" ") and body != "-- "
        content = body[:-1] if soft and delsp else body
        if open_depth == depth and body != "-- ":
            out[-1] += content
        else:
            out.append((">" * depth + " " if depth else "") + content)
        open_depth = depth if soft else None
    return "\n".join(out)


def _lines(raw: bytes) -> bytes:
    """Bytes with CR alone as line end get LF; all others as they are."""
    if b"\n" not in raw[:65536] and b"\r" in raw[:65536]:
        return raw.replace(b"\r", b"\n")
    return raw


def begin(raw: bytes, start: int = 0, end: int | None = None) -> int:
    """Where the header begins: after a byte order mark, empty lines and an mbox "From " line."""
    end = len(raw) if end is None else end
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    while start < end and raw[start : start + 1] in (b"\r", b"\n"):
        start += 1
    if raw[start : start + 6].lstrip(b">").startswith(b"From "):
        newline = raw.find(b"\n", start, end)
        return newline + 1 if newline >= 0 else start
    return start


def _body(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header of a part ends and its body begins."""
    for empty in (b"\r\n", b"\n"):
        if raw.startswith(empty, start):
            return start, start + len(empty)
    found = header.END_OF_HEADER.search(raw, start, min(end, start + header.HEADER_LIMIT))
    if found:
        return found.start(), found.end()
    if header.FIELD_NAME.match(raw[start : start + 120]):
        return min(end, start + header.HEADER_LIMIT), end
    return start, start


def _spans(raw: bytes, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The bodies between boundary lines; a missing last boundary ends with the enclosing part."""
    mark = b"--" + boundary
    position, opened, tries = start, -1, 0
    while (hit := raw.find(mark, position, end)) >= 0 and tries < BOUNDARY_LIMIT:
        tries += 1
        position = hit + len(mark)
        if hit > start and raw[hit - 1] != 0x0A:
            continue
        newline = raw.find(b"\n", position, end)
        line_end = newline if newline >= 0 else end
        tail = raw[position : min(line_end, position + 200)].strip()
        if tail not in (b"", b"--"):
            continue
        if opened >= 0:
            last = hit - 1 if hit > opened else hit
            if last > opened and raw[last - 1] == 0x0D:
                last -= 1
            yield opened, max(opened, last)
        opened = -1 if tail else min(line_end + 1, end)
        position = max(position, line_end)
        if tail and raw.find(mark, position, end) < 0:
            return
    if opened >= 0:
        yield opened, end


def _base64(body: bytes) -> bytes:
    data = NOT_BASE64.sub(b"", body)
    if b"=" in data.rstrip(b"="):
        # Several encoded runs in one part, as list footers make them.
        return b"".join(_base64(run) for run in data.replace(b"=", b" ").split()[:100])
    data = data.rstrip(b"=")
    data = data[: len(data) - 1] if len(data) % 4 == 1 else data
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def _uu(body: bytes) -> bytes:
    out = bytearray()
    for line in body.splitlines():
        if line.startswith((b"begin ", b"end")):
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(out)

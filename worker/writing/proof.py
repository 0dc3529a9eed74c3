"""Reads a finished mail back, in two ways, and insists that it says what was meant and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from worker.errors import AskaroundError

if TYPE_CHECKING:
    from email.message import Message

    from worker.writing.compose import Header


def prove(raw: bytes, *, names: Sequence[str], header: Header, texts: Sequence[str]) -> None:
    """Raise AskaroundError unless `raw` has exactly the header fields `names`, once each and in this order, the
    addresses and the subject of `header`, and text parts that decode to `texts`.

    Two readers look: one that knows only lines (so that nothing is hidden behind a parser's leniency), and the
    standard library's oldest parser, which is what most programs do.
    """
    from email import message_from_bytes

    from worker.writing.compose import shown_subject

    found = dict(_split(raw, names))
    message = message_from_bytes(raw)
    if [name.casefold() for name in message.keys()] != [name.casefold() for name in names]:  # noqa: SIM118  repeated
        _refuse("another parser finds other header fields", raw)
    if message.defects:
        _refuse("a parser finds defects", raw)
    for name, address in (("From", header.sender[1]), ("To", header.recipient[1])):
        _prove_address(found[name], str(message[name]), address)
    if _decoded(str(message["Subject"])) != shown_subject(header.subject):
        _refuse("the subject is not what was meant", raw)
    read = [_text_of(part) for part in message.walk() if not part.is_multipart()]
    if read != list(texts):
        _refuse("the text is not what was meant", raw)


def _split(raw: bytes, names: Sequence[str]) -> list[tuple[str, str]]:
    if re.search(rb"\r(?!\n)|(?<!\r)\n|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]", raw):
        _refuse("it holds a bare line end, a control character or a byte above 127", raw)
    if max(map(len, raw.split(b"\r\n"))) > 998:
        _refuse("a line is longer than 998 characters", raw)
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    fields: list[tuple[str, str]] = []
    for line in head.split("\r\n"):
        if line[:1] in (" ", "\t"):
            if not fields or not line.strip():
                _refuse("a header line continues nothing", raw)
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[\x21-\x39\x3b-\x7e]+", name):
            _refuse("a header line has no name", raw)
        fields.append((name, value.strip()))
    if [name for name, _ in fields] != list(names):
        _refuse("its header fields are not those that were meant", raw)
    return fields


def _prove_address(by_lines: str, by_parser: str, meant: str) -> None:
    from email.utils import getaddresses

    from worker.writing.compose import checked_address

    wanted = checked_address(meant, "address")
    if not (by_lines == wanted or by_lines.endswith(f" <{wanted}>")):
        _refuse("an address is not the one that was meant", by_lines.encode())
    if [address for _, address in getaddresses([by_parser.replace("\r\n", "")])] != [wanted]:
        _refuse("a parser finds another address", by_lines.encode())


def _decoded(value: str) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(re.sub(r"\r?\n(?=[ \t])", "", value))))
    except (HeaderParseError, LookupError, ValueError):
        return ""


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def _refuse(why: str, raw: bytes) -> None:
    raise AskaroundError(
        f"The finished mail does not pass its own check: {why}. It was not sent.",
        where=raw[:120].decode("ascii", "replace").splitlines()[0] if raw else None,
        todo="Look at the subject and the names in this mail; something in them cannot be written in a header.",
    )

"""The mail that a report sends back: its recipient and its Message-ID, wherever the report put it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.reading import headers as header
from worker.reading.headers import Headers
from worker.reading.letter import Letter, Part

SEPARATOR = re.compile(
    r"^[ \t>]*(?:[-=_*#~+]{2,}[ \t]*)?(?:below (?:this line )?(?:is|follows) (?:a |the )?(?:copy|original)"
    r"|(?:this|here|following) (?:is|are) (?:a |the )?(?:copy|headers|text|first|part|original|returned)"
    r"|(?:the )?(?:headers|header|text|body|contents?|copy|beginning|first .{0,20}lines) of (?:the "
    r"|your )?(?:original |returned |sent )?(?:message|mail)"
    r"|(?:your )?(?:original|unsent|returned|undelivered|undeliverable|failed|attached) (?:message|mail"
    r"|letter)\b(?:[ \t]*(?:follows?|headers?|text|body|header))?"
    r"|message (?:headers?|text|body|contents?|follows)|original (?:header|message)|returned (?:content|message)"
    r"|start of (?:the )?(?:returned|forwarded) message|included is a copy|the original message (?:follows|was)"
    r"|transcript of (?:the )?message"
    r"|en-t[êe]tes? d|текст|оригинал|ursprüngliche nachricht|kopie (?:der|ihrer)|以下|original-?nachricht"
    r"|mensaje original|message d'origine"
    r"|\*{3,} original)[^\n]{0,80}$",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines after which old systems print the returned message."""

FIELD = re.compile(
    r"^[ \t>]*(?:Return-Path|Received|Message-I[dD]|From|To|Subject|Date|MIME-Version|X-[\w-]+|Content-Type"
    r"|DKIM-Signature|Delivered-To|Sender"
    r"|Authentication-Results|ARC-[\w-]+|Reply-To|Cc|Envelope-[Tt]o)[ \t]*:[^\n]*$",
    re.MULTILINE,
)
MESSAGE_ID = re.compile(
    r"^[ \t>]*(?:X-Original-)?Message-ID[ \t]*:[ \t]*(?:\n[ \t>]*)?(<[^<>\s]{3,400}>)", re.IGNORECASE | re.MULTILINE
)
LOOSE_ID = re.compile(r"message[- ]id[^<\n]{0,30}(<[^<>\s@]{1,200}@[^<>\s]{1,200}>)", re.IGNORECASE)
BOUNDARY_LINE = re.compile(r"^[ \t]*[-=_*]{3,}[ \t]*$")


@dataclass(frozen=True, slots=True)
class Returned:
    """The report's own words, and the header of the mail that it returns (empty where it returns none)."""

    prose: str
    headers: Headers

    @property
    def found(self) -> bool:
        """Whether anything of the returned mail was found."""
        return bool(self.headers.fields)


def find(letter: Letter) -> Returned:
    """Split the report from what it returns: an attached message, attached headers, or text below a line."""
    prose, rest = divide(letter.text)
    attached = _attached(letter)
    if attached is None and rest:
        attached = _printed(rest)
    if attached is None or not attached.message_id:
        for part in letter.parts():
            if part.type.startswith("text/") and (inline := _printed(part.text(65536))) and inline.message_id:
                attached = attached or inline
    return Returned(prose, attached or Headers())


def original_id(letter: Letter, returned: Returned) -> str | None:
    """The Message-ID of the mail that the report is about: from the returned header, else from anywhere below."""
    if returned.headers.message_id:
        return returned.headers.message_id
    for part in letter.parts(into_messages=True):
        if part is letter.root and part.children:
            continue
        if part.type.startswith(("text/", "message/")):
            text = part.text(262144)
            hit = MESSAGE_ID.search(text) or LOOSE_ID.search(text)
            if hit and hit[1] != letter.headers.message_id:
                return hit[1]
    for name in ("x-original-message-id", "x-ms-exchange-parent-message-id", "in-reply-to", "references"):
        ids = header.ids(letter.headers.first(name))
        if ids:
            return ids[0]
    return None


def divide(text: str) -> tuple[str, str]:
    """The report's words and, below them, the message that is printed in the same text ("" where there is none)."""
    for hit in SEPARATOR.finditer(text, 0, 200_000):
        below = text[hit.end() :]
        if len(text[: hit.start()].strip(" \n-=*")) > 20 and len(FIELD.findall(below[:3000])) >= 2:
            return text[: hit.start()], below
    fields = list(FIELD.finditer(text, 0, 200_000))
    for first, third in zip(fields, fields[2:], strict=False):
        between = text[first.start() : third.end()]
        # Three fields close to one another with nothing but folded lines between them are a header.
        if all(FIELD.match(line) or line[:1] in {" ", "\t", ">", ""} for line in between.split("\n")):
            if "\n\n" in between.replace("\n\n\n", "\n\n") and between.count("\n") > 12:
                continue
            if len(text[: first.start()].strip(" \n-=*")) > 20:
                return text[: first.start()], text[first.start() :]
    return text, ""


def _attached(letter: Letter) -> Headers | None:
    best: Headers | None = None
    for part in letter.parts(into_messages=False):
        if part is letter.root:
            continue
        found = _header_of(part)
        if found is not None and (found.message_id or found.to):
            if found.message_id and found.to:
                return found
            best = best or found
    return best


def _header_of(part: Part) -> Headers | None:
    if part.type in {"message/rfc822", "message/global"}:
        if part.children:
            return part.children[0].headers
        return header.parse(part.data(65536).lstrip())
    if part.type in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "message/partial"}:
        return header.parse(part.data(65536).lstrip())
    named = part.disposition == "attachment" or part.filename
    if named and part.type in {"text/plain", "application/octet-stream", "message/external-body", "text/x-mail"}:
        return _printed(part.text(65536))
    return None


def _printed(text: str) -> Headers | None:
    """A header printed in text, with or without quote marks."""
    hit = FIELD.search(text)
    if not hit:
        return None
    block = text[hit.start() : hit.start() + 65536]
    marks = re.match(r"[ \t>]*", block)
    prefix = marks[0] if marks else ""
    lines = [line.removeprefix(prefix) if prefix else line for line in block.split("\n")]
    found = header.parse("\n".join(line.rstrip("\r") for line in lines).encode("utf-8", "replace"))
    return found if len(found.fields) >= 2 else None

"""The summary's bytes: one text in two forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from worker.errors import AskaroundError
from worker.writing.compose import Header, header_fields, plain_text, quoted_printable
from worker.writing.proof import prove
from worker.writing.summary.content import Attachment, SummaryContent
from worker.writing.summary.html import html
from worker.writing.summary.phrases import subject
from worker.writing.summary.text import text

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


def compose(content: SummaryContent, header: Header) -> bytes:
    """The mail to the owner: multipart/alternative (RFC 2046 section 5.1.4), text first.

    The subject is the summary's own where `header.subject` is empty; the token is that of the header, else that of
    the content. It says that it is automatic (RFC 3834 section 5), so that nothing answers it by itself.
    Raises AskaroundError as `writing.compose` does.
    """
    header = replace(
        header,
        subject=header.subject or subject(content),
        token=header.token or content.token,
        extra={"Auto-Submitted": "auto-generated", **header.extra},
    )
    parts = [("plain", plain_text(text(content))), ("html", plain_text(html(content)))]
    body = _alternatives(header.message_id, parts)
    texts = [part for _, part in parts]
    if content.attachments:
        body = _with_attachments(header.message_id, body, content.attachments)
        texts += [plain_text(one.text) for one in content.attachments]
    content_type, _, rest = body.partition(b"\r\n\r\n")
    fields = [*header_fields(header), ("Content-Type", content_type + b"\r\n")]
    raw = b"".join(line for _, line in fields) + b"\r\n" + rest
    prove(raw, names=[name for name, _ in fields], header=header, texts=texts)
    return raw


def _boundary(message_id: str, *parts: str) -> str:
    return "=_" + sha256("\0".join([message_id, *parts]).encode()).hexdigest()[:32]


def _alternatives(message_id: str, parts: Sequence[tuple[str, str]]) -> bytes:
    """The text in its forms, with the Content-Type that belongs to it."""
    boundary = _boundary(message_id, *(part for _, part in parts))
    raw = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode()
    for subtype, part in parts:
        raw += f"--{boundary}\r\n".encode() + _part(subtype, part)
    return raw + f"--{boundary}--\r\n".encode()


def _with_attachments(message_id: str, body: bytes, attachments: Sequence[Attachment]) -> bytes:
    """The text first, then the files (RFC 2046 section 5.1.3, RFC 2183)."""
    boundary = _boundary(message_id, "mixed", *(one.text for one in attachments))
    raw = f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode() + body
    for one in attachments:
        if not _FILE.fullmatch(one.name) or one.subtype not in ("plain", "calendar"):
            raise AskaroundError("This file may not be attached.", where=one.name[:80])
        raw += f'--{boundary}\r\nContent-Disposition: attachment; filename="{one.name}"\r\n'.encode()
        raw += _part(one.subtype, plain_text(one.text))
    return raw + f"--{boundary}--\r\n".encode()


def _part(subtype: str, text: str) -> bytes:
    return (
        (f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n").encode()
        + quoted_printable(text)
        + b"\r\n"
    )

"""The summary's bytes: one text in two forms."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from worker.writing.compose import Header, header_fields, plain_text, quoted_printable
from worker.writing.proof import prove
from worker.writing.summary.content import SummaryContent
from worker.writing.summary.html import html
from worker.writing.summary.phrases import subject
from worker.writing.summary.text import text


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
    boundary = "=_" + sha256("\0".join([header.message_id, *(part for _, part in parts)]).encode()).hexdigest()[:32]
    fields = header_fields(header)
    fields.append(("Content-Type", f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n'.encode()))
    raw = b"".join(line for _, line in fields) + b"\r\n"
    for subtype, part in parts:
        raw += (
            f"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        ).encode()
        raw += quoted_printable(part) + b"\r\n"
    raw += f"--{boundary}--\r\n".encode()
    prove(raw, names=[name for name, _ in fields], header=header, texts=[part for _, part in parts])
    return raw

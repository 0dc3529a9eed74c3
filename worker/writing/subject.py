"""The subject of an answer: theirs, with one "Re:"."""

from __future__ import annotations

import re

# How mail programs around the world mark answers and forwarded mail; with counters: "Re[2]:", "Re^3:", "RE (2):".
_MARKS = (
    "re|aw|antw|antwort|sv|vs|res|resp|rif|r|bls|odp|ynt|yn|vá|ats|απ|σχετ|回复|回覆|答复|答覆|回|返信|답장|"
    "fwd|fw|wg|tr|rv|enc|i|vb|vl|doorst|pd|továbbítás|πρθ|转发|轉寄|転送|전달"
)
_PREFIX = re.compile(
    rf"^(?:(?:{_MARKS})\s*(?:\[\d+\]|\(\d+\)|\^\d+|\*\d+)?\s*[:\uff1a]|\[(?:ext|external|externa?l?e?|externo|esterno)\]:?)\s*",
    re.IGNORECASE,
)


def reply_subject(subject: str | None) -> str:
    """Their subject with exactly one "Re:" before it, whatever marks of answers and forwards it had gathered."""
    text = " ".join((subject or "").split())
    while found := _PREFIX.match(text):
        text = text[found.end() :]
    return f"Re: {text}".rstrip()

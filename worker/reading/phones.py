"""Finds telephone numbers as they are written."""

from __future__ import annotations

import re

PHONE = re.compile(r"(?<![\w@/.,:#+-])(?:\+|\()?\d(?:\d|[ \u00a0./()-](?=[ \d(])){4,28}\d(?![\w@]|[.,]\d)")
NOT_PHONE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\s?\d{1,2}[./]\s?(?:\d{4}|\d{2})\b|\d{1,2}[.:]\d{2}\s?-\s?\d{1,2}[.:]\d{2}"
)
FAX = re.compile(
    r"(?:fax|telefax|télécopie|iban|ust|vat|siret|hrb|nif|cif|kvk|btw|bic|ticket|case|ref(?:erence)?"
    r"|order|#|nr\.?|no\.?)\W{0,6}(?:[-\w.]{0,6}\W{0,3})?$",
    re.I,
)


def find(text: str) -> list[tuple[int, int, str]]:
    """Start, end and the number as written, of what is plausibly a telephone number (7 to 15 digits, no fax)."""
    found: list[tuple[int, int, str]] = []
    for match in PHONE.finditer(text[:20000]):
        written = match.group().strip(" \u00a0.-/")
        if written.count(")") > written.count("("):
            written = written.rstrip(") ")
        digits = re.sub(r"\D", "", written)
        if (
            not 7 <= len(digits) <= 15
            or NOT_PHONE.search(written)
            or FAX.search(text[max(0, match.start() - 16) : match.start()])
        ):
            continue
        if not (written.startswith(("+", "0", "(")) or re.search(r"\d[ .-]\d", written)) or len(set(digits)) < 2:
            continue
        found.append((match.start(), match.end(), written))
    return found


def phones(text: str) -> tuple[str, ...]:
    """The telephone numbers of a text as written, in order, each once."""
    return tuple(dict.fromkeys(written for _, _, written in find(text)))

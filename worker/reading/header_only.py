"""What can be known of a mail before its body is fetched."""

from __future__ import annotations

from dataclasses import replace

from worker.reading import automatic, bounce, letter
from worker.reading import headers as header
from worker.reading.headers import Headers


def read(raw: bytes) -> Headers:
    """The header of a mail, or of a header block alone, with `looks_automatic` decided; never raises."""
    begin = letter.begin(raw)
    found = header.parse(raw[begin : begin + header.HEADER_LIMIT])
    return replace(found, looks_automatic=looks_automatic(found))


def looks_automatic(found: Headers) -> bool:
    """Whether the mail may be a report or an automatic answer: worth fetching, though it is no answer in a thread."""
    return automatic.looks_automatic(found) or bounce.from_system(found) or bounce.subject_says(found)

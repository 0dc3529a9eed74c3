"""What once broke the reader reads well now; new finds of the fuzzer are kept beside these."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.conversation.vocabulary import Context, Reading
from worker.reading import headers, text_hash
from worker.reading.reader import examine

FOUND = sorted(path for path in (Path(__file__).parent / "crashes").iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_it_gives_a_reading(path: Path) -> None:
    raw = path.read_bytes()
    assert isinstance(examine(raw, Context()), Reading)
    assert len(text_hash(raw)) == 64
    headers(raw)

"""Throws mutated mail at the reader: `make fuzz` (atheris). Its last arguments are libFuzzer's, such as a time."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["worker.reading"]):
    from worker.reading import headers, opened, text_hash
    from worker.reading.reader import examine

from tests.benchmarks.answers import CORPUS, mail, records
from tests.reading.test_any_bytes import SEEDS
from worker.conversation.vocabulary import Context, Step

CRASHES = Path(__file__).parent / "crashes"
SLOW = 4.0
"""Seconds of this process, which instruments every line; the fuzzer's inputs stay below 64 KB."""


def one(data: bytes) -> None:
    """Reads one input; any exception, and more time than SLOW, is a find."""
    began = time.process_time()
    examine(data, Context(step=Step.ask))
    headers(data)
    text_hash(data)
    if time.process_time() - began > SLOW:
        raise TimeoutError(f"more than {SLOW} s for {len(data)} bytes")


def main() -> None:
    """Fuzzes from mails of the corpus and of the tests; what breaks it stays in tests/fuzz/crashes."""
    with tempfile.TemporaryDirectory() as folder:
        begin = [*SEEDS, *(mail(record) for record in records(CORPUS)[::40])]
        for number, raw in enumerate(begin):
            (Path(folder) / str(number)).write_bytes(raw)
        for raw in begin[: len(SEEDS)]:
            examine(raw, Context())  # what is loaded once shall not count
        fixed = [f"-artifact_prefix={CRASHES}/", "-max_len=65536", "-timeout=20", "-rss_limit_mb=2048"]
        atheris.Setup([sys.argv[0], *fixed, *sys.argv[1:], folder], one)
        with opened():
            atheris.Fuzz()


if __name__ == "__main__":
    main()

"""Writes files that hold what people wrote: only their owner can read them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def written(path: Path, *, replace: bool = True) -> Iterator[IO[str]]:
    """A text file (mode 0600) that is there whole or not at all; - is stdout. Raises InputError, StoreError."""
    from worker.errors import InputError, StoreError

    if str(path) == "-":
        sys.stdout.flush()
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="", write_through=True)
        try:
            yield out
        finally:
            out.detach()
        return
    if path.exists() and not replace:
        raise InputError("The file is there already.", where=str(path), todo="Name another one, or add --force.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
        os.replace(part, path)
    except OSError as error:
        raise StoreError(f"The file cannot be written: {error.strerror}.", where=str(path)) from None
    finally:
        part.unlink(missing_ok=True)

"""Writes files that hold what people wrote: only their owner can read them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def written(path: Path, *, replace: bool = True) -> Iterator[TextIO]:
    """A text file (mode 0600) that is there whole or not at all; - is stdout. Raises InputError, StoreError.

    `buffer` of it takes bytes. A link stays a link; a pipe or device is written to as it is.
    """
    from worker.errors import InputError, StoreError

    if str(path) == "-":
        sys.stdout.flush()
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="", write_through=True)
        try:
            yield out
        finally:
            out.detach()
        return
    try:
        if path.exists() and not replace:
            raise InputError("The file is there already.", where=str(path), todo="Name another one, or add --force.")
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
                yield file
            return
        with _whole(Path(os.path.realpath(path))) as file:
            yield file
    except OSError as error:
        raise StoreError(f"The file cannot be written: {error.strerror}.", where=str(path)) from None


def tell_written(path: Path) -> None:
    """Say where it was written; nothing for stdout, which holds the file itself."""
    from worker.cli.opening import console, plain

    if str(path) != "-":
        console().print(f"written to {plain(path)}")


@contextmanager
def _whole(target: Path) -> Iterator[TextIO]:
    """A new file that takes the target's place at the end."""
    part = target.with_name(f".{target.name}.{os.urandom(6).hex()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)

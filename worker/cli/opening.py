"""Opens what a command works with: the settings, the database, the mailbox's desk."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from worker.jobs.desk import Desk
    from worker.settings import Settings
    from worker.store import Store

ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The configuration file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def settings_of(context: typer.Context, config: Path | None) -> Settings:
    """The settings: of the file that the command names, else of the one named before it, else the one found."""
    from worker.settings import load

    return load(config or context.obj, os.environ)


@contextmanager
def opened(context: typer.Context, config: Path | None) -> Iterator[tuple[Settings, Store, Desk]]:
    """Settings, store and the desk of the mailbox at this instant."""
    from worker.clock import SystemClock
    from worker.jobs.desk import Desk
    from worker.jobs.equip import equip, open_database
    from worker.jobs.ids import SecretIds

    settings = settings_of(context, config)
    now = SystemClock().now()
    store = open_database(settings, now)
    try:
        yield settings, store, Desk(equip(settings, store, now), now, SecretIds())
    finally:
        store.close()


def print_json(document: Any) -> None:
    """One JSON document on stdout, in UTF-8 whatever the locale says."""
    text = json.dumps(document, ensure_ascii=False, indent=None if isinstance(document, list) else 2)
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()


def console() -> Console:
    """Where tables go: as wide as the terminal, 100 columns elsewhere; no colour where nobody sees it."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else screen_width(), highlight=False, soft_wrap=False)


def screen_width() -> int:
    """The terminal's columns; $COLUMNS, else 100, where nobody looks on."""
    import shutil

    if sys.stdout.isatty():
        return shutil.get_terminal_size((100, 24)).columns
    given = os.environ.get("COLUMNS") or ""
    return int(given) if given.isdecimal() and int(given) > 0 else 100


def say(line: str = "") -> None:
    """One line as it is, in whatever letters the terminal can show."""
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "replace").decode(encoding))


def plain(text: object, limit: int = 300) -> str:
    """Words of strangers as one harmless line: no control characters, no markup."""
    from rich.markup import escape

    line = "".join(c if c.isprintable() else " " for c in str(text))
    line = " ".join(line.split())
    return escape(line if len(line) <= limit else line[: limit - 1] + "…")

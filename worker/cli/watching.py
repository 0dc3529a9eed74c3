"""How `status` looks on: one line for a health check, or the whole again and again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import typer

from worker.cli.columns import printable
from worker.cli.opening import say, settings_of

_CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def check(context: typer.Context, config: Path | None) -> None:
    """One line on whether the worker does its work; exit code 1 where it does not."""
    from worker.clock import SystemClock
    from worker.jobs import health

    found = health.check(settings_of(context, config), SystemClock().now())
    say(f"{'ok' if found.well else 'BAD'}: {printable(found.says, 500)}")
    if not found.well:
        raise typer.Exit(1)


def watch(show: Callable[[], None], seconds: float) -> None:
    """Show again and again until Ctrl-C; what goes wrong meanwhile is shown, and tried again."""
    from worker.errors import InputError, WorldError

    try:
        while True:
            if sys.stdout.isatty():
                print(_CLEAR, end="")
            try:
                show()
            except WorldError as error:
                if isinstance(error, InputError):
                    raise
                say(printable(error.sentence(), 500))
            say()
            say(f"{time.strftime('%H:%M:%S')}, again every {seconds:g} s; Ctrl-C ends")
            sys.stdout.flush()
            time.sleep(seconds)
    except KeyboardInterrupt:
        say()

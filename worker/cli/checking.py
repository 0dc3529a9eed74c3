"""The command check: everything that must be right before mail leaves."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.columns import in_columns, printable
from worker.cli.opening import ConfigOption, opened, say, screen_width

if TYPE_CHECKING:
    from worker.jobs.lines import Line

_MARKS = {"ok": "ok   ", "note": "note ", "bad": "BAD  ", "wrong": "WRONG"}
_INDENT = 6


def check(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no server, sign in nowhere.")] = False,
    send_me: Annotated[
        bool, typer.Option("--send-me", help="Mail each step to your own address, and see where it lands.")
    ] = False,
    wait: Annotated[int, typer.Option(metavar="SECONDS", min=0, max=600, help="How long to look for them.")] = 60,
    config: ConfigOption = None,
) -> None:
    """Config, secrets, templates, domain, log-ins, folders, clock, contacts, the first week: a line each."""
    from datetime import timedelta

    from worker.clock import SystemClock
    from worker.errors import InputError
    from worker.jobs.check import check as look
    from worker.settings.load import OPEN

    if offline and send_me:
        raise InputError("--send-me is given together with --offline.", todo="Keep one of them.")
    samples = (SystemClock(), timedelta(seconds=wait)) if send_me else None
    worst = 0
    with opened(context, config) as (settings, store, desk):
        secrets = (*settings.secret_files, settings.token_file)
        remarks = tuple(one for one in settings.remarks if OPEN not in one)  # those come as lines of their own
        for line in look(store, desk, offline=offline, remarks=remarks, secrets=secrets, samples=samples):
            show(line)
            worst = max(worst, {"bad": 1, "wrong": 2}.get(line.grade, 0))
    if worst:
        raise typer.Exit(worst)


def show(line: Line) -> None:
    """A line of the check, what to do below it; no longer than the screen is wide."""
    width = max(40, screen_width())
    for begin, text in ((f"{_MARKS[line.grade]} ", f"{line.what}: {printable(line.says, 2000)}"), ("", line.todo)):
        if text:
            for row in _wrapped(begin, text if begin else f"-> {printable(text, 1000)}", width):
                say(row)
    if line.rows:
        for row in in_columns(line.rows[0], line.rows[1:], width - _INDENT):
            say(" " * _INDENT + row)


def _wrapped(begin: str, text: str, width: int) -> list[str]:
    indent = " " * (_INDENT if begin else _INDENT + 3)
    return textwrap.wrap(
        text,
        width,
        initial_indent=begin or " " * _INDENT,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )

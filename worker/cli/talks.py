"""Commands around a talk: brief, tree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json

if TYPE_CHECKING:
    from collections.abc import Callable


def brief(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address, or an id (c3).")],
    ics: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the times there, for a calendar.")] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What to know before a talk with one person: who, what was written, what to look up, what to ask."""
    from worker.errors import InputError
    from worker.jobs.briefs import as_json, brief_of
    from worker.jobs.dates import ics as calendar

    with opened(context, config) as (_, store, desk):
        found = store.read(lambda tx: brief_of(tx, desk, who))
    if ics is not None:
        times = calendar(found)
        if times is None:
            raise InputError(
                f"No time is known for a talk with {found.name}; nothing was written.",
                todo=f'Say it: askaround tell {found.person.email or who} "talk on Friday at 15:00"',
            )
        write(ics, lambda: ics.write_bytes(times))
    if json:
        print_json(as_json(found))
    elif ics is not None:
        console().print(f"written to {plain(ics)}")
    else:
        sys.stdout.buffer.write(found.draft.body.encode("utf-8", "replace"))
        sys.stdout.flush()


def write(path: Path, work: Callable[[], object]) -> None:
    """Write a file; a failure is told as such."""
    from worker.errors import StoreError

    try:
        work()
    except OSError as error:
        raise StoreError(f"The file cannot be written: {error.strerror}.", where=str(path)) from None


def tree(
    context: typer.Context,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there as a page.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Also who led to nobody.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Who led to whom: how deep, how many of a branch said yes, who is still owed a word."""
    from worker.jobs.tree import tree as grow
    from worker.writing import tree as words
    from worker.writing.summary import words_for

    with opened(context, config) as (_, store, desk):
        roots = [one.json() for one in store.read(lambda tx: grow(tx, desk))]
        owner, language = desk.mailbox.owner.name, desk.mailbox.summary_language
    if html is not None:
        day = words_for(language).day(desk.today, short=False)
        write(html, lambda: html.write_text(words.html(roots, owner=owner, day=day, language=language), "utf-8"))
    if json:
        print_json({"schema_version": 1, "tree": roots})
    elif html is not None:
        console().print(f"written to {plain(html)}")
    else:
        sys.stdout.buffer.write(words.text(roots, everybody=all_).encode("utf-8", "replace"))
        sys.stdout.flush()

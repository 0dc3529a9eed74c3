"""Commands around a talk: brief, tree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.opening import ConfigOption, JsonOption, opened, print_json


def brief(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address, or an id (c3).")],
    ics: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the times there, for a calendar.")] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What to know before a talk with one person: who, what was written, what to look up, what to ask."""
    from worker.cli.files import tell_written, written
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
        with written(ics) as out:
            out.buffer.write(times)
    if json:
        print_json(as_json(found))
    elif ics is not None:
        tell_written(ics)
    else:
        sys.stdout.buffer.write(found.draft.body.encode("utf-8", "replace"))
        sys.stdout.flush()


def tree(
    context: typer.Context,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there as a page.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Also who led to nobody.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Who led to whom: how deep, how many of a branch said yes, who is still owed a word."""
    from worker.cli.files import tell_written, written
    from worker.jobs.tree import tree as grow
    from worker.writing import tree as words
    from worker.writing.summary import words_for

    with opened(context, config) as (_, store, desk):
        roots = [one.json() for one in store.read(lambda tx: grow(tx, desk))]
        owner, language = desk.mailbox.owner.name, desk.mailbox.summary_language
    if html is not None:
        day = words_for(language).day(desk.today, short=False)
        with written(html) as out:
            out.write(words.html(roots, owner=owner, day=day, language=language))
    if json:
        print_json({"schema_version": 1, "tree": roots})
    elif html is not None:
        tell_written(html)
    else:
        sys.stdout.buffer.write(words.text(roots, everybody=all_).encode("utf-8", "replace"))
        sys.stdout.flush()

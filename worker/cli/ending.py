"""Commands for the owner's own time: away, finish."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json


def away(
    context: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="[until DATE]", help="The last day of it.")] = None,
    until: Annotated[str | None, typer.Option(help="The same: 2026-12-01, friday, in two weeks.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="The first day; else today.")] = None,
    config: ConfigOption = None,
) -> None:
    """You are away: nothing leaves, no wait runs, mail is read. Without a date: when you are away. (resume ends it)"""
    from worker.jobs import absence

    said = " ".join(words or []) or until or ""
    with opened(context, config) as (_, store, desk):
        if said:
            console().print(absence.away(store, desk, said, first))
            return
        ahead = [one for one in sorted(set(desk.mailbox.owner.away)) if one[1] >= desk.today]
    for begins, ends in ahead:
        console().print(f"{begins.isoformat()} to {ends.isoformat()}")
    if not ahead:
        console().print("You are here.")


def finish(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """End the search: cancel what is pending, plan nothing new, draft thanks. Shows it first; resume takes it back."""
    from worker.jobs import finishing

    with opened(context, config) as (_, store, desk), store.turn_lock(desk.mailbox.address):
        planned = store.read(lambda tx: finishing.plan(tx, desk))
        if not json:
            _show(planned)
        done = yes or (not json and sys.stdin.isatty() and _asked())
        if done:
            store.transaction(lambda tx: finishing.finish(tx, desk))
    if json:
        print_json({"schema_version": 1, **planned.json(), "finished": done})
    elif done:
        console().print("You have finished. Nothing new is planned, nothing leaves by itself; mail is still read.")
        console().print("askaround outbox shows the drafts; askaround tell ID send lets one leave; resume takes it up.")
    else:
        console().print("Nothing was changed. (askaround finish --yes)")


def _asked() -> bool:
    return input("Finish? [y/n] ").strip().lower() in ("y", "yes")


def _show(planned: Any) -> None:
    out = console()
    parts = (
        ("Cancelled", planned.cancelled),
        ("Left as drafts that wait for your word", planned.kept),
        ("Thanks drafted, to wait for your word", planned.thanked),
        ("On their way already: their fate is settled as always", planned.on_their_way),
    )
    if not any(lines for _, lines in parts):
        out.print("Nothing is pending and nobody is open.")
    for title, lines in parts:
        if not lines:
            continue
        out.print(f"{title}:")
        for one in lines:
            who = f"{plain(one.name)} <{plain(one.email)}>" if one.name != one.email else plain(one.email)
            out.print(f"  {f'{one.id}  ' if one.id else ''}{one.step.replace('_', ' ')} to {who}")

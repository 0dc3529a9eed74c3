"""Commands about what is kept of people: suppress, unsuppress, forget, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json


def suppress(
    context: typer.Context,
    what: Annotated[
        str | None, typer.Argument(metavar="ADDRESS|DOMAIN", help="Who is never written to; without it: the list.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; shown where somebody is not added.")] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Never write to an address or a whole domain (again); without one, list who is not written to."""
    from worker.jobs.suppressing import suppress as add
    from worker.store import suppressions

    with opened(context, config) as (_, store, desk):
        done = add(store, desk, what, reason) if what is not None else []
        rows = store.read(lambda tx: suppressions.every(tx, desk.mailbox.id)) if what is None or json else []
    if json:
        shown = [{"what": row.what, "value": row.value, "reason": row.reason, "at": row.at.isoformat()} for row in rows]
        print_json({"schema_version": 1, "done": done, "suppressed": shown})
        return
    for line in done:
        console().print(plain(line))
    if what is None:
        _show(rows)


def _show(rows: list[Any]) -> None:
    from rich.table import Table

    table = Table("who", "since", "why", box=None, pad_edge=False)
    for row in rows:
        who = "(forgotten)" if row.what == "forgotten" else f"@{row.value}" if row.what == "domain" else row.value
        table.add_row(plain(who), f"{row.at:%Y-%m-%d}", plain(row.reason))
    console().print(table if rows else "Nobody is on the suppression list.")


def unsuppress(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="ADDRESS|DOMAIN", help="What is to be taken off the list.")],
    config: ConfigOption = None,
) -> None:
    """Take an address or a domain off the suppression list; what ended stays ended."""
    from worker.jobs.suppressing import unsuppress as lift

    with opened(context, config) as (_, store, desk):
        for line in lift(store, desk, what):
            console().print(plain(line))


def forget(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigOption = None,
) -> None:
    """Erase a person with all their mail from the database; only that they are never written to is kept, as a hash."""
    import secrets

    from worker.errors import InputError
    from worker.jobs.forget import forget as erase

    with opened(context, config) as (_, store, desk):
        if not yes:
            if not sys.stdin.isatty():
                raise InputError("This cannot be taken back; nothing was changed.", todo="Add --yes if you mean it.")
            print(f"Everything about {email} is erased from the database: contact, conversation, mails, story.")
            print("Your mailbox is not touched. It cannot be taken back.")
            if input("Forget them? [y/n] ").strip().lower() not in ("y", "yes"):
                raise typer.Exit(1)
        with store.turn_lock(desk.mailbox.address):
            done = erase(store, desk, email, secrets.token_hex(32))
    out = console()
    if done.was_known:
        out.print(f"{plain(email)} is forgotten, and is never written to again, also after a new import.")
    else:
        out.print(f"Nobody is known as {plain(email)}; what spoke of them is gone, and they are never written to.")
    if not done.rewritten:
        out.print("The file could not be written anew, since the service uses it: stop it and run this again.")
    for copy in done.copies:
        out.print(f"note: this copy still holds what it held: {plain(copy)}")
    if done.in_question is not None:
        domain = plain(done.in_question)
        out.print(f"Nobody asks you any more about others at {domain}. If nobody there is to be written to:")
        out.print(f"askaround suppress {domain}")
    out.print("Their mails in your mailbox, and copies elsewhere, are yours to delete.")


def export(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where the JSON goes, for your eyes alone; - for stdout.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write everything that is known to one JSON file."""
    from worker.cli.files import written
    from worker.jobs.export import write_everything

    with opened(context, config) as (_, store, desk), written(file, replace=force) as out:
        counts = write_everything(store, desk, out)
    if str(file) != "-":
        what = f"{counts['contact']} contacts, {counts['message']} answers, {counts['outbox']} mails of ours"
        console().print(f"{plain(file)}: {what}")

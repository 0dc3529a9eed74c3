"""Commands about contacts: add, contacts, contacts edit, contacts export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json

CampaignOption = Annotated[str, typer.Option(help="A label that chooses a folder of templates.")]


def look_in_sent(store: Any, desk: Any) -> list[str]:
    """Whom the owner wrote to before, where the mailbox answers; an import needs no network."""
    from dataclasses import replace

    from worker.errors import AskaroundError
    from worker.jobs import poll
    from worker.mailbox import imap

    try:
        with imap.connect(replace(desk.mailbox.imap, timeout=10.0)) as session:
            poll.begin(store, desk, session)
            found = poll.look_in_sent(store, desk, session)
    except AskaroundError as error:
        return [f"whether you wrote to them before is looked up later: {error.what}"]
    return [f"you wrote to {found} of them before; their ask waits for your ok"] if found else []


def add(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The person's address.")],
    name: Annotated[str | None, typer.Option(help="Their full name.")] = None,
    first_name: Annotated[str | None, typer.Option()] = None,
    last_name: Annotated[str | None, typer.Option()] = None,
    company: Annotated[str | None, typer.Option()] = None,
    role: Annotated[str | None, typer.Option()] = None,
    profession: Annotated[str | None, typer.Option()] = None,
    phone: Annotated[str | None, typer.Option()] = None,
    timezone: Annotated[str | None, typer.Option(help="For example Europe/Berlin.")] = None,
    country: Annotated[str | None, typer.Option()] = None,
    language: Annotated[str | None, typer.Option()] = None,
    opening: Annotated[str | None, typer.Option(help="One sentence for this person.")] = None,
    notes: Annotated[str | None, typer.Option()] = None,
    source: Annotated[str | None, typer.Option()] = None,
    referred_by: Annotated[str | None, typer.Option(help="The address of who named them.")] = None,
    campaign: CampaignOption = "default",
    config: ConfigOption = None,
) -> None:
    """Add one person."""
    import csv
    import io

    from worker.contacts import parse
    from worker.errors import InputError
    from worker.jobs.enlist import enlist

    given = {
        "email": email,
        "name": name,
        "first_name": first_name,
        "last_name": last_name,
        "company": company,
        "role": role,
        "profession": profession,
        "phone": phone,
        "timezone": timezone,
        "country": country,
        "language": language,
        "opening": opening,
        "notes": notes,
        "source": source,
        "referred_by": referred_by,
    }
    filled = {key: value for key, value in given.items() if value is not None}
    # One row of a file, so that a person is checked the same however they come in.
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(filled.keys())
    writer.writerow(filled.values())
    table = parse(text.getvalue().encode(), "add")
    if table.rejects:
        raise InputError(f"{email} was not added: {table.rejects[0].reason.rstrip('.')}.", todo="Nothing was changed.")
    with opened(context, config) as (_, store, desk):
        done = enlist(store, desk, table, campaign)
        warned = look_in_sent(store, desk) if done.count("added") else []
    out = console()
    line = done.lines[0]
    out.print(f"{plain(email)}: {line.why or 'added'}")
    for remark in [*(one.removeprefix(f"row {line.row}: ") for one in done.remarks), *warned]:
        out.print(f"note: {plain(remark)}")


contacts_app = typer.Typer(help="What became of whom; edit and export.", invoke_without_command=True)


@contacts_app.callback()
def contacts(context: typer.Context, json: JsonOption = False, config: ConfigOption = None) -> None:
    """What became of whom; `contacts edit` changes what is known of one, `contacts export` writes all to a file."""
    if context.invoked_subcommand is not None:
        context.obj = config or context.obj
        return
    from rich.table import Table

    from worker.jobs.status import shown_state
    from worker.store import conversations

    with opened(context, config) as (_, store, desk):
        rows = store.read(lambda tx: conversations.with_contacts(tx, desk.mailbox.id))
        today = desk.today
    people = [
        {
            "id": f"c{row.id}",
            "email": row.email,
            "name": row.name,
            "company": row.company,
            "phone": row.phone,
            "campaign": row.campaign,
            "state": shown_state(row.state, row.away_until, today),
            "away_until": row.away_until.isoformat() if row.away_until else None,
            "referred_by": row.referred_by,
        }
        for row in rows
    ]
    if json:
        print_json({"schema_version": 1, "contacts": people})
        return
    out = console()
    table = Table("name", "address", "company", "state", "named by", box=None, pad_edge=False)
    for person in people:
        away = f" until {person['away_until']}" if person["state"] == "away" else ""
        table.add_row(
            plain(person["name"] or ""),
            plain(person["email"] or person["phone"] or ""),
            plain(person["company"] or ""),
            person["state"].replace("_", " ") + away,
            plain(person["referred_by"] or ""),
        )
    out.print(table if people else "No contacts yet: askaround import FILE.csv")


@contacts_app.command("edit")
def edit(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address, or an id (c3).")],
    changes: Annotated[
        list[str], typer.Argument(metavar="FIELD=VALUE...", help="company=Acme; FIELD= clears it; extra.NAME=VALUE.")
    ],
    config: ConfigOption = None,
) -> None:
    """Change what is known of a contact; checked as an import is."""
    from worker.jobs.amend import amend

    with opened(context, config) as (_, store, desk):
        console().print(plain(amend(store, desk, who, changes)))


@contacts_app.command("export")
def export_contacts(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="FILE.csv or FILE.json; - for CSV on stdout.")],
    config: ConfigOption = None,
) -> None:
    """Write all contacts to a file, which can be imported again."""
    from worker.cli.files import written
    from worker.jobs.export import write_contacts

    with opened(context, config) as (_, store, desk), written(file) as out:
        count = write_contacts(store, desk, out, as_json=file.suffix.lower() == ".json")
    if str(file) != "-":
        console().print(f"{count} contacts written to {plain(file)}")

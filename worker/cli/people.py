"""Commands about contacts: import, add, contacts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json

CampaignOption = Annotated[str, typer.Option(help="A label that chooses a folder of templates.")]


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The contacts, one a row.")],
    campaign: CampaignOption = "default",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Take contacts in from a CSV file; a person who is known is not asked again."""
    from worker.contacts import parse
    from worker.errors import ContactsError
    from worker.jobs.enlist import enlist

    try:
        data = file.read_bytes()
    except OSError as error:
        raise ContactsError(
            f"The file cannot be read: {error.strerror}.", where=str(file), todo="Name a CSV file."
        ) from None
    table = parse(data, file.name)
    with opened(context, config) as (_, store, desk):
        done = enlist(store, desk, table, campaign, dry_run=dry_run)
        warned = [] if dry_run else _look_in_sent(store, desk)
    if json:
        print_json(
            {
                "schema_version": 1,
                "added": done.count("added"),
                "calls": done.count("call"),
                "known": done.count("known"),
                "unwanted": done.count("unwanted"),
                "rejected": [{"row": one.row, "reason": one.reason} for one in done.rejects],
                "rows": [
                    {"row": one.row, "email": one.email, "name": one.name, "what": one.what, "why": one.why}
                    for one in done.lines
                ],
                "remarks": [*done.remarks, *warned],
                "dry_run": dry_run,
            }
        )
    else:
        _show_import(done, warned, dry_run=dry_run)
    if done.rejects:
        raise typer.Exit(1)


def _show_import(done: Any, warned: list[str], *, dry_run: bool) -> None:
    out = console()
    for one in done.lines:
        if one.why:
            out.print(f"row {one.row}: {plain(one.email or one.name or '')} not added: {plain(one.why)}")
    for one in done.rejects:
        out.print(f"row {one.row}: rejected: {plain(one.reason)}")
    for remark in [*done.remarks, *warned]:
        out.print(f"note: {plain(remark)}")
    would = "would be added" if dry_run else "added"
    out.print(
        f"{done.count('added')} {would}, {done.count('call')} to call, {done.count('known')} known already, "
        f"{done.count('unwanted')} not wanted, {len(done.rejects)} rejected"
    )


def _look_in_sent(store: Any, desk: Any) -> list[str]:
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
        raise InputError(f"{email} was not added: {table.rejects[0].reason}.", todo="Nothing was changed.")
    with opened(context, config) as (_, store, desk):
        done = enlist(store, desk, table, campaign)
        warned = _look_in_sent(store, desk) if done.count("added") else []
    out = console()
    line = done.lines[0]
    out.print(f"{plain(email)}: {line.why or 'added'}")
    for remark in [*done.remarks, *warned]:
        out.print(f"note: {plain(remark)}")


def contacts(context: typer.Context, json: JsonOption = False, config: ConfigOption = None) -> None:
    """What became of whom."""
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

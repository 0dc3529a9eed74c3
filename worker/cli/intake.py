"""The command that takes contacts in from a file: import."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json
from worker.cli.people import CampaignOption, look_in_sent

if TYPE_CHECKING:
    from worker.contacts import Reject, Sheet
    from worker.jobs.enlist import Enlisted
    from worker.jobs.mail_hosts import Hosts

SHOWN = 40  # rows of each kind that are printed; the rest is counted
LONG = 2000  # rows from which on a bar shows how far it is


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The contacts, one a row; - for stdin.")],
    campaign: CampaignOption = "default",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")] = False,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column holds (- skips it). Can be given again."),
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the rows that cannot be used there, with the reason.")
    ] = None,
    check_mx: Annotated[
        bool, typer.Option("--check-mx", help="Ask the domain name system whether the domains take mail.")
    ] = False,
    encoding: Annotated[str | None, typer.Option(help="utf-8, cp1252, cp1250 ...; else it is guessed.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="The character between cells; else it is guessed.")] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Take contacts in from a CSV file; a person who is known is not asked again."""
    from worker.contacts import Passage, open_sheet
    from worker.jobs.enlist import take_in

    mapping = _mapping(mapped or [])
    with opened(context, config) as (_, store, desk), _opened_file(file) as source:
        sheet = open_sheet(
            source, str(file), mapping=mapping, wanted_encoding=encoding, wanted_delimiter=_delimiter(delimiter)
        )
        _writable(rejects, file)
        passages: list[Passage] = []

        def rows() -> Passage:
            passages.append(Passage(sheet))
            return passages[-1]

        hosts = _look_up(rows()) if check_mx else None
        with _bar("importing", sheet.count - sheet.start) as progress:
            done = take_in(
                store,
                desk,
                rows,
                campaign,
                dry_run=dry_run,
                refused=hosts.deaf if hosts is not None else None,
                progress=progress,
            )
        remarks = [*_about_file(sheet, hosts), *passages[-1].remarks(), *done.remarks]
        if rejects is not None:
            _write_rejects(rejects, sheet, done.rejects)
        if not dry_run and done.count("added"):
            remarks += look_in_sent(store, desk)
    if json:
        _print(done, remarks, dry_run=dry_run)
    else:
        _show(done, remarks, rejects, dry_run=dry_run)
    if done.rejects:
        raise typer.Exit(1)


def _mapping(said: list[str]) -> dict[str, str]:
    import difflib

    from worker.contacts import columns
    from worker.contacts.fields import NAMES
    from worker.errors import InputError

    mapping = {}
    for one in said:
        column, equals, wanted = one.rpartition("=")
        name = wanted.strip().lower().replace(" ", "_").replace("-", "_") if wanted.strip() != "-" else "-"
        if not equals or not column.strip():
            raise InputError(f"{one!r} maps nothing.", where="--map", todo='For example: --map "Geschäftsmail=email"')
        if name not in columns.TO_NOTHING and not columns.is_field(name):
            near = difflib.get_close_matches(name, NAMES, n=1)
            raise InputError(
                f"There is no field {wanted.strip()!r}.{f' Did you mean {near[0]}?' if near else ''}",
                where=f"--map {one}",
                todo=f"The fields are {', '.join(NAMES)}. Other columns are kept as contact.extra.NAME by themselves.",
            )
        mapping[column.strip()] = name
    return mapping


def _delimiter(said: str | None) -> str | None:
    from worker.errors import InputError

    if said is None:
        return None
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}.get(
        said.lower(), said
    )
    if len(named) != 1 or named in '\r\n"\0':
        raise InputError(f"{said!r} is no delimiter.", where="--delimiter", todo='One character, or "tab".')
    return named


@contextmanager
def _opened_file(file: Path) -> Iterator[BinaryIO]:
    import io

    from worker.errors import ContactsError

    if str(file) == "-":
        yield io.BytesIO(sys.stdin.buffer.read())
        return
    try:
        source = file.open("rb")
        if source.seekable():
            source.read(1)  # a folder opens, and cannot be read
    except OSError as error:
        raise ContactsError(
            f"The file cannot be read: {error.strerror}.", where=str(file), todo="Name a CSV file."
        ) from None
    with source:
        if source.seekable():
            yield source
        else:  # a pipe of the shell: <(...)
            yield io.BytesIO(source.read())


def _writable(rejects: Path | None, file: Path) -> None:
    from worker.errors import InputError

    if rejects is not None and rejects.exists() and file.exists() and rejects.samefile(file):
        raise InputError("This is the file that is imported.", where="--rejects", todo="Name another file.")


def _look_up(rows: Any) -> Hosts:
    from worker.jobs.enlist import domains
    from worker.jobs.mail_hosts import look_up

    found = domains(rows)
    with _bar("asking about domains", len(found)) as progress:
        return look_up(found, progress=progress)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, for what takes long; silent elsewhere, and gone when it is done."""
    if total < LONG or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def _about_file(sheet: Sheet, hosts: Hosts | None) -> list[str]:
    said = []
    if sheet.exported_by is not None:
        said.append(f"this is an export of {sheet.exported_by}")
    if sheet.encoding not in ("utf-8", "utf-16", "utf-16-le", "utf-16-be"):
        said.append(f"read as {sheet.encoding}; if names look wrong, say which it is: --encoding NAME")
    if hosts is not None and hosts.unknown:
        some = ", ".join(hosts.unknown[:5])
        said.append(f"nobody answered whether mail is taken for {len(hosts.unknown)} domains: {some}")
    return said


def _write_rejects(path: Path, sheet: Sheet, rejects: tuple[Reject, ...]) -> None:
    import csv

    from worker.cli.files import written

    reasons = {one.row: one.reason for one in rejects}
    with written(path) as file:
        out = csv.writer(file)
        out.writerow(["row", "reason", *sheet.header])
        out.writerows([number, reasons[number], *cells] for number, cells in sheet.records() if number in reasons)


def _print(done: Enlisted, remarks: list[str], *, dry_run: bool) -> None:
    print_json(
        {
            "schema_version": 1,
            "added": done.count("added"),
            "calls": done.count("call"),
            "known": done.count("known"),
            "unwanted": done.count("unwanted"),
            "rejected": [{"row": one.row, "reason": one.reason} for one in done.rejects],
            "rows": [
                {
                    "row": one.row,
                    "email": one.email,
                    "name": one.name,
                    "what": one.what,
                    "why": one.why,
                    "first_name": one.first_name,
                    "zone": one.zone.name if one.zone is not None else None,
                    "zone_guessed": bool(one.zone is not None and one.zone.guessed_from),
                }
                for one in done.lines
            ],
            "remarks": remarks,
            "dry_run": dry_run,
        }
    )


def _show(done: Enlisted, remarks: list[str], rejects: Path | None, *, dry_run: bool) -> None:
    out = console()
    if dry_run:
        _show_table(done)
    _some(
        [
            f"row {one.row}: {plain(one.email or one.name or '')} not added: {plain(one.why)}"
            for one in done.lines
            if one.why and not dry_run
        ]
    )
    _some([f"row {one.row}: rejected: {plain(one.reason)}" for one in done.rejects])
    _some([f"note: {plain(remark)}" for remark in remarks])
    if rejects is not None:
        out.print(f"The rows that cannot be used: {plain(rejects)}")
    would = "would be added" if dry_run else "added"
    out.print(
        f"{done.count('added')} {would}, {done.count('call')} to call, {done.count('known')} known already, "
        f"{done.count('unwanted')} not wanted, {len(done.rejects)} rejected"
    )


def _some(lines: list[str]) -> None:
    out = console()
    for line in lines[:SHOWN]:
        out.print(line)
    if len(lines) > SHOWN:
        out.print(f"... and {len(lines) - SHOWN} more of this kind (--json tells all; --rejects FILE has the rows)")


def _show_table(done: Enlisted) -> None:
    from rich.table import Table

    if not done.lines:
        return
    says = {"added": "would be asked", "call": "to call", "known": "no: ", "unwanted": "no: "}
    table = Table("row", "address", "name", "greeted as", "time zone", "what would happen", box=None, pad_edge=False)
    for one in done.lines[:SHOWN]:
        table.add_row(
            str(one.row),
            plain(one.email or ""),
            plain(one.name or "", 40),
            plain(one.first_name or "-", 20),
            plain(one.zone or ""),
            says[one.what] + plain(one.why),
        )
    out = console()
    out.print(table)
    if len(done.lines) > SHOWN:
        out.print(f"... and {len(done.lines) - SHOWN} more rows")
    if any(one.zone is not None and one.zone.guessed_from for one in done.lines):
        out.print("A zone with ? is a guess: from the country, or else yours. A column timezone settles it.")

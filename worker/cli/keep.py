"""Commands about the database as a whole: reconcile, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json, settings_of

if TYPE_CHECKING:
    from worker.jobs.reconcile import Done, Found, Proposal

QUESTION = "Record it? [y]es, [n]ot now, [i]gnore it for good, or the step that it was: "


def reconcile(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Record everything that is proposed.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be recorded.")] = False,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A mail that does not count: u3. Can be given again.")
    ] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """After a database was restored or lost: record the mails that only the mailbox knows, then send again."""
    from worker.clock import SystemClock
    from worker.jobs import reconcile as job
    from worker.mailbox import imap

    with opened(context, config) as (_, store, desk), store.turn_lock(desk.mailbox.address):
        clock = SystemClock()
        with imap.connect(desk.mailbox.imap) as session:
            found = job.look(store, desk, session, clock)
            wrong = set(ignore or ()) - {one.id for one in found.proposals}
            if wrong:
                _no_such(sorted(wrong))
            asked = not (yes or json or ignore) and sys.stdin.isatty()
            if not json:
                _show_found(found, desk.mailbox.zone, asking=asked and not dry_run)
            nothing = found.why is None and not found.proposals
            if dry_run or nothing or not (asked or yes or ignore):
                done = job.Done(left=[one.id for one in found.proposals], ended=nothing)
            else:
                record: set[str] = {one.id for one in found.proposals} - set(ignore or ()) if yes else set()
                ignored = set(ignore or ())
                if asked:
                    found, record, ignored = _ask(found, desk.mailbox.zone)
                done = job.reconcile(store, desk, session, clock, found, record=record, ignore=ignored)
    if json:
        print_json(_document(found, done, dry_run=dry_run))
    else:
        _show_done(found, done, dry_run=dry_run)
    if not done.ended and not dry_run:
        raise typer.Exit(1)


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; only you can read it.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config: ConfigOption = None,
) -> None:
    """Copy the database to a file, also while the service runs."""
    from worker.store.backup import back_up

    size = back_up(settings_of(context, config).store_url(), file, replace=force)
    console().print(f"{plain(file)}: {size / 1024:.0f} KB, checked. askaround restore puts it back.")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What askaround backup has made.")],
    config: ConfigOption = None,
) -> None:
    """Put a copy back in the place of the database; everything is held until: askaround reconcile."""
    from worker.clock import SystemClock
    from worker.store.backup import restore as put_back
    from worker.store.database import Store, make_engine

    settings = settings_of(context, config)
    url = settings.store_url()
    store = Store(make_engine(url), file.name)  # for its lock alone: what is there may be damaged
    try:
        with store.turn_lock(settings.mailbox.address):
            done = put_back(url, file, SystemClock().now())
    finally:
        store.close()
    out = console()
    out.print(f"Restored from {plain(file)}.")
    if done.kept is not None:
        out.print(f"What was there before is kept{' as it was, damaged' if done.damaged else ''}: {plain(done.kept)}")
    if done.damaged:
        out.print("Restart the service, if it runs: it still has the damaged file open.")
    out.print("Nothing leaves to contacts until you have run: askaround reconcile")


def _no_such(ids: list[str]) -> None:
    from worker.errors import InputError

    raise InputError(
        f"There is no mail {', '.join(ids)} to reconcile.", where="--ignore", todo="askaround reconcile lists them."
    )


def _show_found(found: Found, zone: Any, *, asking: bool) -> None:
    out = console()
    if found.why is None and not found.proposals:
        out.print("Mailbox and database agree: there is nothing to reconcile.")
        return
    if found.why is not None:
        out.print(f"Nothing leaves to contacts: {plain(found.why)}.")
    if not found.proposals:
        out.print("The mailbox knows no mail of ours that the database does not.")
    elif not asking:
        out.print(f"{len(found.proposals)} mails of ours that the database does not know:")
        for one in found.proposals:
            _show_one(one, zone)


def _show_one(one: Proposal, zone: Any) -> None:
    out = console()
    who = f"{one.name} <{one.email}>" if one.name else one.email
    left = f"{one.sent_at.astimezone(zone):%a %d %b %Y %H:%M}"
    out.print(f"  {one.id}  {left}  to {plain(who)}: {plain(one.subject, 80)}")
    out.print(f"      {plain(one.says)}")


def _ask(found: Found, zone: Any) -> tuple[Found, set[str], set[str]]:
    """Go through the mails on a terminal; gives them with the steps that the owner named, and what to do."""
    from dataclasses import replace

    from worker.conversation.vocabulary import Step

    record: set[str] = set()
    ignored: set[str] = set()
    proposals = []
    for one in found.proposals:
        _show_one(one, zone)
        while True:
            said = input(f"      {QUESTION}").strip().lower().replace(" ", "_")
            if said in [step.value for step in Step]:
                one = replace(one, step=said, how="you said so")
                said = "y"
            if said in ("y", "yes"):
                record.add(one.id)
            elif said in ("i", "ignore"):
                ignored.add(one.id)
            elif said not in ("n", "no", ""):
                continue
            break
        proposals.append(one)
    if not found.proposals:
        said = input("Shall mail leave again? [y/n] ").strip().lower()
        if said not in ("y", "yes"):
            raise typer.Exit(1)
    return replace(found, proposals=proposals), record, ignored


def _document(found: Found, done: Done, *, dry_run: bool) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "why": found.why,
        "mails": [one.json() for one in found.proposals],
        "recorded": done.recorded,
        "ignored": done.ignored,
        "left": done.left,
        "read": [
            {"email": one.email, "kind": one.kind, "intent": one.intent, "confidence": one.confidence}
            for one in done.read
        ],
        "errors": done.errors,
        "held": not done.ended,
        "todo": done.todo,
        "dry_run": dry_run,
    }


def _show_done(found: Found, done: Done, *, dry_run: bool) -> None:
    out = console()
    for error in done.errors:
        print(error, file=sys.stderr)
    if found.why is None and not found.proposals:
        return
    if dry_run:
        out.print("Nothing was recorded. askaround reconcile asks about each; --yes records all of it.")
        return
    for one in done.read:
        meaning = one.kind + (f", {one.intent}" if one.intent else "")
        out.print(f"read {plain(one.email)}: {meaning.replace('_', ' ')} ({one.confidence:.0%})")
    if done.recorded or done.ignored:
        out.print(f"{len(done.recorded)} recorded, {len(done.ignored)} ignored, {len(done.left)} left.")
    if done.ended:
        out.print("Mailbox and database agree; mail leaves again.")
    else:
        print(done.todo or "Everything stays held. askaround reconcile --yes settles it as proposed.", file=sys.stderr)

"""The commands, put together; each imports what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from worker.cli import (
    checking,
    ending,
    first,
    intake,
    keep,
    look,
    mail,
    memory,
    people,
    talks,
    templates,
    work,
    writing,
)

app = typer.Typer(
    name="askaround",
    help="Asks strangers for a thirty-minute informational interview from your own mailbox, and keeps asking around "
    "politely.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from worker import __version__

        print(f"askaround {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The configuration file.")] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    context.obj = config


app.command("init")(first.init)
app.command("demo")(work.demo)
app.command("import")(intake.import_)
app.command("add")(people.add)
app.add_typer(people.contacts_app, name="contacts")
app.add_typer(templates.templates_app, name="templates")
app.command("preview")(mail.preview)
app.command("check")(checking.check)
app.command("once")(work.once)
app.command("run")(work.run)
app.command("login")(first.login)
app.add_typer(first.config_app, name="config")
app.command("status")(look.status)
app.command("story")(look.story)
app.command("brief")(talks.brief)
app.command("tree")(talks.tree)
app.command("explain")(look.explain)
app.command("reread")(look.reread)
app.command("outbox")(mail.outbox)
app.command("review")(mail.review)
app.command("tell")(mail.tell)
app.command("edit")(writing.edit)
app.command("pause")(mail.pause)
app.command("resume")(mail.resume)
app.command("away")(ending.away)
app.command("finish")(ending.finish)
app.command("summary")(work.summary)
app.command("backup")(keep.backup)
app.command("restore")(keep.restore)
app.command("reconcile")(keep.reconcile)
app.command("suppress")(memory.suppress)
app.command("unsuppress")(memory.unsuppress)
app.command("forget")(memory.forget)
app.command("export")(memory.export)


def asked_for(words: Sequence[str]) -> typer.Typer:
    """The commands; where the first of these words is one of them, that one alone: the others need not be built."""
    name = words[0] if words else ""
    commands = [one for one in app.registered_commands if one.name == name]
    groups = [one for one in app.registered_groups if one.name == name]
    if not commands and not groups:
        return app
    alone = copy.copy(app)
    alone.registered_commands, alone.registered_groups = commands, groups
    return alone

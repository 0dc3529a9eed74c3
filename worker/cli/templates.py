"""Commands about templates: list, copy, check, preview."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json, settings_of
from worker.cli.people import CampaignOption

templates_app = typer.Typer(help="What the worker says: list, copy, check and preview it.", no_args_is_help=True)


@templates_app.command("list")
def list_(
    context: typer.Context,
    campaign: CampaignOption = "default",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Which templates there are, in which language, and from where."""
    from rich.table import Table

    from worker.jobs.enlist import check_campaign
    from worker.jobs.templates import listing

    check_campaign(campaign)
    found = listing(settings_of(context, config).templates_folder, campaign)
    if json:
        rows = [
            {"name": one.name, "language": one.language, "file": str(one.file), "shipped": one.shipped} for one in found
        ]
        print_json({"schema_version": 1, "campaign": campaign, "templates": rows})
        return
    table = Table("template", "language", "from", box=None, pad_edge=False)
    for one in found:
        table.add_row(one.name, one.language, "shipped" if one.shipped else plain(one.file))
    console().print(table)


@templates_app.command("copy")
def copy(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Where to; else [templates] folder, else ./templates.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Only those of one language: en, de, fr, es.")] = None,
    config: ConfigOption = None,
) -> None:
    """Copy the shipped templates to a folder, to be edited; files that are there stay as they are."""
    from worker.errors import InputError
    from worker.jobs.templates import copy as put

    settings = settings_of(context, config)
    configured = settings.templates_folder
    target = folder or configured or settings.folder / "my-templates"
    copied, there = put(target, language)
    if not copied and not there:
        raise InputError(f"No template is shipped in {language!r}.", where="--language", todo="Use en, de, fr or es.")
    out = console()
    out.print(f"{len(copied)} copied to {plain(target)}; {len(there)} were there already and stay as they are.")
    if configured is None or configured.resolve() != target.resolve():
        print(f'To use them, write into the configuration:\n\n[templates]\nfolder = "{target.absolute()}"\n')
    out.print("Delete those that you do not change: the shipped ones then go on being improved.")


@templates_app.command("check")
def check(context: typer.Context, config: ConfigOption = None) -> None:
    """Try every template on every contact; a line for each thing that is wrong."""
    from worker.jobs.check_templates import templates
    from worker.jobs.lines import Grade

    wrong = False
    with opened(context, config) as (_, store, desk):
        for line in templates(store, desk):
            wrong = wrong or line.grade in (Grade.wrong, Grade.bad)
            console().print(f"{line.grade.value:5} {plain(line.says, 2000)}")
            if line.todo:
                console().print(f"      {plain(line.todo)}")
    if wrong:
        raise typer.Exit(2)


@templates_app.command("preview")
def preview(
    context: typer.Context,
    step: Annotated[str, typer.Argument(metavar="STEP", help="ask, ask.referred, nudge, referral_request ...")],
    email: Annotated[str | None, typer.Argument(metavar="EMAIL", help="For whom; else a made-up person.")] = None,
    language: Annotated[str | None, typer.Option(help="For the made-up person: de, fr, es ...")] = None,
    campaign: CampaignOption = "default",
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there as a page.")] = None,
    config: ConfigOption = None,
) -> None:
    """What a template says to somebody."""
    from worker.conversation.vocabulary import Step
    from worker.errors import InputError
    from worker.jobs import preview as job
    from worker.jobs.rehearsal import sample

    name = step.removesuffix(".md").replace("-", "_")
    known = [*(one.value for one in Step), "ask.referred"]
    if name not in known:
        raise InputError(f"{step!r} is no step.", where="STEP", todo=f"Use one of {', '.join(known)}.")
    with opened(context, config) as (_, store, desk):
        if email is None:
            draft = sample(desk, campaign, name, language)
            subject, body = draft.subject, draft.body
        else:
            found = store.read(lambda tx: job.preview(tx, desk, email, Step(name.removesuffix(".referred"))))
            subject, body = _parts(found.raw)
    if html is not None:
        from worker.cli.files import tell_written, written

        with written(html) as out:
            out.write(_page(subject, body))
        tell_written(html)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(f"Subject: {subject}\n\n{body}".encode("utf-8", "replace"))
    sys.stdout.flush()


def _parts(raw: bytes) -> tuple[str, str]:
    from email import message_from_bytes, policy

    parsed = message_from_bytes(raw, policy=policy.default)
    return str(parsed["Subject"]), str(parsed.get_content()).replace("\r\n", "\n")


def _page(subject: str, body: str) -> str:
    from html import escape

    return (
        '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(subject)}</title>\n<style>\n"
        "body { max-width: 40em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 system-ui, sans-serif; }\n"
        "pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }\n"
        "@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e6e6e6; } }\n"
        f"</style>\n</head>\n<body>\n<h1>{escape(subject)}</h1>\n<pre>{escape(body)}</pre>\n</body>\n</html>\n"
    )

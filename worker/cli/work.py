"""Commands that work: demo, once, run, summary."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json

MOST = 10  # lines of one sort that a person is shown; the rest is counted


def demo(
    json: JsonOption = False,
    keep: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where its files go; else a new one.")] = None,
) -> None:
    """The whole job on this machine, with mail servers of its own; nothing is configured, nothing leaves."""
    from worker.demo import run_demo

    if not run_demo(json=json, folder=keep):
        raise typer.Exit(1)


def once(context: typer.Context, json: JsonOption = False, config: ConfigOption = None) -> None:
    """One turn: read, apply, plan, send; a line per action."""
    from worker.clock import SystemClock
    from worker.errors import AskaroundError
    from worker.jobs.turn import Report, turn

    try:
        with opened(context, config) as (_, store, desk), store.turn_lock(desk.mailbox.address):
            report = turn(store, desk.mailbox, SystemClock(), desk.ids)
    except AskaroundError as error:
        if json:
            print_json(Report(errors=[error.sentence()]).json())
        raise
    if json:
        print_json(report.json())
    else:
        _show(report)
    if report.errors:
        for line in dict.fromkeys(report.errors):
            print(line, file=sys.stderr)
        raise typer.Exit(2 if report.wrong else 1)


def _show(report: Any) -> None:
    out = console()
    for one in report.read:
        meaning = one.kind + (f", {one.intent}" if one.intent else "")
        out.print(f"read {plain(one.email)}: {meaning.replace('_', ' ')} ({one.confidence:.0%})")
    for mail in report.sent:
        out.print(f"sent {mail.step.replace('_', ' ')} to {plain(mail.email)}")
    for mail in report.held[:MOST]:
        out.print(f"not yet: {mail.step.replace('_', ' ')} to {plain(mail.email)}: {plain(mail.why)}")
    if len(report.held) > MOST:
        out.print(f"not yet: and {len(report.held) - MOST} more (askaround outbox)")
    if report.queued or report.cancelled:
        out.print(f"planned {report.queued}, cancelled {report.cancelled}")
    if report.summary:
        out.print(f"summary sent to {plain(report.summary)}")
    for mail in report.waiting[:MOST]:
        out.print(f"waits for your word: {mail.step.replace('_', ' ')} to {plain(mail.email)}: {plain(mail.why)}")
    if len(report.waiting) > MOST:
        out.print(f"waits for your word: and {len(report.waiting) - MOST} more (askaround outbox)")
    if report.idle and not report.held and not report.waiting:
        out.print("nothing to do")


def run(
    context: typer.Context,
    log_level: Annotated[str, typer.Option(help="How much is logged: debug, info, warning or error.")] = "info",
    config: ConfigOption = None,
) -> None:
    """The service: turns at ticks until it is told to stop."""
    from contextlib import ExitStack

    from worker import log
    from worker.clock import SystemClock
    from worker.service import Service, patiently

    log.set_up(log_level, sys.stderr)
    with ExitStack() as stack:
        settings, store, desk = patiently(lambda: stack.enter_context(opened(context, config)), SystemClock())
        minutes = settings.mailbox.imap.poll_minutes
        Service(store, desk.mailbox, SystemClock(), desk.ids, poll_minutes=minutes).run()


def summary(
    context: typer.Context,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there as HTML.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Send it now; it is then this date's summary.")] = False,
    config: ConfigOption = None,
) -> None:
    """The daily mail to you, as it would be now."""
    from worker.cli.files import tell_written, written
    from worker.clock import SystemClock
    from worker.jobs import summarize
    from worker.jobs.send import line_of
    from worker.writing import summary as words

    with opened(context, config) as (_, store, desk):
        content = summarize.preview(store, desk)
        if html is not None:
            with written(html) as out:
                out.write(words.html(content))
            tell_written(html)
        if send:
            with store.turn_lock(desk.mailbox.address), line_of(desk) as line:
                to = summarize.send_now(store, desk, SystemClock(), line)
            console().print(f"sent to {plain(to)}")
        elif html is None:
            sys.stdout.write(words.text(content))
            sys.stdout.flush()

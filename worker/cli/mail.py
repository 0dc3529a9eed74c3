"""Commands about mails and the owner's word: preview, outbox, review, tell, pause, resume."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json


def preview(
    context: typer.Context,
    email: Annotated[str | None, typer.Argument(help="The person's address; else who is next.")] = None,
    step: Annotated[str | None, typer.Option(help="ask, nudge, referral_request ...; else their next.")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="The bytes as they go over the wire.")] = False,
    config: ConfigOption = None,
) -> None:
    """The exact mail, headers and all, that would leave."""
    from worker.conversation.vocabulary import Step
    from worker.errors import InputError
    from worker.jobs.preview import preview as find

    known = [one.value for one in Step]
    if step is not None and step not in known:
        raise InputError(f"{step!r} is no step.", where="--step", todo=f"Use one of {', '.join(known)}.")
    with opened(context, config) as (_, store, desk):
        found = store.read(lambda tx: find(tx, desk, email, Step(step) if step else None))
    sys.stdout.flush()
    sys.stdout.buffer.write(found.raw if raw else _readable(found.raw).encode("utf-8", "replace"))
    sys.stdout.flush()


def _readable(raw: bytes) -> str:
    """A mail as a person reads it: header fields decoded, the text without its transfer encoding."""
    from email import message_from_bytes, policy

    parsed = message_from_bytes(raw, policy=policy.default)
    head = "\n".join(f"{name}: {value}" for name, value in parsed.items())
    return f"{head}\n\n{parsed.get_content()}".replace("\r\n", "\n")


def outbox(context: typer.Context, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Mails that will leave."""
    from worker.cli.look import show_outbox
    from worker.jobs.status import status

    with opened(context, config) as (_, store, desk):
        document = store.read(lambda tx: status(tx, desk))
        zone = desk.mailbox.zone
    if json:
        print_json({"schema_version": 1, "outbox": document["outbox"]})
        return
    waiting = [row for row in document["outbox"] if row["state"] not in ("sent", "cancelled", "failed")]
    if not waiting:
        console().print("Nothing waits to leave.")
    show_outbox(waiting, zone)


def review(context: typer.Context, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Readings that wait for you."""
    from worker.cli.look import show_proposed, show_review
    from worker.jobs.status import status

    with opened(context, config) as (_, store, desk):
        document = store.read(lambda tx: status(tx, desk))
    if json:
        print_json({"schema_version": 1, "review": document["review"], "proposed": document["proposed"]})
        return
    if not document["review"] and not document["proposed"]:
        console().print("Nothing waits for you.")
    show_review(document["review"])
    show_proposed(document["proposed"])


def tell(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="EMAIL|ID", help="A person's address, or an id (c3, m12, r5, p2).")],
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="yes, no, ok, met, stop, later DATE ...")],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Your word about a person, a mail or a reading; unsure words change nothing."""
    from worker.jobs.obey import obey

    with opened(context, config) as (_, store, desk):
        done = obey(store, desk, who, " ".join(words))
    if json:
        print_json({"schema_version": 1, "done": done})
        return
    for line in done:
        console().print(plain(line))


def pause(
    context: typer.Context,
    until: Annotated[str | None, typer.Option(help="A date: 2026-12-01, monday, in two weeks.")] = None,
    config: ConfigOption = None,
) -> None:
    """Send nothing to contacts; mail is still read."""
    from worker.jobs.pausing import pause as hold

    with opened(context, config) as (_, store, desk):
        console().print(hold(store, desk, until))


def resume(context: typer.Context, config: ConfigOption = None) -> None:
    """Send again."""
    from worker.jobs.pausing import resume as go_on

    with opened(context, config) as (_, store, desk):
        console().print(go_on(store, desk))

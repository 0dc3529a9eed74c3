"""Commands that only look: status, story, explain, reread."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.columns import in_columns, printable
from worker.cli.opening import ConfigOption, JsonOption, console, opened, plain, print_json, say, screen_width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.conversation.vocabulary import Reading


def status(
    context: typer.Context,
    email: Annotated[str | None, typer.Option(help="Only this person.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="The first so many of each list.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="One line on whether it does its work, exit code 0 or 1; writes nothing.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Show it again every few seconds, until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(min=0.2, help="Seconds between two looks of --watch.")] = 5.0,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What it is doing, what comes next, what needs you."""
    if check or watch:
        from worker.cli import watching

        one_of(check=check, watch=watch, json=json)
        if check:
            watching.check(context, config)
        else:
            watching.watch(lambda: status(context, email, limit, config=config), every)
        return
    from worker.jobs.status import status as find

    with opened(context, config) as (_, store, desk):
        document = store.read(lambda tx: find(tx, desk, email=email, limit=limit))
        zone = desk.mailbox.zone
    if json:
        print_json(document)
    else:
        show_status(document, zone, email=email)


def one_of(**given: bool) -> None:
    """Raise InputError where more than one of these options is given."""
    from worker.errors import InputError

    together = [f"--{name}" for name, wanted in given.items() if wanted]
    if len(together) > 1:
        raise InputError(f"{together[0]} is given together with {together[1]}.", todo="Keep one of them.")


def show_status(document: dict[str, Any], zone: Any, *, email: str | None = None) -> None:
    """The status as a person reads it; `email` is whom it was narrowed to."""
    from worker.jobs.status import REFUSES

    health = document["health"]
    if health["paused"]:
        until = f" until {_when(health['paused_until'], zone)}" if health["paused_until"] else ""
        say(f"Paused{until}: mail is read, nothing leaves to contacts. (askaround resume)")
    if health["away_until"]:
        say(f"You are away until {health['away_until']}: nothing leaves to contacts, no wait runs.")
    if health["finished"]:
        say("You have finished: nothing new is planned, nothing leaves by itself. (askaround resume)")
    last = health["last_poll"]
    say(f"Mailbox last read to its end: {_when(last, zone) if last else 'never yet'}")
    for error in health["errors"]:
        if error != health["held"] and not error.startswith(REFUSES):  # these stand under "needs you"
            say(f"Problem: {printable(error)}")
    show_needs(document["needs_you"])
    say()
    if document["conversations"]:
        _show_people(document["conversations"], zone)
    elif document["totals"]["conversations"]:
        say(f"{document['totals']['conversations']} people, none of them shown (--limit)")
    elif email is not None:
        say(f"Nobody is known by {printable(email)}. (askaround contacts lists everybody)")
    else:
        say("No contacts yet: askaround import FILE.csv")
    show_outbox(document["outbox"], zone)


def _show_people(rows: list[dict[str, Any]], zone: Any) -> None:
    lines = []
    for row in rows:
        following = row["next"] or {}
        step = (following.get("step") or "").replace("_", " ")
        who = row["name"] or row["email"] or "?"
        lines.append((who, row["state"].replace("_", " "), step, _when(following.get("due"), zone)))
    for line in in_columns(("person", "state", "next", "when"), lines, screen_width()):
        say(line)


def show_needs(rows: list[dict[str, Any]]) -> None:
    """What waits for the owner, with the words that settle it."""
    if not rows:
        return
    say("\nNeeds you")
    for row in rows:
        who = f"{printable(row['name'] or row['email'])}: " if row["name"] or row["email"] else ""
        label = NEED_WORDS.get(row["kind"])
        id_ = f"{row['id']}  " if row["id"] != "mailbox" else ""
        say(f"  {id_}{who}{label + '; ' if label else ''}{printable(row['text'], 200)}")
        say(f"       {printable(row['todo'])}")


NEED_WORDS = {
    "yes": "said yes",
    "question": "asks something",
    "review": "a mail of theirs",
    "later": "wants to be written to later; when?",
    "draft": "a draft",
    "held": "held",
    "uncertain": "arrived or not?",
}
LEAVING = ("due", "retry", "sending", "in_flight")
WAITING = ("draft", "held", "uncertain")


def show_outbox(rows: list[dict[str, Any]], zone: Any) -> None:
    """The mails that leave by themselves, and those that only a word lets leave; with why not yet."""
    _show_mails("Mails that will leave", [row for row in rows if row["state"] in LEAVING], zone)
    _show_mails("Mails that wait for your word", [row for row in rows if row["state"] in WAITING], zone)


def _show_mails(title: str, rows: list[dict[str, Any]], zone: Any) -> None:
    if not rows:
        return
    lines = [
        (
            row["id"],
            row["email"] or "",
            row["step"].replace("_", " "),
            row["state"].replace("_", " "),
            _when(row["due"], zone),
            row.get("why") or "",
        )
        for row in rows
    ]
    say(f"\n{title}")
    for line in in_columns(("id", "to", "step", "state", "due", "why not yet"), lines, screen_width()):
        say(line)


def show_review(rows: list[dict[str, Any]]) -> None:
    """The readings that wait for the owner."""
    if not rows:
        return
    say("\nWaits for your word (askaround tell ID ok | declined | question | ... )")
    for row in rows:
        sure = f" ({row['confidence']:.0%})" if row["confidence"] is not None else ""
        read_as = f"{row['intent'] or 'not read'}{sure}"
        say(f"  {row['id']}  {printable(row['email'] or '')}: {read_as}; {printable(row['why'])}")
        if row["text"]:
            say(f"       “{printable(row['text'], 200)}”")


def show_proposed(rows: list[dict[str, Any]]) -> None:
    """The people who were named and wait for the owner."""
    if not rows:
        return
    say("\nNamed by others (askaround tell ID ask | cancel)")
    for row in rows:
        shown = printable(row["name"] or "")
        address = f" <{printable(row['email'])}>" if row["email"] else " (no address)"
        say(f"  {row['id']}  {shown}{address}, named by {printable(row['referred_by'] or '?')}")


def _when(moment: str | None, zone: Any) -> str:
    from datetime import datetime

    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone(zone).strftime("%a %d %b %H:%M")


def story(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="The person's address.")],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Everything that happened with one person: their own words, what came of them, by which rule."""
    from worker.errors import InputError
    from worker.jobs.story import as_json
    from worker.jobs.story import story as find

    with opened(context, config) as (_, store, desk):
        found = store.read(lambda tx: find(tx, desk, email))
    if found is None:
        raise InputError(f"Nobody is known by {email}.", todo="askaround contacts lists everybody.")
    if json:
        print_json(as_json(found))
        return
    out = console()
    person = found.contact
    name = f"{person.name} <{person.email}>" if person.name else person.email
    out.print(f"{plain(name)}: {found.state.replace('_', ' ')}, campaign {found.campaign}")
    for line in found.lines:
        out.print(f"{line.at:%a %d %b %Y %H:%M}  {plain(line.text)}")
        if line.words:
            out.print(f"    “{plain(line.words)}”")
        if line.rule:
            out.print(f"    because: {plain(line.rule)}")


def explain(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Raw messages (.eml, .mbox), - for stdin.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line and nothing else.")] = False,
) -> None:
    """What the worker makes of a raw message, and why; needs no configuration."""
    from worker.errors import InputError
    from worker.jobs.explain import SPLIT, explain_all, messages_of

    def data_of(file: Path) -> bytes:
        if str(file) == "-":
            return sys.stdin.buffer.read()
        try:
            return file.read_bytes()
        except OSError as error:
            raise InputError(
                f"{file} cannot be read: {error.strerror}.", todo="Name a file with a raw message."
            ) from None

    def messages() -> Iterator[tuple[str, bytes]]:
        for file in files:
            data = data_of(file)
            split = str(file) == "-" or file.suffix.lower() in SPLIT
            yield from messages_of(str(file), data, split=split)

    def show(document: dict[str, Any], reading: Reading) -> None:
        if json:
            _json_line(document)
        else:
            _show(document, reading)

    explain_all(messages(), show)


def reread(
    context: typer.Context,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Read stored mail again, and show what is read otherwise now; nothing is done about it."""
    from worker.jobs.reread import document
    from worker.jobs.reread import reread as again

    with opened(context, config) as (_, store, desk):
        found = again(store, desk)
        zone = desk.mailbox.zone
    if json:
        print_json(document(found))
        return
    out = console()
    for one in found.otherwise:
        out.print(f"{one.received_at.astimezone(zone):%a %d %b %Y}  {plain(one.email)}: {plain(one.subject, 80)}")
        for name, (was, now) in one.fields.items():
            out.print(f"    {name.replace('_', ' ')}: {plain(was)} -> {plain(now)}")
        if one.reading.why:
            out.print(f"    because: {plain(one.reading.why[0])}")
    lost = f"; {found.pruned} are no longer kept" if found.pruned else ""
    out.print(f"{found.read} mails read again, {len(found.otherwise)} of them otherwise{lost}. Nothing was changed.")


def _json_line(document: dict[str, Any]) -> None:
    import json

    line = json.dumps(document, ensure_ascii=False)
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


def _show(document: dict[str, Any], reading: Reading) -> None:
    out = console()
    meaning = document["kind"] + (f", {document['intent']}" if document["intent"] else "")
    out.print(f"{plain(document['file'])}: {meaning.replace('_', ' ')} ({document['confidence']:.0%} sure)")
    out.print("  would act by itself" if document["act"] else "  would not act by itself")
    if document["new_text"]:
        for line in document["new_text"].splitlines()[:20]:
            out.print(f"  │ {plain(line)}")
    for name in ("words", "why", "phones", "links", "times"):
        if document[name]:
            out.print(f"  {name}: {plain('; '.join(document[name]))}")
    for one in document["referrals"]:
        who = " ".join(filter(None, (one["name"], f"<{one['email']}>" if one["email"] else None, one["phone"])))
        out.print(f"  named: {plain(who)}")
    for name in ("return_date", "resume_after", "standin_email"):
        if document[name]:
            out.print(f"  {name.replace('_', ' ')}: {plain(document[name])}")
    if document["bounce"]:
        bounce = document["bounce"]
        kind = "hard" if bounce["hard"] else "soft"
        out.print(f"  bounce: {plain(bounce['recipient'] or '?')} {bounce['status'] or ''} {kind}, {bounce['reason']}")

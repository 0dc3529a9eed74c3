"""The demo from end to end: servers, folder, import, weeks of work, what became of everybody."""

from __future__ import annotations

import contextlib
import json as text_of_json
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from worker.demo import cast, correspondence, scene
from worker.demo.cast import OWNER, Script
from worker.demo.clock import JumpingClock
from worker.demo.narrator import Narrator
from worker.demo.outcome import Ended, outcome
from worker.demo.servers import EmbeddedServers
from worker.demo.stage import Stage
from worker.errors import InputError, WorldError
from worker.reading import opened


def perform(*, json: bool, folder: Path | None) -> bool:
    """Play the demo; True if everybody ended as they should. Raises AskaroundError where it cannot be played."""
    script = cast.SCRIPT
    clock = JumpingClock(script.begin.astimezone(UTC))
    narrator = Narrator(quiet=json)
    _tolerate_poor_terminals()
    with contextlib.ExitStack() as stack:
        servers = EmbeddedServers(now=clock.now)
        try:
            stack.enter_context(servers)
        except InputError as error:  # nothing that the user wrote is wrong: a package is missing
            raise WorldError(error.what, where=error.where, todo=error.todo) from None
        place = scene.prepare(folder)
        stack.enter_context(opened())  # turns follow one another at once here
        stack.callback(narrator.ends)
        narrator.begins(str(place), script)
        document, ended, faults = _play(servers, place, clock, narrator, script)
        mail = scene.keep_mail(place, servers, script.cast)
        summary = _last_summary(servers)
    html = place / "summary.html"
    html.write_text(_part(summary, "html"), "utf-8")
    if json:
        _print_json(document)
        for fault in faults:
            print(fault, file=sys.stderr)
    else:
        config = place / "config.toml"
        places = [
            ("The summary as HTML", str(html)),
            ("All mail, the owner's folders and everybody's mailbox, as mbox files", str(mail)),
            ("The database", str(place / "askaround.db")),
            ("To look further", f"askaround status --config {config}"),
            ("or at one person", f"askaround story {script.cast[0].email} --config {config}"),
        ]
        narrator.closes(_part(summary, "plain"), ended, faults, places)
    return not faults


def _play(
    servers: EmbeddedServers, folder: Path, clock: JumpingClock, narrator: Narrator, script: Script
) -> tuple[dict[str, Any], list[Ended], list[str]]:
    """Everything from the empty folder to the last day: the final status, everybody's end, what is not right."""
    from worker.contacts import parse
    from worker.jobs.enlist import enlist
    from worker.jobs.equip import equip, open_database
    from worker.jobs.status import status
    from worker.settings import load

    password = secrets.token_urlsafe(12)
    servers.add_user(OWNER, password)
    for member in script.cast:
        if not member.bounces:
            servers.add_user(member.email, password)
    listed = scene.write_contacts(folder, script.listed)
    settings = load(scene.write_config(folder, servers, password), {})
    store = open_database(settings, clock.now())
    try:
        mailbox = equip(settings, store, clock.now())
        stage = Stage(servers, store, mailbox, clock, narrator, script=script, password=password)
        enlist(store, stage.desk, parse(listed.read_bytes(), listed.name), "default")
        stage.play()
        document = store.read(lambda tx: status(tx, stage.desk))
        ended = outcome(store, mailbox.id, servers, script.cast, document)
    finally:
        store.close()
    return document, ended, _faults(stage, ended)


def _faults(stage: Stage, ended: Sequence[Ended]) -> list[str]:
    """Everything that is not as it should be, a line each."""
    found = [f"{one.member.name} ({one.member.shows}): {fault}" for one in ended for fault in one.faults]
    found += [f"the owner had no reason to say {word.words!r} about {word.about}" for word in stage.unsaid]
    found += [f"the worker could not: {error}" for error in dict.fromkeys(stage.errors)]
    found += [f"the demo's servers failed: {type(error).__name__}: {error}" for error in stage.servers.errors]
    return found


def _last_summary(servers: EmbeddedServers) -> EmailMessage:
    own = [correspondence.parsed(raw) for raw in servers.messages(OWNER)]
    ours = [mail for mail in own if mail["From"].addresses[0].addr_spec == OWNER]
    return [mail for mail in ours if ": askaround, " in str(mail["Subject"])][-1]  # the others tell one answer at once


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _print_json(document: dict[str, Any]) -> None:
    """One document on stdout, in UTF-8 whatever the locale says."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text_of_json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n")
    sys.stdout.buffer.flush()


def _tolerate_poor_terminals() -> None:
    """A letter that the terminal cannot show becomes a question mark rather than the end of the demo."""
    stream: Any = sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")

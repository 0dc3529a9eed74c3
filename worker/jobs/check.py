"""Looks at everything that must be right before mail leaves: a line each, with what to do."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from worker.conversation.vocabulary import State
from worker.errors import AskaroundError, TemplateError, WorldError
from worker.jobs import hold, notice, poll
from worker.jobs.briefs import gather
from worker.jobs.desk import Desk
from worker.jobs.rehearsal import Trouble, rehearse, strange_files
from worker.jobs.templates import languages, shipped_folder
from worker.mailbox import imap, smtp
from worker.mailbox.folders import Role
from worker.store import Store, Transaction, contacts, conversations, mailboxes
from worker.writing import DEFAULT, code_of, untranslated

MOST = 10  # contacts that are named for one thing; the rest is counted


class Grade(StrEnum):
    """How a line ended."""

    ok = "ok"
    note = "note"
    bad = "bad"
    wrong = "wrong"  # the user wrote something that cannot work


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    what: str
    grade: Grade
    says: str
    todo: str = ""


def check(store: Store, desk: Desk, *, offline: bool, remarks: tuple[str, ...] = ()) -> Iterator[Line]:
    """Look at the configuration, the templates, and, unless `offline`, both log-ins, the folders and the clock."""
    for remark in remarks:
        yield Line("config", Grade.note, remark)
    if not remarks:
        yield Line("config", Grade.ok, "read, nothing unknown in it")
    yield Line("database", Grade.ok, store.place)
    yield from _private(store)
    yield from _held(store, desk)
    yield from templates(store, desk)
    if offline:
        return
    yield from _imap(store, desk)
    yield from _smtp(desk)


def _private(store: Store) -> Iterator[Line]:
    """What people wrote is nobody else's business."""
    for file in store.files():
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            says = f"{file.name} is open to other users of this machine"
            yield Line("database", Grade.note, says, f"chmod 600 {file}")


def _held(store: Store, desk: Desk) -> Iterator[Line]:
    box = store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id))
    if box.hold_since is not None:
        yield Line("sending", Grade.bad, f"nothing leaves to contacts: {box.hold_why}", hold.TODO)


def templates(store: Store, desk: Desk) -> Iterator[Line]:
    """Try every template on everybody who could get it."""
    yield from _untranslated(store, desk)
    strange = store.read(lambda tx: list(strange_files(desk, tx, shipped_folder())))
    for file, near in strange:
        meant = f"Did you mean {near}? " if near else ""
        yield Line(
            "templates",
            Grade.wrong if near else Grade.note,
            f"no step has a template of this name, so that it is never used ({file})",
            f"{meant}docs/templates.md lists the names.",
        )
    try:
        tried = store.read(lambda tx: rehearse(tx, desk))
    except TemplateError as error:
        yield Line("templates", Grade.wrong, _said(error), error.todo or "")
        return
    for trouble in tried.troubles:
        yield from _trouble(trouble)
    if not any(trouble.people for trouble in tried.troubles) and tried.people:
        yield Line("templates", Grade.ok, f"all that {tried.people} contacts can get can be written for each of them")
    if (wrong := store.read(lambda tx: _brief(tx, desk))) is not None:
        yield Line("templates", Grade.wrong, _said(wrong), wrong.todo or "")
    if not tried.people:
        well = "no contacts yet: tried on a made-up person"
        broken = any(not one.only_maybe for one in tried.troubles)
        yield Line("templates", Grade.note if broken else Grade.ok, well, "Run it again once there are contacts.")


def _brief(tx: Transaction, desk: Desk) -> TemplateError | None:
    """What is wrong with the template of the owner's brief, for the first contacts of each state."""
    for state in State:
        for conversation in conversations.in_states(tx, desk.mailbox.id, {state}, limit=3):
            try:
                gather(tx, desk, conversation)
            except TemplateError as error:
                return error
    return None


def _untranslated(store: Store, desk: Desk) -> Iterator[Line]:
    """What the owner says of themself stands in no mail of another language, unless it is said in that one too."""
    spoken = store.read(lambda tx: contacts.languages(tx, desk.mailbox.id))
    written = {DEFAULT, *languages(desk.mailbox.templates_folder, "default")}
    for language in sorted({code_of(one) for one in spoken} & written):
        if missing := untranslated(desk.mailbox.owner.about, language):
            says = f"mails in {language!r} leave out your {', '.join(missing)}: the words are of another language"
            yield Line("templates", Grade.note, says, f"Say them in [owner.about.{language}], or leave it so.")


def _trouble(trouble: Trouble) -> Iterator[Line]:
    said, todo = f"{trouble.error.what.rstrip('.')} ({trouble.error.where})", trouble.error.todo or ""
    if trouble.only_maybe:
        yield Line("templates", Grade.note, f"nobody can get this yet; for a person with only an address: {said}", todo)
    elif not trouble.people:
        yield Line("templates", Grade.wrong, said, todo)
    else:
        shown = ", ".join(trouble.people[:MOST])
        more = f" and {len(trouble.people) - MOST} more" if len(trouble.people) > MOST else ""
        yield Line("templates", Grade.wrong, f"{said}: {shown}{more}", todo)


def _imap(store: Store, desk: Desk) -> Iterator[Line]:
    access = desk.mailbox.imap
    try:
        with imap.connect(access) as session:
            yield Line("reading", Grade.ok, f"signed in to {access.host}:{access.port} as {access.username}")
            watched = session.watched(desk.mailbox.folders)
            roles = {folder.role for folder in watched}
            names = ", ".join(f"{folder.name} ({folder.role})" for folder in watched)
            yield Line("folders", Grade.ok, f"watching {names}")
            if not roles & {Role.junk}:
                yield Line(
                    "folders",
                    Grade.note,
                    "no Junk folder was found",
                    "Name it in [mailbox.imap] folders if there is one.",
                )
            if not roles & {Role.sent, Role.all}:
                yield Line("folders", Grade.note, "no Sent folder was found", "It is made with the first copy.")
            poll.begin(store, desk, session)
            if notice.look_back(store, desk, session):
                yield from _held(store, desk)
            found = poll.look_in_sent(store, desk, session)
            if found:
                yield Line(
                    "contacts",
                    Grade.note,
                    f"you wrote to {found} of your contacts before; they are held",
                    "askaround outbox shows them; askaround tell EMAIL ok lets the ask leave.",
                )
    except WorldError as error:
        yield Line("reading", Grade.bad, _said(error), error.todo or "")
    except AskaroundError as error:
        yield Line("reading", Grade.wrong, _said(error), error.todo or "")


def _smtp(desk: Desk) -> Iterator[Line]:
    access = desk.mailbox.smtp
    try:
        with smtp.open(access):
            yield Line("sending", Grade.ok, f"signed in to {access.host}:{access.port} as {access.username}")
    except WorldError as error:
        yield Line("sending", Grade.bad, _said(error), error.todo or "")
    except AskaroundError as error:
        yield Line("sending", Grade.wrong, _said(error), error.todo or "")
    year = desk.now.year
    if year < 2025:
        yield Line("clock", Grade.bad, f"this machine thinks that it is {year}", "Set its clock.")
    else:
        yield Line("clock", Grade.ok, f"{desk.now.astimezone(desk.mailbox.zone):%a %d %b %Y %H:%M %Z}")


def _said(error: AskaroundError) -> str:
    return f"{error.what} ({error.where})" if error.where else error.what

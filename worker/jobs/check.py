"""Looks at everything that must be right before mail leaves: a line each, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from worker.conversation.vocabulary import Contact, State, Step
from worker.errors import AskaroundError, WorldError
from worker.jobs import hold, notice, poll
from worker.jobs.desk import Desk
from worker.jobs.letters import write_letter
from worker.mailbox import imap, smtp
from worker.mailbox.folders import Role
from worker.store import Store, Transaction, contacts, conversations, mailboxes
from worker.writing import Owner, template_name, variables
from worker.writing import check as check_template

SAMPLE = Contact(email="somebody@example.org")
MOST = 5  # contacts that are named for one template; the rest is counted


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
    yield from _held(store, desk)
    yield from _templates(store, desk)
    if offline:
        return
    yield from _imap(store, desk)
    yield from _smtp(desk)


def _held(store: Store, desk: Desk) -> Iterator[Line]:
    box = store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id))
    if box.hold_since is not None:
        yield Line("sending", Grade.bad, f"nothing leaves to contacts: {box.hold_why}", hold.TODO)


def _templates(store: Store, desk: Desk) -> Iterator[Line]:
    campaigns = {"default"} | {
        row.campaign for row in store.read(lambda tx: conversations.with_contacts(tx, desk.mailbox.id))
    }
    owner = desk.mailbox.owner
    mine = Owner(owner.name, owner.email, owner.phone, owner.about)
    broken = False
    for campaign in sorted(campaigns):
        templates = desk.mailbox.templates(campaign)
        for step in Step:
            for referred in (False, True) if step is Step.ask else (False,):
                name = template_name(step, referred=referred)
                given = variables(SAMPLE, mine, introducer=SAMPLE if referred else None)
                error = check_template(templates.texts, name, given, origin=templates.origin)
                if error is not None:
                    broken = True
                    yield Line("templates", Grade.wrong, f"{error.what} ({error.where})", error.todo or "")
    if broken:
        return
    troubles = store.read(lambda tx: _every_contact(tx, desk))
    for email, trouble in troubles[:MOST]:
        yield Line("templates", Grade.wrong, f"{email}: {trouble.what} ({trouble.where})", trouble.todo or "")
    if len(troubles) > MOST:
        yield Line("templates", Grade.wrong, f"and {len(troubles) - MOST} more contacts with such a problem")
    if not troubles:
        yield Line("templates", Grade.ok, "all steps can be written for every contact")


def _every_contact(tx: Transaction, desk: Desk) -> list[tuple[str, AskaroundError]]:
    troubles: list[tuple[str, AskaroundError]] = []
    for conversation in conversations.in_states(tx, desk.mailbox.id, {State.planned, State.asked, State.declined}):
        person = contacts.get(tx, conversation.contact_id)
        if person.email is None:
            continue
        step = Step.ask if conversation.state == State.planned else Step.nudge
        try:
            write_letter(tx, desk, conversation, person, step, message_id="<check@localhost>", token="check")
        except AskaroundError as error:
            troubles.append((person.email, error))
    return troubles


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

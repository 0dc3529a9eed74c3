"""Looks at everything that must be right before mail leaves: a line each, with what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import chain
from pathlib import Path

from worker.clock import Clock
from worker.conversation.vocabulary import State
from worker.errors import AskaroundError, ServerMisbehaved, StoreError, TemplateError
from worker.jobs import check_templates, hold, notice, poll
from worker.jobs.check_domain import own_domain
from worker.jobs.desk import Desk
from worker.jobs.first_week import DAYS, Week, first_week
from worker.jobs.lines import Grade, Line, failed, some
from worker.jobs.send_me import send_me
from worker.mailbox import imap, smtp
from worker.mailbox.folders import Folder, Role
from worker.mailbox.providers import for_host
from worker.settings.secret import open_to_others
from worker.store import Store, contacts, conversations, mailboxes

LITTLE = 200_000_000  # bytes of free space: a few weeks of mail
SKEW = timedelta(minutes=10)
LOG_INS = ("reading", "sending")


def check(
    store: Store,
    desk: Desk,
    *,
    offline: bool,
    remarks: tuple[str, ...] = (),
    secrets: Sequence[Path] = (),
    samples: tuple[Clock, timedelta] | None = None,
) -> Iterator[Line]:
    """Look at the configuration, the templates, and, unless `offline`, the domain, both log-ins, folders and clock.

    `secrets` are the files that hold a password or a token. With `samples` each step is sent to the owner, and looked
    for so long.
    """
    for remark in remarks:
        yield Line("config", Grade.note, remark)
    if not remarks:
        yield Line("config", Grade.ok, "read, nothing unknown in it")
    yield from _secret_files(secrets)
    yield Line("database", Grade.ok, store.place)
    yield from _private(store)
    yield from _room(store)
    yield from _held(store, desk)
    yield from check_templates.templates(store, desk)
    signed_in = True
    if not offline:
        yield from own_domain(desk)
        for line in chain(_imap(store, desk), _smtp(desk)):
            signed_in = signed_in and not (line.what in LOG_INS and line.grade in (Grade.bad, Grade.wrong))
            yield line
    yield from _written_before(store, desk)
    yield from _week(store, desk)
    if samples is not None and not offline:
        if signed_in:
            yield from send_me(store, desk, samples[0], wait=samples[1])
        else:
            yield Line("send-me", Grade.note, "nothing was sent: first mend what is said above")


def _secret_files(files: Sequence[Path]) -> Iterator[Line]:
    """Passwords and tokens are for the eyes of this user alone."""
    there = [file for file in dict.fromkeys(files) if os.path.isfile(file)]
    opened = [file for file in there if open_to_others(file)]
    for file in opened:
        says = f"other users of this machine can open {file.name}, and a password or token is in it"
        yield Line("secrets", Grade.note, says, f"chmod 600 {file}")
    if there and not opened:
        yield Line("secrets", Grade.ok, f"only you can open {some([file.name for file in there])}")


def _private(store: Store) -> Iterator[Line]:
    """What people wrote is nobody else's business."""
    for file in store.files():
        if open_to_others(file):
            says = f"{file.name} is open to other users of this machine"
            yield Line("database", Grade.note, says, f"chmod 600 {file}")


def _room(store: Store) -> Iterator[Line]:
    for file in store.files()[:1]:
        with suppress(OSError):
            free = shutil.disk_usage(file.parent).free
            if free < LITTLE:
                says = f"only {free // 1_000_000} MB are free on its disk: when it is full, nothing is read or sent"
                yield Line("database", Grade.note, says, "Make room, or move the database ([store] url).")


def _held(store: Store, desk: Desk) -> Iterator[Line]:
    box = store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id))
    if box.hold_since is not None:
        yield Line("sending", Grade.bad, f"nothing leaves to contacts: {box.hold_why}", hold.TODO)


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
            yield _copies(desk, session.role(Role.sent))
            yield from _clock_of_the_server(desk, session, watched)
            poll.begin(store, desk, session)
            if notice.look_back(store, desk, session):
                yield from _held(store, desk)
            poll.look_in_sent(store, desk, session)
    except AskaroundError as error:
        yield failed("reading", error)


def _copies(desk: Desk, sent: Folder | None) -> Line:
    """Who puts a copy of what leaves into Sent."""
    how, place = desk.mailbox.save_sent, sent.name if sent is not None else "Sent"
    made = "" if sent is not None else ", which is made with the first one"
    provider = for_host(desk.mailbox.smtp.host)
    if how == "never":
        return Line("copies", Grade.note, 'none is put into Sent ([mailbox.smtp] save_sent = "never")')
    if how == "auto" and desk.mailbox.files_sent and provider is not None:
        return Line("copies", Grade.ok, f"{provider.name} puts what leaves into {place} by itself")
    if how == "auto":
        says = f"your provider may keep none: each mail is looked for in {place}{made}, and put there if it is missing"
        return Line("copies", Grade.ok, says)
    return Line("copies", Grade.ok, f"each mail is put into {place}{made}, unless it lies there already")


def _clock_of_the_server(desk: Desk, session: imap.ImapSession, watched: Sequence[Folder]) -> Iterator[Line]:
    """A mail that came in the future: this machine's clock is slow."""
    for folder in watched[:1]:
        with suppress(ServerMisbehaved):
            status = session.examine(folder)
            newest = session.uids_from(max(1, status.uidnext - 50))[-1:]
            came = max((one.internaldate for one in session.headers(newest) if one.internaldate), default=None)
            if came is not None and came - desk.now > SKEW:
                minutes = round((came - desk.now).total_seconds() / 60)
                says = f"the newest mail in {folder.name} came {minutes} minutes from now: this machine's clock is slow"
                yield Line("clock", Grade.bad, says, "Set it, best by itself: timedatectl set-ntp true")


def _smtp(desk: Desk) -> Iterator[Line]:
    access = desk.mailbox.smtp
    try:
        with smtp.open(access):
            yield Line("sending", Grade.ok, f"signed in to {access.host}:{access.port} as {access.username}")
    except AskaroundError as error:
        yield failed("sending", error)
    year = desk.now.year
    if year < 2025:
        yield Line("clock", Grade.bad, f"this machine thinks that it is {year}", "Set its clock.")
    else:
        yield Line("clock", Grade.ok, f"{desk.now.astimezone(desk.mailbox.zone):%a %d %b %Y %H:%M %Z}")


def _written_before(store: Store, desk: Desk) -> Iterator[Line]:
    """Whom the owner has written to by hand before they could be asked, and what becomes of them."""
    rows = store.read(lambda tx: conversations.with_contacts(tx, desk.mailbox.id))
    waiting = [row for row in rows if row.email and row.state in (State.planned, State.snoozed)]
    known = [row for row in waiting if row.written_before_at is not None and not row.written_before_ok]
    if known:
        zone = desk.mailbox.zone
        people = [f"{row.email} ({row.written_before_at.astimezone(zone):%d %b %Y})" for row in known]
        yield Line(
            "contacts",
            Grade.note,
            f"you wrote to {len(known)} of them before, so that their ask waits for your word: {some(people)}",
            "askaround tell EMAIL ok lets it leave; cancel drops it.",
        )
    elif waiting and not store.read(lambda tx: contacts.never_looked_up(tx, desk.mailbox.id, 1)):
        yield Line("contacts", Grade.ok, f"you wrote to none of the {len(waiting)} who wait, as far as Sent tells")
    elif waiting:
        says = f"{len(waiting)} wait; before each is asked, Sent is looked through for mail of yours to them"
        yield Line("contacts", Grade.ok, says)
    if not any(row.email for row in rows):
        yield Line("contacts", Grade.note, "none yet: nobody will be asked", "askaround import FILE.csv")


def _week(store: Store, desk: Desk) -> Iterator[Line]:
    """Who is asked on which of the next days."""
    try:
        week = first_week(store, desk)
    except (StoreError, TemplateError) as error:
        yield failed("plan", error, begin="cannot be told: ", grade=Grade.note)
        return
    if week.stopped:
        yield Line("plan", Grade.note, f"nobody is asked: {week.stopped}")
    elif week.days:
        yield Line("plan", Grade.ok, _told(week, desk), _approve(week, desk), rows=_table(week))
    elif week.waiting:
        yield Line(
            "plan", Grade.note, f"nobody is asked within {DAYS} days: hours, holidays, your absence, or companies"
        )
    elif week.held:
        held = "the ask that waits is held" if week.held == 1 else f"the {week.held} asks that wait are held"
        yield Line("plan", Grade.note, f"nobody is asked: {held}", "askaround outbox says why.")


def _told(week: Week, desk: Desk) -> str:
    people = sum(len(day.people) for day in week.days)
    later = week.waiting - people
    more = f"; {later} come later" if later > 0 else ""
    held = f"; {week.held} more {'is' if week.held == 1 else 'are'} held" if week.held else ""
    return (
        f"{people} of {week.waiting} asks within {DAYS} days, in your time ({desk.mailbox.owner.timezone}){more}{held}"
    )


def _approve(week: Week, desk: Desk) -> str:
    sequence = desk.mailbox.sequence
    if "ask" in sequence.approve:
        return "Each leaves only after your word (askaround outbox; askaround tell ID send)."
    if week.drafts or sequence.approve_first:
        return "The first ones wait for your word (askaround outbox; askaround tell ID send); the days count from then."
    return ""


def _table(week: Week) -> tuple[tuple[str, ...], ...]:
    rows = [
        (
            f"{day.day:%a %d %b}",
            day.first if day.first == day.last else f"{day.first}-{day.last}",
            str(len(day.people)),
            some(list(day.people)),
        )
        for day in week.days
    ]
    return (("day", "time", "asks", "whom"), *rows)

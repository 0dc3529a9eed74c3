"""Sends each step to the owner alone and reads where it landed: `askaround check --send-me`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.clock import Clock
from worker.conversation.vocabulary import Contact, State
from worker.errors import AskaroundError, ServerMisbehaved, TemplateError
from worker.jobs import rehearsal
from worker.jobs.desk import Desk
from worker.jobs.lines import Grade, Line, failed
from worker.mailbox import imap, smtp
from worker.mailbox.answers import Result
from worker.mailbox.folders import Folder, Role
from worker.reading import headers
from worker.reading.verdicts import Verdicts, verdicts
from worker.store import Store, Transaction, contacts, conversations
from worker.writing import Draft, Header, compose

MARK = "X-Askaround-Test"
EVERY = timedelta(seconds=2)
FIRST = (Role.inbox, Role.junk)  # where mail comes in
OWN = (Role.sent, Role.drafts)  # where a copy of ours lies, which proves nothing
SKEW = timedelta(minutes=15)


@dataclass(slots=True)
class Sample:
    """One mail to the owner: what it is a sample of, by what it is known, and where it was found."""

    step: str
    mark: str
    message_id: str
    raw: bytes
    folder: Folder | None = None
    checked: Verdicts | None = None
    late: timedelta | None = None


def send_me(store: Store, desk: Desk, clock: Clock, *, wait: timedelta) -> Iterator[Line]:
    """Send the steps, wait for them at most so long, and tell where each landed. Nothing is recorded.

    Each mail goes to the mailbox's own address, says in its subject and in a field of its own that it is a sample,
    and has no token and no mark of ours: the worker's reading takes it for nothing at all.
    """
    whom, samples, wrong = store.read(lambda tx: _written(tx, desk))
    yield from wrong
    try:
        with imap.connect(desk.mailbox.imap) as session:
            yield from _there_and_back(session, desk, clock, samples, wait, whom)
    except AskaroundError as error:
        yield failed("send-me", error)


def _there_and_back(
    session: imap.ImapSession, desk: Desk, clock: Clock, samples: list[Sample], wait: timedelta, whom: str
) -> Iterator[Line]:
    ends = _ends(session)
    coming = {folder: first for folder, first in ends.items() if folder.role in FIRST}
    sent = list(_sent(desk, samples))
    yield from (line for line, _ in sent if line is not None)
    on_the_way = [sample for _, sample in sent if sample is not None]
    if not on_the_way:
        return
    says = f"{len(on_the_way)} mails are on their way to {desk.mailbox.address}, written as if to {whom}"
    yield Line("send-me", Grade.ok, f"{says}; looking for them for up to {wait.total_seconds():g} seconds")
    until = clock.now() + wait
    _find(session, desk, on_the_way, coming)
    while any(sample.folder is None for sample in on_the_way) and clock.now() < until:
        clock.wait_until(min(until, clock.now() + EVERY))
        _find(session, desk, on_the_way, coming)
    _find(session, desk, on_the_way, ends)  # a rule may have filed it away
    yield from where(on_the_way)
    yield from _clock(on_the_way, wait)


def _written(tx: Transaction, desk: Desk) -> tuple[str, list[Sample], list[Line]]:
    """Every step, written to the first who waits, else to a made-up person; and what could not be written."""
    person, campaign = rehearsal.WHOLE, "default"
    for conversation in conversations.in_states(tx, desk.mailbox.id, {State.planned}, limit=20):
        contact = contacts.get(tx, conversation.contact_id)
        if contact.email and contact.opted_out_at is None:
            person, campaign = contacts.as_contact(contact), conversation.campaign
            break
    found, wrong = [], []
    names = rehearsal.names()
    for number, name in enumerate(names, 1):
        try:
            draft = rehearsal.written(desk, campaign, name, person)
        except TemplateError as error:
            wrong.append(failed("send-me", error, begin=f"{name}: "))
            continue
        found.append(_sample(desk, name, f"sample {number}/{len(names)}", draft))
    return _shown(person), found, wrong


def _shown(person: Contact) -> str:
    return "a made-up person" if person is rehearsal.WHOLE else (person.name or person.email or "somebody")


def _sample(desk: Desk, name: str, which: str, draft: Draft) -> Sample:
    address = desk.mailbox.address
    message_id, mark = desk.ids.message_id(address), f"[askaround {which}: {name}]"
    header = Header(
        sender=(desk.mailbox.owner.name, address),
        recipient=(desk.mailbox.owner.name, address),
        message_id=message_id,
        date=desk.now.astimezone(desk.mailbox.zone),
        subject=f"{mark} {draft.subject}".rstrip(),
        # auto-generated: nobody's answer, and nothing that anybody's machine answers (RFC 3834 section 5)
        extra={MARK: name, "Auto-Submitted": "auto-generated"},
    )
    return Sample(name, mark, message_id, compose(draft, header))


def _sent(desk: Desk, samples: list[Sample]) -> Iterator[tuple[Line | None, Sample | None]]:
    """Hand each to the server; what it refuses is a line."""
    if not samples:
        return
    with smtp.open(desk.mailbox.smtp) as session:
        for number, sample in enumerate(samples, 1):
            outcome = session.submit(desk.mailbox.address, desk.mailbox.address, sample.raw, before_data=lambda: None)
            if outcome.result in (Result.accepted, Result.uncertain):
                yield None, sample
                continue
            said = f"{outcome.code or ''} {outcome.text}".strip()
            todo = "The same would be said of a mail to a contact; the words of the server say what it wants."
            yield Line("send-me", Grade.bad, f"{sample.step}: your server did not take it: {said}", todo), None
            if not session.alive:
                if rest := len(samples) - number:
                    says = f"{rest} more were not tried: your server has ended the connection"
                    yield Line("send-me", Grade.note, says, "Run it again in some minutes."), None
                return


def _ends(session: imap.ImapSession) -> dict[Folder, int]:
    """All folders in which a mail can come to lie, the likeliest first, with the UID that the next one gets there."""
    likely = (Role.inbox, Role.junk, *(role for role in Role if role is not Role.all), Role.all)
    found: dict[Folder, int] = {}
    for folder in sorted(session.folders(), key=lambda one: likely.index(one.role)):
        if folder.role not in OWN:
            with suppress(ServerMisbehaved):  # not every folder of a list can be opened
                found[folder] = session.examine(folder).uidnext
    return found


def _find(session: imap.ImapSession, desk: Desk, samples: list[Sample], ends: Mapping[Folder, int]) -> None:
    """Look through what has come into these folders since they were looked at first."""
    for folder, first in ends.items():
        if all(sample.folder is not None for sample in samples):
            return
        session.examine(folder)
        for item in session.headers(session.uids_from(first)):
            head = headers(item.headers or b"")
            ids = {head.message_id, head.first("x-microsoft-original-message-id")}
            for sample in samples:
                # some providers put an id of their own in the place of ours
                if sample.folder is None and (sample.message_id in ids or head.subject.startswith(sample.mark)):
                    _found(session, desk, sample, folder, item.uid, item.internaldate)


def _found(
    session: imap.ImapSession, desk: Desk, sample: Sample, folder: Folder, uid: int, came: datetime | None
) -> None:
    sample.folder, sample.checked = folder, verdicts(session.body(uid) or b"")
    sample.late = came - desk.now if came is not None and folder.role in FIRST else None


def where(samples: list[Sample]) -> Iterator[Line]:
    """Where each landed, and what that means."""
    for sample in samples:
        name = sample.step
        if sample.folder is None:
            says = f"{name}: not there yet"
            yield Line("send-me", Grade.note, says, "Look yourself in a few minutes, in spam too; or give --wait 300.")
            continue
        place, checked = sample.folder, sample.checked or Verdicts()
        said = f"{name}: {place.name}; {checked.said()}"
        if place.role is Role.junk:
            yield Line("send-me", Grade.bad, said, _for_junk(checked))
        elif checked.fails():
            grade = Grade.note if checked.passes() else Grade.bad
            yield Line("send-me", grade, said, _for_failures(checked))
        elif place.role is Role.inbox:
            yield Line("send-me", Grade.ok, said)
        elif place.role is Role.all and not checked.known():
            todo = "Your own copy lies there too: look yourself in a few minutes whether it has come."
            yield Line("send-me", Grade.note, said, todo)
        else:
            yield Line("send-me", Grade.note, said, "A rule of yours files it there; answers may lie there too.")
    if any(sample.folder is not None for sample in samples) and not any(
        sample.checked and sample.checked.known() for sample in samples
    ):
        yield Line(
            "send-me",
            Grade.note,
            "your provider writes no verdict on mail from yourself, and treats it kindly",
            "A surer test: send one of them on to an address at another provider, and look in its spam folder.",
        )


def _clock(samples: list[Sample], wait: timedelta) -> Iterator[Line]:
    """What the server's own clock says of this machine's."""
    late = [sample.late for sample in samples if sample.late is not None]
    if late and (min(late) > SKEW + wait or max(late) < -SKEW):
        off = round(abs(min(late).total_seconds()) / 60)
        slow = "behind" if min(late) > timedelta(0) else "ahead"
        says = f"this machine's clock is {off} minutes {slow} the server's: mail would leave at wrong hours"
        yield Line("clock", Grade.bad, says, "Set it, best by itself: timedatectl set-ntp true")


def _for_junk(checked: Verdicts) -> str:
    first = (
        _for_failures(checked) if checked.fails() else "Take out links, shorten it, change the words that check names."
    )
    return (
        "In spam it looks to you as if nobody wanted to talk to you: do not begin before that is mended. "
        f"{first} Then mark it as no spam, and run this again."
    )


def _for_failures(checked: Verdicts) -> str:
    which = " and ".join(checked.fails())
    return f"{which} failed: the lines about your domain say what to add (askaround check)."

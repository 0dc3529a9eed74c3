"""Goes through the mails of ours that the database does not know, records them, and ends the hold on everything."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.clock import Clock
from worker.contacts import canonical
from worker.conversation.vocabulary import Delivery, Step
from worker.jobs import hold, poll, regain, whichstep
from worker.jobs.desk import Desk
from worker.jobs.kept import Read
from worker.mailbox.imap import ImapSession
from worker.store import Store, Transaction, contacts, journal, mailboxes, messages, outbox, strays

OLD_ANSWER = timedelta(days=14)  # what follows from an older one is the owner's to decide
MARGIN = timedelta(days=2)  # dates of mails and of servers differ
STOPPED = "stop"  # no step: the worker only stays away from this person


@dataclass(frozen=True, slots=True)
class Proposal:
    """One mail of ours that the database does not know, and what would be recorded of it."""

    id: str
    stray_id: int
    sent_at: datetime
    email: str
    name: str | None
    subject: str
    step: str  # a Step, or STOPPED where it is not known
    how: str  # how the step is known
    known: bool  # the person is a contact
    found_in: str  # sent, or answer

    @property
    def says(self) -> str:
        """What would be recorded, in a sentence."""
        who = "known" if self.known else "a new contact"
        if self.step == STOPPED:
            return f"{who}; which step it was is not known: nothing more leaves to them by itself"
        return f"{who}; {self.step.replace('_', ' ')} recorded as sent ({self.how})"

    def json(self) -> dict[str, Any]:
        """The object of `reconcile --json`."""
        return {
            "id": self.id,
            "sent_at": self.sent_at.isoformat(),
            "email": self.email,
            "name": self.name,
            "subject": self.subject,
            "step": None if self.step == STOPPED else self.step,
            "how": self.how,
            "contact": "known" if self.known else "unknown",
            "found_in": self.found_in,
            "record": self.says,
        }


@dataclass(slots=True)
class Found:
    """Where mailbox and database stand: whether everything is held and why, and the mails to go through."""

    why: str | None = None
    proposals: list[Proposal] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    complete: bool = True


@dataclass(slots=True)
class Done:
    """What a reconciliation did. `ended` says that mail may leave again, `todo` what is to be done where not."""

    recorded: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    read: list[Read] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    ended: bool = False
    todo: str | None = None


def look(store: Store, desk: Desk, session: ImapSession, clock: Clock) -> Found:
    """Read the mailbox as every turn does, and propose what to record. Raises WorldError where it breaks off."""
    found = poll.poll(store, desk, session, clock)
    waiting = store.read(lambda tx: strays.waiting(tx, desk.mailbox.id))
    box = store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id))
    proposals = [_propose(store, desk, session, one) for one in waiting]
    return Found(box.hold_why if box.hold_since else None, proposals, found.errors, found.complete)


def _propose(store: Store, desk: Desk, session: ImapSession, stray: Row[Any]) -> Proposal:
    step, how = whichstep.which(store, desk, session, stray)
    person = store.read(lambda tx: contacts.by_key(tx, desk.mailbox.id, canonical(stray.to_address)))
    return Proposal(
        f"u{stray.id}",
        stray.id,
        stray.sent_at,
        stray.to_address,
        (person.name if person is not None else None) or stray.to_name,
        stray.subject or "",
        step.value if step is not None else STOPPED,
        how,
        person is not None,
        stray.found_in,
    )


def reconcile(
    store: Store,
    desk: Desk,
    session: ImapSession,
    clock: Clock,
    found: Found,
    *,
    record: Collection[str],
    ignore: Collection[str] = (),
) -> Done:
    """Record and ignore the proposals with these ids, read the answers since then anew, and end the hold.

    It can be broken off anywhere and begun again: a mail counts as reconciled only once everything is done. Raises
    WorldError where the mailbox cannot be read; the hold then stays.
    """
    done = Done(errors=list(found.errors))
    chosen = [one for one in found.proposals if one.id in record]
    for one in found.proposals:
        if one.id in ignore:
            store.transaction(lambda tx: strays.settle(tx, one.stray_id, desk.now, "ignored"))
            done.ignored.append(one.id)
        elif one not in chosen:
            done.left.append(one.id)
    complete = found.complete
    if chosen:
        for one in chosen:
            store.transaction(lambda tx: regain.enter(tx, desk, one.stray_id, _step(one)))
        _read_anew(store, desk, session, min(one.sent_at for one in chosen))
        waiting = sorted(chosen, key=lambda one: (one.sent_at, one.stray_id))

        def before(moment: datetime) -> None:
            while waiting and waiting[0].sent_at <= moment:
                first = waiting.pop(0)
                store.transaction(lambda tx: regain.count_as_sent(tx, desk, first.stray_id, _step(first)))

        again = poll.poll(store, desk, session, clock, before=before)
        before(max(one.sent_at for one in chosen))
        done.read, complete = again.read, again.complete
        done.errors += again.errors
        done.recorded = [one.id for one in chosen]
        store.transaction(lambda tx: _hold_old_answers(tx, desk))
    if done.left:
        done.todo = f"{len(done.left)} of these mails are not settled; everything stays held. {hold.TODO}"
    elif not complete:
        done.todo = f"The mailbox could not be read to its end; everything stays held. {hold.TODO}"
    else:
        done.ended = store.transaction(lambda tx: _end(tx, desk))
    return done


def _step(proposal: Proposal) -> Step | None:
    return Step(proposal.step) if proposal.step != STOPPED else None


def _end(tx: Transaction, desk: Desk) -> bool:
    box = mailboxes.get(tx, desk.mailbox.id)
    if strays.waiting(tx, desk.mailbox.id):
        return False  # one was found meanwhile
    if box.hold_since is not None:
        said = hold.sentence(box)
        hold.end(tx, desk)
        mailboxes.note(tx, desk.mailbox.id, errors=[one for one in box.errors or [] if one != said])
    return True


def _read_anew(store: Store, desk: Desk, session: ImapSession, since: datetime) -> None:
    """Set every watched folder back to where it stood when the first of these mails left."""
    day = (since - MARGIN).date()
    known = store.read(lambda tx: mailboxes.folders(tx, desk.mailbox.id))
    for folder in session.watched(desk.mailbox.folders):
        row = known.get(folder.name)
        if row is None:
            continue
        first = session.first_since(folder, day)
        last_uid = min(row.last_uid, first - 1)
        store.transaction(
            lambda tx: mailboxes.begin_folder(
                tx, desk.mailbox.id, folder.name, folder.role, uidvalidity=row.uidvalidity, last_uid=last_uid
            )
        )


def _hold_old_answers(tx: Transaction, desk: Desk) -> None:
    """Nobody gets an answer to what they wrote weeks ago without the owner's word."""
    for mail in outbox.in_states(tx, desk.mailbox.id, {Delivery.due}):
        if mail.answers_message_id is None or mail.attempt:
            continue
        came = messages.get(tx, mail.answers_message_id).received_at
        if desk.now - came <= OLD_ANSWER or mail.planned_at < desk.now - MARGIN:
            continue
        why = f"it answers what they wrote on {came.astimezone(desk.mailbox.zone):%d %b %Y}"
        outbox.note(tx, mail.id, state=Delivery.held, hold_why=why)
        journal.write(
            tx,
            desk.mailbox.id,
            desk.now,
            "held",
            f"{mail.step} held: {why}",
            conversation_id=mail.conversation_id,
            contact_id=mail.contact_id,
            outbox_id=mail.id,
            for_owner=True,
        )

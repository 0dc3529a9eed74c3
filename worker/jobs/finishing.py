"""Ends the search: what is pending is cancelled, nothing new is planned, and who is still open is thanked by word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from worker.conversation import pacing
from worker.conversation.vocabulary import Delivery, State, Step
from worker.jobs import steps
from worker.jobs.desk import Desk
from worker.jobs.standing import snapshot
from worker.store import Transaction, changes, contacts, conversations, journal, mailboxes, outbox, suppressions

WHY = "you have finished"
# Who is thanked: all who were asked and are not through with us, or who answered kindly.
OPEN = (State.asked, State.snoozed, State.declined, State.referral_asked, State.referred, State.talking)
KEPT = frozenset({Step.thanks_for_talk, Step.report_back})  # what is owed for a talk stays, and waits for a word


@dataclass(frozen=True, slots=True)
class Line:
    """One mail that `finish` concerns."""

    id: str | None
    email: str
    name: str
    step: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What `finish` will do, or did: cancel, leave as drafts, draft anew; and whose fate it cannot change."""

    cancelled: tuple[Line, ...]
    kept: tuple[Line, ...]
    thanked: tuple[Line, ...]
    on_their_way: tuple[Line, ...]

    def json(self) -> dict[str, Any]:
        """The lists of `finish --json`."""
        return {
            name: [
                {"id": one.id, "email": one.email, "name": one.name, "step": one.step} for one in getattr(self, name)
            ]
            for name in ("cancelled", "kept", "thanked", "on_their_way")
        }


def plan(tx: Transaction, desk: Desk) -> Plan:
    """What `finish` would do now; nothing is changed."""
    pending = outbox.in_states(tx, desk.mailbox.id, outbox.PENDING)
    going = outbox.in_states(tx, desk.mailbox.id, (Delivery.sending, Delivery.in_flight, Delivery.uncertain))
    return Plan(
        cancelled=tuple(_line(tx, mail) for mail in pending if mail.step not in KEPT and mail.step != Step.farewell),
        kept=tuple(_line(tx, mail) for mail in pending if mail.step in KEPT or mail.step == Step.farewell),
        thanked=tuple(
            Line(None, contact.email, contact.name or contact.email, Step.farewell)
            for _, contact in _to_thank(tx, desk)
        ),
        on_their_way=tuple(_line(tx, mail) for mail in going),
    )


def _line(tx: Transaction, mail: Row[Any]) -> Line:
    contact = contacts.get(tx, mail.contact_id)
    return Line(f"m{mail.id}", contact.email or "", contact.name or contact.email or "", mail.step)


def _to_thank(tx: Transaction, desk: Desk) -> list[tuple[Row[Any], Row[Any]]]:
    """The conversations that get a farewell, one a person: something of ours reached them, and nobody forbids it."""
    found: dict[int, tuple[Row[Any], Row[Any]]] = {}
    for conversation in conversations.in_states(tx, desk.mailbox.id, OPEN):
        contact = contacts.get(tx, conversation.contact_id)
        if contact.email_key is None or contact.opted_out_at is not None or contact.dead_at is not None:
            continue
        if suppressions.blocking(tx, desk.mailbox.id, contact.email_key) is not None:
            continue
        mails = {mail.step: mail for mail in outbox.of_conversation(tx, conversation.id)}
        ask = mails.get(Step.ask)
        if ask is None or ask.state != Delivery.sent:
            continue  # nothing of ours surely arrived
        farewell = mails.get(Step.farewell)
        if farewell is not None and farewell.state != Delivery.cancelled:
            continue
        found[contact.id] = (conversation, contact)
    return list(found.values())


def finish(tx: Transaction, desk: Desk) -> Plan:
    """End the search; gives what was done. A second time it only takes up what has come since."""
    box = mailboxes.get(tx, desk.mailbox.id)
    doing = plan(tx, desk)
    before: dict[str, Any] = dict(box.finished_before or {})
    for mail in outbox.in_states(tx, desk.mailbox.id, outbox.PENDING):
        if mail.step == Step.farewell or (mail.step in KEPT and mail.state == Delivery.draft):
            continue
        before.setdefault(str(mail.id), mail.state)
        if mail.step in KEPT:
            outbox.note(tx, mail.id, state=Delivery.draft, hold_why=WHY, held_for_review=False)
        else:
            steps.cancel(tx, desk, mail, WHY)
            steps.settle_holds(tx, desk, mail.conversation_id)
            _write(tx, desk, mail, "cancelled", f"{mail.step} cancelled: {WHY}")
    for conversation, contact in _to_thank(tx, desk):
        due = pacing.fits(desk.now, desk.calendar(contact))
        change_id = changes.begin(
            tx,
            mailbox_id=desk.mailbox.id,
            conversation_id=conversation.id,
            what="the end of your search",
            before=snapshot(tx, conversation, contact),
            now=desk.now,
        )
        steps.plan_step(
            tx, desk, conversation, contact, Step.farewell, due, draft=True, by_word=True, change_id=change_id
        )
    values: dict[str, Any] = {"finished_before": before}
    if box.finished_at is None:
        values["finished_at"] = desk.now
        journal.write(tx, desk.mailbox.id, desk.now, "finished", "you have finished: nothing new leaves by itself")
    mailboxes.note(tx, desk.mailbox.id, **values)
    return doing


def undo(tx: Transaction, desk: Desk) -> bool:
    """Take the end back: what waited before waits again, a farewell that has not left is cancelled; False: no end."""
    box = mailboxes.get(tx, desk.mailbox.id)
    if box.finished_at is None:
        return False
    mailboxes.note(tx, desk.mailbox.id, finished_at=None, finished_before=None)
    for mail in outbox.in_states(tx, desk.mailbox.id, outbox.PENDING):
        if mail.step == Step.farewell:
            steps.cancel(tx, desk, mail, "your search goes on")
    for mail_id, state in (box.finished_before or {}).items():
        _again(tx, int(mail_id), str(state))
    journal.write(tx, desk.mailbox.id, desk.now, "resumed", "your search goes on")
    return True


def _again(tx: Transaction, mail_id: int, state: str) -> None:
    """A mail waits as it did, unless something has happened to it or to its person since."""
    mail = outbox.get(tx, mail_id)
    stopped = mail.state == Delivery.cancelled and mail.hold_why == WHY
    kept = mail.state == Delivery.draft and mail.step in KEPT and mail.hold_why == WHY
    if not stopped and not kept:
        return
    farewell = outbox.step_of(tx, mail.conversation_id, Step.farewell)
    if stopped and farewell is not None and farewell.state in (*outbox.LEFT, Delivery.sending):
        return  # whoever was thanked at the end is not asked on
    answered = _answered_since(tx, mail)
    held = state == Delivery.held or (answered and state != Delivery.draft)
    why = "they wrote while your search was over" if answered else None
    outbox.note(
        tx,
        mail.id,
        state=Delivery.held if held else state,
        hold_why=why if answered else ("it was held before you finished" if held else None),
        held_for_review=held,
        finished_at=None,
    )


def _answered_since(tx: Transaction, mail: Row[Any]) -> bool:
    """Whether a person wrote after this mail was cancelled: then nothing leaves without the owner's word."""
    from worker.store import messages

    if mail.finished_at is None:
        return False
    since = mail.finished_at
    return any(one.human and one.read_at >= since for one in messages.of_conversation(tx, mail.conversation_id))


def _write(tx: Transaction, desk: Desk, mail: Row[Any], what: str, text: str) -> None:
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        what,
        text,
        conversation_id=mail.conversation_id,
        contact_id=mail.contact_id,
        outbox_id=mail.id,
    )


def sentence(box: Row[Any]) -> str | None:
    """What the owner is told once they have finished; None where they have not."""
    if box.finished_at is None:
        return None
    return "You have finished: nothing new is planned, nothing leaves by itself. (askaround resume)"

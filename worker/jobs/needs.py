"""What needs the owner, one line for each: who waits for an answer, a word, a date, a call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Delivery, Intent, State
from worker.jobs import domains, guard, hold, strangers
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, conversations, mailboxes, messages, outbox, people, reviews

Need = dict[str, Any]


def needs(tx: Transaction, desk: Desk) -> list[Need]:
    """Everything that waits for the owner, the most urgent first: kind, id, email, name, text, todo."""
    return [
        *_trouble(tx, desk),
        *_talks(tx, desk),
        *_reviews(tx, desk),
        *_undated(tx, desk),
        *_domains(tx, desk),
        *_proposed(tx, desk),
        *_mails(tx, desk),
        *_calls(tx, desk),
    ]


def _need(kind: str, id_: str, who: Row[Any] | None, text: str, todo: str) -> Need:
    return {
        "kind": kind,
        "id": id_,
        "email": who.email if who is not None else None,
        "name": who.name if who is not None else None,
        "text": text,
        "todo": todo,
    }


def _trouble(tx: Transaction, desk: Desk) -> Iterator[Need]:
    box = mailboxes.get(tx, desk.mailbox.id)
    if box.hold_since is not None:
        yield _need("hold", "mailbox", None, f"nothing leaves to contacts: {box.hold_why}", hold.TODO)
    if box.asks_paused_at is not None:
        text = f"no ask leaves: {box.asks_paused_why}"
        yield _need("asks_paused", "mailbox", None, text, "look at your list of addresses, then: askaround resume")
    if box.blocked_until is not None and box.blocked_until > desk.now:
        until = box.blocked_until.astimezone(desk.mailbox.zone)
        text = f"your provider refuses to send until {until:%a %d %b %H:%M}: {box.blocked_why}"
        yield _need("blocked", "mailbox", None, text, "if it stays so, ask your provider")


def _talks(tx: Transaction, desk: Desk) -> Iterator[Need]:
    """Who said yes or asked something and has no answer of the owner yet; talks that may have taken place."""
    for conversation in conversations.in_states(tx, desk.mailbox.id, {State.talking}):
        contact = contacts.get(tx, conversation.contact_id)
        id_ = f"c{conversation.id}"
        if conversation.talk_asked_at is not None:
            todo = f"askaround tell {id_} met | no | stop"
            yield _need("took_place", id_, contact, "did the talk take place?", todo)
            continue
        own = [one for one in messages.of_conversation(tx, conversation.id) if one.human]
        heard = sorted((*strangers.words_of(tx, contact), *own), key=lambda one: (one.received_at, one.id))
        if not heard or heard[-1].by_owner:
            continue
        reading = messages.newest_reading(tx, heard[-1].id)
        kind = "question" if reading.intent == Intent.question else "yes"
        yield _need(kind, id_, contact, _said(reading.data), "write to them yourself; the worker stays out")


def _said(data: Any) -> str:
    return str((data or {}).get("new_text") or "").strip()


def _reviews(tx: Transaction, desk: Desk) -> Iterator[Need]:
    for row in reviews.waiting(tx, desk.mailbox.id):
        if row.reading_id is None and row.message_id is None:
            continue  # it asks about held mails, which are named below
        meaning = (row.intent or "not read").replace("_", " ")
        sure = f" ({row.confidence:.0%})" if row.confidence is not None else ""
        said = f": “{_said(row.data)}”" if _said(row.data) else ""
        todo = f"askaround tell r{row.id} ok | declined | interested | question | cancel ..."
        yield _need("review", f"r{row.id}", row, f"{meaning}{sure}; {row.why}{said}", todo)


def _undated(tx: Transaction, desk: Desk) -> Iterator[Need]:
    for conversation in conversations.in_states(tx, desk.mailbox.id, {State.snoozed}):
        if conversation.check_in_undated:
            contact = contacts.get(tx, conversation.contact_id)
            theirs = [one for one in messages.of_conversation(tx, conversation.id) if one.human and not one.by_owner]
            said = _said(messages.newest_reading(tx, theirs[-1].id).data) if theirs else ""
            id_ = f"c{conversation.id}"
            yield _need("later", id_, contact, said or "later, without a date", f"askaround tell {id_} later DATE")


def _domains(tx: Transaction, desk: Desk) -> Iterator[Need]:
    for contact in domains.questions(tx, desk):
        domain = domains.domain_of(contact.email)
        text = f"asked not to be written to; shall nobody at {domain} be written to any more?"
        yield _need("domain", f"d{contact.id}", contact, text, f"askaround tell d{contact.id} yes | no")


def _proposed(tx: Transaction, desk: Desk) -> Iterator[Need]:
    for row in people.proposed(tx, desk.mailbox.id):
        by = row.introducer_name or row.introducer_email or "somebody"
        kind, ask = ("proposed", "ask") if row.email else ("name_without_address", "ask NAME '<EMAIL>'")
        missing = "" if row.email else ", without an address"
        yield _need(kind, f"p{row.id}", row, f"named by {by}{missing}", f"askaround tell p{row.id} {ask} | cancel")


def _mails(tx: Transaction, desk: Desk) -> Iterator[Need]:
    """Mails whose fate only the owner knows, drafts, held ones that no review speaks for, those that were given up."""
    states = (Delivery.uncertain, Delivery.draft, Delivery.held, Delivery.failed)
    for mail in outbox.in_states(tx, desk.mailbox.id, states):
        contact = contacts.get(tx, mail.contact_id)
        id_, step = f"m{mail.id}", mail.step.replace("_", " ")
        why = mail.hold_why or "waits for your word"
        if mail.state == Delivery.failed:
            if is_open(tx, mail, contact):
                todo = f"askaround tell {id_} send | cancel"
                yield _need("given_up", id_, contact, f"{step} was given up: {why}", todo)
        elif mail.state == Delivery.uncertain:
            todo = f"look into your Sent folder, then: askaround tell {id_} arrived | did not arrive | cancel"
            yield _need("uncertain", id_, contact, f"{step}: {why}", todo)
        elif mail.state == Delivery.draft or not any(
            one.reading_id or one.message_id for one in reviews.of_conversation(tx, mail.conversation_id)
        ):
            yield _need(str(mail.state), id_, contact, f"{step}: {why}", f"askaround tell {id_} send | cancel")


def is_open(tx: Transaction, mail: Row[Any], contact: Row[Any]) -> bool:
    """Whether a mail that was given up can still be sent once more."""
    if not outbox.given_up(mail) or contact.dead_at is not None or contact.opted_out_at is not None:
        return False
    return guard.is_wanted(mail, conversations.get(tx, mail.conversation_id).state)


def _calls(tx: Transaction, desk: Desk) -> Iterator[Need]:
    for conversation in conversations.to_call(tx, desk.mailbox.id, desk.today):
        contact = contacts.get(tx, conversation.contact_id)
        id_ = f"c{conversation.id}"
        yield _need("call", id_, contact, f"call {contact.phone}", f"askaround tell {id_} called | called, no answer")

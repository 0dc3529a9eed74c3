"""Words about a whole domain, after somebody there asked not to be written to: nobody there, or only they."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Delivery
from worker.errors import NotUnderstood
from worker.jobs import domains, guard, suppressing, told
from worker.jobs.desk import Desk
from worker.jobs.word import Subject
from worker.reading.tell import Order
from worker.store import Transaction, contacts, conversations, outbox, reviews


def never_again(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """ "yes": nobody there is written to."""
    contact, domain = _open(subject)
    done = suppressing.add(tx, desk, "domain", domain, f"{contact.name or contact.email} asked for it, and you agreed")
    return "; ".join(done)


def only_this_one(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """ "no": others there may be written to; what waited for this answer goes on."""
    _, domain = _open(subject)
    there = contacts.at_company(tx, desk.mailbox.id, {f"domain:{domain}"})
    whys = {domains.why_held(one.name or one.email) for one in there if domains.is_open(one)}
    domains.settle(tx, desk, domain)
    for person in there:
        for conversation in conversations.of_contact(tx, person.id):
            _go_on(tx, desk, conversation.id, whys)
    return f"{domain}: others there may be written to"


def _go_on(tx: Transaction, desk: Desk, conversation_id: int, whys: set[str]) -> None:
    for one in reviews.of_conversation(tx, conversation_id):
        if one.why in whys:
            reviews.settle(tx, one.id, "others there may be written to", desk.now)
    waited_for = whys if reviews.of_conversation(tx, conversation_id) else {*whys, guard.REVIEW_OPEN}
    for mail in outbox.pending(tx, conversation_id):
        if mail.hold_why in waited_for:
            tried = mail.raw is not None and mail.attempt > 0
            freed = Delivery.retry if tried else Delivery.due
            state = freed if mail.state == Delivery.held else mail.state
            outbox.note(tx, mail.id, state=state, hold_why=None, held_for_review=False)


def _open(subject: Subject) -> tuple[Row[Any], str]:
    contact = subject.contact
    domain = domains.domain_of(contact.email) if contact is not None else None
    if contact is None or domain is None or not domains.is_open(contact):
        raise NotUnderstood(f"{subject.who} was settled before; nothing was changed.", todo=told.EXAMPLES)
    return contact, domain

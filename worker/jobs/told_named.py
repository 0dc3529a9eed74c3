"""Words about somebody who was named: ask, propose again, drop."""

from __future__ import annotations

from dataclasses import replace

from worker.contacts import canonical, check_email
from worker.conversation.vocabulary import Person
from worker.errors import InputError, NotUnderstood
from worker.jobs import introductions, told_mail
from worker.jobs.desk import Desk
from worker.jobs.word import Subject
from worker.reading.tell import Order
from worker.store import (
    Transaction,
    people,
    suppressions,
)


def ask(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """ "ask" of somebody who was named; "ask NAME <EMAIL>" names somebody, whom this person led to."""
    if order.person is None or order.person.email is None:
        return ask_named(tx, desk, subject, order)
    try:
        email = check_email(order.person.email)
    except ValueError as error:
        raise NotUnderstood(f"{order.person.email!r} is no address: {error}; nothing was changed.") from None
    if subject.person is not None:
        name = order.person.name or subject.person.name
        people.note(tx, subject.person.id, email=email, email_key=canonical(email), name=name)
        return ask_named(tx, desk, replace(subject, person=people.find(tx, desk.mailbox.id, subject.person.id)), order)
    return new_person(tx, desk, subject, Person(order.person.name, email))


def new_person(tx: Transaction, desk: Desk, subject: Subject, one: Person) -> str:
    """Somebody whom the owner names: asked, and told who led to them."""
    made = people.add(
        tx,
        mailbox_id=desk.mailbox.id,
        name=one.name,
        email=one.email,
        email_key=canonical(one.email or ""),
        state="proposed",
        introducer_id=subject.contact.id if subject.contact is not None else None,
        conversation_id=subject.conversation.id if subject.conversation is not None else None,
        at=desk.now,
    )
    return ask_named(tx, desk, replace(subject, person=people.find(tx, desk.mailbox.id, made)), None)


def ask_named(tx: Transaction, desk: Desk, subject: Subject, order: Order | None) -> str:
    """Ask somebody who was named; raises InputError where no address is known."""
    if subject.person is None:
        raise NotUnderstood(
            f"{subject.name} was not named by anybody; nothing was changed.", todo="Say ask NAME <EMAIL>."
        )
    if subject.person.email is None:
        raise InputError(
            f"{subject.name} has no address yet; nothing was changed.",
            todo=f"Say it: askaround tell p{subject.person.id} ask NAME '<EMAIL>'",
        )
    refused = introductions.forbidden(tx, desk, canonical(subject.person.email))
    if refused is not None:
        raise InputError(f"{subject.name} is not asked: {refused}; nothing was changed.")
    begun = introductions.ask_person(tx, desk, subject.person, by_owner=True)
    if begun is None:
        return f"{subject.name} is known already"
    return f"{subject.name} will be asked"


def drop_named(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """ "remove" of somebody who was named: dropped, and never written to, whoever names them again."""
    said = told_mail.cancel(tx, desk, subject, order)
    if subject.person is not None and subject.person.email_key:
        key = subject.person.email_key
        suppressions.add(tx, desk.mailbox.id, what="address", value=key, reason="your word", now=desk.now)
    return said


def propose_again(tx: Transaction, desk: Desk, subject: Subject, order: Order) -> str:
    """Somebody who was dropped waits for a word again."""
    if subject.person is None or subject.person.state != "dropped":
        raise NotUnderstood(f"There is nothing to undo about {subject.name}; nothing was changed.")
    found = suppressions.blocking(tx, desk.mailbox.id, subject.person.email_key)
    if found is not None and found.what == "address" and found.reason == "your word":
        suppressions.lift(tx, found.id, desk.now)
    people.note(tx, subject.person.id, state="proposed", why=None, settled_at=None)
    return f"{subject.name}: waits for your word again"

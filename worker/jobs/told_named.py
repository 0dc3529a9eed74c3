"""Words about somebody who was named: ask, propose again, drop."""

from __future__ import annotations

from dataclasses import replace

from worker.contacts import canonical, check_email
from worker.conversation import pacing
from worker.conversation.vocabulary import Delivery, Person, State, Step
from worker.errors import InputError, NotUnderstood
from worker.jobs import introductions, steps, told, told_mail, word
from worker.jobs.desk import Desk
from worker.jobs.word import Subject
from worker.reading.tell import Order
from worker.store import (
    Transaction,
    mailboxes,
    outbox,
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
    if subject.person is None and order is not None:
        asks = [mail for mail in word.mails_waiting(tx, subject) if mail.step == Step.ask]
        if asks:
            return told_mail.send(tx, desk, replace(subject, mail=asks[0]), order)  # it waits, or was given up
    if subject.person is None:
        return _ask_again(tx, desk, subject, order)
    if subject.person.email is None:
        raise InputError(
            f"{subject.name} has no address yet; nothing was changed.",
            todo=f"Say it: askaround tell p{subject.person.id} ask NAME '<EMAIL>'",
        )
    if mailboxes.get(tx, desk.mailbox.id).finished_at is not None:
        raise InputError("You have finished: nobody new is asked; nothing was changed.", todo="askaround resume")
    refused = introductions.forbidden(tx, desk, canonical(subject.person.email))
    if refused is not None:
        raise InputError(f"{subject.name} is not asked: {refused}; nothing was changed.")
    begun = introductions.ask_person(tx, desk, subject.person, by_owner=True)
    if begun is None:
        return f"{subject.name} is known already"
    return f"{subject.name} {_how(tx, begun)}"


def _how(tx: Transaction, conversation_id: int) -> str:
    """What becomes of an ask that was just planned: it leaves, or waits for a second word where `approve` says so."""
    ask = outbox.step_of(tx, conversation_id, Step.ask)
    if ask is not None and ask.state == Delivery.draft:
        return f"is a new contact; the ask is a draft and waits for your word (askaround tell m{ask.id} send)"
    if ask is not None and ask.state == Delivery.held:
        return f"is a new contact; the ask is held: {ask.hold_why}"
    return "will be asked"


def _ask_again(tx: Transaction, desk: Desk, subject: Subject, order: Order | None) -> str:
    """ "ask" of a contact: one whose ask was cancelled before it left is asked after all. Raises NotUnderstood."""
    name, theirs = subject.name, subject.conversation
    if theirs is None or subject.contact is None:
        raise NotUnderstood(f"{name} was not named by anybody; nothing was changed.", todo="Say ask NAME <EMAIL>.")
    ask = outbox.step_of(tx, theirs.id, Step.ask)
    if subject.contact.asked_at is not None or theirs.state != State.planned:
        state = theirs.state.replace("_", " ")
        raise NotUnderstood(f"{name} was asked before and stands at {state}; nothing was changed.")
    if ask is not None and ask.state != Delivery.cancelled:
        raise NotUnderstood(f"{name} is to be asked already; nothing was changed.")
    due = pacing.fits(desk.now, desk.calendar(subject.contact))
    case = told.case_of(tx, desk, subject, order.text if order is not None else "ask")
    planned = steps.plan_step(tx, desk, theirs, subject.contact, Step.ask, due, change_id=case.change_id)
    if planned is None:
        raise NotUnderstood(f"{name} has no address to be asked at; nothing was changed.")
    outbox.note(tx, planned, released_at=desk.now)
    return f"{name} {_how(tx, theirs.id)}"


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

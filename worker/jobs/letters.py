"""Makes the bytes of a mail from its template, the contact and the thread as they are now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Contact, State, Step
from worker.errors import TemplateError
from worker.jobs.desk import Desk, Templates
from worker.store import Transaction, contacts, conversations, outbox, people
from worker.writing import Draft, Header, Owner, checked_name, compose, render, reply_subject, template_name, variables
from worker.writing.headers import date_value


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished mail: the bytes that leave, the subject, the address."""

    raw: bytes
    subject: str
    to_address: str
    body: str


def write_letter(
    tx: Transaction,
    desk: Desk,
    conversation: Row[Any],
    contact: Row[Any],
    step: Step,
    *,
    message_id: str,
    token: str,
    own: Draft | None = None,
) -> Letter:
    """Render and compose one step, or the owner's `own` words for it.

    Raises TemplateError, or AskaroundError where the bytes would not be right.
    """
    introducer = contacts.get(tx, contact.introducer_id) if contact.introducer_id is not None else None
    person = contacts.as_contact(contact)
    owner = desk.mailbox.owner
    referred = introducer is not None or bool(person.referred_by)
    name = template_name(step, referred=referred)
    templates = desk.mailbox.templates(conversation.campaign, contact.language)
    given = variables(
        person,
        Owner(name=owner.name, email=owner.email, phone=owner.phone, about=owner.about),
        introducer=contacts.as_contact(introducer) if introducer is not None else _named_by(person),
        named=[Contact(email=row.email, name=row.name) for row in people.named_by(tx, contact.id)],
        introduced=_met_through(tx, contact.id),
        asked_for_name=contact.asked_for_name_at is not None,
        sent=_dates(tx, desk, conversation.id),
        stands=conversation.state,
        language=templates.language(name),
    )
    draft = own or _rendered(templates, name, given, contact)
    ours, theirs = outbox.thread(tx, conversation.id)
    chain, answered, subject = _thread(ours, theirs)
    if step is Step.ask or not chain:
        chain, answered, subject = [], None, draft.subject
    else:
        subject = draft.subject if own is not None else reply_subject(subject or draft.subject)
    to_address = outbox.address_of(ours, contact)
    shown = person.name or " ".join(filter(None, (person.first_name, person.last_name)))
    if referred:
        # a name that came from a stranger is shown only if it is one
        shown = checked_name(shown) or ""
    header = Header(
        sender=(owner.name, desk.mailbox.address),
        recipient=(shown, to_address),
        message_id=message_id,
        date=desk.now.astimezone(desk.mailbox.zone),
        in_reply_to=answered,
        references=tuple(chain),
        token=token,
        subject=subject,
    )
    return Letter(compose(draft, header), subject, to_address, draft.body)


def decoded(raw: bytes) -> tuple[str, str]:
    """Subject and text of a mail of ours."""
    from email import message_from_bytes, policy

    parsed = message_from_bytes(raw, policy=policy.default)
    return str(parsed["Subject"]), str(parsed.get_content()).replace("\r\n", "\n")


def dated(raw: bytes, desk: Desk) -> bytes:
    """A mail of ours that was written earlier, with the date of now; every other byte stays."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    date = f"Date: {date_value(desk.now.astimezone(desk.mailbox.zone))}".encode("ascii")
    return re.sub(rb"(?m)^Date: [^\r\n]*", lambda _: date, head, count=1) + gap + body


def _rendered(templates: Templates, name: str, given: dict[str, Any], contact: Row[Any]) -> Draft:
    try:
        return render(templates.texts, name, given, origin=templates.origin, language=templates.language(name))
    except TemplateError as error:
        raise TemplateError(error.what, where=f"{error.where}, for {contact.email}", todo=error.todo) from None


def _named_by(person: Contact) -> Contact | None:
    """The introducer of whom only an address is known (from a file of contacts)."""
    return Contact(email=person.referred_by) if person.referred_by else None


def _thread(ours: list[Row[Any]], theirs: list[Row[Any]]) -> tuple[list[str], str | None, str | None]:
    """The chain of Message-IDs, the one that is answered, and the subject of that mail (RFC 5322 3.6.4).

    The mail that is answered is their last human one, else our first.
    """
    mine = [mail.message_id for mail in ours]
    named = [mail for mail in theirs if not mail.message_id.endswith("@no-message-id>")]
    chain = mine[:1]
    answered: str | None
    subject: str | None
    if named:
        last = named[-1]
        answered, subject = last.message_id, last.subject or (ours[0].subject if ours else None)
        chain += [*last.references, *mine, *(mail.message_id for mail in named)]
    else:
        answered, subject = (mine[0], ours[0].subject) if ours else (None, None)
        chain += mine
        if theirs and theirs[-1].subject:
            subject = theirs[-1].subject
    if answered is not None:
        # the answered mail stands last in References
        chain = [one for one in dict.fromkeys(chain) if one != answered] + [answered]
    return chain, answered, subject


def _met_through(tx: Transaction, contact_id: int) -> list[Contact]:
    met = []
    for person in contacts.introduced_by(tx, contact_id):
        if any(one.state == State.met for one in conversations.of_contact(tx, person.id)):
            met.append(contacts.as_contact(person))
    return met


def _dates(tx: Transaction, desk: Desk, conversation_id: int) -> dict[Step, Any]:
    return {
        Step(mail.step): mail.sent_at.astimezone(desk.mailbox.zone).date()
        for mail in outbox.of_conversation(tx, conversation_id)
        if mail.sent_at is not None
    }

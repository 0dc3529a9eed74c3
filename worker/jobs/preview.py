"""The exact mail that would leave to a person, headers and all."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from worker.contacts import canonical
from worker.conversation.vocabulary import State, Step
from worker.errors import InputError
from worker.jobs.desk import Desk
from worker.jobs.letters import write_letter
from worker.store import Transaction, contacts, conversations, outbox


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as it would leave now."""

    email: str
    step: str
    raw: bytes
    body: str


def preview(tx: Transaction, desk: Desk, email: str | None, step: Step | None) -> Preview:
    """The mail of one step to a person; without an address the next that would leave, without a step their next one.

    Raises InputError where nobody is known by the address, TemplateError where the template cannot be filled in.
    """
    if email is None:
        waiting = outbox.in_states(tx, desk.mailbox.id, outbox.PENDING)
        if waiting:
            contact_id = waiting[0].contact_id
        else:
            planned = conversations.in_states(tx, desk.mailbox.id, {State.planned}, limit=1)
            if not planned:
                raise InputError("Nobody waits for a mail.", todo="Import contacts first: askaround import FILE.csv")
            contact_id = planned[0].contact_id
        person = contacts.get(tx, contact_id)
    else:
        found = contacts.by_key(tx, desk.mailbox.id, canonical(email))
        if found is None:
            raise InputError(
                f"Nobody is known by {email}.", todo="askaround contacts lists everybody; askaround add EMAIL adds one."
            )
        person = found
    if person.email is None:
        raise InputError(f"{person.name or person.phone} has no address: they can only be called.")
    conversation = conversations.of_contact(tx, person.id)[0]
    mails = {mail.step: mail for mail in outbox.of_conversation(tx, conversation.id)}
    if step is None:
        pending = [mail for mail in mails.values() if mail.state in outbox.PENDING]
        step = Step(min(pending, key=lambda mail: mail.due).step) if pending else Step.ask
    mail = mails.get(step)
    if mail is not None and mail.raw is not None:
        return Preview(person.email, step, bytes(mail.raw), "")
    letter = write_letter(
        tx,
        desk,
        conversation,
        person,
        step,
        message_id=mail.message_id if mail is not None else _not_made_yet(desk, conversation.id, step),
        token=mail.token if mail is not None else "preview",
    )
    return Preview(person.email, step, letter.raw, letter.body)


def _not_made_yet(desk: Desk, conversation_id: int, step: Step) -> str:
    """What stands in the place of the Message-ID of a mail that is not planned: the same at each call."""
    mark = sha256(f"{desk.mailbox.address}:{conversation_id}:{step}".encode()).hexdigest()[:16]
    return f"<preview.{mark}@{desk.mailbox.address.rpartition('@')[2]}>"

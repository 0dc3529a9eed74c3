"""What the owner wrote: an answer to a summary, which is obeyed or refused, or a mail to a contact by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import Kind, Match, Reading
from worker.jobs import answers, effects
from worker.jobs.case import Case
from worker.jobs.desk import Desk
from worker.jobs.kept import Read, before_them
from worker.jobs.kept import written as when
from worker.jobs.standing import snapshot
from worker.reading.headers import Headers
from worker.store import Transaction, changes, contacts, conversations, journal, messages, reviews

OUT_OF_JUNK = timedelta(days=2)  # in which the owner takes an answer of theirs out of Junk, for it to be obeyed


def answer_of_theirs(
    tx: Transaction,
    desk: Desk,
    place: Row[Any],
    head: Headers,
    message_id: str,
    digest: str,
    reading: Reading,
    answer: answers.Answer,
) -> None:
    """An answer to a summary: obeyed once, wherever it is seen again; or refused and reported."""
    if head.token == answer.summary.token:
        messages.read_as_nothing(tx, place.id)  # the summary itself
        return
    made = messages.add(
        tx,
        mailbox_id=desk.mailbox.id,
        message_id=message_id,
        text_hash=digest,
        raw_id=place.raw_id,
        from_address=head.from_address[:320],
        from_name=head.from_name[:500],
        subject=head.subject[:2000],
        references=list(head.references[-50:]),
        by_owner=answer.refused is None,
        from_contact=False,
        human=False,
        only_in_junk=place.role == "junk",
        sent_at=head.date,
        received_at=place.internal_date,
        read_at=desk.now,
    )
    messages.read_as(tx, place.id, made)
    why = answer.refused or ("it lies in Junk" if place.role == "junk" else None)
    if why is not None:
        refused(tx, desk, answer, why)
    else:
        _obey(tx, desk, answer, reading)


def _obey(tx: Transaction, desk: Desk, answer: answers.Answer, reading: Reading) -> None:
    done = answers.carry_out(tx, desk, answer.summary, reading.new_text)
    for line in done.done:
        answers.report(tx, desk, "obeyed", line)
    for line in done.not_done or ([] if done.done else ["nothing in your answer was understood"]):
        answers.report(tx, desk, "not_understood", line, for_owner=True)


def out_of_junk(desk: Desk, place: Row[Any], seen: Row[Any]) -> bool:
    """Whether an answer to a summary was in Junk alone and is not any more, soon enough to be meant still."""
    taken_out = seen.only_in_junk and place.role not in ("junk", "sent")
    return bool(taken_out and seen.by_owner and desk.now - seen.received_at <= OUT_OF_JUNK)


def obey_now(tx: Transaction, desk: Desk, seen: Row[Any], head: Headers, reading: Reading) -> None:
    """It is asked again whether it is the owner's; `record` notes that it was taken out, so this happens once."""
    answer = answers.recognise(tx, desk, head, reading.new_text) if seen.conversation_id is None else None
    if answer is not None and answer.refused is None:
        _obey(tx, desk, answer, reading)


def refused(tx: Transaction, desk: Desk, answer: answers.Answer, why: str) -> None:
    text = f"an answer to the summary of {answer.summary.local_date} was refused: {why}; nothing was changed"
    answers.report(tx, desk, "refused", text, for_owner=True)


def written_to(tx: Transaction, desk: Desk, place: Row[Any], head: Headers) -> list[Row[Any]]:
    """The contacts whom a mail of the owner's went to; when it was written, they were contacts."""
    keys = {canonical(address) for _, address in (*head.to, *head.cc) if address}
    came = when(place, head)
    found = contacts.by_keys(tx, desk.mailbox.id, keys).values()
    return [contact for contact in found if not before_them(place, came, contact)]


def _wrote_it(desk: Desk, place: Row[Any], head: Headers, data: bytes) -> bool:
    """Whether the owner wrote this: no answering machine of theirs, and nobody else under their address."""
    automatic = head.first("auto-submitted").strip().lower()
    if automatic and not automatic.startswith("no") and b"text/calendar" not in data.lower():
        return False
    if place.role != "all":
        return True
    # what came in lies there too: with the address that it was sent from, and with the server's verdict
    sent_from = canonical((head.return_path or "").strip("<> "))
    return not answers.is_forged(head) and (not sent_from or sent_from in desk.mailbox.own_addresses)


def by_hand(
    tx: Transaction, desk: Desk, place: Row[Any], head: Headers, message_id: str, digest: str, data: bytes
) -> Read | None:
    """The owner's own mail: one to a contact, written by hand, takes the worker out of that conversation."""
    known = written_to(tx, desk, place, head)
    if place.role not in ("sent", "all") or not known or not _wrote_it(desk, place, head, data):
        messages.read_as_nothing(tx, place.id)
        return None
    first: Read | None = None
    made = None
    for contact in known:
        for conversation in conversations.of_contact(tx, contact.id)[:1]:
            if made is None:
                made = messages.add(
                    tx,
                    mailbox_id=desk.mailbox.id,
                    message_id=message_id,
                    text_hash=digest,
                    raw_id=place.raw_id,
                    conversation_id=conversation.id,
                    contact_id=contact.id,
                    match=Match.thread,
                    from_address=head.from_address[:320],
                    from_name=head.from_name[:500],
                    subject=head.subject[:2000],
                    references=list(head.references[-50:]),
                    by_owner=True,
                    from_contact=False,
                    human=True,
                    only_in_junk=False,
                    sent_at=head.date,
                    received_at=place.internal_date,
                    read_at=desk.now,
                )
                messages.read_as(tx, place.id, made)
            journal.write(
                tx,
                desk.mailbox.id,
                desk.now,
                "own_mail",
                "you wrote to them by hand; the worker stays out",
                conversation_id=conversation.id,
                contact_id=contact.id,
                message_id=made,
                words=head.subject[:300],
            )
            for one in reviews.of_conversation(tx, conversation.id):
                reviews.settle(tx, one.id, "you wrote to them yourself", desk.now)
            change_id = changes.begin(
                tx,
                mailbox_id=desk.mailbox.id,
                conversation_id=conversation.id,
                what="your own mail to them",
                before=snapshot(tx, conversation, contact),
                now=desk.now,
            )
            case = Case(conversation, contact, change_id=change_id, message_id=made, by_owner=True)
            effects.happen(tx, desk, case, (Occurrence.own_mail,))
            first = first or Read(contact.email or "", Kind.own.value, None, 1.0)
    return first

"""Reads a kept mail and records it: message, reading, journal, the conversation's new state, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.conversation.standing import Occurrence
from worker.conversation.table import is_human_reply, occurrences
from worker.conversation.vocabulary import Bounce, Contact, Context, Kind, Match, Reading, State
from worker.jobs import answers, bounces, effects, match, owners_mail, steps
from worker.jobs.addressee import Addressee, addressee
from worker.jobs.case import Case
from worker.jobs.caution import cautious, newsletter
from worker.jobs.delivered import shown_to_have_arrived
from worker.jobs.desk import Desk
from worker.jobs.kept import Read, before_them, written
from worker.jobs.readings import as_json, from_json
from worker.jobs.standing import snapshot
from worker.reading import headers, opened, read, text_hash
from worker.reading.headers import Headers
from worker.store import Store, Transaction, changes, contacts, conversations, journal, messages, outbox, reviews

CAME_BACK = {Occurrence.hard_bounce, Occurrence.refused}
AWAITED = {State.planned, State.asked, State.silent, State.snoozed, State.referral_asked}
TRIES = 3  # after which a mail that cannot be read is parked


def record_unread(
    store: Store, desk: Desk, *, before: Callable[[datetime], None] = lambda moment: None
) -> tuple[list[Read], list[str]]:
    """Read and record every kept mail; gives what was read and what could not be read.

    `before` is called with the time at which a mail came before it is recorded.
    """
    done: list[Read] = []
    troubles: list[str] = []
    with opened():  # one model for all of them, given back after
        while True:
            waiting = store.read(lambda tx: messages.unread(tx, desk.mailbox.id))
            if not waiting:
                return done, troubles
            for place in waiting:
                before(place.internal_date)
                tries = place.tries + 1
                # counted before the attempt, so that a mail that kills the process is given up as well: at first its
                # text (who wrote it still holds what is pending), at last the whole mail
                parked_at = desk.now if tries > TRIES + 1 else None
                store.transaction(
                    lambda tx: messages.tried(tx, place.id, tries, error=place.error, parked_at=parked_at)
                )
                if tries > TRIES:
                    troubles.append(f"A mail in {place.folder_name} (UID {place.uid}) cannot be read and is set aside.")
                if parked_at is not None:
                    continue
                found = record(store, desk, place, unread=tries > TRIES)
                if found is not None:
                    done.append(found)


def record(store: Store, desk: Desk, place: Row[Any], *, unread: bool = False) -> Read | None:
    """Read one kept mail and record it; None for mail that is no concern of ours, or that was seen before.

    With `unread` nothing but its header is looked at.
    """
    data = store.read(lambda tx: messages.bytes_of(tx, place.raw_id))
    head = headers(data)
    digest = sha256(data).hexdigest() if unread else text_hash(data)
    message_id = (head.message_id or f"<{digest[:32]}@no-message-id>")[:1000]
    by_owner = canonical(head.from_address) in desk.mailbox.own_addresses if head.from_address else False
    context, tie = store.read(lambda tx: _context(tx, desk, head, place))
    reading = Reading(Kind.unreadable, why=("reading it failed again and again",)) if unread else read(data, context)
    reading = careful(desk, reading, head)

    def work(tx: Transaction) -> Read | None:
        seen = messages.find(tx, desk.mailbox.id, message_id, digest)
        if seen is not None:
            if owners_mail.out_of_junk(desk, place, seen):
                owners_mail.obey_now(tx, desk, seen, head, reading)
            return _seen_again(tx, desk, place, seen, head)
        tied = _tied(tx, desk, place, head, reading, tie, data) if not by_owner else None
        answer = answers.recognise(tx, desk, head, reading.new_text) if place.role != "sent" else None
        if answer is not None:
            to_others = by_owner and bool(owners_mail.written_to(tx, desk, place, head))
            if answer.refused is None or head.token == answer.summary.token or not (tied or to_others):
                owners_mail.answer_of_theirs(tx, desk, place, head, message_id, digest, reading, answer)
                return None
            owners_mail.refused(tx, desk, answer, answer.refused)  # and what it says between people counts all the same
        if by_owner:
            return owners_mail.by_hand(tx, desk, place, head, message_id, digest, data)
        if tied is None:
            messages.read_as_nothing(tx, place.id)
            return None
        return _record(tx, desk, place, head, message_id, digest, reading, tied)

    return store.transaction(work)


def _tied(
    tx: Transaction,
    desk: Desk,
    place: Row[Any],
    head: Headers,
    reading: Reading,
    tie: match.Tie | None,
    data: bytes,
) -> match.Tie | None:
    """The conversation that a mail from somebody else belongs to, now that its kind is known."""
    mailbox_id = desk.mailbox.id
    found = match.by_thread(tx, mailbox_id, match.ids_of(head)) if tie is not None else None
    came = place.internal_date
    if found is not None:
        return found
    if reading.bounce is not None:
        came = written(place, head)
        found = match.by_bounce(tx, mailbox_id, reading.bounce, came, data)
    elif reading.kind not in (Kind.bounce, Kind.delay) and not (reading.kind is Kind.list and newsletter(head)):
        found = match.by_sender(tx, mailbox_id, head)
    if found is None or found.match is not Match.guess:
        return found
    # what they write to a list that the owner reads may be an answer only while one is awaited
    to_all = reading.kind is Kind.list and found.conversation.state not in AWAITED
    return None if to_all or before_them(place, came, found.contact) else found


def careful(desk: Desk, reading: Reading, head: Headers) -> Reading:
    """The owner's floor, and promise 7: human words from a list or a no-reply address are for the owner."""
    if reading.confidence < desk.mailbox.replies.act_above:
        return replace(reading, sure=False, why=("not sure enough for [replies] act_above", *reading.why))
    return cautious(reading, head)


def _context(tx: Transaction, desk: Desk, head: Headers, place: Row[Any]) -> tuple[Context, match.Tie | None]:
    tie = match.by_thread(tx, desk.mailbox.id, match.ids_of(head)) or match.by_sender(tx, desk.mailbox.id, head)
    person: Contact | None = contacts.as_contact(tie.contact) if tie is not None else None
    return (
        Context(
            own_addresses=desk.mailbox.own_addresses,
            known_ids=frozenset(match.ids_of(head)) if tie is not None and tie.match is Match.thread else frozenset(),
            contact=person,
            step=tie.step if tie is not None else None,
            received_at=place.internal_date,
            zone=person.timezone if person is not None else None,
            language=person.language if person is not None else None,
        ),
        tie,
    )


def _record(
    tx: Transaction,
    desk: Desk,
    place: Row[Any],
    head: Headers,
    message_id: str,
    digest: str,
    reading: Reading,
    tied: match.Tie,
) -> Read:
    in_junk = place.role == "junk"
    from_contact = not reading.human or match.is_contact(tied.contact, head)
    made = messages.add(
        tx,
        mailbox_id=desk.mailbox.id,
        message_id=message_id,
        text_hash=digest,
        raw_id=place.raw_id,
        conversation_id=tied.conversation.id,
        contact_id=tied.contact.id,
        answers_outbox_id=tied.answers.id if tied.answers is not None else None,
        match=tied.match,
        from_address=head.from_address[:320],
        from_name=head.from_name[:500],
        subject=head.subject[:2000],
        references=list(head.references[-50:]),
        by_owner=False,
        from_contact=from_contact,
        human=reading.human,
        only_in_junk=in_junk,
        sent_at=head.date,
        received_at=place.internal_date,
        read_at=desk.now,
    )
    messages.read_as(tx, place.id, made)
    reading_id = messages.add_reading(
        tx,
        mailbox_id=desk.mailbox.id,
        message_id=made,
        conversation_id=tied.conversation.id,
        kind=reading.kind,
        intent=reading.intent,
        confidence=reading.confidence,
        sure=reading.sure,
        data=as_json(reading),
        version=reading.version,
        at=desk.now,
    )
    _proves(tx, desk, tied, reading)
    other = contacts.by_key(tx, desk.mailbox.id, canonical(head.from_address)) if not from_contact else None
    _apply(tx, desk, tied, reading, made, reading_id, head, in_junk=in_junk, from_contact=from_contact)
    if other is not None and other.id != tied.contact.id:
        _hold_theirs(tx, desk, other, tied, made, reading_id)
    return Read(
        email=tied.contact.email or "",
        kind=reading.kind.value,
        intent=reading.intent.value if reading.intent is not None else None,
        confidence=round(reading.confidence, 4),
    )


def _proves(tx: Transaction, desk: Desk, tied: match.Tie, reading: Reading) -> None:
    """Whoever answers a mail of ours, or sends it back, has had it."""
    if tied.answers is not None and tied.match is Match.thread and reading.kind is not Kind.delay:
        bounced = reading.kind is Kind.bounce
        why = "a bounce names it" if bounced else "it was answered"
        shown_to_have_arrived(tx, desk, outbox.get(tx, tied.answers.id), why, bounced=bounced)


def _hold_theirs(
    tx: Transaction, desk: Desk, person: Row[Any], tied: match.Tie, message_row: int, reading_id: int
) -> None:
    """Who answers in somebody else's thread and is a contact too gets no follow-up before the owner has looked."""
    why = f"they answered in the thread of {tied.contact.name or tied.contact.email}"
    for conversation in conversations.of_contact(tx, person.id)[:1]:
        for mail in outbox.pending(tx, conversation.id):
            steps.hold(tx, mail, why, for_review=True)
        reviews.open_one(
            tx,
            mailbox_id=desk.mailbox.id,
            conversation_id=conversation.id,
            why=why,
            now=desk.now,
            message_id=message_row,
            reading_id=reading_id,
        )


def _apply(
    tx: Transaction,
    desk: Desk,
    tied: match.Tie,
    reading: Reading,
    message_row: int,
    reading_id: int,
    head: Headers,
    *,
    in_junk: bool,
    from_contact: bool,
) -> None:
    conversation = conversations.get(tx, tied.conversation.id)
    contact = contacts.get(tx, tied.contact.id)
    words = (reading.words[0] if reading.words else reading.new_text.strip())[:300] or None
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "read",
        _read_line(reading, tied.match, in_junk),
        conversation_id=conversation.id,
        contact_id=contact.id,
        message_id=message_row,
        words=words,
        rule="; ".join(reading.why[:3])[:500] or None,
    )
    change_id = changes.begin(
        tx,
        mailbox_id=desk.mailbox.id,
        conversation_id=conversation.id,
        what=f"the reading as {(reading.intent or reading.kind).replace('_', ' ')}",
        before=snapshot(tx, conversation, contact) | {"reading": reading_id, "message": message_row},
        now=desk.now,
    )
    case = Case(
        conversation,
        contact,
        change_id=change_id,
        reading=reading,
        message_id=message_row,
        reading_id=reading_id,
        match=tied.match,
        answers=tied.answers,
        from_address=head.from_address,
        from_name=head.from_name,
        words=words,
    )
    happened = occurrences(reading, match=tied.match, in_junk=in_junk, from_contact=from_contact)
    if reading.bounce is not None and tied.match is Match.thread:
        if addressee(tx, desk.mailbox.id, tied, reading.bounce) is Addressee.other:
            happened = (Occurrence.automatic,)
            _told_of_another(tx, desk, case, reading.bounce)
        elif tied.answers is not None and set(happened) & CAME_BACK:
            bounces.came_back(tx, desk, tied.answers)
    decisions = effects.happen(tx, desk, case, happened, human=is_human_reply(reading, tied.match))
    messages.note_reading(tx, reading_id, row="; ".join(one.row for one in decisions)[:500])


def _told_of_another(tx: Transaction, desk: Desk, case: Case, bounce: Bounce) -> None:
    """A mail in their thread came back from somebody else: it says nothing about them, and the owner hears of it."""
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "came_back",
        f"a mail to {bounce.recipient or 'somebody'} in the thread of {case.name} came back ({bounce.reason})",
        conversation_id=case.conversation.id,
        contact_id=case.contact.id,
        message_id=case.message_id,
        for_owner=True,
    )


def _read_line(reading: Reading, how: Match, in_junk: bool) -> str:
    meaning = reading.intent.value if reading.intent is not None else reading.kind.value
    line = f"{reading.kind.value} read as {meaning} ({reading.confidence:.0%})"
    if how is Match.guess:
        line += ", a guess: it does not answer in our thread"
    if in_junk:
        line += ", found in Junk"
    return line


def _seen_again(tx: Transaction, desk: Desk, place: Row[Any], seen: Row[Any], head: Headers) -> Read | None:
    """A second copy changes nothing; but the copy in the INBOX decides what one in Junk alone left open.

    What was a guess is read as an answer once the mail that it answers is known.
    """
    messages.read_as(tx, place.id, seen.id)
    if seen.match == Match.guess and not seen.by_owner:
        tied = match.by_thread(tx, desk.mailbox.id, match.ids_of(head))
        if tied is not None:
            return _tied_now(tx, desk, place, seen, head, tied)
    if not seen.only_in_junk or place.role in ("junk", "sent"):
        return None
    messages.note(tx, seen.id, only_in_junk=False)
    waiting = reviews.of_message(tx, seen.id)
    if seen.conversation_id is None or not waiting:
        return None
    reading_row = messages.newest_reading(tx, seen.id)
    reading = from_json(reading_row.data)
    for one in waiting:
        reviews.settle(tx, one.id, "seen in the inbox", desk.now)
    conversation = conversations.get(tx, seen.conversation_id)
    contact = contacts.get(tx, conversation.contact_id)
    answers = outbox.get(tx, seen.answers_outbox_id) if seen.answers_outbox_id is not None else None
    tied = match.Tie(conversation, contact, answers, Match(seen.match))
    head = Headers(from_=((seen.from_name or "", seen.from_address or ""),))
    _apply(tx, desk, tied, reading, seen.id, reading_row.id, head, in_junk=False, from_contact=seen.from_contact)
    return Read(contact.email or "", reading.kind.value, reading.intent, round(reading.confidence, 4))


def _tied_now(
    tx: Transaction, desk: Desk, place: Row[Any], seen: Row[Any], head: Headers, tied: match.Tie
) -> Read | None:
    """A guess has become an answer in our thread: what it waited for is settled by reading it as one."""
    reading_row = messages.newest_reading(tx, seen.id)
    reading = careful(desk, from_json(reading_row.data), head)
    from_contact = not reading.human or match.is_contact(tied.contact, head)
    in_junk = seen.only_in_junk and place.role == "junk"
    messages.note(
        tx,
        seen.id,
        conversation_id=tied.conversation.id,
        contact_id=tied.contact.id,
        answers_outbox_id=tied.answers.id if tied.answers is not None else None,
        match=Match.thread,
        from_contact=from_contact,
        only_in_junk=in_junk,
    )
    messages.note_reading(tx, reading_row.id, conversation_id=tied.conversation.id)
    waiting = reviews.of_message(tx, seen.id)
    if not waiting:
        return None  # the owner has settled it
    for one in waiting:
        reviews.settle(tx, one.id, "it answers a mail of ours", desk.now)
    _proves(tx, desk, tied, reading)
    _apply(tx, desk, tied, reading, seen.id, reading_row.id, head, in_junk=in_junk, from_contact=from_contact)
    return Read(tied.contact.email or "", reading.kind.value, reading.intent, round(reading.confidence, 4))

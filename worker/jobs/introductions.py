"""People who were handed to us: proposed to the owner, or asked, within the limits of a stranger's word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical, check_email, company_keys, is_free_mail, is_role_address, valid_name
from worker.conversation import pacing
from worker.conversation.vocabulary import Contact, Match, Person, State, Step
from worker.jobs import steps
from worker.jobs.case import Case
from worker.jobs.desk import Desk
from worker.reading import headers
from worker.store import Transaction, contacts, conversations, journal, messages, outbox, people, suppressions

FROM_ONE_REPLY = 2
IN_A_WEEK = 5
FARTHEST = 2  # introductions away from the owner that are asked without the owner's word


def introduce(tx: Transaction, desk: Desk, case: Case, *, may_ask: bool) -> None:
    """Propose, ask or set aside whom a reading hands over; the first two alone (a stranger must not aim us)."""
    if case.reading is None:
        return
    accepted = 0
    for one in case.reading.referrals:
        name = one.name if one.name and valid_name(one.name) else None
        try:
            email = check_email(one.email) if one.email else None
        except ValueError:
            email = None
        if name is None and email is None:
            continue
        person = Person(name, email, one.phone)
        refused = _why_not(tx, desk, case, person)
        if refused is None and accepted >= FROM_ONE_REPLY:
            refused = "more than two people in one reply"
        if refused is not None:
            state, why = refused if isinstance(refused, tuple) else ("refused", refused)
            _note_person(tx, desk, case, person, state, why)
            continue
        accepted += 1
        if may_ask and _may_ask(tx, desk, case, person):
            person_id = _note_person(tx, desk, case, person, "proposed", None)
            ask_person(tx, desk, people.find(tx, desk.mailbox.id, person_id), by_owner=False, change_id=case.change_id)
        else:
            _note_person(tx, desk, case, person, "proposed", None)


def _why_not(tx: Transaction, desk: Desk, case: Case, person: Person) -> str | tuple[str, str] | None:
    """Why this person is neither proposed nor asked; None where nothing speaks against it."""
    if person.email is None:
        return None
    key = canonical(person.email)
    refused = forbidden(tx, desk, key)
    if refused is not None:
        return refused
    if key == case.contact.email_key:
        return "the sender"
    if is_role_address(person.email):
        return "no person's address"
    known = contacts.by_key(tx, desk.mailbox.id, key)
    if known is not None:
        _introduce_known(tx, case.contact, known)
        return "known", "known already"
    if people.proposed_as(tx, desk.mailbox.id, key) is not None:
        return "known", "proposed already"
    return None


def forbidden(tx: Transaction, desk: Desk, key: str) -> str | None:
    """Why nobody may be asked under this canonical address, not even by the owner's word; None where they may."""
    if key in desk.mailbox.own_addresses:
        return "your own address"
    if suppressions.blocking(tx, desk.mailbox.id, key) is not None:
        return "on the suppression list"
    return None


def _introduce_known(tx: Transaction, introducer: Row[Any], known: Row[Any]) -> None:
    """Somebody who is still planned is told who sent us; somebody already asked gets nothing."""
    if known.introducer_id is not None or known.asked_at is not None or known.id == introducer.id:
        return
    if any(one.state == State.planned for one in conversations.of_contact(tx, known.id)):
        contacts.note(tx, known.id, introducer_id=introducer.id, referred_by=introducer.email)


def _may_ask(tx: Transaction, desk: Desk, case: Case, person: Person) -> bool:
    reading = case.reading
    if not desk.mailbox.replies.ask_new_contacts or person.email is None or reading is None:
        return False
    if case.match is not Match.thread or not reading.sure:
        return False
    if case.contact.depth + 1 > FARTHEST or _copied_in(tx, desk, case, person):
        return False
    week = desk.now - timedelta(days=7)
    return people.asked_since(tx, desk.mailbox.id, week) < IN_A_WEEK


def _copied_in(tx: Transaction, desk: Desk, case: Case, person: Person) -> bool:
    """Whether this person reads along, and so belongs to the owner: by address, or by name under another address.

    Where the mail is no longer there to look at, they may.
    """
    message = messages.get(tx, case.message_id) if case.message_id is not None else None
    data = messages.bytes_of(tx, message.raw_id) if message is not None and message.raw_id is not None else b""
    if not data:
        return True
    head = headers(data)
    there = [(name, canonical(email)) for name, email in (*head.to, *head.cc) if email]
    others = [(name, key) for name, key in there if key not in desk.mailbox.own_addresses]
    if person.email is not None and canonical(person.email) in {key for _, key in others}:
        return True
    wanted = _words(person.name or "")
    return len(wanted) > 1 and any(wanted <= _words(name) for name, _ in others)


def _words(name: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalpha() else " " for c in name.casefold()).split())


def _note_person(tx: Transaction, desk: Desk, case: Case, person: Person, state: str, why: str | None) -> int:
    shown = person.name or person.email or "somebody"
    made = people.add(
        tx,
        mailbox_id=desk.mailbox.id,
        name=person.name,
        email=person.email,
        email_key=canonical(person.email) if person.email else None,
        phone=person.phone,
        state=state,
        why=why,
        introducer_id=case.contact.id,
        conversation_id=case.conversation.id,
        message_id=case.message_id,
        at=desk.now,
        settled_at=None if state == "proposed" else desk.now,
    )
    text = f"{case.name} named {shown}" + (f" ({why})" if why else "")
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "named",
        text,
        conversation_id=case.conversation.id,
        contact_id=case.contact.id,
        message_id=case.message_id,
        rule=f"people.{state}",
        for_owner=state != "known",
    )
    return made


def ask_person(
    tx: Transaction,
    desk: Desk,
    person: Row[Any] | None,
    *,
    by_owner: bool,
    change_id: int | None = None,
) -> int | None:
    """Make a proposed person a contact with an ask; gives the new conversation's id, None where it cannot be."""
    if person is None or person.email is None or person.state not in ("proposed", "refused", "dropped"):
        return None
    key = canonical(person.email)
    introducer = contacts.get(tx, person.introducer_id) if person.introducer_id else None
    known = contacts.by_key(tx, desk.mailbox.id, key)
    if known is not None:
        if introducer is not None:
            _introduce_known(tx, introducer, known)
        people.note(tx, person.id, state="known", why="known already", settled_at=desk.now)
        return None
    conversation = conversations.get(tx, person.conversation_id) if person.conversation_id else None
    made, begun = _enlist(
        tx, desk, person.name, person.email, person.phone, introducer, conversation.campaign if conversation else None
    )
    people.note(
        tx,
        person.id,
        state="asked",
        contact_id=made,
        why="your word" if by_owner else "by itself",
        settled_at=desk.now,
    )
    contact = contacts.get(tx, made)
    due = pacing.fits(desk.now, desk.calendar(contact))
    if not by_owner:
        due = steps.answer_due(desk, contact, f"{desk.mailbox.id}:{begun}:{Step.ask}")
    planned = steps.plan_step(
        tx,
        desk,
        conversations.get(tx, begun),
        contact,
        Step.ask,
        due,
        needs_notice=not by_owner,
        change_id=change_id,
    )
    if by_owner and planned is not None:
        outbox.note(tx, planned, released_at=desk.now)
    return begun


def _enlist(
    tx: Transaction,
    desk: Desk,
    name: str | None,
    email: str,
    phone: str | None,
    introducer: Row[Any] | None,
    campaign: str | None,
    state: State = State.planned,
) -> tuple[int, int]:
    from worker.contacts import split_name

    first, last = split_name(name) if name else (None, None)
    domain = canonical(email).rpartition("@")[2]
    company = None
    if introducer is not None and introducer.email and not is_free_mail(domain):
        same = canonical(introducer.email).rpartition("@")[2] == domain
        company = introducer.company if same else None
    new = Contact(
        email=email,
        name=name,
        first_name=first,
        last_name=last,
        company=company,
        profession=introducer.profession if introducer is not None else None,
        phone=phone,
        language=introducer.language if introducer is not None else None,
        source=f"named by {introducer.name or introducer.email}"[:200] if introducer is not None else None,
        referred_by=introducer.email if introducer is not None else None,
    )
    made = contacts.add(
        tx,
        desk.mailbox.id,
        new,
        key=canonical(email),
        companies=company_keys(email, company),
        now=desk.now,
        introducer_id=introducer.id if introducer is not None else None,
        depth=introducer.depth + 1 if introducer is not None else 0,
    )
    begun = conversations.add(tx, desk.mailbox.id, made, campaign or "default", state, desk.now)
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "added",
        f"{name or email} is a new contact"
        + (f", named by {introducer.name or introducer.email}" if introducer else ""),
        conversation_id=begun,
        contact_id=made,
    )
    return made, begun


def add_stranger(tx: Transaction, desk: Desk, case: Case) -> None:
    """Somebody else said yes in the thread: a new contact, talking; nothing is sent by itself."""
    try:
        email = check_email(case.from_address)
    except ValueError:
        return
    known = contacts.by_key(tx, desk.mailbox.id, canonical(email))
    if known is None:
        name = case.from_name if valid_name(case.from_name) else None
        _enlist(tx, desk, name, email, None, case.contact, case.conversation.campaign, State.talking)

"""The owner's own suppression list: an address or a whole domain that is never written to, until it is taken off."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical, check_email
from worker.conversation.standing import Occurrence
from worker.conversation.vocabulary import State
from worker.errors import InputError
from worker.jobs import domains, effects, steps, told, word
from worker.jobs.desk import Desk
from worker.store import Store, Transaction, contacts, conversations, journal, outbox, people, suppressions

LONGEST_REASON = 500
_DOMAIN = re.compile(r"@?((?:[\w-]+\.)+[^\W\d_][\w-]+)\.?")


def meant(text: str) -> tuple[str, str]:
    """What is meant, "address" or "domain", and its canonical value. Raises InputError for neither."""
    given = text.strip().strip("<>")
    if "@" in given.lstrip("@"):
        try:
            return "address", canonical(check_email(given))
        except ValueError as error:
            raise InputError(f"{given!r} is no mail address: {error}", todo="Nothing was changed.") from None
    found = _DOMAIN.fullmatch(given)
    if found is None:
        raise InputError(f"{given!r} is neither a mail address nor a domain.", todo="For example: acme.example")
    return "domain", canonical(f"x@{found[1]}").partition("@")[2]


def suppress(store: Store, desk: Desk, text: str, reason: str | None) -> list[str]:
    """Put an address or a domain on the list and end what runs there; gives a sentence for each thing that was done."""
    what, value = meant(text)
    mine = {one.partition("@")[2] for one in desk.mailbox.own_addresses}
    if value in desk.mailbox.own_addresses or (value in mine and what == "domain" and not _others(value)):
        raise InputError(f"{value} is your own; nothing was changed.")
    words = " ".join((reason or "your word").split())[:LONGEST_REASON]
    return store.transaction(lambda tx: add(tx, desk, what, value, words))


def _others(domain: str) -> bool:
    """Whether others have addresses in the domain of the owner too."""
    from worker.contacts import is_free_mail

    return is_free_mail(domain)


def add(tx: Transaction, desk: Desk, what: str, value: str, reason: str) -> list[str]:
    """The same in a transaction; `value` is canonical."""
    mailbox_id = desk.mailbox.id
    if suppressions.exactly(tx, mailbox_id, what, value):
        done = [f"{value} is on the suppression list already"]
    else:
        suppressions.add(tx, mailbox_id, what=what, value=value, reason=reason, now=desk.now, exact=True)
        done = [f"{value} is never written to again"]
        journal.write(tx, mailbox_id, desk.now, "suppressed", f"{value} is on the suppression list: {reason}")
    if what == "address":
        known = contacts.by_key(tx, mailbox_id, value)
        people_there = [known] if known is not None else []
    else:
        people_there = contacts.in_domain(tx, mailbox_id, value)
        domains.settle(tx, desk, value)
    for person in people_there:
        done += _end(tx, desk, person, Occurrence.told_remove if what == "address" else Occurrence.told_stop)
    for named in people.proposed(tx, mailbox_id):
        if named.email_key and suppressions.blocking(tx, mailbox_id, named.email_key) is not None:
            people.note(tx, named.id, state="dropped", why="on the suppression list", settled_at=desk.now)
            done.append(f"{named.name or named.email}, who was named, is dropped")
    return done


def _end(tx: Transaction, desk: Desk, person: Row[Any], occurrence: Occurrence) -> list[str]:
    """End every conversation of a person that is not ended; what waits to leave is cancelled."""
    done = []
    for talk in conversations.of_contact(tx, person.id):
        if talk.state in (State.opted_out, State.closed):
            continue
        if occurrence is Occurrence.told_stop and talk.state in (State.talking, State.met):
            continue  # of a whole domain: a talk that was agreed there is the owner's own
        subject = word.Subject(person.email or "", talk, person)
        case = told.case_of(tx, desk, subject, told.SUPPRESS)
        told.settle_reviews(tx, desk, case, "suppressed")
        effects.happen(tx, desk, case, (occurrence,))
        state = conversations.get(tx, talk.id).state
        done.append(f"{case.name}: {state.replace('_', ' ')}")
    for mail in outbox.pending_of_contact(tx, person.id):
        steps.cancel(tx, desk, mail, "on the suppression list")
    return done


def unsuppress(store: Store, desk: Desk, text: str) -> list[str]:
    """Take an address or a domain off the list; what ended stays ended. Raises InputError where it is not on it."""
    what, value = meant(text)
    return store.transaction(lambda tx: _unsuppress(tx, desk, what, value))


def _unsuppress(tx: Transaction, desk: Desk, what: str, value: str) -> list[str]:
    mailbox_id = desk.mailbox.id
    found = suppressions.exactly(tx, mailbox_id, what, value)
    known = contacts.by_key(tx, mailbox_id, value) if what == "address" else None
    if not found and (known is None or known.opted_out_at is None):
        other = suppressions.blocking(tx, mailbox_id, value if what == "address" else None, value)
        todo = (
            f"Its domain is: askaround unsuppress {other.value}"
            if other is not None
            else "askaround suppress lists it."
        )
        raise InputError(f"{value} is not on the suppression list; nothing was changed.", todo=todo)
    for one in found:
        suppressions.lift(tx, one.id, desk.now)
    done = [f"{value} is off the suppression list"]
    if known is not None:
        contacts.note(tx, known.id, opted_out_at=None)
        talk = conversations.of_contact(tx, known.id)[0]
        done.append(f"{known.name or known.email}: stays {talk.state.replace('_', ' ')}; your word moves it (tell)")
    journal.write(
        tx,
        mailbox_id,
        desk.now,
        "unsuppressed",
        f"{value} was taken off the suppression list",
        contact_id=known.id if known is not None else None,
    )
    still = suppressions.blocking(tx, mailbox_id, value if what == "address" else None, value)
    if still is not None:
        done.append(f"still not written to: {still.value} is on the list ({still.reason})")
    return done

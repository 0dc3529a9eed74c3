"""The question after an opt-out: shall anybody else of that domain be written to?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from worker.contacts import company_keys
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, journal, suppressions


def domain_of(email: str | None) -> str | None:
    """The domain of a company; None for a free-mail domain, which is no company, and where there is no address."""
    keys = company_keys(email, None) if email else frozenset()
    return next((key.removeprefix("domain:") for key in sorted(keys)), None)


def why_held(name: str) -> str:
    """Why mail to colleagues, and to those whom this person named, waits."""
    return f"{name}, of the same company or the one who named them, asked not to be written to"


def raise_question(tx: Transaction, desk: Desk, contact: Row[Any]) -> None:
    """Ask the owner about the whole domain, once; nothing for a domain of the owner's own, or one that is settled.

    Each who opts out has a question of their own, which stays should another's opt-out be taken back.
    """
    domain = domain_of(contact.email)
    mine = {domain_of(one) for one in desk.mailbox.own_addresses}
    if domain is None or domain in mine or suppressions.blocking(tx, desk.mailbox.id, None, domain) is not None:
        return
    if is_open(contact) or contact.domain_settled_at is not None:
        return
    asked_before = asked_about(tx, desk, contact.id)
    contacts.note(tx, contact.id, domain_asked_at=desk.now)
    if asked_before:
        return
    text = f"shall nobody at {domain} be written to any more?"
    journal.write(tx, desk.mailbox.id, desk.now, "domain", text, contact_id=contact.id)


def asked_about(tx: Transaction, desk: Desk, contact_id: int) -> list[Row[Any]]:
    """Who opted out of the domain of this contact, while the owner has not answered yet."""
    keys = {key for key in contacts.company_keys(tx, contact_id) if key.startswith("domain:")}
    return [one for one in contacts.at_company(tx, desk.mailbox.id, keys) if is_open(one)]


def questions(tx: Transaction, desk: Desk) -> list[Row[Any]]:
    """Whom the owner is asked about: of each domain the one who opted out first."""
    first: dict[str | None, Row[Any]] = {}
    for contact in contacts.with_open_domain(tx, desk.mailbox.id):
        first.setdefault(domain_of(contact.email), contact)
    return list(first.values())


def in_question(tx: Transaction, desk: Desk, mail: Row[Any]) -> str | None:
    """Why a mail to somebody of that domain waits; None where none is open, or the owner has spoken of them since."""
    for gone in asked_about(tx, desk, mail.contact_id) if mail.released_at is None else ():
        if not journal.has_word(tx, mail.conversation_id, gone.domain_asked_at):
            return f"{gone.name or gone.email} asked not to be written to: may others there be?"
    return None


def is_open(contact: Row[Any]) -> bool:
    """Whether the owner is still to be asked about the domain of this contact."""
    asked = contact.domain_asked_at is not None and contact.domain_settled_at is None
    return asked and contact.opted_out_at is not None  # the owner may have taken the opt-out back


def settle(tx: Transaction, desk: Desk, domain: str) -> None:
    """Nothing about this domain is open any more."""
    for person in contacts.at_company(tx, desk.mailbox.id, {f"domain:{domain}"}):
        if is_open(person):
            contacts.note(tx, person.id, domain_settled_at=desk.now)

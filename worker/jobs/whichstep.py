"""Which step a mail of ours was: by its marks, else by its place in the thread and by its words."""

from __future__ import annotations

import difflib
from email import message_from_bytes, policy
from itertools import product
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.conversation.vocabulary import Contact, Step
from worker.errors import AskaroundError
from worker.jobs.desk import Desk
from worker.jobs.templates import languages
from worker.mailbox.imap import ImapSession
from worker.store import Store, contacts, conversations
from worker.writing import Owner, render, template_name, variables

ALIKE = 0.6  # of a mail's words that must be a template's, in order
CLEARER = 0.1  # by so much the best template must fit better than the next


def which(store: Store, desk: Desk, session: ImapSession, stray: Row[Any]) -> tuple[Step | None, str]:
    """The step, None where nothing says it, and how it is known, in words for the owner."""
    if stray.step is not None:
        return Step(stray.step), "it carries the mark of this step"
    if stray.found_in != "sent":
        return None, "only an answer to it is in the mailbox"
    if stray.in_reply_to is None:
        return Step.ask, "it begins a thread"
    text = _text(session, stray)
    if text is None:
        return None, "its text cannot be fetched"
    scores = sorted(((_alike(text, words), step) for step, words in _drafts(store, desk, stray)), reverse=True)
    if scores and scores[0][0] >= ALIKE and (len(scores) == 1 or scores[0][0] - scores[1][0] >= CLEARER):
        return scores[0][1], "its words are those of the template"
    return None, "its words fit no template"


def _text(session: ImapSession, stray: Row[Any]) -> str | None:
    day = stray.sent_at.date()
    try:
        for uid in session.find_message_id(stray.folder, stray.message_id, day)[:1]:
            raw = session.body(uid)
            part = message_from_bytes(raw or b"", policy=policy.default).get_body(("plain",))
            return str(part.get_content()) if part is not None else None
    except (AskaroundError, LookupError, ValueError):
        return None  # a folder that is gone, a charset that nobody knows: the owner decides
    return None


def _drafts(store: Store, desk: Desk, stray: Row[Any]) -> list[tuple[Step, str]]:
    """What each step of a thread would say to this person now."""
    owner = desk.mailbox.owner
    row = store.read(lambda tx: contacts.by_key(tx, desk.mailbox.id, canonical(stray.to_address)))
    person = contacts.as_contact(row) if row is not None else Contact(email=stray.to_address, name=stray.to_name)
    begun = store.read(lambda tx: conversations.of_contact(tx, row.id)) if row is not None else []
    campaign = begun[0].campaign if begun else "default"
    # whose language is not known any more may have been written to in any
    spoken = [person.language] if person.language else [None, *languages(desk.mailbox.templates_folder, campaign)]
    found: list[tuple[Step, str]] = []
    for language, step in product(spoken, Step):
        if step is Step.ask:
            continue
        templates = desk.mailbox.templates(campaign, language)
        name = template_name(step)
        given = variables(
            person,
            Owner(owner.name, owner.email, owner.phone, owner.about),
            introducer=Contact(email=person.referred_by) if person.referred_by else None,
            sent=dict.fromkeys(Step, stray.sent_at.date()),
            language=templates.language(name),
        )
        try:
            draft = render(templates.texts, name, given, origin=templates.origin, language=templates.language(name))
        except AskaroundError:
            continue
        if (step, draft.body) not in found:
            found.append((step, draft.body))
    return found


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()

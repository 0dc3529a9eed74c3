"""Whose address a non-delivery report is about: theirs, one that theirs leads to, or somebody else's."""

from __future__ import annotations

import re
from enum import StrEnum

from worker.contacts import canonical
from worker.conversation.vocabulary import Bounce
from worker.jobs.match import Tie
from worker.store import Transaction, contacts


class Addressee(StrEnum):
    """`onward`: our mail to them was passed on and came back from there, so that it did not arrive."""

    theirs = "theirs"
    onward = "onward"
    other = "other"


def addressee(tx: Transaction, mailbox_id: int, tied: Tie, bounce: Bounce) -> Addressee:
    """Whom the report in this conversation is about.

    Somebody else: whom the owner had copied in by hand, another contact, a colleague to whom they passed it on.
    """
    ours = tied.answers
    if not bounce.recipient:
        return Addressee.theirs if ours is not None else Addressee.other
    key = canonical(bounce.recipient)
    mine = {tied.contact.email_key, canonical(ours.to_address) if ours is not None and ours.to_address else None}
    if key in mine:
        return Addressee.theirs
    if ours is None:
        return Addressee.other  # it names a mail that the owner wrote by hand, to several people
    known = contacts.by_key(tx, mailbox_id, key)
    if known is not None:
        return Addressee.other
    same_domain = any(one and one.rpartition("@")[2] == key.rpartition("@")[2] for one in mine)
    if same_domain and not _tokens(key.partition("@")[0]) & _names_of(tied):
        return Addressee.other
    return Addressee.onward


def _names_of(tied: Tie) -> frozenset[str]:
    person = tied.contact
    words = (person.email_key or "").partition("@")[0], person.name, person.first_name, person.last_name
    return _tokens(" ".join(filter(None, words)))


def _tokens(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[^\W\d_]+", text.casefold()) if len(word) > 2)

"""When human words are left to the owner, however sure the reading is."""

from __future__ import annotations

from dataclasses import replace

from worker.contacts import is_no_reply
from worker.conversation.vocabulary import Reading
from worker.reading.headers import Headers


def cautious(reading: Reading, head: Headers) -> Reading:
    """Promise 7: human words from a list or a no-reply address are for the owner."""
    if reading.human and (head.list_id or (head.from_address and is_no_reply(head.from_address))):
        return replace(reading, sure=False, why=("it comes from a list or a no-reply address", *reading.why))
    return reading


def newsletter(head: Headers) -> bool:
    """Whether a mail from a list went to all who read it, and nobody can write there: one click ends it (RFC 8058)."""
    among_people = head.has("list-post") or head.first("precedence").strip().lower() == "list"
    return bool(head.list_id) and head.has("list-unsubscribe-post") and not among_people

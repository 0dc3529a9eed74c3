"""Makes the headers around a reply for the tests of understanding."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from worker.conversation.vocabulary import Contact, Context, Kind, Step
from worker.reading.headers import Headers
from worker.reading.intent import judge
from worker.reading.judgement import Judgement

OWNER = "tom@owner.example"
WRITER = ("Jim Hall", "jim.hall@corp.example")


def judged(
    text: str,
    *,
    step: str = "ask",
    kind: str = "reply",
    writer: tuple[str, str] = WRITER,
    cc: tuple[tuple[str, str], ...] = (),
    date: str = "Wed, 25 Nov 2026 10:00:00 +0100",
    country: str | None = None,
    cards: tuple[str, ...] = (),
    signature: str = "",
) -> Judgement:
    """What is made of a text that somebody wrote in answer to our mail."""
    headers = Headers(from_=(writer,), to=(("Tom Owner", OWNER),), cc=cc, date=parsedate_to_datetime(date))
    contact = Contact(writer[1], name=writer[0], country=country)
    context = Context(own_addresses=frozenset({OWNER}), step=Step(step), contact=contact)
    return judge(text, headers=headers, context=context, kind=Kind(kind), cards=cards, signature=signature)

"""Obeys the owner's answer to a summary; whatever else claims to be one is refused and reported."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.errors import AskaroundError
from worker.jobs import match, obey, told, word
from worker.jobs import undo as undoing
from worker.jobs.desk import Desk
from worker.reading.headers import Headers
from worker.reading.tell import Order, Verb, parse
from worker.store import Transaction, changes, journal, mailboxes, summaries

TOKEN = re.compile(r"\bRef:\s*([A-Za-z0-9_-]{16,64})\b")
NUMBERED = re.compile(
    r"(?m)^(?P<begin>[ \t]*[(\[#]?(?P<number>\d{1,3})[.):\]]{0,2}[ \t]+)(?P<rest>[^\W\d(].*|[(][^\W\d].*)$"
)
VALID = timedelta(days=14)
ALONE = frozenset({Verb.pause, Verb.resume, Verb.away_until})  # about no single person
SEEN = frozenset({Verb.ok, Verb.all_fine, Verb.yes})
NOTHING = frozenset({Verb.all_fine, Verb.status})


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail that answers one of our summaries, and why it is not obeyed (None: it is)."""

    summary: Row[Any]
    refused: str | None


@dataclass(slots=True)
class Obeyed:
    """What was done, and what was not understood."""

    done: list[str] = field(default_factory=list)
    not_done: list[str] = field(default_factory=list)


def recognise(tx: Transaction, desk: Desk, head: Headers, text: str) -> Answer | None:
    """Whether a mail answers a summary: by the Message-ID that it replies to, or by the token in subject or text."""
    found = summaries.by_message_ids(tx, desk.mailbox.id, list(match.ids_of(head)))
    if found is None:
        tokens = TOKEN.findall(head.subject) + TOKEN.findall(text)
        found = summaries.by_tokens(tx, desk.mailbox.id, tokens)
    if found is None:
        return None
    return Answer(found, _why_not(desk, head, found))


def is_forged(head: Headers) -> bool:
    """Whether a mail server says so: a field for each method, or for each server; any may veto, and none licenses."""
    verdicts = head.every("authentication-results")
    return any(re.search(r"\bdmarc\s*=\s*fail\b", verdict, re.IGNORECASE) for verdict in verdicts)


def _why_not(desk: Desk, head: Headers, summary: Row[Any]) -> str | None:
    """Promise: only the owner's own, fresh, private answer is obeyed."""
    own = desk.mailbox.own_addresses
    if canonical(head.from_address) not in own:
        return f"it comes from {head.from_address}"
    automatic = head.first("auto-submitted").strip().lower()
    if automatic and not automatic.startswith("no"):
        return "it is automatic"
    others = {canonical(address) for _, address in (*head.to, *head.cc) if address} - own
    if others:
        return f"it went to {', '.join(sorted(others))} as well"
    if is_forged(head):
        return "the mail server says that its sender is forged"
    made = summary.sent_at or summary.made_at
    if desk.now - made > VALID:
        return f"the summary of {summary.local_date} is too old"
    return None


def carry_out(tx: Transaction, desk: Desk, summary: Row[Any], text: str) -> Obeyed:
    """Carry out what the text says about the summary's items; each item once, each order by itself."""
    items = {item.number: item for item in summaries.items(tx, summary.id)}
    heard = parse(_without_names(tx, desk, items, TOKEN.sub("", text)), today=desk.today)
    result = Obeyed(not_done=[f"not understood: {words[:120]!r}" for words in heard.leftover])
    for place, order in enumerate(heard.orders):
        if order.verb is Verb.status:
            mailboxes.note(tx, desk.mailbox.id, status_asked_at=desk.now)
        if order.verb in NOTHING:
            result.done.append("you asked how it stands" if order.verb is Verb.status else "all is fine, you say")
            continue
        try:
            with tx.begin_nested():
                if place and _is_bare_undo(order):
                    raise AskaroundError("undo stands behind other words; say it alone, or name whom you mean")
                result.done += _one(tx, desk, summary, items, order)
        except AskaroundError as error:
            result.not_done.append(f"{order.text[:80]!r}: {error.what}")
    return result


def _without_names(tx: Transaction, desk: Desk, items: dict[int, Row[Any]], text: str) -> str:
    """The text where an item's number is followed by its words alone: "2. Una Berg: stop" is "2. stop".

    Only the name of that very item goes: of somebody else's it stays, and then nothing is understood.
    """

    def bare(found: re.Match[str]) -> str:
        item = items.get(int(found["number"]))
        if item is None:
            return found[0]
        try:
            name = word.find(tx, desk, item.subject).name
        except AskaroundError:
            return found[0]
        rest = found["rest"]
        for known in (name, name.partition(" ")[0]):
            said = re.match(rf"[(]?{re.escape(known)}(?![\w'@-]|[.+]\w)[)]?\s*[:,–—-]?\s*(?=\S)", rest, re.I)
            if said is not None:
                return found["begin"] + rest[said.end() :]
        return found[0]

    return NUMBERED.sub(bare, text)


def _is_bare_undo(order: Order) -> bool:
    return order.verb is Verb.undo and order.number is None and order.subject is None


def _one(tx: Transaction, desk: Desk, summary: Row[Any], items: dict[int, Row[Any]], order: Order) -> list[str]:
    if order.verb in ALONE:
        return [obey.PERFORM[order.verb](tx, desk, word.nobody(), order)]
    if order.number is None:
        if _is_bare_undo(order):
            return [undoing.undo_last_word(tx, desk)]
        if order.subject is None:
            raise AskaroundError("it names no item; begin the line with its number")
        return obey.obey_one(tx, desk, word.find(tx, desk, order.subject), order)
    item = items.get(order.number)
    if item is None:
        raise AskaroundError(f"that summary has no item {order.number}")
    if item.settled_at is not None and order.verb is not Verb.undo:
        raise AskaroundError(f"item {order.number} was settled by an earlier answer")
    if item.kind == "trouble" and order.verb in SEEN:
        summaries.settle_item(tx, item.id, desk.now)
        return []  # the owner has seen it, and there is nothing to do
    if item.kind == "took_place":  # the words answer the question whether it did
        order = replace(order, verb={Verb.yes: Verb.met, Verb.no: Verb.not_met}.get(order.verb, order.verb))
    subject = word.find(tx, desk, item.subject)
    if order.subject is not None and _is_somebody_else(tx, desk, subject, order.subject):
        raise AskaroundError(f"item {order.number} is not {order.subject}")
    if order.verb is Verb.undo and _has_gone_on(tx, summary, subject):
        raise AskaroundError("Something has happened with them since; nothing was changed.")
    about_person = subject.conversation is not None and subject.person is None and not subject.about_domain
    if order.verb in word.ABOUT_A_PERSON and about_person:
        subject = word.Subject(subject.who, subject.conversation, subject.contact)
    done = obey.obey_one(tx, desk, subject, order)
    # what was taken back may be said again
    summaries.settle_item(tx, item.id, desk.now if order.verb is not Verb.undo else None)
    return done


def _is_somebody_else(tx: Transaction, desk: Desk, one: word.Subject, who: str) -> bool:
    """Whether an address or id beside a number is another person's; one that nobody has is a mere remark."""
    try:
        other = word.find(tx, desk, who)
    except AskaroundError:
        return False
    return not _same(one, other)


def _same(one: word.Subject, other: word.Subject) -> bool:
    """Whether two ways to say whom are about one person."""
    if one.person is not None or other.person is not None:
        return (one.person and one.person.id) == (other.person and other.person.id)
    return one.contact is not None and other.contact is not None and one.contact.id == other.contact.id


def _has_gone_on(tx: Transaction, summary: Row[Any], subject: word.Subject) -> bool:
    """Whether something was read that this summary does not tell: its owner cannot mean to take that back."""
    last = changes.last(tx, subject.conversation.id) if subject.conversation is not None else None
    return (
        subject.person is None
        and last is not None
        and last.at > summary.made_at
        and not last.what.startswith(told.YOUR_WORD)
    )


def report(tx: Transaction, desk: Desk, what: str, text: str, *, for_owner: bool = False) -> None:
    """A line for the next summary."""
    journal.write(tx, desk.mailbox.id, desk.now, what, text, for_owner=for_owner)

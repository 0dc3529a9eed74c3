"""Holds a mail that leaves against what people truly wrote and the owner truly said, whatever the worker made of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, or_, select

from tests.proof.answers import AUTOMATIC, OTHER
from worker.store import Transaction
from worker.store.schema import journal, message, reading

OF_A_TALK = ("thanks_for_talk", "report_back")

LETS_GO: tuple[tuple[str, frozenset[str]], ...] = (
    *((word, frozenset[str]()) for word in ("wait", "called", "stop", "remove", "arrived", "yes")),
    ("no", frozenset({"referral_request"})),
    ("met", frozenset(OF_A_TALK)),
    ("later 2", frozenset({"check_in", "ask"})),
)
"""How a word begins, and the steps that may leave because of it; every other word may let go what was held."""

MEANT = {"check_in": "later", "ask": "later", "referral_request": "no", "thanks_for_name": "named"}
"""What a person has to have written so that a step leaves by itself."""

FOLLOWS_AN_ANSWER = ("check_in", "referral_request", "thanks_for_name", "thanks_for_talk")


@dataclass
class Delivered:
    """A mail that came to the owner: its Message-ID, who was written to in its thread (or who wrote), its sort.

    `theirs` says that it is that person who wrote it.
    """

    message_id: str
    raw: bytes
    about: str
    sort: str
    in_thread: bool
    theirs: bool = True

    @property
    def by_person(self) -> bool:
        """Whether a person wrote it, and about more than an absence."""
        return self.sort not in AUTOMATIC


@dataclass(frozen=True, slots=True)
class Recorded:
    """A mail of theirs in the database: what it truly is (None: nobody knows), what it was read as, and when."""

    truth: Delivered | None
    row: Row[Any]
    line: int  # of the journal, when it was last carried out


@dataclass(frozen=True, slots=True)
class Known:
    """All that was recorded from one contact, in the order in which it was carried out, and the words about them."""

    recorded: tuple[Recorded, ...]
    words: tuple[tuple[int, str], ...]

    def let_go(self, step: str, *, since: int = 0) -> bool:
        """Whether the owner has said something after that line of the journal that may let this step leave."""
        return any(line > since and lets_go(word, step) for line, word in self.words)


def lets_go(word: str, step: str) -> bool:
    """Whether a word of the owner's about somebody may be why this step leaves."""
    return next((step in steps for begins, steps in LETS_GO if word.startswith(begins) and _whole(word, begins)), True)


def _whole(word: str, begins: str) -> bool:
    """ "no" is not the beginning of "not declined"."""
    return begins[-1].isdigit() or not word[len(begins) :][:1].isalpha()


def known(tx: Transaction, contact_id: int, delivered: Mapping[str, Delivered], of_others: Collection[int]) -> Known:
    """What the database holds of one contact; `of_others` are lines of the journal about somebody they named."""
    query = select(reading, message.c.human, message.c.match, message.c.message_id.label("name")).join(
        message, message.c.id == reading.c.message_id
    )
    rows = tx.execute(query.where(message.c.contact_id == contact_id).order_by(reading.c.id)).all()
    theirs = and_(journal.c.what == "read", journal.c.message_id.in_([row.message_id for row in rows]))
    said = and_(journal.c.what == "word", journal.c.contact_id == contact_id)
    lines = tx.execute(select(journal).where(or_(theirs, said)).order_by(journal.c.id)).all()
    last = {line.message_id: line.id for line in lines if line.what == "read"}
    recorded = [Recorded(delivered.get(row.name), row, last.get(row.message_id, 0)) for row in rows]
    return Known(
        tuple(sorted(recorded, key=lambda one: one.line)),
        tuple((one.id, str(one.words)) for one in lines if one.what == "word" and one.id not in of_others),
    )


def broken(mail: Row[Any], found: Known) -> list[str]:
    """What is wrong with a mail that leaves now, by what they truly wrote; empty where nothing is."""
    wrong = []
    for one in found.recorded:
        if one.truth is None:
            continue
        free = found.let_go(mail.step, since=one.line)
        if one.truth.sort == "opt-out" and not free:
            wrong.append(f"they asked not to be written to ({one.row.name} at {one.row.at})")
        if one.row.message_id == mail.answers_message_id and not one.truth.by_person and not free:
            wrong.append(f"answers a mail that no person wrote ({one.truth.sort} {one.row.name})")
    human = [
        one
        for one in found.recorded
        # whoever was met is thanked, whatever they invite to next
        if one.truth is not None and one.truth.by_person and not (mail.step in OF_A_TALK and one.truth.sort in OTHER)
    ]
    if not human:
        if mail.step in FOLLOWS_AN_ANSWER and not found.let_go(mail.step):
            wrong.append("no person wrote, and the owner said nothing that lets it leave")
        return wrong
    last = human[-1]
    assert last.truth is not None
    if found.let_go(mail.step, since=last.line):
        return wrong
    if not (last.truth.theirs and last.truth.in_thread and MEANT.get(mail.step) == last.truth.sort):
        who = "they" if last.truth.theirs else "somebody else in their place"
        wrong.append(f"{who} wrote {last.truth.sort} ({last.row.name}, read as {last.row.kind} {last.row.intent})")
    return wrong


def taken_for_another(delivered: Mapping[str, Delivered], rows: Mapping[str, Row[Any]]) -> list[str]:
    """Mails of machines that were taken for a person's, and the other way round."""
    wrong = []
    for name, row in rows.items():
        one = delivered.get(name)
        if one is None or one.sort in (*OTHER, "left"):
            continue
        if row.human != one.by_person:
            wrong.append(f"{one.sort} {name} was taken for {'a person' if row.human else 'a machine'}'s")
    return wrong

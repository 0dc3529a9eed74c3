"""The first asks wait for the owner's word (`approve_first`); once they have it, the others leave by themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Delivery, Step
from worker.jobs.desk import Desk
from worker.store import Transaction, outbox

SAID = "your first %ask% for your word"  # what `why` says, of whatever number


def missing(tx: Transaction, desk: Desk) -> int:
    """How many asks must still get the owner's word before one leaves without it."""
    wanted = desk.mailbox.sequence.approve_first
    return wanted - outbox.asks_let_go(tx, desk.mailbox.id, wanted) if wanted else 0


def why(desk: Desk) -> str:
    """What the others wait for, in words."""
    wanted = desk.mailbox.sequence.approve_first
    first = "your first ask waits" if wanted == 1 else f"your first {wanted} asks wait"
    return f"{first} for your word"


def hold_back(tx: Transaction, desk: Desk, mail: Row[Any]) -> bool:
    """Whether this mail is an ask that may not leave before others have got the owner's word, or this one has."""
    new = mail.step == Step.ask and mail.released_at is None and mail.claimed_at is None
    return new and missing(tx, desk) > 0


def kept_back(tx: Transaction, desk: Desk) -> set[int]:
    """The asks that could leave but for that."""
    return set(outbox.new_asks(tx, desk.mailbox.id)) if missing(tx, desk) > 0 else set()


def lay_out(tx: Transaction, desk: Desk) -> None:
    """Make drafts of the asks that come first, as many as still need a word; the others say what they wait for."""
    need = missing(tx, desk)
    if need > 0:
        need -= outbox.drafted_asks(tx, desk.mailbox.id)
        for mail_id in outbox.new_asks(tx, desk.mailbox.id, limit=need) if need > 0 else ():
            outbox.note(tx, mail_id, state=Delivery.draft, hold_why=None)
        outbox.new_asks_wait(tx, desk.mailbox.id, why(desk), instead_of=SAID)
    else:
        outbox.new_asks_go(tx, desk.mailbox.id, SAID)

"""Counts the asks that come back, and pauses the asks where a list of addresses seems to be bad."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Step
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, journal, mailboxes, outbox

AMONG = 10  # the last so many asks
TOO_MANY = 2  # of them that came back


def came_back(tx: Transaction, desk: Desk, mail: Row[Any]) -> None:
    """A mail of ours came back for good; where that is the second of the last ten asks, the others wait."""
    if mail.step != Step.ask or mail.bounced_at is not None:
        return
    outbox.note(tx, mail.id, bounced_at=desk.now)
    box = mailboxes.get(tx, desk.mailbox.id)
    since = box.bounces_since
    asks = outbox.last_asks(tx, desk.mailbox.id, AMONG)
    back = [ask for ask in asks if ask.bounced_at is not None and (since is None or ask.bounced_at > since)]
    if len(back) < TOO_MANY or box.asks_paused_at is not None:
        return
    who = ", ".join(contacts.get(tx, ask.contact_id).email or "?" for ask in back)
    why = f"{len(back)} of the last {len(asks)} asks came back ({who})"
    mailboxes.note(tx, desk.mailbox.id, asks_paused_at=desk.now, asks_paused_why=why)
    text = f"{why}: no ask leaves until you say resume; answers do"
    journal.write(tx, desk.mailbox.id, desk.now, "paused", text, for_owner=True)


def begin_anew(tx: Transaction, desk: Desk) -> bool:
    """The owner said resume: asks leave again, and what came back until now no longer counts."""
    paused = mailboxes.get(tx, desk.mailbox.id).asks_paused_at is not None
    mailboxes.note(tx, desk.mailbox.id, asks_paused_at=None, asks_paused_why=None, bounces_since=desk.now)
    return paused

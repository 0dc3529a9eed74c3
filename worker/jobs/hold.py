"""The hold on everything: nothing leaves to contacts until the owner has reconciled mailbox and database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from worker.jobs.desk import Desk
from worker.store import Transaction, journal, mailboxes

TODO = "Run: askaround reconcile"
GUARD = "nothing leaves before you have run: askaround reconcile"


def begin(tx: Transaction, desk: Desk, why: str) -> None:
    """Hold everything from now on; a hold that is there stays as it is."""
    if mailboxes.get(tx, desk.mailbox.id).hold_since is not None:
        return
    mailboxes.note(tx, desk.mailbox.id, hold_since=desk.now, hold_why=why)
    journal.write(tx, desk.mailbox.id, desk.now, "hold", f"{why}; {GUARD}")


def end(tx: Transaction, desk: Desk) -> None:
    """Let mail leave again."""
    mailboxes.note(tx, desk.mailbox.id, hold_since=None, hold_why=None)
    journal.write(tx, desk.mailbox.id, desk.now, "resumed", "mailbox and database agree; sending goes on")


def sentence(box: Row[Any]) -> str | None:
    """What the owner is told while everything is held; None where nothing is."""
    if box.hold_since is None:
        return None
    return f"Nothing leaves to contacts: {box.hold_why}. {TODO}"

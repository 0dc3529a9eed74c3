"""Notices a clock that went back: what was done "later" counts on, and the owner must know why nothing leaves."""

from __future__ import annotations

from datetime import timedelta

from worker.jobs.desk import Desk
from worker.store import Store, mailboxes, outbox

SLACK = timedelta(minutes=10)  # clocks are set by a little all the time


def doubts(store: Store, desk: Desk) -> list[str]:
    """A sentence where the last turn, or the last mail, lies ahead of the machine's clock."""
    box = store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id))
    mail = store.read(lambda tx: outbox.last_left_at(tx, desk.mailbox.id))
    last = max(filter(None, (box.last_turn_at, mail.claimed_at if mail is not None else None)), default=None)
    if last is None or last <= desk.now + SLACK:
        return []
    zone = desk.mailbox.zone
    said = f"{desk.now.astimezone(zone):%d %b %Y %H:%M}"
    return [
        f"The clock of this machine went back: it says {said}, and the last turn or mail was at "
        f"{last.astimezone(zone):%d %b %Y %H:%M}. Set it right; what the pace counts goes on from there."
    ]

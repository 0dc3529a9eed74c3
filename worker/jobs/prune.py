"""Once a local date, gives up the bytes of mails that are older than the owner wants them kept."""

from __future__ import annotations

from datetime import timedelta

from worker.jobs.desk import Desk
from worker.store import Store, Transaction, mailboxes, pruning

AT_ONCE = 500
LONGEST = 36_500  # days: more is for ever


def prune_if_due(store: Store, desk: Desk) -> int:
    """Prune if this date has not seen it yet; gives how many mails lost their bytes. 0 days keeps them for ever."""
    days = desk.mailbox.keep_raw_days
    if not 0 < days <= LONGEST:
        return 0
    last = store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id)).pruned_at
    if last is not None and last >= desk.midnight:
        return 0
    before = desk.now - timedelta(days=days)
    done = 0
    while True:  # in pieces, so that nobody waits long for the database
        some = store.transaction(lambda tx: pruning.prune(tx, desk.mailbox.id, before, limit=AT_ONCE))
        done += some
        if some < AT_ONCE:
            break

    def note(tx: Transaction) -> None:
        mailboxes.note(tx, desk.mailbox.id, pruned_at=desk.now)

    store.transaction(note)
    return done

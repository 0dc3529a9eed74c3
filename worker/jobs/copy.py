"""Files a copy of what was sent in the Sent folder, once, where the provider keeps none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from worker.errors import ServerMisbehaved
from worker.jobs.desk import Desk
from worker.mailbox.folders import Role
from worker.mailbox.imap import ImapSession
from worker.store import Store, Transaction, journal, outbox

PERSISTS = timedelta(days=1)  # so long a refused copy is tried again


def file_copies(store: Store, desk: Desk, session: ImapSession) -> int:
    """Look for each sent mail in Sent, and file it there if nobody else has; gives how many were filed."""
    how = desk.mailbox.save_sent
    waiting = store.read(lambda tx: outbox.without_copy(tx, desk.mailbox.id))
    if not waiting:
        return 0
    if how == "never" or (how == "auto" and desk.mailbox.files_sent):
        # the provider files it, or nobody wants it: the next reading of Sent will see it or not
        for mail in waiting:
            _done(store, desk, mail)
        return 0
    sent = session.role(Role.sent)
    name: Any = sent if sent is not None else "Sent"
    there: frozenset[str] = frozenset()
    if sent is not None:
        since = (min(mail.sent_at for mail in waiting) - timedelta(days=2)).date()
        there = session.find_filed(sent, {mail.message_id: mail.token for mail in waiting}, since)
    filed = 0
    for mail in waiting:
        if mail.message_id not in there and mail.raw is not None:
            try:
                session.append(name, bytes(mail.raw), when=mail.sent_at)
            except ServerMisbehaved as error:
                # a full mailbox, too many mails just now: it passes, and the next turn looks before it files
                if desk.now - mail.sent_at >= PERSISTS:
                    _given_up(store, desk, mail, error.what)
                continue
            filed += 1
        _done(store, desk, mail)
    return filed


def _done(store: Store, desk: Desk, mail: Row[Any]) -> None:
    store.transaction(lambda tx: outbox.note(tx, mail.id, copied_at=desk.now))


def _given_up(store: Store, desk: Desk, mail: Row[Any], why: str) -> None:
    def work(tx: Transaction) -> None:
        outbox.note(tx, mail.id, copied_at=desk.now)
        journal.write(
            tx,
            desk.mailbox.id,
            desk.now,
            "no_copy",
            f"no copy of the {mail.step} could be filed in Sent: {why}",
            conversation_id=mail.conversation_id,
            contact_id=mail.contact_id,
            outbox_id=mail.id,
        )

    store.transaction(work)

"""Counts mails that a server names and does not hand out: tried again, then set aside, then asked for now and then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from worker.jobs import record
from worker.jobs.desk import Desk
from worker.mailbox.imap import ImapSession
from worker.store import Store, messages

APART = timedelta(hours=2)  # between tries at a mail, where no other shows whether the server is well
AGAIN = timedelta(hours=6)  # until what was set aside is asked for once more
GIVEN_UP = timedelta(days=7)  # after the first try


def due(store: Store, desk: Desk, row: Row[Any]) -> list[int]:
    """The UIDs of what was set aside in this folder and is to be asked for once more."""
    return store.read(
        lambda tx: messages.set_aside(
            tx, desk.mailbox.id, row.id, row.generation, parked_by=desk.now - AGAIN, since=desk.now - GIVEN_UP
        )
    )


def missing(
    store: Store,
    desk: Desk,
    session: ImapSession,
    row: Row[Any],
    withheld: Sequence[int],
    *,
    had: Collection[int],
    unasked: Sequence[int],
) -> tuple[int | None, set[int], list[str]]:
    """Mails that SEARCH named and FETCH did not give: gone, or to be tried again, three times, and then set aside.

    Of those in `had` the headers came; `unasked` were never asked for alone, and wait uncounted. Gives the first that
    must be tried again, those that are given up, and what to say.
    """
    troubles: list[str] = []
    lost: set[int] = set()
    wanted = {*withheld, *unasked}
    if not wanted:
        return None, lost, troubles
    there = set(session.uids_from(min(wanted))) & wanted
    parked = store.read(lambda tx: messages.parked_in(tx, row.id, row.generation))
    well = session.gives(there | parked, bodies=any(uid in had for uid in withheld)) if there else None
    if well is False:
        # it is not about these mails: nothing is counted against them, however long it takes
        troubles.append(f"{row.name}: the server hands out no mail just now; I shall try again.")
        return min(there), lost, troubles
    stuck: int | None = None
    for uid in sorted(there):
        if uid in unasked:
            if stuck is None:
                stuck = uid
                troubles.append(f"{row.name}: the server hands out only a part of the mail; I shall try again.")
            continue
        tries = store.transaction(
            lambda tx: messages.missed(
                tx,
                mailbox_id=desk.mailbox.id,
                folder_id=row.id,
                uidvalidity=row.uidvalidity,
                generation=row.generation,
                uid=uid,
                now=desk.now,
                tries_allowed=record.TRIES,
                apart=timedelta(0) if well else APART,
            )
        )
        if tries >= record.TRIES:
            lost.add(uid)
            troubles.append(f"{row.name}: the server does not hand out the mail with UID {uid}; it is set aside.")
        elif stuck is None:
            stuck = uid
            troubles.append(f"{row.name}: the server did not hand out the mail with UID {uid}; I shall try again.")
    return stuck, lost, troubles

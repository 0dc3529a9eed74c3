"""After days in which nothing could leave: what is late by then stands in a summary before it leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from worker.conversation import pacing
from worker.conversation.vocabulary import Delivery, Step
from worker.jobs import guard
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, journal, mailboxes, outbox

LATE_DAYS = 2  # business days


def last_whole_turn(box: Row[Any]) -> datetime | None:
    """When mail could leave last: asked before a turn reads. A turn that could not read the mailbox does not count."""
    return min(filter(None, (box.last_turn_at, box.read_ended_at)), default=None)


def show_what_is_late(tx: Transaction, desk: Desk, since: datetime | None) -> int:
    """Let the owner see first what a pause, or a machine that was off or without a network, has made late.

    `since` is when mail could leave last. Gives how many mails are late. An ask is as good later; a nudge that is too
    late is dropped elsewhere; [0, 0] waives every notice.
    """
    box = mailboxes.get(tx, desk.mailbox.id)
    if max(desk.mailbox.replies.referral_delay_hours) == 0:
        return 0
    off = since is not None and desk.now > pacing.add_business_days(since, LATE_DAYS, desk.own_calendar)
    if not off and not guard.paused(box, desk.now):
        return 0
    found = 0
    for mail in outbox.in_states(tx, desk.mailbox.id, (Delivery.due, Delivery.retry)):
        if mail.step == Step.ask or mail.second_time or mail.released_at is not None:
            continue
        late = pacing.add_business_days(mail.due, LATE_DAYS, desk.calendar(contacts.get(tx, mail.contact_id)))
        # once it was shown as late, it leaves with the next turn, however long that takes to come
        shown = mail.needs_notice and (mail.noticed_at is None or not off or mail.noticed_at > late)
        if shown or desk.now <= late:
            continue
        outbox.note(tx, mail.id, needs_notice=True, noticed_at=None)
        journal.write(
            tx,
            desk.mailbox.id,
            desk.now,
            "late",
            f"{mail.step} is late; it stands in a summary before it leaves",
            conversation_id=mail.conversation_id,
            contact_id=mail.contact_id,
            outbox_id=mail.id,
        )
        found += 1
    return found

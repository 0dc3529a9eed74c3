"""How it stands, over all time: counts, week by week, who led to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import dropwhile
from typing import Any

from sqlalchemy import Row

from worker.jobs.desk import Desk
from worker.store import Transaction, conversations, tallies
from worker.writing import summary as words

WEEKS = 6


def standing(tx: Transaction, desk: Desk) -> words.Standing:
    """How many were asked, answered, talk and were named; the last weeks since the first ask; the tree of
    introductions."""
    weeks = []
    monday = desk.today - timedelta(days=desk.today.weekday())
    for back in range(WEEKS - 1, -1, -1):
        begins = monday - timedelta(weeks=back)
        first = datetime.combine(begins, datetime.min.time(), desk.mailbox.zone)
        last = datetime.combine(begins + timedelta(days=7), datetime.min.time(), desk.mailbox.zone)
        asked, answered = tallies.between(tx, desk.mailbox.id, first, last)
        weeks.append(words.Week(begins, asked, answered))
    counts = tallies.overall(tx, desk.mailbox.id)
    return words.Standing(
        asked=counts.asked,
        answered=counts.answered,
        talks=counts.talks,
        referrals=counts.referrals,
        weeks=tuple(dropwhile(lambda week: not week.asked and not week.answered, weeks)),
        tree=tuple(tree(tx, desk.mailbox.id)),
    )


def tree(tx: Transaction, mailbox_id: int) -> list[words.Led]:
    """Who led to whom: only people who named somebody, or were named."""
    rows = conversations.with_contacts(tx, mailbox_id)
    below: dict[int | None, list[Row[Any]]] = {}
    for row in rows:
        below.setdefault(row.introducer_id, []).append(row)

    def grow(row: Row[Any], seen: frozenset[int]) -> words.Led:
        children = [one for one in below.get(row.contact_id, []) if one.contact_id not in seen]
        return words.Led(
            str(row.name or row.email or row.phone or "somebody"),
            row.state,
            tuple(grow(one, seen | {one.contact_id}) for one in children),
        )

    roots = [row for row in below.get(None, []) if below.get(row.contact_id)]
    return [grow(row, frozenset({row.contact_id})) for row in roots]

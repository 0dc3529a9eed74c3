"""Which files go with a mail to the owner: briefs and calendar files of talks and calls."""

from __future__ import annotations

import unicodedata
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row

from worker.conversation import pacing
from worker.conversation.vocabulary import State
from worker.errors import AskaroundError
from worker.jobs.briefs import Brief, gather
from worker.jobs.dates import call_event, ics
from worker.jobs.desk import Desk
from worker.store import Transaction, contacts, conversations, messages, summaries
from worker.writing.summary import Attachment

MOST = 8  # talks, and calls, in one mail


def of_a_talk(tx: Transaction, desk: Desk, conversation: Row[Any]) -> tuple[Attachment, ...]:
    """The brief of a conversation, and its times, as files for a mail; none where a template cannot be filled in."""
    try:
        found = gather(tx, desk, conversation, language=desk.mailbox.summary_language)
    except AskaroundError:
        return ()  # `check` and the command `brief` say what is wrong; the mail to the owner must not wait for it
    name = _file_name(found)
    times = ics(found)
    files = [Attachment(f"brief-{name}.txt", "plain", found.draft.body)]
    if times is not None:
        files.append(Attachment(f"talk-{name}.ics", "calendar", times.decode()))
    return tuple(files)


def of_the_day(tx: Transaction, desk: Desk, since: datetime | None) -> tuple[tuple[Attachment, ...], frozenset[int]]:
    """The files for a summary: briefs of who said yes since the last one, unless that was told at once, and of the
    talks of this day; the calls that no summary brought yet. With them the conversations of those calls."""
    found: list[Attachment] = []
    calls: set[int] = set()
    for conversation in conversations.in_states(tx, desk.mailbox.id, {State.talking})[-MOST:]:
        at = conversation.talk_at
        today = at is not None and at.astimezone(desk.mailbox.zone).date() == desk.today
        fresh = since is None or conversation.state_since > since
        if today or (fresh and not _told_at_once(tx, conversation.id)):
            found += of_a_talk(tx, desk, conversation)
    for conversation in conversations.to_call(tx, desk.mailbox.id, desk.today):
        if len(calls) == MOST or summaries.has_calendar_of(tx, conversation.id, _raised(desk, conversation)):
            continue
        begins = _first_hour(desk, contacts.get(tx, conversation.contact_id))
        if begins is not None:
            raw = call_event(tx, desk, conversation, begins=begins)
            found.append(Attachment(f"call-c{conversation.id}.ics", "calendar", raw.decode()))
            calls.add(conversation.id)
    return tuple(found), frozenset(calls)


def _raised(desk: Desk, conversation: Row[Any]) -> datetime:
    """Since when this call is to be made: from no answer, or from the date until which it was put off."""
    put_off = conversation.resume_after
    back = datetime.combine(put_off, time(0), desk.mailbox.zone) if put_off is not None else None
    found: datetime = max(filter(None, (conversation.call_raised_at, conversation.state_since, back)))
    return found


def _told_at_once(tx: Transaction, conversation_id: int) -> bool:
    theirs = [one for one in messages.of_conversation(tx, conversation_id) if one.human and not one.by_owner]
    return bool(theirs) and summaries.about(tx, theirs[-1].id) is not None


def _first_hour(desk: Desk, row: Row[Any]) -> datetime | None:
    """The first minute of today's working time, for both, from the summary on; None where none is left."""
    theirs = pacing.fits(desk.now, desk.calendar(row))
    mine = pacing.fits(theirs, desk.own_calendar)
    both = pacing.fits(mine, desk.calendar(row))
    return both if both.astimezone(desk.mailbox.zone).date() == desk.today else None


def _file_name(found: Brief) -> str:
    plain = unicodedata.normalize("NFKD", found.name).encode("ascii", "ignore").decode().lower()
    words = "".join(one if one.isalnum() else " " for one in plain).split()
    return "-".join(words)[:40].strip("-") or f"c{found.conversation_id}"

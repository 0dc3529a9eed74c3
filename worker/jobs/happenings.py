"""Puts what the journal tells the owner into the words of the summary."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy import Row

from worker.conversation.vocabulary import Intent, Kind, Step
from worker.jobs.desk import Desk
from worker.jobs.readings import from_json
from worker.store import Transaction, contacts, journal, messages
from worker.writing import summary as words

MOST_LINES = 10_000  # of the journal in one summary
BY_TIME = ("silent", "closed")  # states that silence brings
TOLD = frozenset({
    "read", "sent", "bounced", "failed", "cancelled", "away", "uncertain", "settled", "own_mail", "added", "blocked",
    "written_before", "on_hold", "undone", "obeyed", "not_understood", "refused", "resumed", "paused",
})  # fmt: skip
"""What every summary tells; beside these, all that is marked for the owner."""


MEANINGS = frozenset((*Intent, *Kind))


def happened(tx: Transaction, desk: Desk, after: int) -> list[words.Happened]:
    """What happened since the line `after` of the journal; what only the owner can settle comes first."""
    rows = journal.since(tx, desk.mailbox.id, after, limit=MOST_LINES)
    read = {row.message_id for row in rows if row.what == "read"}
    # in English the answer to an order is told; in other languages the order itself
    english = desk.mailbox.summary_language[:2] == "en"
    swap = {"word": not english, "obeyed": english}
    kept = [
        row for row in rows if swap.get(row.what, _is_told(row)) and not (row.what == "told" and row.message_id in read)
    ]
    kept.sort(key=lambda row: not row.for_owner)
    return [_line(tx, desk, row) for row in kept]


def _says_no_more(row: Row[Any]) -> bool:
    """Whether a line for the owner only names the meaning of a mail, which the line about the mail says as well."""
    return row.what == "told" and row.text.rpartition(": ")[2].replace(" ", "_") in MEANINGS


def _is_told(row: Row[Any]) -> bool:
    by_time = row.what == "state" and row.message_id is None and row.text.endswith(BY_TIME)
    set_aside = row.what == "named" and row.rule == "people.refused"
    proposed = row.what == "named" and row.rule == "people.proposed"  # stands above, with its number
    call = row.what in ("call", "talk_due")  # the same
    return row.what in TOLD or by_time or set_aside or (row.for_owner and not proposed and not call)


def _line(tx: Transaction, desk: Desk, row: Row[Any]) -> words.Happened:
    who = row.name or row.email
    lang = words.words_for(desk.mailbox.summary_language)
    text = _said(tx, lang, row)
    if text is None:
        text = words.said(str(row.text).removeprefix(f"{who}: "), lang).replace("_", " ")
    return words.Happened(lang.pair(who, text) if who else text, (row.words or "")[:160])


def _said(tx: Transaction, lang: words.Words, row: Row[Any]) -> str | None:
    """The line in the owner's language; None where the journal's own sentence says more than any other."""
    if row.what == "state":
        return lang.did.get(row.text.rpartition("-> ")[2])
    if row.what == "read" and row.message_id is not None:
        return _read(tx, lang, row.message_id)
    if row.what == "told" and row.rule == "snooze-again":
        return lang.did["snooze_over"]
    if row.what == "added" and row.contact_id is not None:
        person = contacts.get(tx, row.contact_id)
        if person.introducer_id is None:
            return lang.did["added"]
        by = contacts.get(tx, person.introducer_id)
        return lang.did["added_by"].format(by=by.name or by.email)
    return None if lang.code == "en" else _translated(tx, lang, row)


def _translated(tx: Transaction, lang: words.Words, row: Row[Any]) -> str | None:
    """What the journal says in English, in another language; a server's words stay as they are."""
    _, _, why = row.text.partition(": ")
    if row.what in ("sent", "bounced", "failed", "cancelled", "uncertain", "settled"):
        step = next((one for one in Step if one in row.text.split()), None)
        if step is None:
            return None
        line = lang.did[row.what].format(step=lang.steps[step])
        return f"{line} ({words.said(why, lang)})" if why and row.what in ("bounced", "failed", "cancelled") else line
    if row.what in ("own_mail", "resumed", "undone"):
        return lang.did[row.what]
    if row.what == "word":
        return lang.did["said"].format(words=row.words or why)
    if row.what in ("refused", "not_understood"):
        return words.said(row.text, lang)
    if row.what == "written_before" and row.contact_id is not None:
        written = contacts.get(tx, row.contact_id).written_before_at
        return lang.note("written_before", day=lang.day(written.date())) if written is not None else None
    day = re.search(r"\d{4}-\d\d-\d\d", row.text)
    if row.what == "paused" and row.for_owner:  # by the worker itself: asks alone
        return words.said(row.text, lang)
    if row.what == "paused":
        until = lang.day(date.fromisoformat(day[0])) if day else ""
        return lang.did["paused_until"].format(day=until) if day else lang.did["paused"]
    return lang.did["away"].format(day=lang.day(date.fromisoformat(day[0]))) if row.what == "away" and day else None


def _read(tx: Transaction, lang: words.Words, message_id: int) -> str:
    reading = from_json(messages.newest_reading(tx, message_id).data)
    if reading.intent is None or (reading.intent is Intent.other and not reading.human):
        return lang.did["came"].format(what=lang.kinds[reading.kind])
    what = lang.intents[reading.intent]
    if not reading.sure:
        sure = min(max(round(reading.confidence * 100), 0), 99)
        return lang.did["read_sure"].format(what=what, sure=sure)
    return lang.did["read"].format(what=what)

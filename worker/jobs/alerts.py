"""Tells the owner at once when somebody says yes or asks something; each message once, never at night."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.clock import Clock
from worker.contacts import canonical
from worker.conversation.vocabulary import Intent, Kind, Match, State
from worker.jobs import digest, enclosures, marks, strangers, summarize
from worker.jobs.desk import Desk
from worker.jobs.send import Line
from worker.store import Store, Transaction, contacts, conversations, journal, messages, summaries
from worker.writing import summary as words

MORNING, EVENING = 7, 21  # hours of the owner between which a mail of ours may ring
MOST_A_DAY = 20  # a flood of answers is told by the summary
TOLD = (Intent.interested, Intent.question)


def send_due(store: Store, desk: Desk, clock: Clock, line: Line) -> int:
    """Send what is to be told at once and no summary has told yet; gives how many mails left.

    What came at night, or could not be sent before the evening, stands in the next summary. Raises WorldError.
    """
    left = 0
    for row in store.read(lambda tx: summaries.unfinished(tx, desk.mailbox.id)):
        if row.about_message_id is None:
            continue
        if _too_late(store, desk, row):
            store.transaction(
                lambda tx: summaries.advance(tx, row.id, state=row.state, attempt=row.attempt, to="failed")
            )
        else:
            summarize.deliver(store, desk, clock, line, row)
            left += 1
    if not desk.mailbox.alert_mail or not _by_day(desk, desk.now):
        return left
    for message_id, line_id in store.read(lambda tx: _to_tell(tx, desk)):
        made = _make(store, desk, message_id, line_id)
        if made is not None:
            summarize.deliver(store, desk, clock, line, made)
            left += 1
    return left


def _by_day(desk: Desk, moment: datetime) -> bool:
    return MORNING <= moment.astimezone(desk.mailbox.zone).hour < EVENING


def _too_late(store: Store, desk: Desk, row: Row[Any]) -> bool:
    last = store.read(lambda tx: summaries.last_sent(tx, desk.mailbox.id))
    told = last is not None and last.journal_id >= row.journal_id
    return told or not _by_day(desk, desk.now) or row.local_date != desk.today


def _to_tell(tx: Transaction, desk: Desk) -> list[tuple[int, int]]:
    """The messages to tell at once, each with its line of the journal: read since the last summary, and by day."""
    last = summaries.last_sent(tx, desk.mailbox.id)
    room = MOST_A_DAY - summaries.told_at_once_since(tx, desk.mailbox.id, desk.now - timedelta(days=1))
    found: list[tuple[int, int]] = []
    for row in journal.of_kind_since(tx, desk.mailbox.id, "read", last.journal_id if last is not None else 0):
        if row.message_id is None or not _by_day(desk, row.at) or summaries.about(tx, row.message_id) is not None:
            continue
        if len(found) < room and _matters(tx, row.message_id):
            found.append((row.message_id, row.id))
    return found


def _matters(tx: Transaction, message_id: int) -> bool:
    """Whether a person surely said yes, or asked something, in a thread of ours."""
    message, reading = messages.get(tx, message_id), messages.newest_reading(tx, message_id)
    return bool(
        message.human
        and message.match == Match.thread
        and reading.sure
        and reading.kind == Kind.reply
        and reading.intent in TOLD
    )


def _make(store: Store, desk: Desk, message_id: int, line_id: int) -> Row[Any] | None:
    """Record the mail that tells of this message; None where nothing of it needs the owner any more."""
    token = desk.token(desk.mailbox.summary_to, marks.SUMMARY)
    mail_id = desk.message_id(desk.mailbox.summary_to, marks.SUMMARY)

    def work(tx: Transaction) -> Row[Any] | None:
        if summaries.about(tx, message_id) is not None:
            return None
        conversation = _conversation(tx, desk, messages.get(tx, message_id))
        numbers = digest.Numbers()
        item = digest.talk(tx, desk, numbers, conversation) if conversation is not None else None
        if conversation is None or item is None or item.kind not in (words.Need.yes, words.Need.question):
            return None
        content = words.SummaryContent(
            day=desk.today,
            made_at=desk.now.astimezone(desk.mailbox.zone),
            owner=desk.mailbox.owner.name,
            mailbox=desk.mailbox.address,
            token=token,
            language=desk.mailbox.summary_language,
            needs_you=(item,),
            attachments=enclosures.of_a_talk(tx, desk, conversation) if item.kind is words.Need.yes else (),
            last_check=desk.now.astimezone(desk.mailbox.zone),
        )
        raw = summarize.as_mail(desk, content, mail_id, token, subject=words.alert_subject(content))
        made = summaries.add(
            tx,
            mailbox_id=desk.mailbox.id,
            local_date=desk.today,
            again=-message_id,
            message_id=mail_id,
            token=token,
            raw=raw,
            journal_id=line_id,
            now=desk.now,
            items=numbers.items,
            mails=[],
            about_message_id=message_id,
        )
        return summaries.get(tx, made)

    return store.transaction(work)


def _conversation(tx: Transaction, desk: Desk, message: Row[Any]) -> Row[Any] | None:
    """Whose talk it is: that of the thread, or of somebody else who said yes in it."""
    if message.conversation_id is None:
        return None
    conversation = conversations.get(tx, message.conversation_id)
    if strangers.wrote(message, contacts.get(tx, conversation.contact_id)):
        person = contacts.by_key(tx, desk.mailbox.id, canonical(message.from_address or ""))
        begun = conversations.of_contact(tx, person.id) if person is not None else []
        conversation = begun[0] if begun else conversation
    return conversation if conversation.state == State.talking else None

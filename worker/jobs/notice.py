"""Notices mails of ours that the database does not know: it was restored from an old copy, or it is another one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical
from worker.errors import ServerMisbehaved
from worker.jobs import hold, marks
from worker.jobs.desk import Desk
from worker.mailbox.imap import ImapSession
from worker.reading import headers
from worker.reading.headers import Headers
from worker.store import Store, Transaction, contacts, mailboxes, outbox, strays, summaries

OURS = ("sent", "all")  # folders in which copies of ours lie
NEVER_CLAIMED = ("draft", "held", "due", "retry", "cancelled")
UNKNOWN = "Sent knows mails of ours that the database does not: it is another one, or an old copy"
ANSWERED = "somebody answers a mail of ours that the database does not know: it may be an old copy"


def unknown_copy(tx: Transaction, desk: Desk, role: str, folder: str, head: Headers, at: datetime) -> bool:
    """Whether this mail from an own address is one of ours that the database does not know; then all is held.

    It is ours by its token or by the marks of its Message-ID, never by its sender; a mail that the owner typed has
    neither, and a summary is no mail to a contact.
    """
    key = desk.mailbox.key
    if role not in OURS or not (head.token or marks.is_ours(key, head.message_id or "")):
        return False
    to = _recipient(desk, head)
    if to is None or head.first("auto-submitted"):
        return False
    shown = dict.fromkeys((to[1], *(address for _, address in (*head.to, *head.cc) if address)))
    known = marks.read_off(key, (*shown, *desk.mailbox.own_addresses), id_=head.message_id, token=head.token)
    if known is not None and known[1] == marks.SUMMARY:
        return True
    if known is None and role == "all" and head.return_path is not None:
        return False  # it came in from outside, under the owner's address
    id_ = head.message_id or f"<{head.token}@no-message-id>"
    _found(
        tx,
        desk,
        id_,
        hold_why=UNKNOWN,
        found_in="sent",
        folder=folder[:1000],
        token=(head.token or "")[:64] or None,
        to_address=to[1][:320],
        to_name=to[0][:200] or None,
        subject=head.subject[:2000],
        in_reply_to=next(iter(head.in_reply_to), None),
        step=known[1] if known is not None else None,
        sent_at=_left(head, at),
    )
    return True


def known_copy(tx: Transaction, desk: Desk, mail: Row[Any], folder: str, head: Headers, at: datetime) -> None:
    """A copy of a mail that this database never sent: a later one did, before this one was put in its place."""
    if mail.attempt or mail.state not in NEVER_CLAIMED:
        return
    to = _recipient(desk, head) or ("", contacts.get(tx, mail.contact_id).email or "")
    _found(
        tx,
        desk,
        head.message_id or mail.message_id,
        hold_why=UNKNOWN,
        found_in="sent",
        folder=folder[:1000],
        token=mail.token,
        to_address=to[1][:320],
        to_name=to[0][:200] or None,
        subject=head.subject[:2000],
        in_reply_to=next(iter(head.in_reply_to), None),
        step=mail.step,
        sent_at=_left(head, at),
    )


def answered(tx: Transaction, desk: Desk, ids: Iterable[str], known: frozenset[str], head: Headers) -> None:
    """Somebody answers a mail that is ours by its marks and that nobody here knows."""
    for id_ in ids:
        if id_ in known or not marks.is_ours(desk.mailbox.key, id_) or strays.known(tx, desk.mailbox.id, {id_}):
            continue
        _answered(tx, desk, id_, head, None)


def answered_unsent(tx: Transaction, desk: Desk, mails: Iterable[Row[Any]], head: Headers) -> None:
    """Somebody answers a mail that this database plans to send: it has left already."""
    for mail in mails:
        if not mail.attempt and mail.state in NEVER_CLAIMED:
            _answered(tx, desk, mail.message_id, head, mail)


def _answered(tx: Transaction, desk: Desk, id_: str, head: Headers, mail: Row[Any] | None) -> None:
    sender = head.from_[0] if head.from_ else ("", "")
    keys = [canonical(address) for _, address in (*head.from_, *head.reply_to) if address]
    found = marks.read_off(desk.mailbox.key, _candidates(tx, desk, *keys), id_=id_)
    if found is not None and found[1] == marks.SUMMARY:
        return
    if mail is not None:
        address = contacts.get(tx, mail.contact_id).email or ""
    else:
        address = found[0] if found is not None else sender[1]
    if not address or canonical(address) in desk.mailbox.own_addresses:
        return
    _found(
        tx,
        desk,
        id_,
        hold_why=ANSWERED,
        found_in="answer",
        to_address=address[:320],
        to_name=(sender[0][:200] or None) if canonical(address) in keys else None,
        subject=head.subject[:2000],
        in_reply_to=None,
        step=mail.step if mail is not None else (found[1] if found is not None else None),
        sent_at=_left(head, desk.now),
    )


def look_back(store: Store, desk: Desk, session: ImapSession) -> int:
    """Once, before anything leaves: does Sent hold mails of an earlier installation? Gives how many were found."""
    if store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id)).looked_back_at is not None:
        return 0
    found = 0
    for folder in session.watched(desk.mailbox.folders):
        if folder.role not in OURS:
            continue
        try:
            items = [
                (headers(one.headers), one.internaldate or desk.now)
                for one in session.find_tokens(folder)
                if one.headers is not None
            ]
        except ServerMisbehaved:
            continue

        def note(tx: Transaction, name: str = folder.name, role: str = str(folder.role), items: Any = items) -> int:
            return sum(_of_another(tx, desk, role, name, head, at) for head, at in items)

        found += store.transaction(note)
    store.transaction(lambda tx: mailboxes.note(tx, desk.mailbox.id, looked_back_at=desk.now))
    return found


def _of_another(tx: Transaction, desk: Desk, role: str, folder: str, head: Headers, at: datetime) -> bool:
    if not head.from_address or canonical(head.from_address) not in desk.mailbox.own_addresses:
        return False
    ids = {id_ for id_ in (head.message_id, head.first("x-microsoft-original-message-id") or None) if id_}
    if outbox.by_message_ids(tx, desk.mailbox.id, ids) or outbox.by_tokens(tx, desk.mailbox.id, {head.token or ""}):
        return False
    if summaries.by_tokens(tx, desk.mailbox.id, [head.token or ""]) is not None:
        return False
    return unknown_copy(tx, desk, role, folder, head, at)


def _found(tx: Transaction, desk: Desk, message_id: str, *, hold_why: str, **values: Any) -> None:
    new = strays.add(tx, desk.mailbox.id, message_id[:1000], now=desk.now, **values)
    if new:
        hold.begin(tx, desk, hold_why)


def _recipient(desk: Desk, head: Headers) -> tuple[str, str] | None:
    """The first person written to who is not the owner."""
    for name, address in (*head.to, *head.cc):
        if address and canonical(address) not in desk.mailbox.own_addresses:
            return name, address
    return None


def _candidates(tx: Transaction, desk: Desk, *first: str) -> Iterable[str]:
    """The addresses that a mail may have been made for: those it shows, the owner's, then every contact's."""
    yield from dict.fromkeys((*first, *sorted(desk.mailbox.own_addresses)))
    yield from contacts.all_keys(tx, desk.mailbox.id)


def _left(head: Headers, at: datetime) -> datetime:
    """When it left: its own date, unless that lies ahead of its place in the folder."""
    return min(head.date, at) if head.date is not None else at

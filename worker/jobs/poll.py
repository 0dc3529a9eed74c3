"""Reads every watched folder to its end and keeps what may concern us; never sets a flag, moves or deletes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from worker.clock import Clock
from worker.contacts import canonical
from worker.errors import ServerMisbehaved
from worker.jobs import match, notice, record, withheld
from worker.jobs.delivered import proven, seen_to_have_left
from worker.jobs.desk import Desk
from worker.jobs.kept import Read
from worker.mailbox.folders import Folder
from worker.mailbox.imap import ImapSession
from worker.mailbox.imap_parts import FolderStatus
from worker.reading import headers
from worker.reading.headers import Headers
from worker.store import Store, Transaction, contacts, journal, mailboxes, messages, outbox, strays, summaries

BATCH = 500
_LOOKS = 2  # how often a folder is looked at again for what was moved into it meanwhile
OLDER = timedelta(days=2)  # mail from before our first look at the mailbox counts only if it answers us


@dataclass(slots=True)
class Poll:
    """What one reading of the mailbox brought. `complete` says that every watched folder was read to its end."""

    read: list[Read] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """One mail's header as it lies in a folder."""

    uid: int
    internal_date: datetime
    headers: Headers


def poll(
    store: Store,
    desk: Desk,
    session: ImapSession,
    clock: Clock,
    *,
    before: Callable[[datetime], None] = lambda moment: None,
) -> Poll:
    """Read all watched folders to their end, then read and record what was kept.

    `before` is called with the time at which a mail came before that mail is recorded. The reading counts as begun
    when this was called, so that mail that comes in meanwhile is not taken for read.
    Raises WorldError where the server breaks off; what was kept until then stays kept.
    """
    began = clock.now()
    desk = desk.at(began)
    result = Poll()
    begin(store, desk, session)
    notice.look_back(store, desk, session)
    # Sent first: it teaches the Message-IDs that the provider made of ours, before answers name them
    watched = sorted(session.watched(desk.mailbox.folders), key=lambda folder: folder.role not in ("sent", "all"))
    try:
        complete = _read_folders(store, desk, session, watched, result)
        for _ in range(_LOOKS):
            # what was moved into a folder that was read already, out of one that was not, would be in neither
            moved = [folder for folder in watched[:-1] if complete and _has_more(store, desk, session, folder)]
            if not moved:
                break
            complete = _read_folders(store, desk, session, moved, result)
    finally:
        # also where the line broke: an answer that was kept holds what is pending
        result.read, troubles = record.record_unread(store, desk, before=before)
    result.errors += troubles
    result.complete = complete
    if complete:
        store.transaction(
            lambda tx: mailboxes.note(tx, desk.mailbox.id, read_began_at=began, read_ended_at=clock.now())
        )
    return result


def _read_folders(store: Store, desk: Desk, session: ImapSession, watched: Sequence[Folder], result: Poll) -> bool:
    """Read these folders to their ends; gives whether that could be done. One that is in disorder hides no other."""
    known = store.read(lambda tx: mailboxes.folders(tx, desk.mailbox.id))
    complete = True
    for folder in watched:
        try:
            status = session.examine(folder)
            row = known.get(folder.name)
            if row is None or row.uidvalidity != status.uidvalidity or _went_back(session, status, row):
                # a folder that appears later holds nothing from before our time: read it whole
                row = _begin(store, desk, folder.name, folder.role, status.uidvalidity, 0)
            whole, troubles = _read_folder(store, desk, session, row)
        except ServerMisbehaved as error:
            result.errors.append(error.sentence())
            complete = False
            continue
        result.errors += troubles
        complete = complete and whole
        if whole:
            store.transaction(lambda tx: mailboxes.folder_read(tx, row.id, desk.now))
    return complete


def _went_back(session: ImapSession, status: FolderStatus, row: Row[Any]) -> bool:
    """Whether UIDs are given out again under the same UIDVALIDITY: the server was restored from a backup.

    A UIDNEXT that the server does not tell, or gives beside a mail that is above it, says nothing.
    """
    return bool(status.told and status.uidnext <= row.last_uid and not session.uids_from(row.last_uid))


def _has_more(store: Store, desk: Desk, session: ImapSession, folder: Folder) -> bool:
    row = store.read(lambda tx: mailboxes.folders(tx, desk.mailbox.id))[folder.name]
    status = session.examine(folder)
    return status.uidvalidity != row.uidvalidity or (
        status.uidnext > row.last_uid + 1 and bool(session.uids_from(row.last_uid + 1))
    )


def begin(store: Store, desk: Desk, session: ImapSession) -> None:
    """At the first connect ever: begin at the end of each folder, and count what comes from now on."""
    if store.read(lambda tx: mailboxes.folders(tx, desk.mailbox.id)):
        return
    found = [(folder, session.examine(folder)) for folder in session.watched(desk.mailbox.folders)]

    def work(tx: Transaction) -> None:
        mailboxes.note(tx, desk.mailbox.id, first_seen_at=desk.now)
        for folder, status in found:
            mailboxes.begin_folder(
                tx,
                desk.mailbox.id,
                folder.name,
                folder.role,
                uidvalidity=status.uidvalidity,
                last_uid=max(status.uidnext - 1, 0),
                generation=0,
            )

    store.transaction(work)


def _begin(store: Store, desk: Desk, name: str, role: str, uidvalidity: int, last_uid: int) -> Row[Any]:
    return store.transaction(
        lambda tx: mailboxes.begin_folder(tx, desk.mailbox.id, name, role, uidvalidity=uidvalidity, last_uid=last_uid)
    )


def _read_folder(store: Store, desk: Desk, session: ImapSession, row: Row[Any]) -> tuple[bool, list[str]]:
    """Keep what concerns us in one folder; gives whether it was read to its end, and what went wrong."""
    troubles: list[str] = []
    floor: datetime | None = None
    if row.generation:  # only a folder that is read from its beginning holds mail from before our time
        floor = store.read(lambda tx: mailboxes.get(tx, desk.mailbox.id)).first_seen_at - OLDER
    _ask_again(store, desk, session, row, floor)
    uids = [uid for uid in session.uids_from(row.last_uid + 1) if uid > row.last_uid]
    for begin in range(0, len(uids), BATCH):
        batch = uids[begin : begin + BATCH]
        found = _asked(desk, session, row, batch)
        wanted = store.transaction(lambda tx: _sift(tx, desk, row, found.heads, floor))
        for head in wanted:
            data = session.body(head.uid, found.sizes[head.uid])
            if data is None:
                found.missing.append(head.uid)
                continue
            _keep(store, desk, row, head, data)
        stuck, lost, said = withheld.missing(
            store, desk, session, row, found.missing, had=found.blocks, unasked=found.unasked
        )
        troubles += said
        for head in wanted:
            if head.uid in lost:
                # who wrote, and in which thread, is enough to stop what follows silence
                _keep(store, desk, row, head, found.blocks[head.uid])
        if stuck is not None:
            # the cursor never passes a mail that was not stored
            store.transaction(lambda tx: mailboxes.advance(tx, row.id, stuck - 1))
            return False, troubles
        store.transaction(lambda tx: mailboxes.advance(tx, row.id, batch[-1]))
    return True, troubles


@dataclass(slots=True)
class _Found:
    """What a server gave of a batch: headers, also as they came, sizes; what it withheld; what it was not asked for."""

    heads: list[Head] = field(default_factory=list)
    blocks: dict[int, bytes] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    unasked: list[int] = field(default_factory=list)


def _asked(desk: Desk, session: ImapSession, row: Row[Any], batch: Sequence[int]) -> _Found:
    found = _Found()
    for item in session.headers(batch, BATCH):
        if item.headers is None:
            (found.missing if item.asked else found.unasked).append(item.uid)
            continue
        if item.draft:
            continue  # what the owner wrote and did not send; sent, it is a new mail
        parsed = headers(item.headers)
        # what a server keeps no date of has come just now, or, in a folder that is read again, when it was written
        written = min(parsed.date, desk.now) if row.generation and parsed.date is not None else desk.now
        found.heads.append(Head(item.uid, item.internaldate or written, parsed))
        found.sizes[item.uid] = item.size
        found.blocks[item.uid] = item.headers
    return found


def _ask_again(store: Store, desk: Desk, session: ImapSession, row: Row[Any], floor: datetime | None) -> None:
    """What was set aside in the week before may be handed out now: the failure was the server's and not the mail's."""
    due = withheld.due(store, desk, row)
    if not due:
        return
    # asked for once more: noted first, since the answer may end the connection, and the next turn goes on without them
    store.transaction(lambda tx: messages.asked_again(tx, row.id, row.generation, due, given=(), now=desk.now))
    found = _asked(desk, session, row, due)
    for head in store.transaction(lambda tx: _sift(tx, desk, row, found.heads, floor)):
        data = session.body(head.uid, found.sizes[head.uid])
        _keep(store, desk, row, head, data if data is not None else found.blocks[head.uid])
    store.transaction(
        lambda tx: messages.asked_again(tx, row.id, row.generation, due, given=found.blocks.keys(), now=desk.now)
    )


def _keep(store: Store, desk: Desk, row: Row[Any], head: Head, data: bytes) -> None:
    store.transaction(
        lambda tx: messages.keep(
            tx,
            mailbox_id=desk.mailbox.id,
            folder_id=row.id,
            uidvalidity=row.uidvalidity,
            generation=row.generation,
            uid=head.uid,
            internal_date=head.internal_date,
            data=data,
            now=desk.now,
        )
    )


def _sift(tx: Transaction, desk: Desk, row: Row[Any], heads: Sequence[Head], floor: datetime | None) -> list[Head]:
    """Which of these mails may concern us; our own copies in Sent settle what was uncertain, right here."""
    mailbox_id = desk.mailbox.id
    own = desk.mailbox.own_addresses
    every = {one for head in heads for one in match.ids_of(head.headers)}
    own_ids = {head.headers.message_id for head in heads if head.headers.message_id}
    ours = outbox.by_message_ids(tx, mailbox_id, every | own_ids)
    theirs = messages.in_threads(tx, mailbox_id, every)
    tokens = outbox.by_tokens(tx, mailbox_id, {h.headers.token for h in heads if h.headers.token})
    senders = {head.uid: match.senders_of(head.headers) for head in heads}
    written_to = {
        head.uid: {canonical(address) for _, address in (*head.headers.to, *head.headers.cc) if address}
        for head in heads
    }
    keys = {key for found in senders.values() for key in found} | {
        key for head in heads for key in written_to[head.uid] if set(senders[head.uid]) & own
    }
    known = contacts.by_keys(tx, mailbox_id, keys)
    wrote = outbox.any_left(tx, mailbox_id)
    summary_ids = summaries.known_ids(tx, mailbox_id, every)
    wanted = []
    for head in heads:
        mine = bool(set(senders[head.uid][:1]) & own)
        fresh = floor is None or head.internal_date >= floor
        if mine:
            mail = ours.get(head.headers.message_id or "") or tokens.get(head.headers.token or "")
            if mail is not None:
                if row.role in ("sent", "all"):
                    notice.known_copy(tx, desk, mail, row.name, head.headers, head.internal_date)
                    _own_copy(tx, desk, mail, head)
            elif notice.unknown_copy(tx, desk, row.role, row.name, head.headers, head.internal_date):
                continue
            elif (row.role in ("sent", "all") and written_to[head.uid] & set(known) and fresh) or _to_the_worker(
                head, summary_ids, own, fresh=fresh and row.role != "sent"
            ):
                wanted.append(head)
            continue
        refers = match.ids_of(head.headers)
        notice.answered_unsent(tx, desk, [ours[one] for one in refers if one in ours], head.headers)
        notice.answered(tx, desk, refers, frozenset({*ours, *theirs, *summary_ids}), head.headers)
        in_thread = any(one in ours or one in theirs or one in summary_ids for one in refers)
        if (
            in_thread
            or (fresh and (set(senders[head.uid]) & set(known) or _same_domain(tx, desk, senders[head.uid])))
            or (fresh and wrote and head.headers.looks_automatic)
        ):
            wanted.append(head)
    return wanted


def _to_the_worker(head: Head, summary_ids: frozenset[str], own: frozenset[str], *, fresh: bool) -> bool:
    """Mail of the owner to themself that may answer a summary: by its thread, or by a token that the text must show."""
    if any(one in summary_ids for one in match.ids_of(head.headers)):
        return True
    to = {canonical(address) for _, address in (*head.headers.to, *head.headers.cc) if address}
    return fresh and bool(to & own) and head.headers.token is None and not head.headers.first("auto-submitted")


def _same_domain(tx: Transaction, desk: Desk, senders: tuple[str, ...]) -> bool:
    from worker.contacts import is_free_mail

    domain = senders[0].rpartition("@")[2] if senders else ""
    if not domain or is_free_mail(domain):
        return False
    return bool(contacts.at_company(tx, desk.mailbox.id, {f"domain:{domain}"}))


def _own_copy(tx: Transaction, desk: Desk, mail: Row[Any], head: Head) -> None:
    """A mail of ours lies in Sent: it was accepted, and this is the Message-ID it goes by."""
    if head.headers.message_id:
        outbox.know_id(tx, desk.mailbox.id, mail.id, head.headers.message_id)
    original = head.headers.first("x-microsoft-original-message-id")
    if original:
        outbox.know_id(tx, desk.mailbox.id, mail.id, original)
    if mail.copied_at is None:
        outbox.note(tx, mail.id, copied_at=desk.now)
    if strays.waits(tx, mail.id):
        return
    mail = seen_to_have_left(tx, desk, mail, head.internal_date)
    if mail.state in ("uncertain", "in_flight"):
        proven(tx, desk, mail, "a copy lies in Sent")
        journal.write(
            tx,
            desk.mailbox.id,
            desk.now,
            "settled",
            f"the uncertain {mail.step} arrived: a copy lies in Sent",
            conversation_id=mail.conversation_id,
            contact_id=mail.contact_id,
            outbox_id=mail.id,
        )


def look_in_sent(store: Store, desk: Desk, session: ImapSession, *, limit: int = 200) -> int:
    """Before a person's first ask: did the owner write to them already? Gives how many were found.

    Mails that we sent do not count. A person who was written to is held and shown.
    """
    people = store.read(lambda tx: contacts.never_looked_up(tx, desk.mailbox.id, limit))
    if not people:
        return 0
    places = [one for one in session.watched(desk.mailbox.folders) if one.role in ("sent", "all")]
    found = 0
    for person in people:
        written: datetime | None = None
        searched = True
        for place in places:
            try:
                hits = session.find_written_to(place, person.email)
            except ServerMisbehaved:
                searched = False  # and is looked at again: nothing leaves to them before
                continue
            ids = {hit.message_id for hit in hits if hit.message_id}
            tokens = {hit.token for hit in hits if hit.token}
            ours = store.read(lambda tx: outbox.by_message_ids(tx, desk.mailbox.id, ids))
            sent = store.read(lambda tx: outbox.by_tokens(tx, desk.mailbox.id, tokens))
            # a token that the database does not know: it was restored, or another one wrote to them
            by_hand = [
                hit.date or desk.now for hit in hits if hit.message_id not in ours and (hit.token or "") not in sent
            ]
            written = max([*by_hand, written] if written else by_hand, default=None)
        if not searched and written is None:
            continue
        store.transaction(lambda tx: _looked(tx, desk, person, written))
        found += written is not None
    return found


def _looked(tx: Transaction, desk: Desk, person: Row[Any], written: datetime | None) -> None:
    values: dict[str, Any] = {"looked_in_sent_at": desk.now}
    if written is not None:
        values["written_before_at"] = written
        why = f"you wrote to them on {written.astimezone(desk.mailbox.zone):%d %b %Y}"
        for mail in outbox.pending_of_contact(tx, person.id):
            if mail.step == "ask" and mail.state in ("due", "retry"):
                outbox.note(tx, mail.id, state="held", hold_why=why)
        journal.write(
            tx,
            desk.mailbox.id,
            desk.now,
            "written_before",
            f"{why}; nothing leaves until you say ok",
            contact_id=person.id,
            conversation_id=_conversation(tx, person.id),
            for_owner=True,
        )
    contacts.note(tx, person.id, **values)


def _conversation(tx: Transaction, contact_id: int) -> int | None:
    from worker.store import conversations

    found = conversations.of_contact(tx, contact_id)
    return found[0].id if found else None

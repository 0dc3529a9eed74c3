"""Holds a schedule against the promises: in the sink at the moment of sending, in the database after each turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from tests.proof import truth
from tests.proof.answers import header_of
from tests.proof.truth import Delivered, Known
from worker.contacts import canonical
from worker.demo.servers import EmbeddedServers
from worker.jobs.desk import Mailbox
from worker.store import Store, Transaction
from worker.store.schema import (
    contact,
    conversation,
    folder,
    location,
    mailbox,
    message,
    outbox,
    reading,
    review,
    suppression,
)

ASKS_FOR_A_NAME = ("Thank you, and one question", "who else")
ON_ITS_WAY = ("sending", "in_flight")
UNSETTLED = ("sent", "uncertain")


@dataclass
class Ledger:
    """What was delivered, what the sink accepted, what the owner allowed; and the promises that were broken."""

    servers: EmbeddedServers
    owner: str
    delivered: dict[str, Delivered] = field(default_factory=dict)
    lying: set[str] = field(default_factory=set)  # in a watched folder when the turn began
    again: Counter[str] = field(default_factory=Counter)  # token -> how often it may leave once more
    resent: set[str] = field(default_factory=set)
    arrived_by_word: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)  # uncertain ones that the owner cancelled
    uncertain: set[str] = field(default_factory=set)  # of which nobody knew after a turn whether they arrived
    of_others: set[int] = field(default_factory=set)  # words about somebody whom a contact named
    times: list[datetime] = field(default_factory=list)  # of each mail to a contact that went over the wire
    broken: list[str] = field(default_factory=list)

    def there(self) -> set[str]:
        """The Message-IDs of what lies in the watched folders now."""
        raws = self.servers.messages(self.owner) + self.servers.messages(self.owner, "Junk")
        return {str(header_of(raw)["Message-ID"]) for raw in raws}

    def begin_turn(self) -> None:
        """Remember what lies in the watched folders."""
        self.lying = self.there()

    def before_mail(self, store: Store, recipient: str, raw: bytes, now: datetime) -> None:
        """Look at a mail to a contact that is about to go over the wire."""
        store.read(lambda tx: self._look(tx, recipient, raw, now))

    def _look(self, tx: Transaction, recipient: str, raw: bytes, now: datetime) -> None:
        head = header_of(raw)
        mail = tx.execute(select(outbox).where(outbox.c.token == str(head["X-Askaround-Token"]))).one_or_none()
        if mail is None:
            self.broken.append(f"a mail to {recipient} that the outbox does not know")
            return
        what = f"{mail.step} to {recipient} ({now:%d %b %H:%M})"
        if mail.state != "sending":
            self.broken.append(f"{what}: goes over the wire in state {mail.state}")
        if mail.second_time and mail.token not in self.resent:
            self.resent.add(mail.token)
            self.again[mail.token] += 1
        known = truth.known(tx, mail.contact_id, self.delivered, self.of_others)
        self._opted_out(tx, mail, known, recipient, what)
        self._unread(tx, recipient, what)
        self._after_an_answer(mail, known, what)
        self.broken += [f"{what}: {why}" for why in truth.broken(mail, known)]
        self._too_early(tx, mail, what, now)
        box = tx.execute(select(mailbox)).one()
        if box.read_began_at is None or box.read_began_at < mail.due or (now - box.read_began_at).total_seconds() > 600:
            self.broken.append(f"{what}: the mailbox was last read at {box.read_began_at}, it fell due at {mail.due}")
        if box.paused_at is not None and (box.paused_until is None or now < box.paused_until):
            self.broken.append(f"{what}: leaves during a pause")

    def _too_early(self, tx: Transaction, mail: Row[Any], what: str, now: datetime) -> None:
        """Who said later is written to on the date, and not before a date is known."""
        where = tx.execute(select(conversation).where(conversation.c.id == mail.conversation_id)).one()
        if where.state != "snoozed" or mail.released_at is not None:
            return
        if where.resume_after is None or where.resume_after > now.date():
            self.broken.append(f"{what}: snoozed until {where.resume_after or 'a date that nobody has named'}")

    def _opted_out(self, tx: Transaction, mail: Row[Any], known: Known, recipient: str, what: str) -> None:
        keys = {canonical(recipient)}
        listed = select(suppression.c.id).where(suppression.c.value.in_(keys), suppression.c.lifted_at.is_(None))
        if tx.execute(listed).first() is not None:
            self.broken.append(f"{what}: is on the suppression list")
        for one in known.recorded:
            row = one.row
            out = row.kind == "complaint" or (row.intent == "opt_out" and row.sure and row.kind != "bounce")
            if out and not known.let_go(mail.step, since=one.line):
                self.broken.append(f"{what}: opted out at {row.at}")

    def _unread(self, tx: Transaction, recipient: str, what: str) -> None:
        """A mail of theirs lay there before this turn began, lies there still, and nobody has read it."""
        mine = {one.message_id for one in self.delivered.values() if one.about == recipient} & self.lying
        if not mine:
            return
        read = {
            row.message_id for row in tx.execute(select(message.c.message_id).where(message.c.message_id.in_(mine)))
        }
        for one in sorted((mine - read) & self.there()):
            if self.delivered[one].sort not in ("delay", "receipt"):
                self.broken.append(f"{what}: leaves though {self.delivered[one].sort} {one} lies there unread")

    def _after_an_answer(self, mail: Row[Any], known: Known, what: str) -> None:
        """Promise 6 by what was read, and that nothing which follows silence leaves after a word of theirs."""
        for one in known.recorded:
            answered = one.row.message_id == mail.answers_message_id
            if answered and not one.row.human and not known.let_go(mail.step, since=one.line):
                self.broken.append(f"{what}: answers an automatic mail")
        human = [
            one for one in known.recorded if one.row.human and not (one.row.sure and one.row.intent == "out_of_office")
        ]
        if not human:
            if mail.step in truth.FOLLOWS_AN_ANSWER and not known.let_go(mail.step):
                self.broken.append(f"{what}: nobody wrote and the owner said nothing")
            return
        last = human[-1].row
        if known.let_go(mail.step, since=human[-1].line):
            return
        meant = {"check_in": "later", "ask": "later", "referral_request": "declined", "thanks_for_name": "referral"}
        if meant.get(mail.step) != last.intent or not last.sure or last.match != "thread":
            self.broken.append(
                f"{what}: though they wrote {last.kind} {last.intent} (sure: {last.sure}, {last.match}) at {last.at}"
            )

    def after_turn(self, store: Store, box: Mailbox, *, finished: bool) -> None:
        """Look at the sink and the database between turns."""
        store.read(lambda tx: self._compare(tx, box, finished))

    def _compare(self, tx: Transaction, box: Mailbox, finished: bool) -> None:
        sink: Counter[str] = Counter()
        named: Counter[str] = Counter()
        for envelope, raw in self.servers.accepted:
            if self.owner in envelope.recipients:
                continue
            head = header_of(raw)
            token = str(head["X-Askaround-Token"])
            sink[token] += 1
            text = header_of(raw).get_payload(decode=True)
            first = sink[token] == 1
            if first and (
                ASKS_FOR_A_NAME[0] in str(head["Subject"]) or ASKS_FOR_A_NAME[1].encode() in bytes(text or b"")
            ):
                named[envelope.recipients[0]] += 1
        rows = {row.token: row for row in tx.execute(select(outbox, contact.c.email).join(contact))}
        for token, count in sink.items():
            row = rows.get(token)
            if row is None:
                self.broken.append(f"the sink has a mail with token {token} that the outbox does not know")
                continue
            if count > 1 + self.again[token]:
                self.broken.append(f"{row.step} to {row.email} was accepted {count} times")
            may_again = self.again[token] or row.second_time
            if finished and row.state not in UNSETTLED and not may_again and token not in self.given_up:
                self.broken.append(f"{row.step} to {row.email} was accepted and is {row.state}")
        for recipient, count in named.items():
            if count > 1:
                self.broken.append(f"{recipient} was asked for a name {count} times")
        self.uncertain |= {row.token for row in rows.values() if row.state == "uncertain"}
        for row in rows.values():
            said = row.token in self.arrived_by_word
            if row.state == "sent" and not sink[row.token] and not said and not self._answered(tx, row):
                self.broken.append(f"{row.step} to {row.email} counts as sent and was never accepted")
            if finished and row.state in ON_ITS_WAY:
                self.broken.append(f"{row.step} to {row.email} is {row.state} after a turn")
        self._persons(tx)
        self._pace(box)

    def _answered(self, tx: Transaction, row: Row[Any]) -> bool:
        """A forged or mistaken answer is evidence all the same."""
        return tx.execute(select(message.c.id).where(message.c.answers_outbox_id == row.id)).first() is not None

    def _persons(self, tx: Transaction) -> None:
        query = select(conversation, contact.c.email, contact.c.opted_out_at).join(contact)
        for row in tx.execute(query):
            if (row.opted_out_at is not None) != (row.state == "opted_out"):
                self.broken.append(f"{row.email}: opted out at {row.opted_out_at}, and {row.state}")
            pending = select(outbox.c.step).where(
                outbox.c.conversation_id == row.id, outbox.c.state.in_(("draft", "held", "due", "retry"))
            )
            left = tx.execute(pending).scalars().all()
            if row.state == "opted_out" and left:
                self.broken.append(f"{row.email} is opted out, and {left} wait")
        twice = select(message.c.message_id, func.count()).group_by(message.c.message_id).having(func.count() > 1)
        for message_id, count in tx.execute(twice):
            self.broken.append(f"{message_id} was recorded {count} times")
        more = select(reading.c.message_id, func.count()).group_by(reading.c.message_id).having(func.count() > 1)
        for row_id, count in tx.execute(more):
            self.broken.append(f"message {row_id} was read {count} times")

    def _pace(self, box: Mailbox) -> None:
        low = box.pace.gap_minutes[0]
        for before, after in zip(self.times, self.times[1:], strict=False):
            if low and (after - before).total_seconds() < low * 60 - 1:
                self.broken.append(f"two mails left at {before:%d %b %H:%M} and {after:%H:%M}, less than {low} minutes")
        for day, count in Counter(moment.date() for moment in self.times).items():
            if count > box.pace.per_day:
                self.broken.append(f"{count} mails left on {day}, more than {box.pace.per_day}")

    def at_the_end(self, store: Store) -> None:
        """All is quiet: nothing is lost, nothing is left half-done."""
        store.read(self._all_there)

    def _all_there(self, tx: Transaction) -> None:
        there = self.there()
        known = {
            row.message_id: row for row in tx.execute(select(message, contact.c.email).join(contact, isouter=True))
        }
        for one in self.delivered.values():
            if one.message_id not in there or one.sort in ("delay", "receipt"):
                continue
            row = known.get(one.message_id)
            if row is None:
                self.broken.append(f"{one.sort} about {one.about} ({one.message_id}) was never recorded")
            elif one.in_thread and row.email != one.about:
                self.broken.append(f"{one.sort} about {one.about} was recorded for {row.email}")
        self.broken += truth.taken_for_another(self.delivered, known)
        self._opt_outs_kept(tx, known)
        for token in tx.execute(select(outbox.c.token).where(outbox.c.state == "uncertain")).scalars():
            self.broken.append(f"{token} is uncertain still, though the owner has said what became of it")
        unread = select(location.c.uid, folder.c.name).where(
            location.c.folder_id == folder.c.id,
            location.c.message_id.is_(None),
            location.c.raw_id.is_not(None),
        )
        for row in tx.execute(unread):
            self.broken.append(f"UID {row.uid} of {row.name} was kept and never read")

    def _opt_outs_kept(self, tx: Transaction, rows: Mapping[str, Row[Any]]) -> None:
        """Who asked not to be written to is on the list, or the owner is asked, or has spoken since."""
        for one in self.delivered.values():
            row = rows.get(one.message_id)
            if one.sort != "opt-out" or row is None or row.contact_id is None:
                continue
            where = tx.execute(select(conversation).where(conversation.c.contact_id == row.contact_id)).first()
            asked = select(review.c.id).where(review.c.message_id == row.id, review.c.settled_at.is_(None))
            if where is None or where.state == "opted_out" or tx.execute(asked).first() is not None:
                continue
            known = truth.known(tx, row.contact_id, self.delivered, self.of_others)
            line = next((found.line for found in known.recorded if found.truth is one), 0)
            if not any(said > line for said, _ in known.words):
                self.broken.append(f"{one.about} asked not to be written to ({one.message_id}), and is {where.state}")

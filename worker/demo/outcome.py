"""What became of the cast, and whether it is what should have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worker.contacts import canonical
from worker.demo import correspondence
from worker.demo.cast import Member
from worker.demo.servers import EmbeddedServers
from worker.store import Store, Transaction, contacts, conversations, outbox


@dataclass(frozen=True, slots=True)
class Ended:
    """One person at the end: the shown state, the worker's mails that left to them by step, what is not right."""

    member: Member
    state: str
    steps: tuple[str, ...]
    faults: tuple[str, ...]


def outcome(
    store: Store, mailbox_id: int, servers: EmbeddedServers, cast: Sequence[Member], document: Mapping[str, Any]
) -> list[Ended]:
    """Everybody's end; `document` is the final status."""
    names = {member.email: member.name for member in cast}
    return [store.read(lambda tx: _ended(tx, mailbox_id, servers, member, document, names)) for member in cast]


def _ended(
    tx: Transaction,
    mailbox_id: int,
    servers: EmbeddedServers,
    member: Member,
    document: Mapping[str, Any],
    names: Mapping[str, str],
) -> Ended:
    shown = [row for row in document["conversations"] if row["email"] == member.email]
    person = contacts.by_key(tx, mailbox_id, canonical(member.email))
    if person is None or len(shown) != 1:
        return Ended(member, "unknown", (), (f"there are {len(shown)} conversations with them",))
    left = sorted(
        (
            mail
            for conversation in conversations.of_contact(tx, person.id)
            for mail in outbox.of_conversation(tx, conversation.id)
            if mail.state in outbox.LEFT
        ),
        key=lambda mail: mail.claimed_at,
    )
    steps = tuple(mail.step for mail in left)
    return Ended(
        member, shown[0]["state"], steps, tuple(_faults(member, shown[0], document, steps, left, servers, names))
    )


def _faults(
    member: Member,
    row: Mapping[str, Any],
    document: Mapping[str, Any],
    steps: tuple[str, ...],
    left: Sequence[Any],
    servers: EmbeddedServers,
    names: Mapping[str, str],
) -> list[str]:
    faults = []
    if row["state"] != member.state:
        faults.append(f"is {row['state']}, not {member.state}")
    if steps != member.steps:
        faults.append(f"got {', '.join(steps) or 'nothing'}, not {', '.join(member.steps) or 'nothing'}")
    waits = any(one["email"] == member.email for one in document["review"])
    if waits != member.waits:
        faults.append("an answer waits for the owner" if waits else "no answer waits for the owner")
    if row["referred_by"] != member.named_by:
        faults.append(f"was named by {row['referred_by'] or 'nobody'}, not by {member.named_by or 'nobody'}")
    if member.bounces:
        return faults
    mails = [correspondence.parsed(raw) for raw in servers.messages(member.email)]
    arrived = [str(mail["Message-ID"]) for mail in mails if mail["X-Askaround-Token"]]
    if arrived != [mail.message_id for mail in left]:
        faults.append(f"{len(arrived)} mails lie in the mailbox, {len(left)} left")
    if member.named_by and mails and names[member.named_by] not in correspondence.text_of(mails[0]):
        faults.append("is not told who named them")
    return faults

"""Says what the worker would make of a raw message, and why; needs neither configuration nor database."""

from __future__ import annotations

import mailbox as mailbox_files
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from worker.contacts import canonical
from worker.conversation.table import acts_alone
from worker.conversation.vocabulary import Contact, Context, Reading, Step
from worker.jobs.caution import cautious
from worker.reading import headers, opened, read

SPLIT = (".mbox", ".mbx")


def messages_of(name: str, data: bytes, *, split: bool) -> Iterator[tuple[str, bytes]]:
    """The messages of a file with their names: `FILE`, or `FILE#n` for the n-th of an mbox."""
    if not split or not data.startswith(b"From "):
        if data.startswith(b"From ") and b"\n" in data:
            data = data.split(b"\n", 1)[1]
        yield name, data
        return
    for number, part in enumerate(_parts(data), start=1):
        yield f"{name}#{number}", part


def _parts(data: bytes) -> Iterator[bytes]:
    """The messages of an mbox (mboxo/mboxrd), by the separators that the standard library finds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mbox"
        path.write_bytes(data)
        box = mailbox_files.mbox(str(path), create=False)
        try:
            for key in box.keys():  # noqa: SIM118  an mbox is no dict
                yield box.get_bytes(key)
        finally:
            box.close()


def explain_all(messages: Iterable[tuple[str, bytes]], show: Callable[[dict[str, Any], Reading], None]) -> None:
    """Explain each message to `show`, as it is read; one model serves them all."""
    with opened():
        for name, data in messages:
            show(*explain(name, data))


def explain(name: str, data: bytes) -> tuple[dict[str, Any], Reading]:
    """The object of `explain --json` for one message, and the reading behind it.

    From counts as the contact, the message as an answer in the thread of our ask, the To addresses as the owner's.
    """
    head = headers(data)
    own = frozenset(canonical(address) for _, address in head.to if address) - {canonical(head.from_address)}
    contact = Contact(email=head.from_address or None, name=head.from_name or None)
    known = frozenset((*head.in_reply_to, *head.references))
    reading = read(data, Context(own_addresses=own, known_ids=known, contact=contact, step=Step.ask))
    reading = cautious(reading, head)
    return as_json(name, reading), reading


def as_json(name: str, reading: Reading) -> dict[str, Any]:
    """A reading as `explain --json` prints it."""
    bounce = reading.bounce
    return {
        "file": name,
        "kind": reading.kind.value,
        "intent": reading.intent.value if reading.intent is not None else None,
        "confidence": round(reading.confidence, 4),
        "act": acts_alone(reading),
        "new_text": reading.new_text,
        "referrals": [{"name": one.name, "email": one.email, "phone": one.phone} for one in reading.referrals],
        "return_date": reading.return_date.isoformat() if reading.return_date else None,
        "resume_after": reading.resume_after.isoformat() if reading.resume_after else None,
        "standin_email": reading.standin_email,
        "bounce": None
        if bounce is None
        else {
            "recipient": bounce.recipient,
            "status": bounce.status,
            "hard": bounce.hard,
            "reason": bounce.reason,
        },
        "phones": list(reading.phones),
        "links": list(reading.links),
        "times": list(reading.times),
        "words": list(reading.words),
        "why": list(reading.why),
    }

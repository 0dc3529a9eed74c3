"""A line that is cut, stalls, breaks or is closed at every place of the dialogue with real servers.

ASKAROUND_CUTS is how many places of each dialogue and direction are tried with each harm.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.proof.figures import record
from tests.proof.wire import Fault, Harm, Relay
from tests.servers.mail_server import MailServer
from tests.stories.world import World
from worker.jobs.desk import Mailbox
from worker.store import Transaction, open_store
from worker.store.schema import reading

PLACES = int(os.environ.get("ASKAROUND_CUTS", "3"))
PATIENCE = 0.6  # seconds: a stalled line costs a cell so much
TURNS = 6

CASES = [
    (protocol, to, harm)
    for protocol in ("SMTP", "IMAP")
    for to in ("server", "client")
    for harm in Harm
    if not (harm is Harm.farewell and to == "server")  # it is the server that says it
]


class Wired(World):
    """A world whose worker reaches its servers through the relays, and does not wait long."""

    @property
    def mailbox(self) -> Mailbox:
        box = super().mailbox
        return replace(
            box,
            imap=replace(box.imap, timeout=PATIENCE),
            smtp=replace(box.smtp, timeout=PATIENCE, answer_timeout=PATIENCE),
        )


class Through:
    """The real server, behind the two relays."""

    def __init__(self, server: MailServer, imap: Relay, smtp: Relay) -> None:
        self._server = server
        self.imap, self.smtp = imap, smtp
        self.imap_port, self.smtp_port = imap.port, smtp.port

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "askaround.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def through(mail_server: MailServer) -> Iterator[Through]:
    with (
        Relay(mail_server.imap_port, b"* BYE shutting down\r\n") as imap,
        Relay(mail_server.smtp_port, b"421 4.3.2 shutting down\r\n") as smtp,
    ):
        yield Through(mail_server, imap, smtp)


class Cell:
    """One story: asked, declined, asked for a name; with one fault in the first turn (SMTP) or the second (IMAP)."""

    def __init__(self, through: Through, folder: Path, empty: Path, name: str) -> None:
        self.through = through
        place = folder / name
        place.mkdir()
        shutil.copy(empty, place / "askaround.db")
        self.una = f"una.{name}@contacts.example"
        self.world = Wired(through, place, f"robin.{name}@owner.example")
        self.world.person(self.una)

    def play(self, protocol: str, fault: Fault | None) -> dict[str, int]:
        """The story with its fault; the bytes that went each way in the turn that has it."""
        relay = self.through.smtp if protocol == "SMTP" else self.through.imap
        if protocol == "SMTP":
            relay.arm(fault)
            self.world.once()
            passed = dict(relay.passed)
            relay.arm(None)
            self.until(lambda: self.world.mails(self.una)["ask"] in ("sent", "uncertain"))
            if self.world.mails(self.una)["ask"] == "sent":
                self.through.await_messages(self.una, 1)
        else:
            self.world.once()
            self.through.await_messages(self.una, 1)
            self.world.reply(self.una, "Sorry, I am not interested.\n\nUna\n")
            relay.arm(fault)
            self.world.later(minutes=20)
            passed = dict(relay.passed)
            relay.arm(None)
            self.until(lambda: self.world.mails(self.una).get("referral_request") == "sent")
        for wire in (self.through.smtp, self.through.imap):
            wire.release()
        return passed

    def until(self, done: Any) -> None:
        """Turns until it is so, and one more, which must change nothing."""
        for _ in range(TURNS):
            if done():
                break
            self.world.later(minutes=20)
        self.world.later(minutes=20)


@pytest.mark.slow
@pytest.mark.real_server
@pytest.mark.parametrize(("protocol", "to", "harm"), CASES, ids=[f"{p}-to-{t}-{h}" for p, t, h in CASES])
def test_no_cut_sends_twice_or_loses(
    through: Through, tmp_path: Path, empty: Path, protocol: str, to: str, harm: Harm
) -> None:
    run = f"{protocol}{to}{harm}".lower()
    clean = Cell(through, tmp_path, empty, f"{run}.clean")
    whole = clean.play(protocol, None)[to]
    assert whole > 200
    cells: list[tuple[Fault, Cell]] = []
    for number in range(PLACES):
        fault = Fault(harm, to, int((number + 0.5) * whole / PLACES))
        cell = Cell(through, tmp_path, empty, f"{run}.{fault.at}")
        cell.play(protocol, fault)
        cells.append((fault, cell))
    through.await_quiet()
    outcomes: Counter[str] = Counter()
    for fault, cell in cells:
        what = f"{protocol} {fault}"
        mails = cell.world.mails(cell.una)
        subjects = Counter(cell.world.steps_to(cell.una))
        copies = max(subjects.values(), default=0)
        assert copies <= 1, (what, mails, subjects)
        in_sent = Counter(m["Message-ID"] for m in parsed(through, cell.world.owner))
        assert max(in_sent.values(), default=0) <= 1, (what, in_sent)
        if protocol == "SMTP":
            assert mails["ask"] in ("sent", "uncertain"), (what, mails)
            assert copies == 1 or mails["ask"] == "uncertain", (what, mails)
            outcomes[f"{mails['ask']}, {copies} delivered"] += 1
        else:
            mails.pop("nudge", None)  # planned before the answer was read, and cancelled
            assert mails == {"ask": "sent", "referral_request": "sent"}, (what, mails)
            assert sum(subjects.values()) == 2, (what, subjects)
            assert cell.world.state(cell.una) == "referral_asked", what
            assert cell.world.store.read(readings) == 1, what
            outcomes["read once, answered once"] += 1
        cell.world.store.close()
    for outcome, count in outcomes.items():
        record("cuts", protocol=protocol, to=to, harm=str(harm), outcome=outcome, cells=count)


def readings(tx: Transaction) -> int:
    return int(tx.execute(select(func.count()).select_from(reading)).scalar_one())


def parsed(through: Through, owner: str) -> list[Any]:
    return [message_from_bytes(raw) for raw in through.messages(owner, "Sent")]

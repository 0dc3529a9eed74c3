"""A line that is cut, stalls, breaks or is closed at every place of the dialogues with real servers.

ASKAROUND_CUTS is how many places of the ask's and of the reading's dialogue are tried with each harm in each direction,
and a quarter as many of those of the summary and of the copy in Sent. The last place is the byte before QUIT or LOGOUT.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email import message_from_bytes
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.proof.figures import record
from tests.proof.wire import APPEND, LOGOUT, QUIT, Fault, Harm, Relay
from tests.servers.mail_server import MailServer
from tests.stories.world import START, World
from worker.jobs.desk import Mailbox
from worker.jobs.turn import Report
from worker.store import Transaction, open_store
from worker.store.schema import reading, summary

NO = "Sorry, I am not interested.\n\nUna\n"
PLACES = int(os.environ.get("ASKAROUND_CUTS", "3"))
PATIENCE = 0.6  # seconds: a stalled line costs a cell so much; on a line that is whole the worker has time
TURNS = 6
SUMMARY = {"[store]": '[summary]\nat = "18:00"\n\n[store]'}  # in no turn that asks or reads


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A part of what is said to one server, from `after` (the begin, for nothing) until the worker says `until`."""

    name: str
    protocol: str
    until: bytes
    after: bytes = b""
    places: int = PLACES


ASK = Dialogue("the ask", "SMTP", QUIT)
READING = Dialogue("the reading", "IMAP", APPEND)
COPY = Dialogue("the copy in Sent", "IMAP", LOGOUT, APPEND, max(1, PLACES // 4))
DAILY = Dialogue("the summary", "SMTP", QUIT, b"", max(1, PLACES // 4))

CASES = [
    (dialogue, to, harm)
    for dialogue in (ASK, READING, COPY, DAILY)
    for to in ("server", "client")
    for harm in Harm
    if not (harm is Harm.farewell and to == "server")  # it is the server that says it
    if dialogue.places == PLACES or PLACES > 3 or harm in (Harm.reset, Harm.farewell)
]


class Wired(World):
    """A world whose worker reaches its servers through the relays, and waits no longer than it is told to."""

    patience: Mapping[str, float] = {}  # by protocol

    @property
    def mailbox(self) -> Mailbox:
        box = super().mailbox
        imap, smtp = (self.patience.get(protocol, 20.0) for protocol in ("IMAP", "SMTP"))
        return replace(
            box,
            imap=replace(box.imap, timeout=imap),
            smtp=replace(box.smtp, timeout=smtp, answer_timeout=smtp),
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
    """One story with one fault in it, or with none."""

    _numbers = count()

    def __init__(self, through: Through, folder: Path, empty: Path) -> None:
        self.through = through
        name = f"{next(self._numbers):04}"  # as long in each cell: the same place is the same word
        place = folder / name
        place.mkdir()
        shutil.copy(empty, place / "askaround.db")
        self.una = f"una.{name}@contacts.example"
        self.world = Wired(through, place, f"robin.{name}@owner.example", changes=SUMMARY)
        self.world.person(self.una)

    def relay(self, dialogue: Dialogue) -> Relay:
        return self.through.smtp if dialogue.protocol == "SMTP" else self.through.imap

    def play(self, dialogue: Dialogue, fault: Fault | None) -> Report:
        """The turn that has the dialogue, with the fault in it."""
        if dialogue is not ASK:
            self.world.once()
            self.through.await_messages(self.una, 1)
        if dialogue in (READING, COPY):
            self.world.reply(self.una, NO)
        self.relay(dialogue).arm(fault)
        if fault is not None and fault.harm in (Harm.stall, Harm.slow):
            self.world.patience = {dialogue.protocol: PATIENCE}
        if dialogue is not ASK:
            self.world.clock.advance(timedelta(hours=9, minutes=10) if dialogue is DAILY else timedelta(minutes=20))
        return self.world.once()

    def end(self, dialogue: Dialogue) -> None:
        """Turns on a whole line until what was begun has ended, and one more, in which nothing may happen."""
        self.relay(dialogue).arm(None)
        self.world.patience = {}
        for _ in range(TURNS):
            if self.done(dialogue):
                break
            self.world.later(minutes=20)
        last = self.world.later(minutes=20)
        assert last.idle, last
        assert not last.errors, last
        for wire in (self.through.smtp, self.through.imap):
            wire.release()
        if dialogue is DAILY:
            self.world.later(days=1)

    def done(self, dialogue: Dialogue) -> bool:
        mails = self.world.mails(self.una)
        if dialogue is ASK:
            return mails["ask"] in ("sent", "uncertain")
        if dialogue is DAILY:
            return self.world.store.read(summaries).get(START.date()) in ("sent", "uncertain")
        return mails.get("referral_request") == "sent"

    def judged(self, dialogue: Dialogue) -> tuple[str, Counter[str]]:
        """How it ended, and what of it is uncertain, came twice or is lost; once the servers have delivered all."""
        if dialogue is DAILY:
            return self._judged_summaries()
        mails = self.world.mails(self.una)
        mails.pop("nudge", None)  # planned before the answer was read, and cancelled
        steps = ("ask",) if dialogue is ASK else ("ask", "referral_request")
        assert tuple(mails) == steps, mails
        uncertain = sum(state == "uncertain" for state in mails.values())
        listed = [one["email"] for one in self.world.status()["needs_you"] if one["kind"] == "uncertain"]
        assert listed == [self.una] * uncertain, listed
        assert uncertain == 0 or dialogue is ASK, mails
        arrived = Counter(str(one["In-Reply-To"]) for one in self.world.inbox(self.una))
        filed = Counter(str(one["Message-ID"]) for one in self.copies())
        found = Counter(uncertain=uncertain)
        for counts in (arrived, filed):
            found["twice"] += counts.total() - len(counts)
        found["lost"] += max(0, len(steps) - uncertain - len(arrived)) + abs(len(steps) - uncertain - len(filed))
        if dialogue is ASK:
            return f"{mails['ask']}, {arrived.total()} delivered", found
        read = self.world.store.read(readings)
        found["twice"] += max(0, read - 1)
        found["lost"] += max(0, 1 - read)
        assert set(mails.values()) == {"sent"}, mails
        assert self.world.state(self.una) == "referral_asked"
        return "read once, answered once" if dialogue is READING else "one copy", found

    def copies(self) -> list[Any]:
        return [message_from_bytes(raw) for raw in self.through.messages(self.world.owner, "Sent")]

    def _judged_summaries(self) -> tuple[str, Counter[str]]:
        """One a day, of which one may be uncertain; then the next one tells what stood in it."""
        states = self.world.store.read(summaries)
        first, second = START.date(), START.date() + timedelta(days=1)
        assert list(states) == [first, second], states
        assert states[second] == "sent", states
        ours = [one for one in self.world.inbox(self.world.owner) if one["Subject"].count(": askaround, ")]
        arrived = Counter(one["Date"].datetime.date() for one in ours)
        missing = states[first] == "sent" and not arrived[first]
        found = Counter(twice=arrived.total() - len(arrived), lost=missing + (arrived[second] == 0))
        if states[first] == "uncertain":
            text = ours[-1].get_body(("plain",)).get_content()
            assert "Una Berg: " in text, text
        return f"{states[first]}, {arrived[first]} delivered", found


@pytest.fixture(scope="session")
def lengths(through: Through, tmp_path_factory: pytest.TempPathFactory, empty: Path) -> dict[tuple[Dialogue, str], int]:
    """How many bytes go each way in each dialogue where the line is whole."""
    found = {}
    for dialogue in (ASK, READING, COPY, DAILY):
        cell = Cell(through, tmp_path_factory.mktemp("clean"), empty)
        report = cell.play(dialogue, None)
        assert not report.errors, report
        marks = cell.relay(dialogue).marks
        for to in ("server", "client"):
            found[dialogue, to] = marks[dialogue.until][to] - marks[dialogue.after][to]
        if dialogue.protocol == "IMAP":
            found[dialogue, "client"] -= 12  # Dovecot tells how long it took, in a few bytes more or fewer
        cell.end(dialogue)
        through.await_quiet()
        outcome, counts = cell.judged(dialogue)
        cell.world.store.close()
        assert outcome in ("sent, 1 delivered", "read once, answered once", "one copy"), outcome
        assert not +counts, counts
    return found


@pytest.mark.slow
@pytest.mark.real_server
@pytest.mark.parametrize(
    ("dialogue", "to", "harm"), CASES, ids=[f"{d.name.split()[1]}-to-{t}-{h}" for d, t, h in CASES]
)
def test_no_cut_sends_twice_or_loses(
    through: Through,
    tmp_path: Path,
    empty: Path,
    lengths: dict[tuple[Dialogue, str], int],
    dialogue: Dialogue,
    to: str,
    harm: Harm,
) -> None:
    whole = lengths[dialogue, to]
    cells: list[tuple[Fault, Cell, bool]] = []
    for number in range(1, dialogue.places + 1):
        fault = Fault(harm, to, number * whole // dialogue.places - 1, dialogue.after)
        cell = Cell(through, tmp_path, empty)
        report = cell.play(dialogue, fault)
        inside = cell.relay(dialogue).inside(dialogue.until)
        if inside and harm is not Harm.slow:
            # of an answer that is cut off its begin may have come: the whole of what it says
            assert report.errors or (harm is Harm.cut and to == "client"), f"{fault} did no harm"
        cell.end(dialogue)
        cells.append((fault, cell, inside))
    assert sum(inside for _, _, inside in cells) >= max(1, dialogue.places - 1), "the dialogue ends before the harm"
    through.await_quiet()
    outcomes: dict[str, Counter[str]] = {}
    broken: list[str] = []
    for fault, cell, inside in cells:
        outcome, found = cell.judged(dialogue)
        cell.world.store.close()
        if inside:
            outcomes.setdefault(outcome, Counter()).update(found + Counter(cells=1))
        if found["twice"] or found["lost"]:
            broken.append(f"{dialogue.name}, {fault}: {outcome}, {dict(found)}")
    for outcome, counts in outcomes.items():
        figures = {name: counts[name] for name in ("cells", "uncertain", "twice", "lost")}
        what = f"{dialogue.name} ({dialogue.protocol})"
        record("cuts", protocol=what, to=to, harm=str(harm), outcome=outcome, **figures)
    assert not broken, "\n".join(broken)


def readings(tx: Transaction) -> int:
    return int(tx.execute(select(func.count()).select_from(reading)).scalar_one())


def summaries(tx: Transaction) -> dict[date, str]:
    rows = tx.execute(select(summary.c.local_date, summary.c.state).order_by(summary.c.id))
    return {row.local_date: row.state for row in rows}

"""A server that changes its mind, forgets, refuses or moves mail while it is read: nothing lost, nothing twice.

ASKAROUND_CELLS=all cuts the line at every command instead of at some.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.proof.decline import NO, play
from tests.proof.figures import record
from tests.servers.meddling import Command, Cut, Hooks, Meddler
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.store import Transaction
from worker.store.schema import folder, location

UNA, OWNER = "una@contacts.example", "robin@owner.example"
NOTHING = "Hello, this is something else.\n"


class Behind:
    """The embedded servers, their IMAP side behind the relay."""

    def __init__(self, servers: EmbeddedServers, relay: Meddler) -> None:
        self._servers = servers
        self.imap_port = relay.port
        self.smtp_port = servers.smtp_port

    def __getattr__(self, name: str) -> Any:
        return getattr(self._servers, name)

    def await_messages(self, address: str, count: int = 1) -> list[bytes]:
        found = self._servers.messages(address)
        assert len(found) >= count
        return found


Made = Callable[..., tuple[World, Meddler]]


@pytest.fixture
def meddled(embedded: EmbeddedServers, tmp_path: Path) -> Iterator[Made]:
    """A world whose IMAP server is behind a relay with these hooks."""
    with Meddler(embedded.imap_port) as relay:
        made: list[World] = []

        def make(hooks: Hooks | None = None) -> tuple[World, Meddler]:
            relay.hooks = hooks or Hooks()
            made.append(World(Behind(embedded, relay), tmp_path, OWNER))
            return made[-1], relay

        yield make
        for world in made:
            world.store.close()


@contextmanager
def hooked(relay: Meddler, hooks: Hooks) -> Iterator[None]:
    relay.hooks = hooks
    try:
        yield
    finally:
        relay.hooks = Hooks()


def kept(story: str) -> None:
    record("cells", server="embedded", story=story, result="kept")


def cursors(world: World) -> dict[str, int]:
    def work(tx: Transaction) -> dict[str, int]:
        return {row.name: row.last_uid for row in tx.execute(select(folder.c.name, folder.c.last_uid))}

    return world.store.read(work)


def stored(world: World, name: str = "INBOX") -> set[int]:
    def work(tx: Transaction) -> set[int]:
        place = select(location.c.uid).join(folder, folder.c.id == location.c.folder_id)
        return set(tx.execute(place.where(folder.c.name == name, location.c.raw_id.is_not(None))).scalars())

    return world.store.read(work)


# the story as a whole, on servers that are odd all the time


def renumbered(first: int, step: int) -> Callable[[bytes, int], bytes]:
    """UIDVALIDITY as a number of the connection's."""

    def change(response: bytes, connection: int) -> bytes:
        value = str(first + step * connection).encode()
        return re.sub(rb"\[UIDVALIDITY \d+\]", b"[UIDVALIDITY " + value + b"]", response)

    return change


def without(pattern: bytes) -> Callable[[bytes, int], bytes]:
    found = re.compile(pattern, re.IGNORECASE)
    return lambda response, connection: b"" if found.search(response) else response


def _older(response: bytes, connection: int) -> bytes:
    """SEARCH names a message from below the range as well."""
    if not response.startswith(b"* SEARCH"):
        return response
    return response.rstrip() + b" 101\r\n"


def _noisy(response: bytes, connection: int) -> bytes:
    """Other programs set flags, and the server tells at any time."""
    if not re.match(rb"\* \d+ FETCH", response):
        return response
    return b"* 1 FETCH (FLAGS (\\Seen))\r\n* OK Still here\r\n" + response + b"* 1 FETCH (UID 101 FLAGS ())\r\n"


ODD: dict[str, Callable[[bytes, int], bytes]] = {
    "UIDVALIDITY goes up at each connect": renumbered(1000, 7),
    "UIDVALIDITY goes down at each connect": renumbered(4_000_000_000, -7),
    "no UIDVALIDITY": without(rb"\[UIDVALIDITY"),
    "no UIDNEXT": without(rb"\[UIDNEXT"),
    "SEARCH n:* names an older message": _older,
    "flags are told at any time": _noisy,
}


@pytest.mark.parametrize("oddity", sorted(ODD))
def test_a_decline_on_a_server_that_is_odd(meddled: Made, oddity: str) -> None:
    world, _ = meddled(Hooks(response=ODD[oddity]))
    play(world, world.servers, UNA)
    kept(oddity)


def test_gmail_has_all_in_one_folder_with_labels(meddled: Made, embedded: EmbeddedServers) -> None:
    """All Mail holds what is received, sent and archived; the INBOX and Sent are labels on it."""
    listing = (
        b'* LIST (\\HasNoChildren) "/" "INBOX"\r\n'
        b'* LIST (\\HasChildren \\Noselect) "/" "[Gmail]"\r\n'
        b'* LIST (\\All \\HasNoChildren) "/" "Drafts"\r\n'
        b'* LIST (\\HasNoChildren \\Junk) "/" "Junk"\r\n'
        b'* LIST (\\HasNoChildren \\Sent) "/" "Sent"\r\nTAG OK Success\r\n'
    )

    def command(command: Command) -> bytes | None:
        return listing if command.name == "LIST" else None

    def response(response: bytes, connection: int) -> bytes:
        return re.sub(rb"(CAPABILITY IMAP4rev1)", rb"\1 X-GM-EXT-1", response)

    world, _ = meddled(Hooks(command, response))
    world.person(UNA)
    shown: set[bytes] = set()

    def labelled() -> None:
        """What lies in a label lies in All Mail too."""
        for name in ("INBOX", "Sent"):
            for raw in embedded.messages(OWNER, name):
                if raw not in shown:
                    shown.add(raw)
                    embedded.deliver(OWNER, raw, "Drafts")

    assert [one.step for one in world.once().sent] == ["ask"]
    labelled()
    world.reply(UNA, NO)
    labelled()
    embedded.move(OWNER, "INBOX", "Trash")  # archived at once: the label goes, the mail stays
    second = world.later(minutes=20)
    assert [one.intent for one in second.read] == ["declined"]
    assert [one.step for one in second.sent] == ["referral_request"]
    labelled()
    third = world.later(minutes=20)
    assert third.idle, third
    assert world.state(UNA) == "referral_asked"
    assert len(embedded.messages(OWNER, "Sent")) == 2
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n", folder="Junk")
    assert len(world.later(minutes=20).read) == 1
    embedded.move(OWNER, "Junk", "Drafts")  # "not spam"
    assert world.later(minutes=20).read == []
    assert len(world.inbox(UNA)) == 2
    kept("Gmail's All Mail with labels")


# mail that goes or moves while it is read


def once_before(name: str, does: Callable[[], object], number: int = 1, pattern: str = "") -> Hooks:
    """Does something once, just before the n-th such command reaches the server."""
    seen = 0

    def command(command: Command) -> bytes | None:
        nonlocal seen
        if command.name == name and re.search(pattern, command.line):
            seen += 1
            if seen == number:
                does()
        return None

    return Hooks(command)


HEADERS, BODY = "HEADER.FIELDS", r"BODY\.PEEK\[\]"


@pytest.mark.parametrize("what", [HEADERS, BODY])
def test_a_mail_that_goes_while_it_is_read_takes_no_other_with_it(
    meddled: Made, embedded: EmbeddedServers, what: str
) -> None:
    """EXPUNGE by somebody else between our SEARCH and FETCH; the embedded server would go on giving what it gave."""
    world, relay = meddled()
    ina = world.person("ina@other.example", name="Ina Ost")
    world.person(UNA)
    world.once()
    world.once()
    world.reply(ina, NO, name="Ina Ost")
    world.reply(UNA, NO)
    uid = str(100 + len(embedded.messages(OWNER)) - 1).encode()
    gone = False

    def go() -> None:
        nonlocal gone
        gone = True

    def response(response: bytes, connection: int) -> bytes:
        if gone and response.startswith(b"* SEARCH"):
            return re.sub(rb" %s\b" % uid, b"", response)
        return b"" if gone and b"UID " + uid in response else response

    hooks = once_before("UID FETCH", go, pattern=rf"{uid.decode()}.*{what}")
    with hooked(relay, Hooks(hooks.command, response)):
        report = world.later(minutes=20)
    assert gone
    assert [one.email for one in report.read] == [UNA]
    assert report.errors == []
    assert len(world.inbox(UNA)) == 2
    kept("EXPUNGE between SEARCH and FETCH")


def test_without_an_answer_the_nudge_leaves(meddled: Made) -> None:
    """What the tests below would see, were the answer missed."""
    world, _ = meddled()
    world.person(UNA)
    world.once()
    world.once()
    assert [one.step for one in world.later(days=5, minutes=5).sent] == ["nudge"]


@pytest.mark.parametrize(
    "source, target, before",
    [
        ("INBOX", "Junk", ("UID FETCH", HEADERS)),
        ("INBOX", "Junk", ("UID FETCH", BODY)),
        ("INBOX", "Sent", ("EXAMINE", "INBOX")),
        ("Junk", "INBOX", ("EXAMINE", "Junk")),
        ("Junk", "Sent", ("EXAMINE", "Junk")),
    ],
)
def test_an_answer_that_is_moved_while_folders_are_read_stops_the_nudge(
    meddled: Made, embedded: EmbeddedServers, source: str, target: str, before: tuple[str, str]
) -> None:
    """The owner files a mail, or says that it is no spam, between the reading of one folder and of the next."""
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.once()  # our own copy is in Sent, and read
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n", folder=source)
    moved = False

    def move() -> None:
        nonlocal moved
        moved = bool(embedded.move(OWNER, source, target, b"Tuesday at ten"))

    name, pattern = before
    with hooked(relay, once_before(name, move, pattern=pattern)):
        report = world.later(days=5, minutes=5)
    assert moved
    assert report.sent == [], "a nudge after an answer"
    world.later(days=1)
    assert len(world.inbox(UNA)) == 1
    assert world.state(UNA) == "talking" if target != "Sent" else True
    kept("moved while folders are read")


# answers that are not given


def poisoned(uid_of: Callable[[bytes], bool]) -> Callable[[bytes, int], bytes]:
    """FETCH of a message that it is true of is left out of every answer."""

    def response(response: bytes, connection: int) -> bytes:
        return b"" if re.match(rb"\* \d+ FETCH", response) and uid_of(response) else response

    return response


def test_a_mail_that_is_never_handed_out_is_set_aside_and_delays_no_other(meddled: Made) -> None:
    world, _ = meddled(Hooks(response=poisoned(lambda response: b"poison@nowhere" in response)))
    world.person(UNA)
    world.once()
    world.servers.deliver(OWNER, b"From: poison@nowhere.example\r\nMessage-ID: <poison@nowhere>\r\n\r\nx\r\n")
    world.reply(UNA, NO)
    first = world.later(minutes=20)
    assert [one.intent for one in first.read] == ["declined"], "the poison delays another mail"
    reports = [first, *(world.later(minutes=20) for _ in range(4))]
    assert sum("does not hand out" in error for report in reports for error in report.errors) == 1
    assert sum("did not hand out" in error for report in reports for error in report.errors) == 2
    assert sum(len(report.read) for report in reports) == 1
    # the first turns could not know whether the mail was an answer; then the worker goes on
    assert [one.step for report in reports for one in report.sent] == ["referral_request"]
    assert reports[-1].errors == []
    world.later(days=1)
    kept("a poison mail")


def test_a_body_that_is_never_handed_out_still_holds_what_follows_silence(meddled: Made) -> None:
    hooks = Hooks(response=poisoned(lambda response: b"BODY[]" in response and b"unreadable-answer" in response))
    world, _ = meddled(hooks)
    world.person(UNA)
    world.once()
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n", message_id="<unreadable-answer@contacts.example>")
    for _ in range(4):
        world.later(minutes=20)
    assert world.later(days=5).sent == [], "a nudge after an answer that could not be read"
    assert len(world.inbox(UNA)) == 1
    kept("a body that is never handed out")


REFUSALS = ["[THROTTLED] slow down", "[OVERQUOTA] too much", "[INUSE] busy", "[LIMIT] enough", "Server error"]
READS = ["EXAMINE", "LIST", "UID SEARCH", "UID FETCH"]
ALL = os.environ.get("ASKAROUND_CELLS") == "all"
REFUSED = [
    (name, words)
    for name in READS
    for words in REFUSALS
    if (ALL or name == "UID FETCH" or words == REFUSALS[0]) and (name, words) != ("UID SEARCH", REFUSALS[-1])
]


@pytest.mark.parametrize("name, words", REFUSED)
def test_a_server_that_refuses_for_hours_loses_no_answer(meddled: Made, name: str, words: str) -> None:
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.reply(UNA, NOTHING, in_thread=False)  # something to compare with lies there
    world.once()
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n")
    held = cursors(world)

    def refuse(command: Command) -> bytes | None:
        return f"TAG NO {words}\r\n".encode() if command.name == name else None

    with hooked(relay, Hooks(refuse)):
        for _ in range(4):
            report = world.later(days=2)
            assert report.sent == []
            assert report.errors, "the owner is not told"
            assert report.read == []
    assert cursors(world) == held, "the cursor passed a mail that was not stored"
    report = world.later(minutes=20)
    assert [one.intent for one in report.read] == ["interested"], report
    assert world.later(days=30).sent == []
    assert len(world.inbox(UNA)) == 1
    kept(f"{name} refused: {words.split()[0]}")


def test_a_server_whose_search_is_broken_is_read_all_the_same(meddled: Made) -> None:
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n")

    def refuse(command: Command) -> bytes | None:
        return b"TAG NO [SERVERBUG] Server error\r\n" if command.name == "UID SEARCH" else None

    with hooked(relay, Hooks(refuse)):
        report = world.later(minutes=20)
    assert [one.intent for one in report.read] == ["interested"]
    assert report.errors == []
    kept("UID SEARCH is broken")


@pytest.mark.parametrize("words", REFUSALS if ALL else REFUSALS[1:2])
def test_a_copy_that_is_refused_for_hours_is_filed_once(meddled: Made, embedded: EmbeddedServers, words: str) -> None:
    world, relay = meddled()
    world.person(UNA)

    def refuse(command: Command) -> bytes | None:
        return f"TAG NO {words}\r\n".encode() if command.name == "APPEND" else None

    with hooked(relay, Hooks(refuse)):
        assert len(world.once().sent) == 1
        world.later(hours=3)
        assert embedded.messages(OWNER, "Sent") == []
    world.later(hours=3)
    world.later(hours=3)
    assert len(embedded.messages(OWNER, "Sent")) == 1
    assert len(world.inbox(UNA)) == 1
    kept(f"APPEND refused: {words.split()[0]}")


def test_a_copy_that_is_refused_for_a_day_is_given_up(meddled: Made) -> None:
    world, relay = meddled()
    world.person(UNA)

    def refuse(command: Command) -> bytes | None:
        return b"TAG NO [OVERQUOTA] full\r\n" if command.name == "APPEND" else None

    with hooked(relay, Hooks(refuse)):
        world.once()
        world.later(hours=25)
        asked = len(relay.commands)
        world.later(hours=1)
    assert not any(one.name == "APPEND" for one in relay.commands[asked:])
    assert any("no copy of the ask" in line for line in world.story(UNA))


def test_a_folder_in_disorder_hides_no_answer_in_another(meddled: Made) -> None:
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.reply(UNA, "Do not write to me again. Remove my address.\n")

    def refuse(command: Command) -> bytes | None:
        return b"TAG NO [CORRUPTION] index broken\r\n" if "Junk" in command.line else None

    with hooked(relay, Hooks(refuse)):
        report = world.later(minutes=20)
    assert [one.intent for one in report.read] == ["opt_out"]
    assert any("Junk" in error for error in report.errors), report.errors
    assert world.state(UNA) == "opted_out"


# the line ends


def test_a_line_that_ends_at_any_command_loses_nothing(embedded: EmbeddedServers, tmp_path: Path) -> None:
    whole = _cut_at(embedded, tmp_path / "clean", 0)
    assert whole > 15
    for number in range(1, whole + 1, 1 if ALL else 7):
        _cut_at(embedded, tmp_path / str(number), number)
    kept("the line ends at a command")


def _cut_at(embedded: EmbeddedServers, place: Path, number: int) -> int:
    """The turn that reads an answer and files a copy, cut before its n-th command; how many commands it has."""
    place.mkdir()
    owner, una = f"robin.{number}@owner.example", f"una.{number}@contacts.example"
    with Meddler(embedded.imap_port) as relay:
        world = World(Behind(embedded, relay), place, owner)
        world.person(una)
        world.once()
        world.reply(una, NO)
        started = len(relay.commands)

        def cut(command: Command) -> bytes | None:
            if len(relay.commands) - started == number:
                raise Cut
            return None

        relay.hooks = Hooks(cut)
        world.later(minutes=20)
        commands = len(relay.commands) - started
        relay.hooks = Hooks()
        for uid in range(101, cursors(world)["INBOX"] + 1):
            # the summary that the worker sent to its owner is its own, and not kept
            assert uid in stored(world) or owner.encode() in embedded.messages(owner)[uid - 101][:200], number
        world.later(minutes=20)
        last = world.later(minutes=20)
        assert last.idle, (number, last)
        assert world.state(una) == "referral_asked", number
        assert len(world.inbox(una)) == 2, number
        assert len(embedded.messages(owner, "Sent")) == 2, number
        assert not embedded.flags(owner) & {"\\Seen"}, number
        world.store.close()
    return commands

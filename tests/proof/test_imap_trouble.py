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


GMAIL = (
    b'* LIST (\\HasNoChildren) "/" "INBOX"\r\n'
    b'* LIST (\\HasChildren \\Noselect) "/" "[Gmail]"\r\n'
    b'* LIST (\\All \\HasNoChildren) "/" "Drafts"\r\n'
    b'* LIST (\\HasNoChildren \\Junk) "/" "Junk"\r\n'
    b'* LIST (\\HasNoChildren \\Sent) "/" "Sent"\r\nTAG OK Success\r\n'
)


def gmail(labels: Callable[[bytes], bytes] = lambda response: b"") -> Hooks:
    """Gmail's folders, All Mail being the embedded server's Drafts; `labels` are those of the mail in a response."""

    def command(command: Command) -> bytes | None:
        command.raw = command.raw.replace(b" X-GM-LABELS", b"")
        return GMAIL if command.name == "LIST" else None

    def response(response: bytes, connection: int) -> bytes:
        if re.match(rb"\* \d+ FETCH", response):
            return response.replace(b" FETCH (", b" FETCH (X-GM-LABELS (" + labels(response) + b") ", 1)
        return re.sub(rb"(CAPABILITY IMAP4rev1)", rb"\1 X-GM-EXT-1", response)

    return Hooks(command, response)


def test_gmail_has_all_in_one_folder_with_labels(meddled: Made, embedded: EmbeddedServers) -> None:
    """All Mail holds what is received, sent and archived; the INBOX and Sent are labels on it."""

    world, _ = meddled(gmail())
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


def by_hand(world: World, text: str, message_id: str) -> bytes:
    """What the owner writes to Una in our thread, or begins to."""
    ours = world.last_to(UNA)
    return (
        f"From: Robin Owner <{OWNER}>\r\nTo: {UNA}\r\nSubject: Re: {ours['Subject']}\r\n"
        f"Message-ID: {message_id}\r\nIn-Reply-To: {ours['Message-ID']}\r\n\r\n{text}\r\n"
    ).encode()


def test_what_the_owner_only_began_to_write_settles_nothing(meddled: Made, embedded: EmbeddedServers) -> None:
    """Gmail keeps each draft of an answer in All Mail; what is sent in the end is another mail there."""
    world, _ = meddled(gmail(lambda response: b'"\\\\Draft"' if b"draft-" in response else b"\\Inbox"))
    world.person(UNA)
    world.once()
    reply = world.reply(UNA, "Let me see. It depends, perhaps.\n")
    embedded.deliver(OWNER, reply, "Drafts")
    world.later(minutes=20)
    asked, state = world.status()["review"], world.state(UNA)
    assert len(asked) == 1
    for number in range(3):
        embedded.deliver(OWNER, by_hand(world, "Dear U"[: 3 + number], f"<draft-{number}@mail.gmail.com>"), "Drafts")
        assert world.later(minutes=20).read == []
    assert world.status()["review"] == asked
    assert world.state(UNA) == state
    embedded.deliver(OWNER, by_hand(world, "Dear Una, it is about you.", "<whole@mail.gmail.com>"), "Drafts")
    assert [one.kind for one in world.later(minutes=20).read] == ["own"]
    assert world.status()["review"] == []
    assert world.state(UNA) == "talking"
    kept("Gmail's drafts in All Mail")


def test_a_draft_to_somebody_is_not_taken_for_a_mail_to_them(meddled: Made, embedded: EmbeddedServers) -> None:
    world, _ = meddled(gmail(lambda response: b"\\Draft" if b"draft-" in response else b""))
    draft = f"From: {OWNER}\r\nTo: {UNA}\r\nSubject: Hello\r\nMessage-ID: <draft-1@mail.gmail.com>\r\n\r\nDear U\r\n"
    embedded.deliver(OWNER, draft.encode(), "Drafts")
    world.person(UNA)
    assert [one.step for one in world.once().sent] == ["ask"]


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
        world.later(hours=3)
    assert world.later(days=5).sent == [], "a nudge after an answer that could not be read"
    assert len(world.inbox(UNA)) == 1
    kept("a body that is never handed out")


def asked_for(command: Command) -> list[int]:
    """The UIDs that a FETCH names."""
    named = re.search(r"UID FETCH ([\d,]+) ", command.line)
    return [int(uid) for uid in named[1].split(",")] if named else []


def many_and_an_answer(meddled: Made, embedded: EmbeddedServers, count: int = 320) -> tuple[World, Meddler]:
    """A mailbox into which much came at once, with an answer after all of it."""
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.reply(UNA, NOTHING, in_thread=False)
    world.once()
    for number in range(count):
        raw = f"From: news@letters.example\r\nMessage-ID: <{number}@letters.example>\r\n\r\n{number}\r\n"
        embedded.deliver(OWNER, raw.encode())
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n")
    return world, relay


def cut_short(most: int) -> Hooks:
    """A long FETCH is answered with its first messages alone."""
    given: dict[int, int] = {}

    def command(command: Command) -> bytes | None:
        given[command.connection] = 0
        return None

    def response(response: bytes, connection: int) -> bytes:
        if re.match(rb"\* \d+ FETCH", response):
            given[connection] += 1
            return response if given[connection] <= most else b""
        return response

    return Hooks(command, response)


def no_ranges(command: Command) -> bytes | None:
    return b"TAG NO [SERVERBUG] Server error\r\n" if len(asked_for(command)) > 1 else None


@pytest.mark.parametrize(
    "oddity, hooks", [("the first hundred alone", cut_short(100)), ("no ranges", Hooks(no_ranges))]
)
def test_a_server_that_gives_little_at_once_is_read_to_the_end(
    meddled: Made, embedded: EmbeddedServers, oddity: str, hooks: Hooks
) -> None:
    world, relay = many_and_an_answer(meddled, embedded)
    with hooked(relay, hooks):
        report = world.later(minutes=20)
    assert [one.intent for one in report.read] == ["interested"]
    assert report.errors == []
    kept(f"a long FETCH: {oddity}")


def test_what_was_never_asked_for_alone_is_not_counted_as_refused(meddled: Made, embedded: EmbeddedServers) -> None:
    """Mails that are withheld one by one use up the patience of a reading: those behind them wait, and are not lost."""
    world, relay = many_and_an_answer(meddled, embedded, 90)
    last = 100 + len(embedded.messages(OWNER)) - 1

    def refuse(command: Command) -> bytes | None:
        bad = any(uid >= last - 90 for uid in asked_for(command))
        return b"TAG NO [SERVERBUG] Server error\r\n" if bad else None

    with hooked(relay, Hooks(refuse)):
        for _ in range(4):
            assert world.later(minutes=20).sent == []
    assert cursors(world)["INBOX"] < last
    assert [one.intent for one in world.later(minutes=20).read] == ["interested"]
    assert world.later(days=5).sent == []
    kept("a long FETCH: much is withheld")


@pytest.mark.parametrize(
    "words", ["NO [SERVERBUG] Internal error", "BAD Request is throttled. Suggested Backoff Time: 9"]
)
@pytest.mark.parametrize("what", [HEADERS, r"BODY\.PEEK\[(\]|HEADER\]|TEXT)"])
@pytest.mark.parametrize("before", [0, 2])
def test_an_hour_without_fetch_loses_no_answer(meddled: Made, words: str, what: str, before: int) -> None:
    """SEARCH works meanwhile, and headers may come out of a cache; the INBOX holds the answer alone, or more."""
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.servers.expunge(OWNER)  # an owner who files everything
    for _ in range(before):
        world.reply(UNA, NOTHING, in_thread=False)
    world.once()
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n")

    def refuse(command: Command) -> bytes | None:
        hit = command.name == "UID FETCH" and (re.search(what, command.line) or what == HEADERS)
        return f"TAG {words}\r\n".encode() if hit else None

    with hooked(relay, Hooks(refuse)):
        for _ in range(6):
            report = world.later(minutes=10)
            assert report.errors, "the owner is not told"
            assert report.read == report.sent == []
    assert [one.intent for one in world.later(minutes=10).read] == ["interested"]
    assert world.later(days=5).sent == []
    assert len(world.inbox(UNA)) == 1
    kept(
        f"an hour without FETCH: {words.split()[0]}, {'bodies' if 'TEXT' in what else 'all'}, {before} to compare with"
    )


def test_an_answer_that_was_set_aside_is_read_once_the_server_gives_it(meddled: Made) -> None:
    """A mail that just came is not on every machine of a large provider yet, and may not be for half an hour."""
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.reply(UNA, NOTHING, in_thread=False)
    world.once()
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n", message_id="<answer@contacts.example>")
    news = b"From: news@letters.example\r\nMessage-ID: <answer@contacts.of-no-concern>\r\n\r\nx\r\n"
    world.servers.deliver(OWNER, news)
    with hooked(relay, Hooks(response=poisoned(lambda response: b"<answer@contacts" in response))):
        assert [len(world.later(minutes=10).errors) for _ in range(4)] == [1, 1, 2, 0]
        assert world.later(hours=6).errors == []
    asked = len(relay.commands)
    assert world.later(hours=5).read == []
    assert not any(one.name == "UID FETCH" for one in relay.commands[asked:])
    assert [one.intent for one in world.later(hours=1).read] == ["interested"]
    asked = len(relay.commands)
    assert world.later(days=5).sent == []
    assert not any(one.name == "UID FETCH" for one in relay.commands[asked:]), "what was given is asked for again"
    kept("an answer that is handed out late")


def test_mails_that_were_set_aside_are_nothing_to_compare_with(meddled: Made) -> None:
    """Else a second one that the server never hands out would stop the mailbox for good."""
    world, _ = meddled(Hooks(response=poisoned(lambda response: b"poison@nowhere" in response)))
    world.person(UNA)
    world.once()
    world.servers.expunge(OWNER)
    world.once()
    for number in range(2):
        raw = f"From: poison@nowhere.example\r\nMessage-ID: <{number}.poison@nowhere>\r\n\r\nx\r\n"
        world.servers.deliver(OWNER, raw.encode())
        reports = [world.later(hours=3) for _ in range(4)]
        assert sum("does not hand out" in error for report in reports for error in report.errors) == 1
        assert reports[-1].errors == []


def test_a_list_without_a_line_lets_nothing_leave(meddled: Made) -> None:
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n")

    def nothing(command: Command) -> bytes | None:
        return b"TAG OK LIST completed\r\n" if command.name == "LIST" else None

    with hooked(relay, Hooks(nothing)):
        report = world.later(days=5)
    assert report.sent == [], "a nudge after an answer that lay there"
    assert any("no folder" in error for error in report.errors)
    assert [one.intent for one in world.later(minutes=20).read] == ["interested"]
    kept("LIST answers without a line")


def test_a_list_without_a_line_at_the_first_connect_begins_nothing(meddled: Made, embedded: EmbeddedServers) -> None:
    """And nobody counts as looked up in Sent: the owner wrote to them in the week before."""

    def nothing(command: Command) -> bytes | None:
        return b"TAG OK LIST completed\r\n" if command.name == "LIST" else None

    world, relay = meddled(Hooks(nothing))
    written = f"From: {OWNER}\r\nTo: {UNA}\r\nSubject: Hello\r\nMessage-ID: <hand@owner.example>\r\n\r\nDear Una\r\n"
    embedded.deliver(OWNER, written.encode(), "Sent")
    world.person(UNA)
    assert world.once().sent == []
    assert cursors(world) == {}
    relay.hooks = Hooks()
    assert world.later(minutes=20).sent == []
    assert any("you wrote to them" in line for line in world.story(UNA))


def test_a_sent_folder_that_cannot_be_searched_counts_nobody_as_looked_up(
    meddled: Made, embedded: EmbeddedServers
) -> None:
    world, relay = meddled()
    written = f"From: {OWNER}\r\nTo: {UNA}\r\nSubject: Hello\r\nMessage-ID: <hand@owner.example>\r\n\r\nDear Una\r\n"
    embedded.deliver(OWNER, written.encode(), "Sent")
    world.once()
    world.person(UNA)

    opened = 0

    def refuse(command: Command) -> bytes | None:
        nonlocal opened
        opened += command.name == "EXAMINE" and "Sent" in command.line
        return b"TAG NO [CORRUPTION] index broken\r\n" if opened > 2 else None  # it was read to its end before

    with hooked(relay, Hooks(refuse)):
        assert world.once().sent == []
    assert opened > 2
    assert world.later(minutes=20).sent == []
    assert any("you wrote to them" in line for line in world.story(UNA))


def test_a_list_that_leaves_out_the_inbox_hides_no_answer(meddled: Made) -> None:
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n")
    with hooked(relay, Hooks(response=without(rb"^\* LIST .*INBOX"))):
        report = world.later(days=5)
    assert [one.intent for one in report.read] == ["interested"]
    assert report.sent == []
    kept("LIST leaves out INBOX")


def test_uids_that_are_given_out_again_hide_no_answer(meddled: Made, embedded: EmbeddedServers) -> None:
    """The server came back out of its backup of last night: it gives a mail the number of one that was read."""
    world, relay = meddled()
    world.person(UNA)
    world.once()
    for _ in range(6):
        world.reply(UNA, NOTHING, in_thread=False)
    world.once()
    read = cursors(world)["INBOX"]
    embedded.expunge(OWNER, containing=b"this is something else")
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n")

    def shift(name: bytes, by: int) -> Callable[[re.Match[bytes]], bytes]:
        return lambda found: name + str(int(found[1]) + by).encode()

    def command(command: Command) -> bytes | None:
        if command.name == "UID FETCH" and inbox[command.connection]:
            uids = ",".join(str(uid + 6) for uid in asked_for(command)).encode()
            command.raw = re.sub(rb"FETCH [\d,]+", b"FETCH " + uids, command.raw)
        elif command.name == "UID SEARCH" and inbox[command.connection]:
            command.raw = re.sub(rb"UID (\d+)(?=:|,|\r)", shift(b"UID ", 6), command.raw)
        elif command.name == "EXAMINE":
            inbox[command.connection] = b"INBOX" in command.raw
        return None

    def response(response: bytes, connection: int) -> bytes:
        if not inbox.get(connection):
            return response
        if response.startswith(b"* SEARCH"):
            return b"* SEARCH" + b"".join(b" %d" % (int(uid) - 6) for uid in response.split()[2:]) + b"\r\n"
        response = re.sub(rb"(?<=\[)UIDNEXT (\d+)", shift(b"UIDNEXT ", -6), response)
        return re.sub(rb"(?<=[( ])UID (\d+)", shift(b"UID ", -6), response, count=1)

    inbox: dict[int, bool] = {}
    with hooked(relay, Hooks(command, response)):
        report = world.later(minutes=20)
        assert [one.intent for one in report.read] == ["interested"], (read, report)
        assert world.later(minutes=20).idle
        assert cursors(world)["INBOX"] < read
        assert world.later(days=5).sent == []
    kept("UIDNEXT goes back")


@pytest.mark.parametrize("told", [b"", b"* OK [UIDNEXT 1] lies\r\n"])
def test_only_a_uidnext_that_can_be_believed_begins_a_folder_anew(
    meddled: Made, embedded: EmbeddedServers, told: bytes
) -> None:
    """A server that tells none, where the newest mail was deleted; one that tells a wrong one beside that mail."""

    def response(response: bytes, connection: int) -> bytes:
        return told if b"[UIDNEXT" in response else response

    world, relay = meddled(Hooks(response=response))
    world.person(UNA)
    world.once()
    for number in range(2):
        world.reply(UNA, f"{NOTHING}{number}\n", in_thread=False)
    world.once()
    assert cursors(world)["INBOX"] == 100 + len(embedded.messages(OWNER))
    if not told:
        embedded.expunge(OWNER, containing=b"\n1\r\n")
    asked = len(relay.commands)
    world.later(minutes=20)
    assert not [one.line for one in relay.commands[asked:] if one.name == "UID FETCH"], "what was read is read again"


def test_a_header_that_comes_empty_is_not_taken_for_a_mail_of_nobody(meddled: Made) -> None:
    world, relay = meddled()
    world.person(UNA)
    world.once()
    world.reply(UNA, NOTHING, in_thread=False)
    world.once()
    world.reply(UNA, "Yes, let's talk on Tuesday at ten!\n", message_id="<answer@contacts.example>")

    def response(response: bytes, connection: int) -> bytes:
        fields = re.search(rb"HEADER\.FIELDS.*?\{(\d+)\}\r\n", response)
        if not fields or b"answer@contacts" not in response:
            return response
        end = fields.end() + int(fields[1])
        return response[: fields.start(1)] + b"0}\r\n" + response[end:]

    with hooked(relay, Hooks(response=response)):
        report = world.later(minutes=20)
    assert [one.intent for one in report.read] == ["interested"]
    kept("a header comes empty")


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

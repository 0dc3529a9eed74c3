"""A summary that its owner forwarded: what people answer to it is theirs, and what the owner wrote with it counts."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tests.stories.test_the_owner_answers import answer, summary_of
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.mailbox.folders import Folder, Role
from worker.mailbox.imap import ImapSession

UNA = "una@acme.example"
EVERYTHING = Folder("Everything", Role.all, "Everything")
INBOX = Folder("INBOX", Role.inbox, "INBOX")


def ready(world: World) -> EmailMessage:
    """Una was asked; gives the next morning's summary."""
    world.person(UNA)
    world.once()
    world.later(days=1)
    assert world.mails(UNA)["nudge"] == "due"
    return summary_of(world)


def refusals(world: World) -> int:
    world.later(days=1)
    body = summary_of(world).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).count("refused")


def test_an_opt_out_in_an_answer_to_a_summary_is_honoured(world: World) -> None:
    answer(world, "Please remove me from your list and do not contact me again.\n", ready(world), sender=UNA)
    world.once()
    assert world.state(UNA) == "opted_out"
    assert refusals(world) == 1


@pytest.mark.parametrize("in_thread", [False, True])
def test_an_answer_to_a_summary_stops_what_follows_silence(world: World, in_thread: bool) -> None:
    summary = ready(world)
    ours = str(world.last_to(UNA)["Message-ID"])
    fields = {"References": ours} if in_thread else {}
    answer(world, "Yes, happy to talk. 1 stop\n", summary, sender=f"Una Berg <{UNA}>", **fields)
    world.once()
    assert world.mails(UNA)["nudge"] in ("held", "cancelled")
    assert world.state(UNA) == ("talking" if in_thread else "asked")
    assert refusals(world) == 1
    world.later(days=30)
    assert len(world.inbox(UNA)) == 1


def test_a_strangers_answer_to_a_summary_is_refused_and_nothing_else(world: World) -> None:
    answer(world, "1 stop\n", ready(world), sender="mallory@evil.example")
    assert world.once().read == []
    assert (world.mails(UNA)["nudge"], refusals(world)) == ("due", 1)


def test_the_owners_forward_counts_as_a_mail_to_whom_it_went(
    world: World, embedded: EmbeddedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImapSession, "watched", lambda self, configured=(): (INBOX, EVERYTHING))
    embedded.deliver(world.owner, b"From: a@x.example\n\nThe first\n", "Everything")
    summary = ready(world)
    answer(world, "You may like this.\n", summary, folder="Everything", Cc=UNA)
    world.once()
    assert (world.state(UNA), refusals(world)) == ("talking", 1)


def test_an_answer_to_all_counts_though_a_copy_of_it_came_in_first(world: World) -> None:
    raw = answer(world, "You may like this.\n", ready(world), Cc=UNA)
    world.once()
    world.servers.deliver(world.owner, raw, "Sent")
    world.once()
    assert (world.state(UNA), refusals(world)) == ("talking", 1)


@pytest.mark.parametrize(
    "fields, counts",
    [
        ({}, True),
        ({"Auto_Submitted": "no"}, True),
        ({"Auto_Submitted": "auto-replied"}, False),
        ({"Return_Path": "<mallory@evil.example>"}, False),
        ({"Return_Path": "<robin@owner.example>"}, True),
        ({"Authentication_Results": "mx.owner.example; dmarc=fail"}, False),
    ],
)
def test_what_the_owner_did_not_write_by_hand_is_no_mail_of_theirs(
    world: World, embedded: EmbeddedServers, monkeypatch: pytest.MonkeyPatch, fields: dict[str, str], counts: bool
) -> None:
    monkeypatch.setattr(ImapSession, "watched", lambda self, configured=(): (INBOX, EVERYTHING))
    embedded.deliver(world.owner, b"From: a@x.example\n\nThe first\n", "Everything")
    world.person(UNA)
    world.once()
    answer(world, "Hello.\n", None, folder="Everything", Cc=UNA, **fields)
    world.once()
    assert world.state(UNA) == ("talking" if counts else "asked")


@pytest.mark.parametrize(
    "fields, counts", [({"Auto_Submitted": "auto-replied"}, False), ({"Return_Path": "<x@y>"}, True)]
)
def test_what_lies_in_sent_was_sent_from_there(world: World, fields: dict[str, str], counts: bool) -> None:
    world.person(UNA)
    world.once()
    answer(world, "Hello.\n", None, folder="Sent", Cc=UNA, **fields)
    world.once()
    assert world.state(UNA) == ("talking" if counts else "asked")

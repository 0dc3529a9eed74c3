"""Mails that come back: whose address is dead, and when a list of addresses is too bad to go on."""

from __future__ import annotations

import pytest

from tests.stories.reports import report
from tests.stories.test_the_mailbox import by_hand
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.errors import InputError
from worker.store import contacts

UNA = "una@acme.example"


def asked(world: World) -> World:
    world.person(UNA, name="Una Berg")
    world.once()
    return world


def needs(world: World) -> list[str]:
    return [row["kind"] for row in world.status()["needs_you"]]


@pytest.mark.parametrize("onward", ["u.b@webmail.example", "una.berg@acme.example"])
def test_an_address_that_leads_to_a_dead_one_is_dead(world: World, onward: str) -> None:
    asked(world)
    report(world, world.last_to(UNA), onward)
    world.once()
    assert world.state(UNA) == "unreachable"
    row = world.store.read(lambda tx: contacts.by_key(tx, world.desk.mailbox.id, UNA))
    assert row is not None
    assert UNA in row.dead_why
    assert onward in row.dead_why
    assert any(UNA in line and onward in line for line in world.story(UNA))


def test_a_report_that_names_no_mail_is_about_one_that_left(world: World, embedded: EmbeddedServers) -> None:
    """The nudge was refused at RCPT and waits for its next try; what comes back can only be the ask."""
    asked(world)
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    world.later(days=5)
    assert world.mails(UNA)["nudge"] == "retry"
    raw = (
        f"From: Mail Delivery System <mailer-daemon@relay.example>\nTo: {world.owner}\n"
        f"Message-ID: {world.ids.message_id('relay@relay.example')}\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nI am sorry, your message could not be delivered.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
        f"Final-Recipient: rfc822; {UNA}\nAction: failed\nStatus: 4.4.1\n"
        "Diagnostic-Code: smtp; 451 4.4.1 no answer from host\n\n--b--\n"
    )
    embedded.deliver(world.owner, raw.replace("\n", "\r\n").encode(), when=world.clock.now())
    world.once()
    assert world.mails(UNA)["ask"] == "retry", "it is the ask that came back, for a while"
    assert len(world.inbox(UNA)) == 1


@pytest.mark.parametrize("who", ["max@acme.example", "zoe@bolt.example"])
def test_a_colleague_and_another_contact_kill_nobody(world: World, who: str) -> None:
    asked(world)
    world.person("zoe@bolt.example", name="Zoe Lund")
    report(world, world.last_to(UNA), who)
    world.once()
    assert world.state(UNA) == "asked"
    assert any(f"a mail to {who}" in line for line in world.story(UNA))
    world.later(days=5)
    assert len(world.inbox(UNA)) == 2


def test_whom_the_owner_had_copied_in_kills_nobody(world: World) -> None:
    asked(world)
    world.reply(UNA, "Yes, gladly. Thursday at ten?\n")
    world.once()
    from email import message_from_bytes

    raw = by_hand(world, UNA, Cc="assistant@elsewhere.example")
    world.servers.deliver(world.owner, raw, "Sent")
    world.once()
    report(world, message_from_bytes(raw), "assistant@elsewhere.example")
    world.once()
    assert world.state(UNA) == "talking"
    row = world.store.read(lambda tx: contacts.by_key(tx, world.desk.mailbox.id, UNA))
    assert row is not None
    assert row.dead_at is None
    assert any("a mail to assistant@elsewhere.example" in line for line in world.story(UNA))


def people(world: World, first: int, last: int) -> list[str]:
    return [world.person(f"p{n}@c{n}.example", name=f"P{n} Lund") for n in range(first, last)]


def test_two_of_the_last_asks_that_come_back_pause_the_asks_until_resume(world: World) -> None:
    from worker.jobs.pausing import resume

    first = people(world, 0, 4)
    world.once()
    report(world, world.last_to(first[0]), first[0])
    world.once()
    assert "asks_paused" not in needs(world)
    report(world, world.last_to(first[1]), first[1])
    world.reply(first[2], "Thank you, but no.\n", name="P2 Lund")
    later = people(world, 4, 6)
    done = world.once()
    assert [one.step for one in done.sent] == ["referral_request"]
    assert {one.why.split(":")[0] for one in done.held} == {"asks are paused"}
    assert world.status()["health"]["asks_paused"].startswith("2 of the last 4 asks came back")
    assert "asks_paused" in needs(world)
    world.later(days=1)
    content = world.inbox(world.owner)[-1].get_body(("plain",))
    assert content is not None
    assert "2 of the last 4 asks came back" in content.get_content()
    assert "asks too" in resume(world.store, world.desk)
    assert world.status()["health"]["asks_paused"] is None
    assert len(world.later(minutes=5).sent) == 2
    report(world, world.last_to(later[0]), later[0])
    world.once()
    assert world.status()["health"]["asks_paused"] is None
    report(world, world.last_to(later[1]), later[1])
    world.once()
    assert world.status()["health"]["asks_paused"] is not None


def test_refusals_at_once_count_too(world: World, embedded: EmbeddedServers) -> None:
    everybody = people(world, 0, 5)
    embedded.refuse = lambda address: "550 5.1.1 no such user" if address in everybody[:2] else None
    done = world.once()
    assert done.sent == []
    assert world.status()["health"]["asks_paused"] is not None


def test_the_same_mail_that_comes_back_twice_counts_once(world: World) -> None:
    first = people(world, 0, 2)
    world.once()
    for _ in range(2):
        report(world, world.last_to(first[0]), first[0])
        world.once()
    assert world.status()["health"]["asks_paused"] is None


def full(world: World) -> None:
    report(world, world.last_to(UNA), UNA, status="4.2.2", said="452 4.2.2 mailbox full")
    world.later(minutes=5)
    assert world.mails(UNA)["ask"] == "retry"


def test_what_came_back_for_now_does_not_leave_once_more_where_its_reading_is_taken_back(world: World) -> None:
    asked(world)
    full(world)
    world.tell(UNA, "undo")
    assert world.mails(UNA)["ask"] == "sent"
    world.later(days=4)
    assert len(world.inbox(UNA)) == 1
    world.later(days=5)  # and the sequence goes on as if it had not come back
    world.later(days=3)
    assert (len(world.inbox(UNA)), world.mails(UNA)["nudge"]) == (2, "sent")


def test_what_has_left_once_more_is_not_taken_back(world: World) -> None:
    asked(world)
    full(world)
    world.later(days=8)
    assert (len(world.inbox(UNA)), world.mails(UNA)["ask"]) == (2, "sent")
    with pytest.raises(InputError, match="left already"):
        world.tell(UNA, "undo")

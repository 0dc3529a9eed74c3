"""A server that does not take a mail now: whom its answer concerns, and who must not wait for that."""

from __future__ import annotations

import pytest

from tests.stories.world import World
from worker.demo.servers import EmbeddedServers

UNA, MAX, ZOE = "una@acme.example", "max@bolt.example", "zoe@cork.example"


def three(world: World) -> None:
    for address, name in ((UNA, "Una Berg"), (MAX, "Max Holm"), (ZOE, "Zoe Lund")):
        world.person(address, name=name)


def got(world: World) -> list[int]:
    return [len(world.inbox(one)) for one in (UNA, MAX, ZOE)]


@pytest.mark.parametrize(
    "answer",
    [
        "450 4.3.0 <una@acme.example>: Recipient address rejected: try again",
        "450 4.2.0 <una@acme.example>: Recipient address rejected: Greylisted",
        "451 4.7.1 try again later",
        "452 4.2.2 mailbox full",
    ],
)
def test_one_who_cannot_be_written_to_now_keeps_nobody_waiting(
    world: World, embedded: EmbeddedServers, answer: str
) -> None:
    three(world)
    embedded.refuse = lambda address: answer if address == UNA else None
    report = world.once()
    assert got(world) == [0, 1, 1]
    assert (report.errors, report.trouble) == ([], False)
    assert report.held[0].why == f"later: {answer}"
    row = next(one for one in world.status()["outbox"] if one["email"] == UNA)
    assert (row["state"], row["why"].startswith("is tried again: 45")) == ("retry", True)
    embedded.refuse = None
    world.later(minutes=40)
    assert got(world) == [1, 1, 1]


def test_the_same_answer_to_two_in_a_row_is_about_the_account(world: World, embedded: EmbeddedServers) -> None:
    three(world)
    asked: list[str] = []

    def refuse(address: str) -> str:
        asked.append(address)
        return f"450 4.3.0 <{address}>: Recipient address rejected: lookup failed"

    embedded.refuse = refuse
    report = world.once()
    assert [address for address in asked if address != world.owner] == [UNA, MAX]
    assert report.trouble
    assert [one.why.split(":")[0] for one in report.held] == ["later", "your account", "your account"]
    assert any("refuses to send" in one for one in world.status()["health"]["errors"])
    embedded.refuse = None
    world.later(minutes=50)
    assert got(world) == [1, 1, 1]


def test_greylisting_of_two_in_a_row_is_about_them(world: World, embedded: EmbeddedServers) -> None:
    three(world)
    embedded.refuse = lambda address: "450 4.2.0 Greylisted" if address in (UNA, MAX) else None
    assert not world.once().trouble
    assert got(world) == [0, 0, 1]


def test_one_mail_that_always_ends_the_round_does_not_stand_first_again(
    world: World, embedded: EmbeddedServers
) -> None:
    three(world)
    embedded.refuse = lambda address: "421 4.7.0 closing" if address == UNA else None
    world.once()
    assert got(world) == [0, 0, 0]
    world.later(hours=1)
    assert got(world) == [0, 1, 1]


def test_the_account_rests_longer_each_time(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    asked: list[str] = []
    embedded.refuse = lambda address: asked.append(address) or "421 4.7.0 later"  # type: ignore[func-returns-value]
    for _ in range(24):
        world.later(hours=1)
    assert 4 <= asked.count(UNA) <= 8


def test_the_same_refusal_of_two_in_a_row_is_about_us(world: World, embedded: EmbeddedServers) -> None:
    three(world)
    asked: list[str] = []

    def refuse(address: str) -> str | None:
        if address == world.owner:
            return None
        asked.append(address)
        return f"554 5.2.0 <{address}> cannot be sent"

    embedded.refuse = refuse
    report = world.once()
    assert asked == [UNA, MAX]
    assert report.trouble
    assert [one.why.split(":")[0] for one in report.held] == ["given up", "your account", "your account"]
    assert any("refuses to send" in one for one in world.status()["health"]["errors"])
    world.later(hours=1)
    assert asked == [UNA, MAX]
    world.later(hours=12)  # whoever was never tried is tried first, and stays in line
    assert asked == [UNA, MAX, ZOE]
    embedded.refuse = None
    world.later(days=1)
    assert got(world) == [0, 1, 1]
    assert world.mails(UNA)["ask"] == "failed"


def test_what_is_refused_in_the_same_words_again_and_again_is_given_up(world: World, embedded: EmbeddedServers) -> None:
    for address in (UNA, MAX):
        world.person(address)
    embedded.refuse = lambda address: "554 5.2.0 cannot be sent" if address != world.owner else None
    seen = set()
    for _ in range(20):
        world.later(hours=13)
        seen.add(world.mails(MAX).get("ask"))
    assert {"retry", "failed"} <= seen


def test_an_account_that_may_not_send_loses_no_mail(world: World, embedded: EmbeddedServers) -> None:
    three(world)
    asked: list[str] = []
    said = "554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message"

    def refuse(address: str) -> str | None:
        asked.append(address)
        return said if address != world.owner else None

    embedded.refuse = refuse
    world.once()
    assert [one for one in asked if one != world.owner] == [UNA]
    embedded.refuse = None
    world.later(days=1)
    assert got(world) == [1, 1, 1]


def test_dead_addresses_and_what_says_it_is_about_one_address_stop_nobody(
    world: World, embedded: EmbeddedServers
) -> None:
    three(world)
    embedded.refuse = lambda address: "552 5.2.2 mailbox full" if address in (UNA, MAX) else None
    assert not world.once().trouble
    assert [world.mails(one)["ask"] for one in (UNA, MAX)] == ["failed", "failed"]
    embedded.refuse = None
    world.later(hours=1)
    assert got(world) == [0, 0, 1]


def test_two_refusals_in_a_row_end_the_round(world: World, embedded: EmbeddedServers) -> None:
    three(world)
    words = {UNA: "554 5.2.0 not now", MAX: "554 5.2.0 this cannot be taken", ZOE: "554 5.2.0 nor that"}
    embedded.refuse = words.get
    report = world.once()
    assert [world.mails(one)["ask"] for one in (UNA, MAX, ZOE)] == ["failed", "failed", "due"]
    assert report.held[-1].why == "two mails in a row were refused"
    embedded.refuse = None
    world.later(minutes=5)
    assert got(world) == [0, 0, 1]

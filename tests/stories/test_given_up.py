"""What the owner can still say of a mail that was given up, that is uncertain, or of an opt-out."""

from __future__ import annotations

import pytest

from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.errors import NotUnderstood
from worker.store import suppressions

UNA = "una@acme.example"


def given_up(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    for _ in range(8):
        world.later(hours=9)
    embedded.refuse = None
    assert world.mails(UNA)["ask"] == "failed"


@pytest.mark.parametrize("word", ["send", "ask", "ok"])
def test_an_ask_that_was_given_up_leaves_once_more_by_a_word(
    world: World, embedded: EmbeddedServers, word: str
) -> None:
    given_up(world, embedded)
    world.later(hours=20)
    assert world.inbox(UNA) == []
    need = next(one for one in world.status()["needs_you"] if one["email"] == UNA)
    assert (need["kind"], "450 4.2.0" in need["text"]) == ("given_up", True)
    world.tell(UNA, word)
    world.once()
    assert (world.state(UNA), len(world.inbox(UNA))) == ("asked", 1)
    assert world.status()["needs_you"] == []
    with pytest.raises(NotUnderstood):
        world.tell(UNA, word)
    world.later(hours=1)
    assert len(world.inbox(UNA)) == 1


def test_it_is_tried_more_than_once_then(world: World, embedded: EmbeddedServers) -> None:
    given_up(world, embedded)
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    world.tell(UNA, "send")
    world.once()
    embedded.refuse = None
    world.later(hours=13)
    assert len(world.inbox(UNA)) == 1


def test_an_ask_that_was_given_up_can_be_dropped(world: World, embedded: EmbeddedServers) -> None:
    given_up(world, embedded)
    world.tell(UNA, "cancel")
    assert world.status()["needs_you"] == []
    assert world.mails(UNA)["ask"] == "cancelled"


def uncertain_nudge(world: World) -> None:
    """A nudge that was cut off while it left, in a conversation that is silent by now."""
    from worker.store import outbox

    world.person(UNA)
    world.once()
    world.later(days=5)
    assert len(world.inbox(UNA)) == 2
    world.later(days=6)
    assert world.state(UNA) == "silent"
    row = next(one for one in world.status()["outbox"] if one["step"] == "nudge")
    world.store.transaction(lambda tx: outbox.note(tx, int(row["id"][1:]), state="uncertain", finished_at=None))


def test_a_nudge_that_did_not_arrive_leaves_once_more_though_they_are_silent(world: World) -> None:
    uncertain_nudge(world)
    assert "leaves once more" in world.tell(UNA, "did not arrive")[0]
    world.once()
    assert (world.mails(UNA).get("nudge"), len(world.inbox(UNA))) == ("sent", 3)


def test_a_nudge_that_did_not_arrive_is_not_promised_after_an_answer(world: World) -> None:
    uncertain_nudge(world)
    world.tell(UNA, "yes")
    said = world.tell(UNA, "did not arrive")[0]
    assert "nothing leaves" in said
    assert "talking" in said
    world.later(hours=1)
    assert len(world.inbox(UNA)) == 2


def blocked(world: World, address: str) -> bool:
    return world.store.read(lambda tx: suppressions.blocking(tx, world.desk.mailbox.id, address)) is not None


def test_undo_of_an_opt_out_lifts_what_it_brought_and_nothing_else(world: World) -> None:
    world.person(UNA)
    world.once()
    box = world.desk.mailbox.id
    for what, value in (("address", "other@acme.example"), ("domain", "bolt.example")):
        world.store.transaction(
            lambda tx, what=what, value=value: suppressions.add(  # type: ignore[misc]
                tx, box, what=what, value=value, reason="before", now=world.clock.now()
            )
        )
    ours = world.last_to(UNA)
    world.reply("una.private+work@web.example", "Please remove me and never write to me again.\n", to=ours)
    world.once()
    assert world.state(UNA) == "opted_out"
    assert blocked(world, UNA)
    assert blocked(world, "una.private@web.example")
    world.tell(UNA, "undo")
    assert not blocked(world, UNA)
    assert not blocked(world, "una.private@web.example")
    assert blocked(world, "other@acme.example")
    assert blocked(world, "x@bolt.example") or blocked(world, "bolt.example")


def test_undo_keeps_a_suppression_that_stood_before(world: World) -> None:
    world.person(UNA)
    world.once()
    box = world.desk.mailbox.id
    world.store.transaction(
        lambda tx: suppressions.add(tx, box, what="address", value=UNA, reason="before", now=world.clock.now())
    )
    world.reply(UNA, "Please remove me and never write to me again.\n")
    world.once()
    world.tell(UNA, "undo")
    assert blocked(world, UNA)

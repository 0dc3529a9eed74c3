"""The main stories with PostgreSQL as the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.errors import AskaroundError

UNA = "una@acme.example"
NO = "Sorry, I am not interested.\n\nUna\n"


@pytest.fixture
def on_postgresql(embedded: EmbeddedServers, tmp_path: Path, postgresql_url: str) -> Iterator[World]:
    made = World(embedded, tmp_path, "robin@owner.example", url=postgresql_url)
    yield made
    made.store.close()


def test_a_decline_becomes_a_referral(on_postgresql: World) -> None:
    world = on_postgresql
    world.servers.add_user("dana@acme.example", "x")
    world.person(UNA)
    world.once()
    world.reply(UNA, NO)
    world.once()
    world.reply(UNA, "Try Dana Weiss, dana@acme.example, she likes to talk about her job.\n\nUna\n")
    world.once()
    world.tell(world.status()["proposed"][0]["id"], "ok")
    world.once()
    assert (world.state(UNA), world.state("dana@acme.example")) == ("referred", "asked")
    assert "Una Berg" in world.last_to("dana@acme.example").get_content()


def test_words_undo_and_the_summary(on_postgresql: World) -> None:
    world = on_postgresql
    world.person(UNA, phone="+49 30 1234567")
    world.once()
    for word in ("yes", "no", "met", "stop", "remove", "called", "wait", "later 2027-04-01"):
        world.tell(UNA, word)
        world.tell(UNA, "undo")
    assert (world.state(UNA), world.mails(UNA)["nudge"]) == ("asked", "due")
    world.later(days=3)
    content = world.inbox(world.owner)[-1].get_body(("plain",))
    assert content is not None
    assert "+49 30 1234567" in content.get_content()
    world.later(days=2)
    with pytest.raises(AskaroundError):
        world.tell(UNA, "undo")
    world.reply(UNA, "Please remove me from your list and do not contact me again.\n")
    world.once()
    assert world.state(UNA) == "opted_out"
    world.later(days=60)
    assert len(world.inbox(UNA)) == 2

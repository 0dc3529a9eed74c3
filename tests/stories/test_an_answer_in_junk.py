"""An answer to a summary that lies in Junk is refused, and obeyed once when its owner takes it out soon."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.test_the_owner_answers import answer, ready
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.jobs import pausing


@pytest.mark.parametrize(
    "days, sender, obeyed", [(1, None, True), (3, None, False), (1, "mallory@evil.example", False)]
)
@pytest.mark.parametrize("copied", [None, -2, 2])
def test_an_answer_that_is_taken_out_of_junk(
    world: World, embedded: EmbeddedServers, days: int, sender: str | None, obeyed: bool, copied: int | None
) -> None:
    """`copied` is how many seconds after it came its copy was filed in Sent."""
    raw = answer(world, "pause\n", ready(world), sender=sender, folder="Elsewhere")
    embedded.deliver(world.owner, raw, "Junk", world.clock.now())
    if copied is not None:
        embedded.deliver(world.owner, raw, "Sent", world.clock.now() + timedelta(seconds=copied))
    world.once()
    assert not world.status()["health"]["paused"]
    world.later(days=days)
    embedded.move(world.owner, "Junk", "INBOX", b"pause")
    world.once()
    assert bool(world.status()["health"]["paused"]) is obeyed
    pausing.resume(world.store, world.desk)
    embedded.deliver(world.owner, raw, "INBOX", world.clock.now())
    world.once()
    assert not world.status()["health"]["paused"], "it is obeyed once"

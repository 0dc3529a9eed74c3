"""A person copied in belongs to the owner: proposed, never asked by itself."""

from __future__ import annotations

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World

UNA, DANA = "una@acme.example", "dana@acme.example"


def answered(make_world: MakeWorld, text: str, **headers: str) -> World:
    world = make_world(changes={"[0, 0]\n\n[store]": '[0, 0]\nnew_contacts = "ask"\n\n[store]'})
    world.person(UNA)
    world.servers.add_user(DANA, "x")
    world.once()
    world.reply(UNA, text, headers=headers)
    world.once()
    world.later(days=2)
    return world


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("I can't help, but Dana (copied in) is the right person for this.\n\nUna\n", {"Cc": f"Dana Weiss <{DANA}>"}),
        ("I can't help, but please talk to Dana Weiss (dana@acme.example).\n\nUna\n", {"Cc": f"Dana Weiss <{DANA}>"}),
        ("I can't help, but please write to Dana Weiss, dana@acme.example.\n", {"To": f"robin@owner.example, {DANA}"}),
        (
            "I can't help, but please write to Dana Weiss, dana@acme.example.\n",
            {"Cc": "Weiss, Dana <d.weiss@acme.example>"},
        ),
    ],
)
def test_a_person_copied_in_is_proposed_only(make_world: MakeWorld, text: str, headers: dict[str, str]) -> None:
    world = answered(make_world, text, **headers)
    assert world.state(UNA) == "referred"
    assert [row["email"] for row in world.status()["conversations"]] == [UNA]
    assert len(world.status()["proposed"]) >= 1
    assert world.inbox(DANA) == []


def test_a_person_named_beside_somebody_else_copied_in_is_asked(make_world: MakeWorld) -> None:
    text = "I can't help, but please write to Dana Weiss (dana@acme.example).\n\nUna\n"
    world = answered(make_world, text, Cc="Una Berg <una.private@web.example>")
    assert len(world.inbox(DANA)) == 1

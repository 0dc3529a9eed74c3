"""The summary in the owner's language: no English word of ours stays in it, and what it offers is obeyed."""

from __future__ import annotations

import re

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.test_the_owner_answers import answer, summary_of
from tests.stories.world import World

UNA = "una@acme.example"
BOB = "bob@firm.example"
ENGLISH = re.compile(
    r"\b(needs you|what happened|what leaves|answered|read as|because of|named by|sending|write|left|left:"
    r"|paused|mailbox|nothing|today|a yes|a no|ask left|you said|is a new contact|Mon|Tue|March)\b",
    re.I,
)


def plain(world: World) -> str:
    body = summary_of(world).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(
    "language, offered, month",
    [("de", "1. keine Zusage", "März"), ("fr", "1. pas un oui", "mars"), ("es", "1. no es un sí", "mar")],
)
def test_a_morning_in(make_world: MakeWorld, language: str, offered: str, month: str) -> None:
    changes = {"[store]": f'[summary]\nlanguage = "{language}"\n\n[alerts]\nmail = false\n\n[store]'}
    world = make_world(changes=changes)
    world.person(UNA)
    world.person(BOB, name="Bob Ray")
    world.once()
    world.reply(UNA, "Yes, gladly: Thursday at ten.\n\nUna\n")
    world.reply(BOB, "No, thank you, I am not interested.\n\nBob\n", name="Bob Ray")
    world.later(minutes=5)
    world.tell(BOB, "wait")
    world.later(days=1)
    text = plain(world)
    ours = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("|"))
    ours = re.sub(r"[“„«][^”“»]*[”“»]", "", ours)  # quoted words
    found = [line for line in ours.splitlines() if ENGLISH.search(line)]
    assert found == []
    assert month in text
    assert offered in text.replace("\n     ", " ")
    answer(world, f"{offered}\n", summary_of(world))
    world.later(minutes=5)
    assert world.state(UNA) != "talking"

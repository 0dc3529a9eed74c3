"""The summary in the owner's language: no English word of ours stays in it, and what it offers is obeyed."""

from __future__ import annotations

import re

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.test_the_owner_answers import answer, summary_of
from tests.stories.world import World
from worker.jobs.briefs import Brief, gather
from worker.store import contacts, conversations

UNA = "una@acme.example"
BOB = "bob@firm.example"
ENGLISH = re.compile(
    r"\b(needs you|what happened|what leaves|answered|read as|because of|named by|sending|write|left|left:"
    r"|paused|mailbox|nothing|today|a yes|a no|ask left|you said|is a new contact|Mon|Tue|March)\b",
    re.I,
)


BRIEF_ENGLISH = re.compile(
    r"\b(the talk|no time is|proposed|it is|who they|phone|your notes|who led|they wrote|what was|by hand|first mail"
    r"|others in|asked|look up|choose|who else|afterwards|say how|somebody|Monday|March|you|said)\b",
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


def lines_of_ours(text: str) -> str:
    """What we say: no quoted lines, no words in quotes, nothing that the test's people are called."""
    ours = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("|"))
    return re.sub(r"[“„«][^”“»]*[”“»]|Una Berg|Bob Ray|Cat Low|Acme|marine biology|askaround tell \S+", "", ours)


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_the_brief_and_its_times_come_in(make_world: MakeWorld, language: str) -> None:
    changes = {"[store]": f'[summary]\nlanguage = "{language}"\n\n[store]'}
    world = make_world(changes=changes)
    facts = {"company": "Acme", "timezone": "America/New_York", "notes": "Alt", "phone": "+1 212 5550100"}
    world.person(BOB, name="Bob Ray", company="Acme")
    world.once()
    world.reply(BOB, "I am the wrong person. Please ask Una Berg <una@acme.example>.\n\nBob\n", name="Bob Ray")
    world.person(UNA, **facts)
    world.person("cat@acme.example", name="Cat Low", company="Acme")
    world.later(days=2)
    world.reply(UNA, "Sure, gladly! How about Thursday at 10?\n\nUna\n")
    world.later(minutes=5)

    mail = world.inbox(world.owner)[-1]
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    text = next(content for name, content in files.items() if str(name).endswith(".txt"))
    found = [line for line in lines_of_ours(text).splitlines() if BRIEF_ENGLISH.search(line)]
    assert found == []
    for part in ("Una Berg", "+1 212 5550100", "Bob Ray", "2027", "askaround tell una@acme.example"):
        assert part in text
    title = {"de": "Gespräch: Una Berg", "fr": "Entretien : Una Berg", "es": "Charla: Una Berg"}[language]
    assert any(title in content for name, content in files.items() if str(name).endswith(".ics"))

    def english(tx: object) -> Brief:
        person = contacts.by_key(tx, world.mailbox.id, UNA)  # type: ignore[arg-type]
        assert person is not None
        return gather(tx, world.desk, conversations.of_contact(tx, person.id)[0])  # type: ignore[arg-type]

    assert "WHO THEY ARE" in world.store.read(english).draft.body, "the command line stays English"


def test_what_was_refused_is_told_in_french(make_world: MakeWorld) -> None:
    world = make_world(changes={"[store]": '[summary]\nlanguage = "fr"\n\n[store]'})
    world.person(UNA)
    world.once()
    world.reply(UNA, "Yes, gladly.\n\nUna\n")
    world.later(days=1)
    summary = summary_of(world)
    answer(world, "1 stop\n", summary, sender="mallory@evil.example")
    answer(world, "1 send\n", summary)
    world.later(days=1)
    told = " ".join(plain(world).split())
    assert "n’a pas été prise en compte : elle vient de mallory@evil.example" in told
    assert "« 1 send » : Aucun message à Una Berg n’attend votre accord" in told

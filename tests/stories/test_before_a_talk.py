"""Before a talk: the brief about a person, and its times as a calendar file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.errors import InputError
from worker.jobs.briefs import Brief, as_json, brief_of
from worker.jobs.dates import call_event, ics
from worker.reading.calendar import parse
from worker.store import contacts, conversations

UNA = "una@acme.example"
DANA = "dana@acme.example"
NO_REST = {"[replies]": "per_company_at_once = 9\n\n[replies]"}
YES = "Sure, gladly! How about Thursday at 10 or Friday at 3pm?\n\nUna\n"


def brief(world: World, who: str = UNA) -> Brief:
    return world.store.read(lambda tx: brief_of(tx, world.desk, who))


def said_yes(world: World, **fields: str) -> World:
    world.person(UNA, company="Acme", role="hydrologist", **fields)
    world.once()
    world.reply(UNA, YES)
    world.later(minutes=20)
    assert world.state(UNA) == "talking"
    return world


def test_it_says_who_they_are_and_what_was_written(world: World) -> None:
    said_yes(world, notes="Met at the fair", phone="+49 30 5550177", source="a talk on gauges")
    text = brief(world).draft.body
    for words in ("Una Berg, hydrologist, Acme", "Met at the fair", "+49 30 5550177", "a talk on gauges"):
        assert words in text
    assert "Monday, 1 March 2027 09:00, you (the first mail)" in text
    assert "    | Hi Una," in text
    assert "    | Sure, gladly! How about Thursday at 10 or Friday at 3pm?" in text
    assert "They proposed: Thursday at 10" in text
    assert "https://acme.example" in text
    assert "who else should I talk to" in text


def test_it_reads_well_at_eighty_columns(world: World) -> None:
    said_yes(world, notes="A long note. " * 40, opening="Your talk about tidal gauges made me curious. " * 8)
    lines = brief(world).draft.body.splitlines()
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if line != line.rstrip()]
    assert "\n\n\n" not in brief(world).draft.body


def test_their_local_time_where_it_is_known(world: World) -> None:
    said_yes(world, timezone="America/New_York")
    assert "It is Monday 04:20 for them now, and Monday 09:20 for you." in brief(world).draft.body
    found = parse((ics(brief(world)) or b"").decode())
    assert found is not None
    assert found.starts == datetime(2027, 3, 4, 15, tzinfo=UTC), "ten for them is three for the owner"


def test_who_led_to_them_and_others_in_the_company(make_world: MakeWorld) -> None:
    world = make_world(changes=NO_REST)
    world.person(UNA, company="Acme")
    world.servers.add_user(DANA, "x")
    world.once()
    world.reply(UNA, "I am the wrong one. Ask Dana Weiss, dana@acme.example, she likes to talk.\n\nUna\n")
    world.later(minutes=20)
    world.tell(world.status()["proposed"][0]["id"], "ask")
    world.later(minutes=20)
    text = brief(world, DANA).draft.body
    assert "WHO LED YOU TO THEM" in text
    assert "Una Berg, Acme, on Monday, 1 March 2027" in text
    assert "    | I am the wrong one." in text
    assert "OTHERS IN THAT COMPANY" in text
    assert "- Una Berg: pointed on to somebody else" in text
    assert "a note to Una Berg is drafted" in " ".join(text.split())


def test_proposed_times_become_tentative_events(world: World) -> None:
    said_yes(world)
    raw = ics(brief(world)) or b""
    assert raw.count(b"BEGIN:VEVENT") == 2
    assert raw.count(b"STATUS:TENTATIVE") == 2
    assert b"DTSTART:20270304T100000Z" in raw
    assert b"DTSTART:20270305T150000Z" in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_without_any_time_there_is_no_calendar_file(world: World) -> None:
    world.person(UNA)
    assert ics(brief(world)) is None
    assert "Nothing yet." in brief(world).draft.body


def test_a_call_as_a_calendar_file_in_the_owners_zone(make_world: MakeWorld) -> None:
    world = make_world(changes={'timezone = "UTC"': 'timezone = "Europe/Berlin"'})
    world.person(UNA, phone="+49 30 5550177")
    row = world.store.read(lambda tx: conversations.of_contact(tx, contacts.by_key(tx, 1, UNA).id)[0])
    when = datetime(2027, 7, 1, 8, tzinfo=UTC)
    raw = world.store.read(lambda tx: call_event(tx, world.desk, row, begins=when))
    assert b"DTSTART;TZID=Europe/Berlin:20270701T100000" in raw
    found = parse(raw.decode())
    assert found is not None
    assert (found.title, found.starts, found.ends) == ("Call Una Berg", when, when + timedelta(minutes=15))


def test_a_strangers_words_make_no_second_event_and_no_variables(world: World) -> None:
    world.person(UNA, name="Una Berg", company="Acme\\nEND:VEVENT; {{ owner }}")
    world.once()
    world.reply(UNA, "Yes! Thursday at 10? {{ owner.email }} {% raw %}\n\nUna\n")
    world.later(minutes=20)
    assert "{{ owner.email }}" in brief(world).draft.body
    assert (ics(brief(world)) or b"").count(b"\r\nEND:VEVENT") == 1


def test_as_json(world: World) -> None:
    said_yes(world)
    document = as_json(brief(world))
    assert (document["schema_version"], document["email"], document["state"]) == (1, UNA, "talking")
    assert [one["from"] for one in document["thread"]] == ["you", "Una Berg"]
    assert document["times"][0] == {"words": "Thursday at 10", "day": "2027-03-04", "begins": "10:00"}
    assert document["text"].startswith("Una Berg")


def test_the_owners_own_template(world: World, tmp_path: Path) -> None:
    world.config.write_text(world.config.read_text() + '\n[templates]\nfolder = "own"\n')
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "brief.md").write_text("---\nsubject: For {{ name }}\n---\nOnly {{ contact.company }}.\n")
    world.person(UNA, company="Acme")
    assert (brief(world).draft.subject, brief(world).draft.body) == ("For Una Berg", "Only Acme.\n")


def test_nobody_is_known(world: World) -> None:
    with pytest.raises(InputError, match="Nobody and nothing is known"):
        brief(world)

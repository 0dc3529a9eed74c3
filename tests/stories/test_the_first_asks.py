"""The first asks wait for the owner's word; once they have it, the others leave by themselves."""

from __future__ import annotations

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.jobs import forecast, guard
from worker.jobs.plan import plan
from worker.store import outbox

PEOPLE = [f"una{n}@place{n}.example" for n in range(6)]


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(changes={"[store]": "[sequence]\napprove_first = 3\n\n[store]"})


def asked(world: World) -> list[str]:
    return [address for address in PEOPLE if world.inbox(address)]


def states(world: World) -> list[str]:
    return [world.mails(address)["ask"] for address in PEOPLE]


def begin(world: World) -> None:
    for address in PEOPLE:
        world.person(address)
    world.once()


def change(world: World, number: int) -> None:
    text = world.config.read_text()
    world.config.write_text(text.replace("approve_first = 2", f"approve_first = {number}"))


def test_the_first_three_wait_for_a_word_and_the_others_for_them(world: World) -> None:
    begin(world)
    assert asked(world) == []
    assert states(world) == ["draft"] * 3 + ["due"] * 3
    mails = {row["email"]: row["why"] for row in world.status()["outbox"]}
    assert mails[PEOPLE[4]] == "your first 3 asks wait for your word"
    assert [row["kind"] for row in world.status()["needs_you"]] == ["draft"] * 3
    for address in PEOPLE[:2]:
        world.tell(address, "send")
    for _ in range(3):
        world.later(days=1)
    assert asked(world) == PEOPLE[:2], "the third has no word yet"
    world.tell(PEOPLE[2], "ok")
    world.later(minutes=5)
    assert asked(world) == PEOPLE
    assert all(len(world.inbox(address)) == 1 for address in PEOPLE)


def test_why_they_wait_is_said_before_they_are_due_and_no_more_after_the_word(make_world: MakeWorld) -> None:
    changes = {"[store]": "[sequence]\napprove_first = 1\n\n[store]", "holidays = false": "holidays = false\n"}
    changes['window = ["00:00", "24:00"]'] = 'window = ["20:00", "21:00"]'
    world = make_world(changes=changes)
    for address in PEOPLE[:3]:
        world.person(address)
    world.once()
    rows = {row["email"]: (row["state"], row["why"]) for row in world.status()["outbox"]}
    waits = ("due", "your first ask waits for your word")
    assert rows == {PEOPLE[0]: ("draft", None), PEOPLE[1]: waits, PEOPLE[2]: waits}
    world.tell(PEOPLE[0], "send")
    world.once()
    assert {row["why"] for row in world.status()["outbox"]} <= {None, "outside of their working time"}


def test_the_guard_itself_keeps_them_back_whoever_asks_it(world: World) -> None:
    begin(world)
    waiting = world.store.read(lambda tx: outbox.in_states(tx, world.mailbox.id, {"due"}))
    assert len(waiting) == 3
    for mail in waiting:
        verdict = world.store.read(lambda tx, mail=mail: guard.may_leave(tx, world.desk, mail))  # type: ignore[misc]
        assert verdict == guard.NotNow("your first 3 asks wait for your word")


def test_one_that_is_cancelled_makes_room_for_the_next(world: World) -> None:
    begin(world)
    world.tell(PEOPLE[0], "cancel")
    world.once()
    assert states(world) == ["cancelled"] + ["draft"] * 3 + ["due"] * 2
    for address in PEOPLE[1:4]:
        world.tell(address, "send")
    world.later(minutes=5)
    assert asked(world) == PEOPLE[1:]


def test_the_owner_may_let_another_one_leave_first(world: World) -> None:
    begin(world)
    world.tell(PEOPLE[5], "send")
    world.later(minutes=5)
    assert asked(world) == [PEOPLE[5]]
    for address in PEOPLE[:2]:
        world.tell(address, "send")
    world.later(minutes=5)
    assert asked(world) == [*PEOPLE[:2], *PEOPLE[3:]], "a draft is never sent without its own word"
    assert world.mails(PEOPLE[2]) == {"ask": "draft"}


def test_a_refused_one_that_had_its_word_counts(world: World) -> None:
    world.person(PEOPLE[0], mailbox=False)
    for address in PEOPLE[1:]:
        world.person(address)
    world.once()
    for address in PEOPLE[:3]:
        world.tell(address, "send")
    world.later(minutes=5)
    assert all(len(world.inbox(address)) == 1 for address in PEOPLE[1:])


def test_with_every_ask_to_be_approved_each_waits(make_world: MakeWorld) -> None:
    changes = {"[store]": '[sequence]\napprove = ["ask"]\napprove_first = 2\n\n[store]'}
    world = make_world(changes=changes)
    begin(world)
    assert states(world) == ["draft"] * 6
    for address in PEOPLE[:3]:
        world.tell(address, "send")
    world.later(minutes=5)
    assert asked(world) == PEOPLE[:3]
    assert states(world) == ["sent"] * 3 + ["draft"] * 3


def test_nothing_is_foretold_before_the_word(world: World) -> None:
    begin(world)
    soon = world.desk.now.replace(hour=23)
    assert world.store.read(lambda tx: forecast.departures(tx, world.desk, soon)) == []
    for address in PEOPLE[:3]:
        world.tell(address, "send")
    assert len(world.store.read(lambda tx: forecast.departures(tx, world.desk, soon))) == 6


def test_somebody_whom_the_owner_asks_by_name_has_their_word(world: World) -> None:
    begin(world)
    world.servers.add_user("dana@other.example", "x")
    assert world.tell(PEOPLE[0], "ask Dana Weiss <dana@other.example>") == ["Dana Weiss will be asked"]
    world.later(minutes=5)
    assert len(world.inbox("dana@other.example")) == 1
    for address in PEOPLE[:2]:
        world.tell(address, "send")
    world.later(minutes=5)
    assert asked(world) == [*PEOPLE[:2], *PEOPLE[3:]], "three have had their word"


def test_asks_that_left_before_the_key_was_written_count(make_world: MakeWorld) -> None:
    world = make_world()
    for address in PEOPLE[:3]:
        world.person(address)
    world.once()
    text = world.config.read_text().replace("[store]", "[sequence]\napprove_first = 3\n\n[store]")
    world.config.write_text(text)
    for address in PEOPLE[3:]:
        world.person(address)
    world.later(minutes=5)
    assert asked(world) == PEOPLE


@pytest.mark.parametrize("number", [4, 1])
def test_another_number_says_so(make_world: MakeWorld, number: int) -> None:
    world = make_world(changes={"[store]": "[sequence]\napprove_first = 2\n\n[store]"})
    begin(world)
    change(world, number)
    world.once()
    waits = [row["why"] for row in world.status()["outbox"] if row["state"] == "due"]
    first = "your first ask waits" if number == 1 else f"your first {number} asks wait"
    assert waits
    assert set(waits) == {f"{first} for your word"}


def test_switched_off_nothing_says_that_it_waits_for_it(make_world: MakeWorld) -> None:
    world = make_world(changes={"[store]": "[sequence]\napprove_first = 2\n\n[store]"})
    begin(world)
    change(world, 0)
    plan(world.store, world.desk)
    assert {row["why"] for row in world.status()["outbox"] if row["state"] == "due"} == {None}

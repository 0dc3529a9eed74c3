"""Servers that are away, settings at their edges: what leaves, what waits, and that the summary still comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.jobs import summarize
from worker.jobs.send import line_of

UNA = "una@acme.example"


def asked(world: World, **fields: str) -> World:
    world.person(UNA, **fields)
    world.once()
    assert world.state(UNA) == "asked"
    return world


def sequence(keys: str) -> dict[str, str]:
    return {"[replies]": f"[sequence]\n{keys}\n\n[replies]"}


def summaries(world: World) -> list[str]:
    return [str(mail["Subject"]) for mail in world.inbox(world.owner)]


def summary(world: World) -> str:
    content = world.inbox(world.owner)[-1].get_body(("plain",))
    assert content is not None
    return str(content.get_content())


def send_summary(world: World) -> None:
    with line_of(world.desk) as line:
        summarize.send_now(world.store, world.desk, world.clock, line)


def unplug(world: World, port: int) -> str:
    """Point the configuration to a port where nobody listens; gives the text that mends it."""
    whole = world.config.read_text()
    world.config.write_text(whole.replace(f"port = {port}", "port = 1"))
    return whole


def test_smtp_away(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    whole = unplug(world, embedded.smtp_port)
    report = world.once()
    assert report.errors
    assert not report.sent
    world.config.write_text(whole)
    report = world.later(minutes=20)
    assert [one.step for one in report.sent] == ["ask"]
    assert report.summary == world.owner
    assert len(world.inbox(UNA)) == 1


def test_imap_away_stops_what_follows_silence_and_not_the_summary(world: World, embedded: EmbeddedServers) -> None:
    asked(world)
    whole = unplug(world, embedded.imap_port)
    report = world.later(days=5)
    assert (report.sent, report.summary) == ([], world.owner)
    assert "the connection was refused" in summary(world)
    world.config.write_text(whole)
    world.later(minutes=10)
    assert len(world.inbox(UNA)) == 2


def test_greylisting_after_a_long_outage_costs_nobody_their_ask(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    whole = unplug(world, embedded.smtp_port)
    for _ in range(8):
        world.later(minutes=20)
    world.config.write_text(whole)
    embedded.refuse = lambda address: "450 4.2.0 greylisted" if address == UNA else None
    world.later(minutes=20)
    embedded.refuse = None
    world.later(hours=13)
    assert world.state(UNA) == "asked"


def test_a_refusal_that_never_ends_is_given_up(world: World, embedded: EmbeddedServers) -> None:
    world.person(UNA)
    embedded.refuse = lambda address: "450 4.2.0 try later" if address == UNA else None
    for _ in range(8):
        world.later(hours=9)
    assert world.mails(UNA)["ask"] == "failed"


def test_no_delay_anywhere(make_world: MakeWorld) -> None:
    world = make_world(changes=sequence("call_after_days = 0\nnudge_after_days = 0\nsilent_after_days = 0"))
    asked(world, phone="+49 30 123456")
    for _ in range(3):
        world.later(minutes=1)
    assert (world.state(UNA), len(world.inbox(UNA))) == ("silent", 2)


def test_neither_call_nor_nudge(make_world: MakeWorld) -> None:
    world = make_world(changes=sequence("call_after_days = false\nnudge_after_days = false"))
    asked(world, phone="+49 30 123456")
    world.later(days=9)
    assert "123456" not in summary(world)
    world.later(days=1)
    assert (world.state(UNA), len(world.inbox(UNA))) == ("silent", 1)


def test_steps_that_wait_for_the_owners_word(make_world: MakeWorld) -> None:
    world = make_world(changes=sequence('approve = ["ask", "nudge"]'))
    world.person(UNA)
    world.once()
    assert world.mails(UNA) == {"ask": "draft"}
    world.tell(UNA, "ok")
    world.once()
    world.later(days=5)
    assert len(world.inbox(UNA)) == 1
    world.tell(UNA, "send")
    world.once()
    assert len(world.inbox(UNA)) == 2


def test_a_nudge_that_was_never_approved(make_world: MakeWorld) -> None:
    world = asked(make_world(changes=sequence('approve = ["nudge"]')))
    report = world.later(minutes=5)
    assert [(one.step, one.why) for one in report.waiting] == [("nudge", "waits for your word")], "before it is due"
    for _ in range(20):
        world.later(days=1)
    assert (world.state(UNA), len(world.inbox(UNA))) == ("silent", 1)


def test_the_owner_is_away(make_world: MakeWorld) -> None:
    world = make_world(changes={'timezone = "UTC"': 'timezone = "UTC"\naway = [["2027-03-02", "2027-03-05"]]'})
    world.person(UNA)
    world.once()
    world.later(days=4)
    assert not world.inbox(UNA)
    world.later(days=1)
    assert len(world.inbox(UNA)) == 1


def test_a_holiday_of_one_part_of_a_country(make_world: MakeWorld) -> None:
    epiphany = datetime(2027, 1, 6, 9, tzinfo=UTC)
    world = make_world(changes={"holidays = false": 'holidays = "DE-BY"'}, start=epiphany)
    world.person(UNA)
    world.once()
    assert not world.inbox(UNA)
    world.later(days=1)
    assert len(world.inbox(UNA)) == 1


@pytest.mark.parametrize(("at_once", "mails"), [(1, 1), (2, 2)])
def test_so_many_of_a_company_at_once(make_world: MakeWorld, at_once: int, mails: int) -> None:
    world = make_world(changes={"per_day = 50": f"per_day = 50\nper_company_at_once = {at_once}"})
    people = [world.person(f"{one}@acme.example", name=f"{one.upper()} Berg") for one in "abc"]
    world.once()
    assert sum(len(world.inbox(one)) for one in people) == mails


def test_a_summary_by_hand_before_its_hour_is_that_dates_summary(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2027, 3, 1, 5, tzinfo=UTC))
    send_summary(world)
    world.later(hours=4)
    assert len(summaries(world)) == 1
    world.later(days=1)
    assert len(summaries(world)) == 2


def test_a_second_summary_says_so(world: World) -> None:
    world.once()
    send_summary(world)
    world.once()
    first, second = summaries(world)
    assert second == f"{first} (sent again)"


def test_a_summary_by_hand_replaces_one_that_could_not_leave(world: World, embedded: EmbeddedServers) -> None:
    embedded.refuse = lambda address: "451 4.3.0 later"
    world.once()
    embedded.refuse = None
    send_summary(world)
    world.later(minutes=5)
    assert len(summaries(world)) == 1
    assert "again" not in summaries(world)[0]


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_one_summary_on_the_days_when_clocks_change(make_world: MakeWorld, day: date) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    world = make_world(changes={'timezone = "UTC"': 'timezone = "Europe/Berlin"'}, start=start)
    for _ in range(3 * 24 * 2):
        world.later(minutes=30)
    assert len(summaries(world)) == 3

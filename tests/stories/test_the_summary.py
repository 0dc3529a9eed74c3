"""One summary a local date; what answers a reading leaves only after it stood in one."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.stories.conftest import MakeWorld
from tests.stories.world import World

UNA = "una@acme.example"
CAREFUL = {"referral_delay_hours = [0, 0]": "referral_delay_hours = [1, 2]"}


def subjects(world: World) -> list[str]:
    return [str(mail["Subject"]) for mail in world.inbox(world.owner) if mail["Auto-Submitted"] == "auto-generated"]


def text_of(world: World) -> str:
    mail = [one for one in world.inbox(world.owner) if one["Auto-Submitted"] == "auto-generated"][-1]
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_one_a_date_whose_hour_has_passed(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2027, 3, 1, 6, 0, tzinfo=UTC))
    world.once()
    assert subjects(world) == []
    world.later(hours=2)
    world.once()
    world.later(hours=10)
    assert len(subjects(world)) == 1
    world.later(hours=24)
    assert len(subjects(world)) == 2
    world.later(days=7)
    assert len(subjects(world)) == 3


def test_it_comes_when_nothing_happened(world: World) -> None:
    world.once()
    assert len(subjects(world)) == 1
    assert "askaround" in subjects(world)[0]


def test_what_answers_a_reading_has_stood_in_a_summary(make_world: MakeWorld) -> None:
    world = make_world(changes=CAREFUL)
    world.person(UNA)
    world.once()
    world.reply(UNA, "Sorry, I am not interested.\n\nUna\n")
    world.later(hours=1)
    assert world.state(UNA) == "declined"
    world.later(hours=3)
    assert len(world.inbox(UNA)) == 1, "its time has come, but the owner has not read of it"
    world.later(hours=20)
    assert "Una Berg" in text_of(world)
    world.later(minutes=5)
    assert len(world.inbox(UNA)) == 2


def test_the_owner_can_stop_what_stood_in_the_summary(make_world: MakeWorld) -> None:
    world = make_world(changes=CAREFUL)
    world.person(UNA)
    world.once()
    world.reply(UNA, "Sorry, I am not interested.\n\nUna\n")
    world.once()
    world.later(hours=24)
    mail = next(row for row in world.status()["outbox"] if row["step"] == "referral_request")
    if mail["state"] == "due":
        world.tell(mail["id"], "cancel")
    world.later(days=3)
    assert len(world.inbox(UNA)) == 1


def test_numbers_and_full_names_in_both_parts(world: World) -> None:
    world.person(UNA)
    world.once()
    world.reply(UNA, "Gladly! Could we talk on Thursday at four?\n\nUna\n")
    world.later(hours=24)
    mail = [one for one in world.inbox(world.owner) if one["Auto-Submitted"] == "auto-generated"][-1]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "1. Una Berg" in plain.get_content()
    for part in (plain, html):
        assert "Una Berg" in part.get_content()
        assert "Thursday at four" in part.get_content()


def test_a_summary_that_is_not_taken_leaves_later(world: World) -> None:
    world.servers.refuse = lambda address: "451 4.3.0 try again later"  # type: ignore[attr-defined]
    report = world.once()
    assert report.errors
    assert subjects(world) == []
    world.servers.refuse = None  # type: ignore[attr-defined]
    world.later(minutes=1)
    assert len(subjects(world)) == 1


def test_a_stranger_cannot_write_into_the_summary(world: World) -> None:
    world.person(UNA, name="Una <b>Berg</b>", company="<script>alert(1)</script>")
    world.once()
    world.reply(UNA, 'Yes, gladly! <img src="http://evil.example/x.png"> <a href="http://evil.example">here</a>\n')
    world.later(hours=24)
    mail = [one for one in world.inbox(world.owner) if one["Auto-Submitted"] == "auto-generated"][-1]
    body = mail.get_body(("html",))
    assert body is not None
    page = body.get_content()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert '<a href="http' not in page
    assert "&lt;a href=" in page

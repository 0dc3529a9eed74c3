"""A yes or a question is mailed to the owner at once: once, by day, and so that it can be answered."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.test_the_owner_answers import answer
from tests.stories.world import PASSWORD, World
from worker.jobs import alerts
from worker.store import summaries

UNA = "una@acme.example"
PAT = "pat@acme.example"
YES = "Yes, gladly! Thursday at ten?\n\nUna\n"


def ours(world: World) -> list[EmailMessage]:
    return [one for one in world.inbox(world.owner) if one["Auto-Submitted"] == "auto-generated"]


def told(world: World) -> list[str]:
    return [str(one["Subject"]) for one in ours(world) if "askaround," not in str(one["Subject"])]


def asked(world: World) -> None:
    world.person(UNA)
    world.once()
    assert len(ours(world)) == 1, "the morning's summary"


def test_a_yes_is_told_at_once_and_once(world: World) -> None:
    asked(world)
    world.reply(UNA, YES)
    world.later(minutes=5)
    assert told(world) == ["Una Berg: A yes"]
    mail = ours(world)[-1]
    assert mail["To"]
    assert world.owner in mail["To"]
    assert mail["X-Askaround-Token"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert "1. Una Berg" in body.get_content()
    assert "Thursday at ten" in body.get_content()
    world.later(minutes=5)
    world.later(hours=1)
    assert len(told(world)) == 1
    world.later(days=1)
    assert len(told(world)) == 1
    assert len(ours(world)) == 3, "the next morning's summary comes all the same"


def test_a_question_is_told_and_a_no_is_not(world: World) -> None:
    asked(world)
    world.person("bob@firm.example", name="Bob Ray")
    world.later(minutes=1)
    world.reply(UNA, "What exactly would you like to know?\n\nUna\n")
    world.reply("bob@firm.example", "No, thank you, I am not interested.\n\nBob\n", name="Bob Ray")
    world.later(minutes=5)
    assert told(world) == ["Una Berg: A question for you"]


def test_it_is_answered_like_a_summary(world: World) -> None:
    asked(world)
    world.reply(UNA, YES)
    world.later(minutes=5)
    answer(world, "1 met\n", ours(world)[-1])
    world.later(minutes=5)
    assert world.state(UNA) == "met"


def test_a_stranger_cannot_answer_it(world: World) -> None:
    asked(world)
    world.reply(UNA, YES)
    world.later(minutes=5)
    answer(world, "1 stop\n", ours(world)[-1], sender="mallory@evil.example")
    world.later(minutes=5)
    assert world.state(UNA) == "talking"


def test_somebody_elses_yes_is_told_as_theirs(world: World) -> None:
    asked(world)
    world.servers.add_user(PAT, PASSWORD)
    world.reply(PAT, "Yes, happy to talk.\n\nPat\n", name="Pat Moss", to=world.last_to(UNA))
    world.later(minutes=5)
    assert told(world) == ["Pat Moss: A yes"]


def test_at_night_it_waits_for_the_summary(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2027, 3, 1, 20, 0, tzinfo=UTC))
    asked(world)
    world.reply(UNA, YES)
    world.later(hours=1)  # 21:00
    world.later(hours=9, minutes=30)  # 6:30
    world.later(minutes=35)  # 7:05: by day again, and the summary comes at 7:30
    assert told(world) == []
    world.later(minutes=30)
    assert told(world) == []
    body = ours(world)[-1].get_body(("plain",))
    assert body is not None
    assert "Thursday at ten" in body.get_content()


def test_what_the_summary_of_the_same_turn_tells_is_not_told_twice(world: World) -> None:
    asked(world)
    world.reply(UNA, YES)
    world.later(days=1)
    assert told(world) == []


def test_it_can_be_switched_off(make_world: MakeWorld) -> None:
    world = make_world(changes={"[store]": "[alerts]\nmail = false\n\n[store]"})
    asked(world)
    world.reply(UNA, YES)
    world.later(minutes=5)
    assert told(world) == []


def test_one_that_is_not_taken_leaves_later_that_day(world: World) -> None:
    asked(world)
    world.reply(UNA, YES)
    world.servers.refuse = lambda address: "451 4.3.0 try again later"  # type: ignore[attr-defined]
    report = world.later(minutes=5)
    assert any("told at once" in one for one in report.errors)
    assert told(world) == []
    world.servers.refuse = None  # type: ignore[attr-defined]
    world.later(minutes=5)
    assert told(world) == ["Una Berg: A yes"]
    world.later(minutes=5)
    assert len(told(world)) == 1


@pytest.mark.parametrize("state, mails", [("due", 1), ("sending", 1), ("in_flight", 0)])
def test_a_crash_sends_it_once_or_leaves_it_to_the_summary(
    world: World, monkeypatch: pytest.MonkeyPatch, state: str, mails: int
) -> None:
    asked(world)
    world.reply(UNA, YES)

    class Crash(BaseException): ...

    def crash(store: object, desk: object, clock: object, line: object, row: object) -> None:
        world.store.transaction(lambda tx: summaries.advance(tx, row.id, state="due", attempt=0, to=state))  # type: ignore[attr-defined]
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(alerts.summarize, "deliver", crash)
        with pytest.raises(Crash):
            world.later(minutes=5)
    world.later(minutes=5)
    world.later(minutes=5)
    assert len(told(world)) == mails
    world.later(days=1)
    assert len(told(world)) == mails
    body = ours(world)[-1].get_body(("plain",))
    assert body is not None
    assert "Thursday at ten" in body.get_content()

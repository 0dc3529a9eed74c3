"""A summary holds what falls due on its day, when each mail really leaves, and all that the owner must know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.conversation.standing import Act, Decision
from worker.conversation.table import ROWS, Row
from worker.jobs import effects
from worker.jobs.case import Case
from worker.jobs.summarize import preview
from worker.store import contacts, conversations

UNA = "una@acme.example"
MONDAY = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)
OFFICE = {
    'window = ["00:00", "24:00"]': 'window = ["09:00", "17:00"]',
    'weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]': 'weekdays = ["mon", "tue", "wed", "thu", "fri"]',
}


def summaries(world: World) -> list[EmailMessage]:
    return [one for one in world.inbox(world.owner) if one["Auto-Submitted"] == "auto-generated"]


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def until(world: World, moment: datetime) -> None:
    """Jump to `moment` and take a turn there."""
    world.clock.advance(max(timedelta(), moment - world.clock.now()))
    world.once()


def test_a_call_that_falls_due_later_that_day_stands_in_the_mornings_summary(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2027, 3, 1, 11, 12, tzinfo=UTC), changes=OFFICE)
    world.person(UNA, phone="+49 30 1234567")
    world.once()
    assert len(world.inbox(UNA)) == 1
    world.clock.advance(timedelta(days=3) - timedelta(hours=3, minutes=32))  # Thursday, 7:40: due at 11:12
    world.once()
    assert "CALL TODAY" in plain(summaries(world)[-1])
    assert "+49 30 1234567" in plain(summaries(world)[-1])


def test_who_was_called_before_the_call_fell_due_is_not_called_again(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2027, 3, 1, 11, 12, tzinfo=UTC), changes=OFFICE)
    world.person(UNA, phone="+49 30 1234567")
    world.once()
    world.tell(UNA, "called")
    world.later(days=4)
    assert "CALL TODAY" not in plain(summaries(world)[-1])


def leaving(world: World) -> dict[str, datetime]:
    return {one.email: one.when for one in preview(world.store, world.desk).leaves}


def sent(world: World) -> dict[str, datetime]:
    from sqlalchemy import select

    from worker.store.schema import contact, outbox

    query = select(contact.c.email, outbox.c.sent_at).join(contact, contact.c.id == outbox.c.contact_id)
    rows = world.store.read(lambda tx: list(tx.execute(query)))
    return {row.email: row.sent_at for row in rows if row.sent_at is not None}


def test_what_leaves_is_what_left_and_when(make_world: MakeWorld) -> None:
    """Pace, gap, window and company: each mail leaves when the summary said, and nothing else before the next one."""
    changes = {**OFFICE, "per_day = 50": "per_day = 3", "gap_minutes = [0, 0]": "gap_minutes = [20, 50]"}
    world = make_world(start=MONDAY + timedelta(hours=2), changes=changes)
    for number in range(3):
        world.person(f"p{number}@firm{number}.example", name=f"Person {'ABC'[number]}")
    world.person("q1@firm0.example", name="Colleague One")
    world.person("ny@far.example", name="Far Away", timezone="America/New_York")
    world.once()
    said = leaving(world)
    assert len(said) == 3, "three a day"
    assert "q1@firm0.example" not in said, "a colleague is asked first"
    for when in sorted(said.values()):
        until(world, when - timedelta(seconds=30))
        until(world, when + timedelta(seconds=1))
    for hour in range(10, 47):
        until(world, datetime(2027, 3, 1, tzinfo=UTC) + timedelta(minutes=30 * hour))
    until(world, datetime(2027, 3, 2, 7, 29, tzinfo=UTC))
    left = sent(world)
    assert set(left) == set(said)
    for email, when in said.items():
        assert timedelta() <= left[email] - when <= timedelta(seconds=10), email
    assert leaving(world).keys() == {"ny@far.example"}


def test_while_paused_nothing_is_said_to_leave(make_world: MakeWorld) -> None:
    world = make_world(start=MONDAY, changes=OFFICE)
    world.person(UNA)
    world.once()
    assert set(leaving(world)) == {UNA}
    world.tell(UNA, "pause")
    assert leaving(world) == {}
    world.tell(UNA, "resume")
    world.tell(UNA, "wait")
    assert leaving(world) == {}


TELLING = [row for row in ROWS if Act.tell_owner in row.acts]


@pytest.mark.parametrize("row", TELLING, ids=[row.id for row in TELLING])
def test_each_row_that_tells_the_owner_shows_in_the_next_summary(world: World, row: Row) -> None:
    world.person(UNA, name="Una Berg")
    world.once()

    def happen(tx: object) -> None:
        person = contacts.by_key(tx, world.mailbox.id, UNA)  # type: ignore[arg-type]
        assert person is not None
        conversation = conversations.of_contact(tx, person.id)[0]  # type: ignore[arg-type]
        state = sorted(row.states)[0]
        conversations.note(tx, conversation.id, state=state)  # type: ignore[arg-type]
        case = Case(conversations.get(tx, conversation.id), person)  # type: ignore[arg-type]
        effects._follow(tx, world.desk, case, Decision(row.goes or state, row.acts, row.id))  # type: ignore[arg-type]

    before = {one.what for one in preview(world.store, world.desk).happened}
    world.store.transaction(happen)
    after = [one.what for one in preview(world.store, world.desk).happened if one.what not in before]
    assert any("Una Berg" in line for line in after), after
    world.later(days=1)
    assert any(line.split(": ")[-1][:20] in " ".join(plain(summaries(world)[-1]).split()) for line in after)


def calendars(mail: EmailMessage) -> list[str]:
    return [str(part.get_filename()) for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]


def test_a_call_comes_as_a_calendar_file_with_the_first_summary_that_lists_it(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2027, 3, 1, 11, 12, tzinfo=UTC), changes=OFFICE)
    world.person(UNA, phone="+49 30 1234567")
    world.once()
    until(world, datetime(2027, 3, 4, 7, 40, tzinfo=UTC))
    assert [name.startswith("call-c") for name in calendars(summaries(world)[-1])] == [True]
    until(world, datetime(2027, 3, 5, 7, 40, tzinfo=UTC))
    assert "CALL TODAY" in plain(summaries(world)[-1])
    assert calendars(summaries(world)[-1]) == []


def test_a_calendar_file_that_never_arrived_comes_with_the_next_summary(make_world: MakeWorld) -> None:
    from sqlalchemy import update

    from worker.store.schema import summary

    world = make_world(start=datetime(2027, 3, 1, 11, 12, tzinfo=UTC), changes=OFFICE)
    world.person(UNA, phone="+49 30 1234567")
    world.once()
    until(world, datetime(2027, 3, 4, 7, 40, tzinfo=UTC))
    world.store.transaction(lambda tx: tx.execute(update(summary).values(state="failed")) and None)
    until(world, datetime(2027, 3, 5, 7, 40, tzinfo=UTC))
    assert len(calendars(summaries(world)[-1])) == 1


def test_who_is_to_be_called_again_comes_with_a_calendar_file_again(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2027, 3, 1, 7, 40, tzinfo=UTC), changes=OFFICE)
    world.person("", name="Pat Phone", phone="+49 30 1234567", mailbox=False)
    world.once()
    assert len(calendars(summaries(world)[-1])) == 1
    world.tell("Pat Phone", "later 2027-03-08")
    until(world, datetime(2027, 3, 5, 7, 40, tzinfo=UTC))
    assert "CALL TODAY" not in plain(summaries(world)[-1])
    until(world, datetime(2027, 3, 8, 7, 40, tzinfo=UTC))
    assert "CALL TODAY" in plain(summaries(world)[-1])
    assert len(calendars(summaries(world)[-1])) == 1

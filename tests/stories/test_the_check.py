"""What `askaround check` finds: whom the owner wrote to before, how the words read, who is asked on which day."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.stories.conftest import MakeWorld
from tests.stories.world import World
from worker.jobs.check import check
from worker.jobs.lines import Grade, Line

UNA = "una@acme.example"
FRIDAY = datetime(2027, 3, 5, 8, tzinfo=UTC)


def looked(world: World, what: str = "", *, offline: bool = False) -> list[Line]:
    found = list(check(world.store, world.desk, offline=offline))
    return [line for line in found if what in ("", line.what)]


def working_days(make_world: MakeWorld, sequence: str = "") -> World:
    changes = {
        "per_day = 50": "per_day = 3",
        'window = ["00:00", "24:00"]': 'window = ["09:00", "17:00"]',
        'weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]': 'weekdays = "mon-fri"',
        "gap_minutes = [0, 0]": "gap_minutes = [10, 10]",
        "holidays = false": 'holidays = "DE"',
        "[store]": f"[sequence]\n{sequence}\n\n[store]",
    }
    return make_world(changes=changes, start=FRIDAY)


def test_whom_the_owner_wrote_to_before_is_named(world: World) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = world.owner, UNA, "<by-hand@owner.example>"
    mail.set_content("We met at the fair.")
    world.servers.deliver(world.owner, mail.as_bytes(), "Sent")
    world.person(UNA)
    world.person("other@place.example")
    for _ in range(2):
        (line,) = looked(world, "contacts")
        assert (line.grade, f"1 of them before, so that their ask waits for your word: {UNA} (" in line.says) == (
            Grade.note,
            True,
        )
        assert "askaround tell EMAIL ok" in line.todo
    world.once()
    assert world.inbox(UNA) == []
    (plan,) = looked(world, "plan")
    assert plan.says == "nobody is asked: the ask that waits is held"


def test_the_first_week_keeps_to_days_hours_holidays_and_companies(make_world: MakeWorld) -> None:
    world = working_days(make_world)
    for n in range(5):
        world.person(f"una{n}@place{n}.example", name=f"Una{n} Berg")
    world.person("colleague@place0.example", name="Dana Weiss")
    world.person("far@away.example", name="Kim Far", timezone="America/New_York")
    before = world.status()
    (line,) = looked(world, "plan")
    head, *rows = line.rows
    assert head == ("day", "time", "asks", "whom")
    assert rows[0] == ("Fri 05 Mar", "09:00-09:20", "3", "Una0 Berg, Una1 Berg, Una2 Berg")
    # Monday the eighth is a holiday in a part of Germany alone; the colleague waits for three days of silence
    assert rows[1] == ("Mon 08 Mar", "09:00-14:00", "3", "Una3 Berg, Una4 Berg, Kim Far")
    assert rows[2][0:1] + rows[2][2:] == ("Wed 10 Mar", "1", "Dana Weiss")
    assert line.says == "7 of 7 asks within 7 days, in your time (UTC)"
    assert world.status() == before, "nothing was planned by looking"


def test_what_it_foretells_comes_true(make_world: MakeWorld) -> None:
    world = working_days(make_world, "approve_first = 2")
    for n in range(5):
        world.person(f"una{n}@place{n}.example", name=f"Una{n} Berg")
    (line,) = looked(world, "plan")
    assert "The first ones wait for your word" in line.todo
    world.once()
    for n in range(2):
        world.tell(f"una{n}@place{n}.example", "send")
    (again,) = looked(world, "plan")
    assert again.rows == line.rows
    assert [row[:3] for row in line.rows[1:]] == [
        ("Fri 05 Mar", "09:00-09:20", "3"),
        ("Mon 08 Mar", "09:00-09:10", "2"),
    ]
    left = []
    for wait in (60, 10, 10, 10, 2 * 24 * 60 + 23 * 60 + 30, 10):
        world.later(minutes=wait)
        left.append(sum(bool(world.inbox(f"una{n}@place{n}.example")) for n in range(5)))
    assert left == [1, 2, 3, 3, 4, 5]


@pytest.mark.parametrize(
    "words, says",
    [("pause", "nobody is asked: you have paused"), ("away", "nobody is asked within 7 days")],
)
def test_why_nobody_is_asked(make_world: MakeWorld, words: str, says: str) -> None:
    away = 'timezone = "UTC"\naway = [["2027-03-01", "2027-04-01"]]'
    world = make_world(changes={'timezone = "UTC"': away} if words == "away" else {})
    world.person(UNA)
    if words == "pause":
        from worker.jobs.pausing import pause

        pause(world.store, world.desk, None)
    (line,) = looked(world, "plan", offline=True)
    assert (line.grade, line.says.startswith(says), line.rows) == (Grade.note, True, ())


def test_without_contacts_it_says_so(world: World) -> None:
    (line,) = looked(world, "contacts", offline=True)
    assert (line.says, line.todo) == ("none yet: nobody will be asked", "askaround import FILE.csv")
    assert looked(world, "plan", offline=True) == []


def test_words_of_one_persons_row_are_told_with_their_address(world: World) -> None:
    world.person(UNA, opening="I saw that you are hiring.")
    world.person("other@place.example", opening="Your talk made me curious.")
    (line,) = looked(world, "words", offline=True)
    assert line.grade is Grade.note
    assert line.says == f"ask.md: it reads like a request for a job: “hiring” (to {UNA})"


def test_who_puts_copies_into_sent(make_world: MakeWorld) -> None:
    world = make_world()
    (line,) = looked(world, "copies")
    assert "put there if it is missing" in line.says
    world.config.write_text(world.config.read_text().replace("smtp = { ", 'smtp = { save_sent = "never", '))
    (line,) = looked(world, "copies")
    assert (line.grade, "none is put into Sent" in line.says) == (Grade.note, True)


def test_a_clock_that_is_slow_is_seen_by_the_mail_that_came(make_world: MakeWorld) -> None:
    world = make_world(start=datetime(2020, 3, 2, 9, tzinfo=UTC))
    assert "clock is slow" not in " ".join(line.says for line in looked(world, "clock"))
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "x@place.example", world.owner, "<now@place.example>"
    mail.set_content("Hello.")
    world.servers.deliver(world.owner, mail.as_bytes())
    lines = [line for line in looked(world, "clock") if "clock is slow" in line.says]
    assert [line.grade for line in lines] == [Grade.bad]

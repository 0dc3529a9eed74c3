"""Calendar answers and invitations: the method, who takes part, and when in which zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.reading.letters import multipart
from worker.conversation.vocabulary import Context, Kind
from worker.reading.calendar import parse
from worker.reading.reader import examine

EVENT = """\
BEGIN:VCALENDAR
METHOD:{method}
VERSION:2.0
BEGIN:VEVENT
UID:1@x.example
SUMMARY:Talk with Max\\, thirty
  minutes
DTSTART;TZID={zone}:20260310T100000
DTEND;TZID={zone}:20260310T103000
ATTENDEE;PARTSTAT={partstat};CN="Huber, Anna":mailto:anna@contact.example
BEGIN:VALARM
DTSTART:19700101T000000Z
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def event(method: str, partstat: str = "ACCEPTED", zone: str = "Europe/Berlin") -> str:
    return EVENT.format(method=method, partstat=partstat, zone=zone)


@pytest.mark.parametrize(
    ("method", "partstat", "status"),
    [
        ("REPLY", "ACCEPTED", "accepted"),
        ("REPLY", "DECLINED", "declined"),
        ("REPLY", "TENTATIVE", "tentative"),
        ("REQUEST", "NEEDS-ACTION", "proposed"),
        ("COUNTER", "TENTATIVE", "proposed"),
        ("CANCEL", "NEEDS-ACTION", "cancelled"),
    ],
)
def test_what_becomes_of_the_appointment(method: str, partstat: str, status: str) -> None:
    text = event(method, partstat)
    raw = multipart(
        "alternative", "Content-Type: text/plain\n\nSee you.", f"Content-Type: text/calendar; method={method}\n\n{text}"
    )
    found = examine(raw, Context())
    assert found.kind is Kind.calendar
    assert found.appointment is not None
    assert found.appointment.status == status
    assert found.appointment.title == "Talk with Max, thirty minutes"
    assert found.new_text == "See you."
    assert not found.human


@pytest.mark.parametrize("zone", ["Europe/Berlin", "W. Europe Standard Time"])
def test_its_time_has_a_zone(zone: str) -> None:
    found = parse(event("REPLY", zone=zone))
    assert found is not None
    assert found.starts == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    assert found.ends == datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def test_a_zone_that_the_file_describes_itself() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Home\nBEGIN:STANDARD\nTZOFFSETTO:-0330\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT"
    found = parse(event("REQUEST", zone="Home").replace("BEGIN:VEVENT", zone))
    assert found is not None
    assert found.starts == datetime(2026, 3, 10, 13, 30, tzinfo=UTC)


def test_a_duration_and_a_whole_day() -> None:
    found = parse("METHOD:REQUEST\nBEGIN:VEVENT\nDTSTART:20260310T100000Z\nDURATION:PT45M\nEND:VEVENT")
    assert found is not None
    assert found.starts is not None
    assert found.ends == found.starts + timedelta(minutes=45)
    day = parse("METHOD:REQUEST\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260310\nEND:VEVENT")
    assert day is not None
    assert day.starts == datetime(2026, 3, 10, tzinfo=UTC)


def test_a_letter_with_a_file_of_dates_is_a_letter() -> None:
    raw = multipart(
        "mixed",
        "Content-Type: text/plain\n\nGladly, see the attached dates.",
        f"Content-Type: text/calendar; name=d.ics\nContent-Disposition: attachment;"
        f" filename=d.ics\n\n{event('PUBLISH')}",
    )
    found = examine(raw, Context())
    assert found.kind is Kind.reply
    assert found.human
    assert found.appointment is not None


@pytest.mark.parametrize(
    "text", ["", "BEGIN:VEVENT", "BEGIN:VEVENT\nDTSTART:20269999T999999\n", "DTSTART;TZID=../../etc:20260101T000000"]
)
def test_broken_calendars_are_borne(text: str) -> None:
    parse(text)
    parse("BEGIN:VEVENT\n" + text)

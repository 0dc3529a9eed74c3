"""A mail leaves in working time, at the same minute across clock changes, with gaps, and never in a rush."""

from __future__ import annotations

import locale
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from worker.conversation import country
from worker.conversation.country import country_code, country_of_zone, subdivision, zone_named, zone_of
from worker.conversation.pacing import (
    Calendar,
    Colleague,
    Go,
    Wait,
    add_business_days,
    after_hours,
    business_days_after,
    calendar_for,
    company_has_answered,
    company_is_busy,
    first_moment_on,
    fits,
    holidays_of,
    is_business_day,
    later_than_absence,
    may_leave,
    next_business_day,
    nudge_is_stale,
    on_any_day,
    spread,
)
from worker.conversation.vocabulary import Pace, State
from worker.errors import ConfigError

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
WEEK = frozenset(range(5))
PLAIN = Calendar(BERLIN, (9 * 60, 17 * 60), WEEK)
ALWAYS = Calendar(BERLIN, (0, 24 * 60), frozenset(range(7)))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def leave(now: datetime, calendar: Calendar = PLAIN, **more: object) -> Go | Wait:
    given_: dict[str, object] = {"sent_today": 0, "per_day": 8, "last_sent_at": None, "gap_minutes": 5.0}
    return may_leave(now, calendar, **{**given_, "owner_away": (), "owner_zone": BERLIN, **more})  # type: ignore[arg-type]


# --- whose calendar


@pytest.mark.parametrize(
    ("zone", "country", "expected"),
    [
        (None, None, "Europe/Berlin"),
        ("America/New_York", None, "America/New_York"),
        ("america/new_york", "DE", "America/New_York"),
        (None, "United Kingdom", "Europe/London"),
        (None, "Japan", "Asia/Tokyo"),
        (None, "US", "Europe/Berlin"),
        (None, "España", "Europe/Berlin"),
        ("Nowhere/Town", "Österreich", "Europe/Vienna"),
        ("..", "Atlantis", "Europe/Berlin"),
    ],
)
def test_the_zone_is_theirs_where_it_is_known(zone: str | None, country: str | None, expected: str) -> None:
    assert calendar_for(Pace(), zone, country, "Europe/Berlin").zone.key == expected


@pytest.mark.parametrize(
    ("pace", "zone", "country", "owner", "closed", "open_"),
    [
        ("auto", None, None, "Europe/Berlin", "2026-10-03", "2026-07-14"),
        ("auto", None, "France", "Europe/Berlin", "2026-07-14", "2026-10-03"),
        ("auto", "America/New_York", None, "Europe/Berlin", "2026-11-26", "2026-10-03"),
        ("auto", None, "US", "Europe/Berlin", "2026-11-26", "2026-10-03"),
        ("auto", None, "DE-BY", "Europe/Berlin", "2026-01-06", "2026-07-14"),
        ("auto", None, "DE-XX", "Europe/Berlin", "2026-10-03", "2026-01-06"),
        ("auto", None, None, "UTC", None, "2026-12-25"),
        ("DE-BY", None, "France", "Europe/Paris", "2026-01-06", "2026-07-14"),
        ("DE", None, None, "Europe/Paris", "2026-10-03", "2026-01-06"),
        (False, None, "DE", "Europe/Berlin", None, "2026-12-25"),
    ],
)
def test_the_holidays_are_theirs_where_they_are_known(
    pace: str | bool, zone: str | None, country: str | None, owner: str, closed: str | None, open_: str
) -> None:
    calendar = calendar_for(Pace(holidays=pace), zone, country, owner)
    assert closed is None or date.fromisoformat(closed) in calendar.holidays
    assert date.fromisoformat(open_) not in calendar.holidays


def test_what_does_not_exist_is_said() -> None:
    with pytest.raises(ConfigError):
        calendar_for(Pace(), None, None, "Europe/Atlantis")
    for place in ("DE-QQ", "Atlantis", ""):
        with pytest.raises(ConfigError):
            holidays_of(place)


def test_a_mistake_in_the_pace_says_where_it_is_and_what_to_write() -> None:
    def told(wrong: Callable[[], object]) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            wrong()
        return caught.value.lines()

    monday = berlin("2026-06-08 10:00")
    assert told(lambda: calendar_for(Pace(), None, None, "Europe/Atlantis")) == [
        "There is no time zone 'Europe/Atlantis'.",
        "owner.timezone",
        'Write it like "Europe/Berlin".',
    ]
    assert told(lambda: holidays_of("Atlantis")) == [
        "No public holidays are known for 'Atlantis'.",
        "pace.holidays",
        'Write "auto", false, a country like "DE", or one with its part like "DE-BY".',
    ]
    assert told(lambda: next_business_day(monday.date(), Calendar(BERLIN, (540, 1020), frozenset()))) == [
        "The pace leaves no day to write on.",
        "pace.weekdays",
        "Name at least one weekday.",
    ]
    assert told(lambda: fits(monday, Calendar(BERLIN, (600, 600), WEEK))) == [
        "The pace leaves no minute to write in.",
        "pace.window",
        "End it after it begins.",
    ]
    mondays = [date(2026, 6, 1) + timedelta(weeks=n) for n in range(500)]
    always_away = [(first, first + timedelta(days=4)) for first in mondays]
    assert told(lambda: leave(monday, owner_away=always_away)) == [
        "The pace never lets a mail leave.",
        "pace",
        "Look at window, weekdays and owner.away.",
    ]


def test_countries_as_people_write_them() -> None:
    words = ("DE", " de ", "Germany", "DEUTSCHLAND", "de-BY", "Allemagne", "DEU")
    assert {country_code(word) for word in words} == {"DE"}
    assert {country_code(word) for word in ("Großbritannien", "Royaume-Uni", "United  Kingdom")} == {"GB"}
    assert country_code("U.S.A.") == country_code("United States") == "US"
    assert country_code("Guinea-Bissau") == "GW"
    assert country_code("Atlantis") is None
    assert country_code(None) is None
    assert (subdivision("de-by"), subdivision("Pays-Bas"), subdivision("DE")) == ("BY", None, None)


def test_countries_are_known_on_a_machine_that_knows_ascii_alone() -> None:
    tables, usual = (country._english, country._by_english_name), locale.setlocale(locale.LC_CTYPE)
    for table in tables:
        table.cache_clear()
    locale.setlocale(locale.LC_CTYPE, "C")
    try:
        assert country_code("Côte d'Ivoire") == country_code("cote d ivoire") == "CI"
    finally:
        locale.setlocale(locale.LC_CTYPE, usual)
        for table in tables:
            table.cache_clear()


def test_zones_and_their_countries() -> None:
    assert country_of_zone("US/Eastern") == "US"
    assert country_of_zone("Asia/Calcutta") == "IN"
    assert country_of_zone("CET") is country_of_zone("UTC") is country_of_zone("Europe") is None
    assert zone_of("PT") is None
    assert zone_of("DE") == BERLIN
    assert zone_named("america/new york") == NEW_YORK


# --- business days


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-03-27 10:07", 1, "2026-03-30 10:07"),  # the clocks go forward on the 29th
        ("2026-10-23 16:59", 1, "2026-10-26 16:59"),  # and back on the 25th
        ("2026-06-05 09:00", 5, "2026-06-12 09:00"),
        ("2026-06-06 12:00", 1, "2026-06-08 12:00"),
        ("2026-12-30 11:00", 2, "2027-01-04 11:00"),  # New Year's Day is a holiday
        ("2026-12-23 11:00", 1, "2026-12-24 11:00"),
        ("2026-12-24 11:00", 1, "2026-12-28 11:00"),
        ("2026-04-02 09:30", 1, "2026-04-07 09:30"),  # Good Friday, Easter Monday
    ],
)
def test_delays_keep_the_local_minute(start: str, n: int, end: str) -> None:
    calendar = calendar_for(Pace(), None, "DE", "Europe/Berlin")
    assert add_business_days(berlin(start), n, calendar) == berlin(end)


def test_the_minute_is_the_contacts() -> None:
    calendar = calendar_for(Pace(), "America/New_York", "US", "Europe/Berlin")
    # Friday; the United States change their clocks three weeks before Europe does.
    assert add_business_days(new_york("2026-03-06 10:00"), 1, calendar) == new_york("2026-03-09 10:00")
    assert add_business_days(new_york("2026-07-02 10:00"), 1, calendar) == new_york("2026-07-06 10:00")


def test_no_delay_is_at_once() -> None:
    sunday = berlin("2026-06-07 03:00")
    assert add_business_days(sunday, 0, PLAIN) == sunday
    assert business_days_after(date(2026, 6, 7), 0, PLAIN) == date(2026, 6, 7)
    assert after_hours(sunday, 0, ALWAYS) == sunday


def test_a_minute_that_the_clock_skips_is_that_much_later() -> None:
    assert add_business_days(berlin("2026-03-28 02:30"), 1, ALWAYS) == berlin("2026-03-29 03:30")


@given(
    moment=st.datetimes(datetime(2023, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),
    n=st.integers(0, 40),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo"]),
)
@settings(deadline=None, max_examples=examples(200), derandomize=True)
def test_business_days_never_go_back_and_end_on_one(moment: datetime, n: int, zone: str) -> None:
    calendar = calendar_for(Pace(), zone, None, "Europe/Berlin")
    later = add_business_days(moment, n, calendar)
    assert later >= moment
    assert n == 0 or is_business_day(later.astimezone(calendar.zone).date(), calendar)
    assert add_business_days(moment, n + 1, calendar) > later - timedelta(hours=1)


def test_a_week_without_days_is_an_error_and_no_endless_search() -> None:
    with pytest.raises(ConfigError):
        next_business_day(date(2026, 1, 1), Calendar(BERLIN, (540, 1020), frozenset()))
    with pytest.raises(ConfigError):
        fits(berlin("2026-06-05 09:00"), Calendar(BERLIN, (540, 540), WEEK))


# --- the window


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-06-05 08:59:59", "2026-06-05 09:00"),
        ("2026-06-05 09:00", "2026-06-05 09:00"),
        ("2026-06-05 16:59:59", "2026-06-05 16:59:59"),
        ("2026-06-05 17:00", "2026-06-08 09:00"),
        ("2026-06-06 12:00", "2026-06-08 09:00"),
        ("2026-03-28 12:00", "2026-03-30 09:00"),
    ],
)
def test_the_window_is_half_open_and_on_working_days(now: str, leaves: str) -> None:
    assert fits(berlin(now), PLAIN) == berlin(leaves)


def test_a_window_of_the_whole_day_has_no_hole_at_midnight() -> None:
    last = berlin("2026-06-05 23:59:59.999999")
    assert fits(last, ALWAYS) == last
    assert fits(berlin("2026-06-06 00:00"), ALWAYS) == berlin("2026-06-06 00:00")
    assert fits(berlin("2026-06-05 23:59:59"), Calendar(BERLIN, (0, 1440), WEEK)) == berlin("2026-06-05 23:59:59")


@given(
    moment=st.datetimes(datetime(2023, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Apia"]),
    window=st.tuples(st.integers(0, 700), st.integers(760, 1440)),
)
@settings(deadline=None, max_examples=examples(300), derandomize=True)
def test_fits_finds_the_first_minute(moment: datetime, zone: str, window: tuple[int, int]) -> None:
    calendar = Calendar(ZoneInfo(zone), window, WEEK, holidays_of("DE"))

    def inside(instant: datetime) -> bool:
        local = instant.astimezone(calendar.zone)
        minute = local.hour * 60 + local.minute
        return is_business_day(local.date(), calendar) and window[0] <= minute < window[1]

    found = fits(moment, calendar)
    assert found >= moment
    assert fits(found, calendar) == found
    assert inside(found)
    step = timedelta(minutes=1)
    assert found == moment or not inside(found - step) or window == (0, 1440)


def test_a_date_begins_with_its_working_time() -> None:
    calendar = calendar_for(Pace(), None, "DE", "Europe/Berlin")
    assert first_moment_on(date(2026, 3, 2), calendar) == berlin("2026-03-02 09:00")
    assert first_moment_on(date(2027, 1, 1), calendar) == berlin("2027-01-04 09:00")


def test_an_answer_waits_its_hours_and_then_for_the_window() -> None:
    assert after_hours(berlin("2026-06-04 11:00"), 24, PLAIN) == berlin("2026-06-05 11:00")
    assert after_hours(berlin("2026-06-05 11:00"), 24, PLAIN) == berlin("2026-06-08 09:00")
    assert after_hours(berlin("2026-03-28 11:00"), 24, ALWAYS) == berlin("2026-03-29 12:00")  # real hours


def test_every_moment_is_said_in_utc() -> None:
    """Both databases keep what they are given: a local time of this machine must not get in."""
    evening = new_york("2026-06-05 18:00")
    back = date(2026, 6, 1)
    moments = [
        add_business_days(evening, 0, PLAIN),
        add_business_days(evening, 2, PLAIN),
        fits(evening, PLAIN),
        fits(evening, ALWAYS),
        first_moment_on(date(2026, 6, 5), PLAIN),
        after_hours(evening, 1, ALWAYS),
        later_than_absence(evening, None, PLAIN),
        later_than_absence(evening, back, PLAIN),
        later_than_absence(evening, date(2026, 7, 1), PLAIN),
    ]
    waits = [
        leave(evening),
        leave(berlin("2026-06-05 10:00"), last_sent_at=new_york("2026-06-05 04:00")),
        leave(berlin("2026-06-05 10:00"), sent_today=8),
        leave(evening, ALWAYS, owner_away=((date(2026, 6, 5), date(2026, 6, 6)),)),
    ]
    moments += [wait.until for wait in waits if isinstance(wait, Wait)]
    assert len(moments) == 13
    assert {moment.tzinfo for moment in moments} == {UTC}


def test_a_day_begins_at_its_midnight() -> None:
    assert first_moment_on(date(2026, 6, 6), ALWAYS) == berlin("2026-06-06 00:00")
    away = leave(berlin("2026-06-05 10:00"), ALWAYS, owner_away=((date(2026, 6, 5), date(2026, 6, 6)),))
    assert isinstance(away, Wait)
    assert away.until == berlin("2026-06-07 00:00")
    assert away.why == "you are away, or leave on the next day, until 2026-06-06"
    full = leave(berlin("2026-06-05 10:00"), ALWAYS, sent_today=8)
    assert isinstance(full, Wait)
    assert (full.until, full.why) == (berlin("2026-06-06 00:00"), "8 of 8 mails have left today")


# --- chance without chance


@given(key=st.text(), low=st.floats(0, 100), width=st.floats(0, 100))
@settings(deadline=None, max_examples=examples(100), derandomize=True)
def test_spread_stays_inside_and_does_not_roll_again(key: str, low: float, width: float) -> None:
    number = spread(key, low, low + width)
    assert low <= number <= low + width
    assert number == spread(key, low, low + width)


def test_spread_spreads() -> None:
    numbers = [spread(f"mailbox/{n}/nudge", 4, 11) for n in range(500)]
    assert len(set(numbers)) == 500
    assert min(numbers) < 4.2 < 10.8 < max(numbers)
    assert 7 < sum(numbers) / 500 < 8


def test_spread_gives_what_it_gave_before_an_upgrade() -> None:
    """A mail that waits on its hour must not find another one in the next version, nor on another machine."""
    assert round(spread("mailbox/1/nudge", 0, 1), 6) == 0.853717
    assert round(spread("\ud800 – é", 4, 11), 6) == 9.931496


# --- absences


@pytest.mark.parametrize(
    ("due", "back", "leaves"),
    [
        ("2026-06-04 10:00", "2026-06-08", "2026-06-09 10:00"),
        ("2026-06-04 10:00", "2026-06-05", "2026-06-08 10:00"),
        ("2026-06-25 10:00", "2026-06-08", "2026-06-25 10:00"),
        ("2026-06-09 10:00", "2026-06-08", "2026-06-09 10:00"),
        ("2026-06-04 10:00", None, "2026-06-04 10:00"),
        ("2026-03-26 10:00", "2026-03-29", "2026-03-30 10:00"),  # the clocks go forward in between
    ],
)
def test_a_due_date_in_an_absence_becomes_the_first_business_day_after(due: str, back: str | None, leaves: str) -> None:
    until = date.fromisoformat(back) if back else None
    assert later_than_absence(berlin(due), until, PLAIN) == berlin(leaves)


@pytest.mark.parametrize(
    ("now", "stale"),
    [("2026-06-08 10:00", False), ("2026-06-15 10:00", False), ("2026-06-15 10:01", True)],
)
def test_a_nudge_is_dropped_when_it_is_late_by_more_than_its_delay(now: str, stale: bool) -> None:
    assert nudge_is_stale(berlin("2026-06-08 10:00"), berlin(now), 5, PLAIN) is stale


def test_a_short_nudge_may_be_two_business_days_late() -> None:
    friday = berlin("2026-06-05 10:00")
    assert not nudge_is_stale(friday, berlin("2026-06-09 10:00"), 0, PLAIN)
    assert nudge_is_stale(friday, berlin("2026-06-09 10:01"), 0, PLAIN)


# --- one mail more


def test_nothing_holds() -> None:
    assert leave(berlin("2026-06-05 10:00")) == Go()


def test_the_gap() -> None:
    last = berlin("2026-06-05 10:00")
    waiting = leave(berlin("2026-06-05 10:03"), last_sent_at=last, gap_minutes=6.5)
    assert isinstance(waiting, Wait)
    assert waiting.until == berlin("2026-06-05 10:06:30")
    assert leave(berlin("2026-06-05 10:06:30"), last_sent_at=last, gap_minutes=6.5) == Go()
    assert leave(last, last_sent_at=last, gap_minutes=0) == Go()


def test_a_clock_that_went_back_does_not_stretch_the_gap() -> None:
    waiting = leave(berlin("2026-06-05 10:00"), last_sent_at=berlin("2026-06-09 10:00"))
    assert isinstance(waiting, Wait)
    assert waiting.until == berlin("2026-06-05 10:05")


def test_a_gap_that_ends_after_the_window_waits_for_the_next_one() -> None:
    waiting = leave(berlin("2026-06-05 16:58"), last_sent_at=berlin("2026-06-05 16:57"))
    assert isinstance(waiting, Wait)
    assert waiting.until == berlin("2026-06-08 09:00")
    assert "minutes" in waiting.why


def test_the_days_number_counts_on_the_owners_date() -> None:
    waiting = leave(berlin("2026-06-04 16:00"), sent_today=8)
    assert isinstance(waiting, Wait)
    assert waiting.until == berlin("2026-06-05 09:00")
    assert "8 of 8" in waiting.why
    far = Calendar(ZoneInfo("Pacific/Auckland"), (540, 1020), WEEK)
    evening = leave(berlin("2026-06-03 23:30"), far, sent_today=8)  # Thursday 09:30 in Auckland
    assert isinstance(evening, Wait)
    assert evening.until == berlin("2026-06-04 00:00")


def test_the_owner_is_away_and_leaves_nothing_open_on_the_eve() -> None:
    away = ((date(2026, 6, 10), date(2026, 6, 12)),)
    assert leave(berlin("2026-06-08 10:00"), owner_away=away) == Go()
    for day in ("2026-06-09", "2026-06-10", "2026-06-12"):
        waiting = leave(berlin(f"{day} 10:00"), owner_away=away)
        assert isinstance(waiting, Wait)
        assert waiting.until == berlin("2026-06-15 09:00")
        assert "away" in waiting.why
    two = (*away, (date(2026, 6, 14), date(2026, 6, 20)))
    long = leave(berlin("2026-06-10 10:00"), owner_away=two)
    assert isinstance(long, Wait)
    assert long.until == berlin("2026-06-22 09:00")


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ("2026-06-06 10:00", "Saturday is no working day (Europe/Berlin)"),
        ("2026-12-25 10:00", "2026-12-25 is a public holiday there"),
        ("2026-06-05 20:00", "outside 09:00 to 17:00 (Europe/Berlin)"),
        ("2026-06-05 23:00", "outside 09:00 to 17:00 (Europe/Berlin)"),
        ("2026-06-08 00:30", "outside 09:00 to 17:00 (Europe/Berlin)"),
    ],
)
def test_the_reason_is_said(now: str, why: str) -> None:
    waiting = leave(berlin(now), calendar_for(Pace(), None, "DE", "Europe/Berlin"))
    assert isinstance(waiting, Wait)
    assert waiting.why == why


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    ago=st.integers(0, 30),
    gap=st.floats(0, 30),
    sent=st.integers(0, 3),
    away=st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 20)), max_size=4),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"]),
)
@settings(deadline=None, max_examples=examples(200), derandomize=True)
def test_what_waits_may_leave_when_its_time_has_come(
    now: datetime, ago: int, gap: float, sent: int, away: list[tuple[date, int]], zone: str
) -> None:
    calendar = Calendar(ZoneInfo(zone), (540, 1020), WEEK)
    absences = [(first, first + timedelta(days=length)) for first, length in away]
    more: dict[str, object] = {"per_day": 3, "gap_minutes": gap, "owner_away": absences}
    last = now - timedelta(minutes=ago)
    waiting = leave(now, calendar, sent_today=sent, last_sent_at=last, **more)
    if isinstance(waiting, Wait):
        assert waiting.until > now
        assert waiting.why
        another_day = waiting.until.astimezone(BERLIN).date() > now.astimezone(BERLIN).date()
        then = leave(waiting.until, calendar, sent_today=0 if another_day else sent, last_sent_at=last, **more)
        assert then == Go()
        local = waiting.until.astimezone(calendar.zone)
        assert time(9) <= local.time() < time(17)


# --- companies


ASKED = berlin("2026-06-03 10:00")  # a Wednesday


@pytest.mark.parametrize(
    ("colleague", "now", "busy"),
    [
        (Colleague(State.asked, ASKED), "2026-06-05 12:00", True),
        (Colleague(State.asked, ASKED), "2026-06-08 10:00", False),
        (Colleague(State.silent, ASKED), "2026-06-20 10:00", False),
        (Colleague(State.asked, ASKED, ASKED + timedelta(days=1)), "2026-06-20 10:00", True),
        (Colleague(State.asked, ASKED, ASKED), "2026-06-20 10:00", True),
        (Colleague(State.talking, ASKED, ASKED), "2026-09-20 10:00", True),
        (Colleague(State.declined, ASKED), "2026-06-20 10:00", True),
        (Colleague(State.snoozed, ASKED), "2026-06-20 10:00", True),
        (Colleague(State.planned), "2026-06-03 12:00", False),
        (Colleague(State.planned, ASKED), "2026-06-03 12:00", True),  # claimed, on the wire
        (Colleague(State.referred, ASKED, ASKED), "2026-06-03 12:00", False),
        (Colleague(State.closed, ASKED, ASKED), "2026-06-03 12:00", False),
        (Colleague(State.unreachable, ASKED), "2026-06-03 12:00", False),
        (Colleague(State.met, ASKED, ASKED), "2026-06-03 12:00", False),
    ],
)
def test_a_company_is_busy_while_a_conversation_there_is_alive(colleague: Colleague, now: str, busy: bool) -> None:
    rules: dict[str, object] = {"at_once": 1, "rest_days": 3, "calendar": PLAIN}
    assert company_is_busy([colleague], berlin(now), **rules) is busy  # type: ignore[arg-type]
    assert not company_is_busy([colleague], berlin(now), handed_to_us=True, **rules)  # type: ignore[arg-type]


def test_after_a_check_in_without_an_answer_the_company_rests_and_is_free() -> None:
    early = Colleague(State.asked, sent_at=ASKED, heard_at=ASKED - timedelta(days=40))
    rules: dict[str, object] = {"at_once": 1, "rest_days": 3, "calendar": PLAIN}
    assert company_is_busy([early], ASKED + timedelta(days=1), **rules)  # type: ignore[arg-type]
    assert not company_is_busy([early], ASKED + timedelta(days=7), **rules)  # type: ignore[arg-type]


def test_so_many_have_answered_that_nobody_there_is_reminded() -> None:
    talking, asked = Colleague(State.talking), Colleague(State.asked, ASKED)
    assert company_has_answered([talking, asked], at_once=1)
    assert not company_has_answered([asked], at_once=1)
    assert not company_has_answered([talking, asked], at_once=2)
    assert not company_has_answered([talking], at_once=1, handed_to_us=True)


def test_the_same_hours_on_every_day() -> None:
    assert on_any_day(PLAIN) == Calendar(BERLIN, (9 * 60, 17 * 60), frozenset(range(7)))


def test_more_than_one_at_once_where_the_owner_says_so() -> None:
    one = Colleague(State.talking)
    assert not company_is_busy([one], ASKED, at_once=2, rest_days=3, calendar=PLAIN)
    assert company_is_busy([one, one], ASKED, at_once=2, rest_days=3, calendar=PLAIN)
    assert not company_is_busy([Colleague(State.asked, ASKED)], ASKED, at_once=1, rest_days=0, calendar=PLAIN)

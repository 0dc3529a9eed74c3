"""A reading becomes the right occurrences, whoever wrote it and wherever it lies."""

from __future__ import annotations

from datetime import date

import pytest

from worker.conversation.evidence import is_human_reply, occurrences, seen_in
from worker.conversation.standing import Standing
from worker.conversation.table import acts_alone
from worker.conversation.vocabulary import Appointment, Bounce, Intent, Kind, Match, Person, Reading, State

DANA = Person(name="Dana Weiss", email="dana@weiss.example")


def reply(intent: Intent | None, *, sure: bool = True, **more: object) -> Reading:
    return Reading(kind=Kind.reply, intent=intent, sure=sure, human=True, **more)  # type: ignore[arg-type]


def auto(intent: Intent | None, *, sure: bool = True, **more: object) -> Reading:
    return Reading(kind=Kind.auto_reply, intent=intent, sure=sure, **more)  # type: ignore[arg-type]


def bounce(*, hard: bool, about: str = "recipient") -> Reading:
    return Reading(kind=Kind.bounce, bounce=Bounce("anna@a.example", None, hard, "x", about=about))


def invite(method: str, status: str = "") -> Reading:
    return Reading(kind=Kind.calendar, appointment=Appointment(method, status))


def names(reading: Reading, match: Match = Match.thread, **more: bool) -> str:
    return " ".join(occurrences(reading, match=match, **more))


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (reply(Intent.interested), "interested"),
        (reply(Intent.interested, referrals=(DANA,)), "interested people"),
        (reply(Intent.declined, sure=False), "unsure"),
        (reply(Intent.opt_out, sure=False), "unsure"),
        (reply(Intent.other), "unsure"),
        (reply(None), "unsure"),
        (reply(Intent.referral, referrals=(DANA,)), "referral"),
        (reply(Intent.left_company, referrals=(DANA,)), "left_company successor"),
        (reply(Intent.opt_out, referrals=(DANA,)), "opt_out"),
        (reply(Intent.later, appointment=Appointment("REQUEST", "")), "later calendar_accepted"),
        (reply(Intent.declined, appointment=Appointment("CANCEL", "")), "declined"),
        (auto(Intent.out_of_office), "out_of_office"),
        (auto(Intent.left_company, referrals=(DANA,)), "left_company people"),
        (auto(Intent.referral, referrals=(DANA,)), "referral_automatic"),
        (auto(Intent.opt_out), "opt_out"),
        (auto(Intent.declined), "unsure"),
        (auto(Intent.interested), "unsure"),
        (auto(Intent.other), "unsure"),
        (auto(None), "automatic"),
        (bounce(hard=True), "hard_bounce"),
        (bounce(hard=False), "soft_failure"),
        (bounce(hard=False, about="network"), "soft_failure"),
        (bounce(hard=True, about="policy"), "soft_failure refused"),
        (Reading(kind=Kind.bounce), "unsure"),
        (Reading(kind=Kind.complaint), "complaint"),
        (Reading(kind=Kind.delay), "delay"),
        (Reading(kind=Kind.receipt), "receipt"),
        (Reading(kind=Kind.list), "unsure"),
        (Reading(kind=Kind.own), ""),
        (Reading(kind=Kind.unreadable), "unsure"),
        (invite("REQUEST"), "calendar_accepted"),
        (invite("reply", "accepted"), "calendar_accepted"),
        (invite("REPLY", "TENTATIVE"), "calendar_accepted"),
        (invite("COUNTER"), "calendar_accepted"),
        (invite("ADD"), "calendar_accepted"),
        (invite("publish"), "calendar_accepted"),
        (invite(""), "calendar_accepted"),
        (invite("REQUEST", "cancelled"), "calendar_declined"),
        (invite("DECLINECOUNTER"), "calendar_declined"),
        (invite("REPLY", "DECLINED"), "calendar_declined"),
        (invite("CANCEL"), "calendar_declined"),
        (invite("REPLY", "DELEGATED"), "unsure"),
        (invite("REFRESH"), "unsure"),
    ],
)
def test_a_mail_of_the_contact_in_the_thread(reading: Reading, expected: str) -> None:
    assert names(reading) == expected


@pytest.mark.parametrize("intent", list(Intent))
def test_a_guess_is_the_owners_to_settle_unless_it_opts_out(intent: Intent) -> None:
    expected = "opt_out" if intent is Intent.opt_out else "unsure"
    assert names(reply(intent), Match.guess) == expected
    assert names(auto(intent), Match.guess) == expected
    assert not is_human_reply(reply(intent), Match.guess)


def test_a_guessed_bounce_waits_and_a_guessed_delay_or_receipt_changes_nothing() -> None:
    assert names(bounce(hard=True), Match.guess) == "unsure"
    assert names(Reading(kind=Kind.delay), Match.guess) == "delay"
    assert names(Reading(kind=Kind.receipt), Match.guess) == "receipt"


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (reply(Intent.interested, referrals=(DANA,)), "interested people"),
        (reply(Intent.question), "question"),
        (reply(Intent.opt_out), "opt_out"),
        (auto(Intent.out_of_office), "out_of_office"),
        (bounce(hard=True), "hard_bounce"),
        (bounce(hard=False), "junk_answer"),
        (reply(Intent.declined), "junk_answer"),
        (reply(Intent.referral, referrals=(DANA,)), "junk_answer"),
        (reply(Intent.later), "junk_answer"),
        (reply(Intent.left_company, referrals=(DANA,)), "junk_answer"),
        (reply(Intent.other), "unsure"),
    ],
)
def test_a_mail_in_junk_alone_stops_and_tells_but_starts_nothing(reading: Reading, expected: str) -> None:
    assert names(reading, in_junk=True) == expected


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (reply(Intent.interested), "stranger_yes"),
        (reply(Intent.interested, sure=False), "stranger_wrote"),
        (reply(Intent.declined), "stranger_wrote"),
        (reply(Intent.referral, referrals=(DANA,)), "stranger_wrote"),
        (reply(Intent.out_of_office), "stranger_wrote"),
        (reply(Intent.opt_out), "opt_out"),
        (invite("REQUEST"), "stranger_wrote"),
        (auto(Intent.out_of_office), "out_of_office"),
        (bounce(hard=True), "hard_bounce"),
    ],
)
def test_somebody_else_in_the_thread_is_shown(reading: Reading, expected: str) -> None:
    assert names(reading, from_contact=False) == expected


def test_a_strangers_yes_in_junk_makes_no_contact() -> None:
    assert names(reply(Intent.interested), from_contact=False, in_junk=True) == "stranger_wrote"


def test_an_absence_is_no_human_reply_unless_one_cannot_be_sure() -> None:
    assert not is_human_reply(reply(Intent.out_of_office))
    assert is_human_reply(reply(Intent.out_of_office, sure=False))
    assert is_human_reply(reply(Intent.other))
    assert is_human_reply(Reading(kind=Kind.unreadable))
    assert not is_human_reply(auto(Intent.other))
    assert not is_human_reply(bounce(hard=True))


def test_the_facts_of_a_mail_stand_beside_the_conversation() -> None:
    asked = Standing(State.asked)
    assert not seen_in(asked, reply(Intent.later, return_date=date(2026, 3, 2))).dated
    assert seen_in(asked, reply(Intent.later, resume_after=date(2026, 3, 2))).dated
    assert seen_in(asked, auto(Intent.out_of_office, return_date=date(2026, 3, 2))).dated
    for named in (DANA, Person(name="Dana Weiss"), Person(email="dana@weiss.example")):
        assert seen_in(asked, reply(Intent.referral, referrals=(named,))).handed_on
    assert not seen_in(asked, reply(Intent.referral, referrals=(Person(phone="+49 30 123"),))).handed_on


@pytest.mark.parametrize(
    ("reading", "alone"),
    [
        (reply(Intent.interested), True),
        (reply(Intent.later), True),
        (reply(Intent.referral), True),
        (reply(Intent.interested, referrals=(DANA,)), True),
        (auto(Intent.out_of_office), True),
        (auto(Intent.referral, referrals=(DANA,)), True),
        (bounce(hard=True), True),
        (bounce(hard=False), True),
        (reply(Intent.declined, sure=False), False),
        (reply(Intent.other), False),
        (auto(Intent.other), False),
        (Reading(kind=Kind.list), False),
        (Reading(kind=Kind.delay), False),
        (Reading(kind=Kind.unreadable), False),
        (invite("REQUEST"), True),
        (invite("CANCEL"), False),
    ],
)
def test_act_of_explain(reading: Reading, alone: bool) -> None:
    assert acts_alone(reading) is alone

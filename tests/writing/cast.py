"""People and a morning that the writing tests share."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from worker.conversation.vocabulary import Contact, Intent, Person, Step
from worker.writing import Owner
from worker.writing.summary import (
    Call,
    Happened,
    Leaving,
    Led,
    Need,
    NeedsYou,
    Standing,
    SummaryContent,
    Week,
    actions_for,
    call_actions,
    leaving_actions,
    sentences,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

OWNER = Owner(
    name="Alex Doe",
    email="alex@mail.example",
    phone="+31 20 555 0100",
    about={
        "field": "hydrology",
        "meet": "over coffee anywhere in Utrecht, at your office or by phone",
        "background": "I am a nurse in Utrecht, with eight years on the wards.",
        "why": "Water has pulled at me since school.",
        "link": "https://alex.example",
    },
)
BARE_OWNER = Owner(name="Alex Doe", email="alex@mail.example")

UNA = Contact(
    email="una@deltaworks.example",
    name="Una Berg",
    first_name="Una",
    last_name="Berg",
    company="Delta Works",
    role="lock keeper",
    profession="hydraulic engineer",
    opening="Your article on tide mills made me rethink what a river is for.",
)
NOBODY = Contact(email="somebody@nowhere.example")
LEE = Person(name="Lee Park", email="lee@rivers.example")


def morning(language: str = "en") -> SummaryContent:
    """A full summary: every section, every kind of need that is common."""
    when = datetime(2026, 11, 24, 7, 30, tzinfo=AMSTERDAM)

    def choices(need: Need, number: int, name: str, email: str | None = None, subject: str | None = None):
        return actions_for(need, number, name=name, email=email, subject=subject, language=language)

    bo = Contact(email="bo@havn.example", name="Bo Lind", phone="+351 21 555 0177")
    return SummaryContent(
        day=when.date(),
        made_at=when,
        owner="Alex Doe",
        mailbox="alex@mail.example",
        token="s-20261124-7f3a",
        language=language,
        needs_you=(
            NeedsYou(
                1,
                Need.yes,
                "Lee Park",
                "lee@rivers.example",
                "Rivers & Co",
                words="Happy to talk! I am at my desk on Thursday after two, or ring me on Friday morning.\n\n"
                "Bring boots if you want to see the gauges <b>outside</b>.",
                reading=Intent.interested,
                sure=0.97,
                deciding=("Happy to talk", "ring me on Friday morning"),
                times=("Thursday after two", "Friday morning"),
                actions=choices(Need.yes, 1, "Lee Park", "lee@rivers.example", "Re: Thirty minutes about hydrology?"),
            ),
            NeedsYou(
                2,
                Need.review,
                "Noor de Vries",
                "noor@waterschap.example",
                "Waterschap Oost",
                words="Not sure I am the person you want. We are not taking anybody on at the moment.",
                reading=Intent.declined,
                sure=0.64,
                deciding=("not taking anybody on",),
                note="If it is a no, a thank-you leaves that asks for another name.",
                actions=actions_for(Need.review, 2, name="Noor de Vries", reading=Intent.declined, language=language),
            ),
            NeedsYou(
                3,
                Need.proposed,
                "Dana Weiss",
                "dana@gauges.example",
                words="You should rather speak to Dana Weiss, she runs the stations: dana@gauges.example",
                note="Named by Ines Costa. Nobody writes to Dana before you say so.",
                actions=choices(Need.proposed, 3, "Dana Weiss"),
            ),
        ),
        call_today=(
            Call(
                4,
                "Bo Lind",
                "+351 21 555 0177",
                "bo@havn.example",
                "harbour pilot",
                "Havn",
                their_time=datetime(2026, 11, 24, 6, 30, tzinfo=ZoneInfo("Europe/Lisbon")),
                written=((Step.ask, date(2026, 11, 19)),),
                say=sentences(bo, OWNER, language),
                actions=call_actions(4, name="Bo Lind", language=language),
            ),
        ),
        happened=(
            Happened(
                "Ines Costa wrote: no, but named Dana Weiss.", "Read as a pointer to somebody else: “speak to Dana”."
            ),
            Happened("Kim Aas is away until 1 December.", "Automatic answer; the reminder moves to that day."),
            Happened("First mail to Max Ohm.", "The pace allowed it at 14:12."),
        ),
        leaves=(
            Leaving(
                5,
                "Ines Costa",
                "ines@ponte.example",
                Step.thanks_for_name,
                datetime(2026, 11, 24, 9, 12, tzinfo=AMSTERDAM),
                "Ponte",
                subject="Re: Thirty minutes about your work at Ponte?",
                first_lines="Hi Ines,\n\nThank you for pointing me to Dana Weiss. That is a real help.",
                why="Answers what she wrote yesterday.",
                actions=leaving_actions(5, language=language),
            ),
            Leaving(
                6,
                "Max Ohm",
                "max@pegel.example",
                Step.nudge,
                datetime(2026, 11, 25, 10, 40, tzinfo=AMSTERDAM),
                "Pegel GmbH",
                first_lines="Hi Max,\n\nA few days ago I asked whether you would give me thirty minutes.",
                actions=leaving_actions(6, language=language),
            ),
        ),
        standing=Standing(
            asked=31,
            answered=14,
            talks=5,
            referrals=6,
            weeks=(Week(date(2026, 11, 9), 12, 4), Week(date(2026, 11, 16), 15, 8), Week(date(2026, 11, 23), 4, 2)),
            tree=(
                Led("Ines Costa", "declined", (Led("Dana Weiss", "proposed"),)),
                Led(
                    "Una Berg",
                    "met",
                    (Led("Lee Park", "talking", (Led("Pat O'Neil", "asked"),)), Led("Jo Tan", "silent")),
                ),
            ),
        ),
        last_check=datetime(2026, 11, 24, 7, 28, tzinfo=AMSTERDAM),
    )


def quiet_morning() -> SummaryContent:
    """A day on which nothing is to be said."""
    when = datetime(2026, 11, 24, 7, 30, tzinfo=AMSTERDAM)
    return SummaryContent(day=when.date(), made_at=when, owner="Alex Doe", mailbox="alex@mail.example", last_check=when)

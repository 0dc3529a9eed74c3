"""Ten mornings of one search, none like another, in the words of any language: what the worker would say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

from tests.writing.cast import AMSTERDAM, OWNER
from worker.conversation.vocabulary import Contact, Intent, Step
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
    Words,
    actions_for,
    call_actions,
    leaving_actions,
    sentences,
    words_for,
)
from worker.writing.summary.said import said

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=AMSTERDAM)
TODAY = NOW.date()
SUBJECT = "Thirty minutes about hydrology?"

LEE = ("Lee Park", "lee@rivers.example", "Rivers & Co")
NOOR = ("Noor de Vries", "noor@waterschap.example", "Waterschap Oost")
DANA = ("Dana Weiss", "dana@gauges.example", None)
INES = ("Inês Costa", "ines@ponte.example", "Ponte")
THORA = ("Þóra Ólafsdóttir", "thora@straumur.example", "Straumur")
KIM = ("Kim Aas", "kim@fjord.example", "Fjord AS")
MAX = ("Max Ohm", "max@pegel.example", "Pegel GmbH")
LONG = (
    "Maria-Magdalena von der Heydte-Wolkenstein",
    "maria-magdalena.heydte-wolkenstein@donauwasserstrassenbehoerde.example",
    "Donauwasserstraßenverwaltungsbehörde Niederösterreich",
)

Day = Callable[[str], SummaryContent]


class Morning:
    """Gives items their numbers, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: Words = words_for(language)
        self.numbers: Iterator[int] = count(1)

    def need(self, kind: Need, who: tuple[str, str | None, str | None], **more: object) -> NeedsYou:
        number = next(self.numbers)
        name, email, company = who
        reading = more.get("reading")
        actions = actions_for(
            kind,
            number,
            name=name,
            email=email,
            subject=SUBJECT,
            reading=reading if isinstance(reading, Intent) else None,
            language=self.language,
        )
        return NeedsYou(number, kind, name, email, company, actions=actions, **more)  # type: ignore[arg-type]

    def call(self, who: tuple[str, str, str], phone: str, role: str, theirs: datetime | None = None) -> Call:
        number = next(self.numbers)
        name, email, company = who
        contact = Contact(email=email, name=name, phone=phone)
        return Call(
            number,
            name,
            phone,
            email,
            role,
            company,
            their_time=theirs,
            written=((Step.ask, date(2026, 11, 19)),),
            say=sentences(contact, OWNER, self.language),
            actions=call_actions(number, name=name, language=self.language),
        )

    def leaves(self, who: tuple[str, str, str | None], step: Step, when: datetime, text: str, why: str = "") -> Leaving:
        number = next(self.numbers)
        name, email, company = who
        return Leaving(
            number,
            name,
            email,
            step,
            when,
            company,
            subject=SUBJECT if step is Step.ask else f"Re: {SUBJECT}",
            first_lines=text,
            why=why,
            actions=leaving_actions(number, language=self.language),
        )

    def did(self, who: str, key: str, why: str = "", **slots: object) -> Happened:
        return Happened(self.words.pair(who, self.words.did[key].format(**slots)), why)

    def content(self, **more: object) -> SummaryContent:
        day = SummaryContent(
            day=TODAY,
            made_at=NOW,
            owner="Alex Doe",
            mailbox="alex@mail.example",
            token="s-20261124-7f3a9c0e5b21",
            language=self.language,
            last_check=NOW - timedelta(minutes=2),
        )
        return replace(day, **more)  # type: ignore[arg-type]


def _at(hour: int, minute: int, days: int = 0) -> datetime:
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=days)


def quiet(language: str) -> SummaryContent:
    """Nothing to do and nothing to tell: the worker says that it is alive."""
    return Morning(language).content()


def first_day(language: str) -> SummaryContent:
    """The list was imported the evening before; the first mails leave."""
    day = Morning(language)
    hello = "You have kept the gauges of the lower Rhine for twenty years.\nWould you give me thirty minutes?"
    return day.content(
        happened=(day.did("Max Ohm", "added"), day.did(LONG[0], "added"), day.did("Þóra Ólafsdóttir", "added")),
        leaves=(
            day.leaves(MAX, Step.ask, _at(9, 4), hello),
            day.leaves(LONG, Step.ask, _at(9, 13), hello),
            day.leaves(THORA, Step.ask, _at(10, 21, days=1), hello),
        ),
        standing=Standing(),
    )


def a_yes(language: str) -> SummaryContent:
    """Somebody said yes in the evening, with times and a page to book on."""
    day = Morning(language)
    return day.content(
        needs_you=(
            day.need(
                Need.yes,
                LEE,
                words="Happy to talk! I am at my desk on Thursday after two, or ring me on Friday morning.\n\n"
                "Bring boots if you want to see the gauges outside.",
                times=("Thursday after two", "Friday morning"),
                note=day.words.note("booking", link="https://book.rivers.example/lee"),
            ),
        ),
        happened=(
            day.did("Lee Park", "read", "Happy to talk!", what=day.words.intents[Intent.interested]),
            day.did("Lee Park", "cancelled", step=day.words.steps[Step.nudge]),
        ),
        standing=Standing(9, 3, 0, 1, (Week(date(2026, 11, 16), 9, 2), Week(date(2026, 11, 23), 0, 1))),
    )


def a_question(language: str) -> SummaryContent:
    """Somebody asks something back first."""
    day = Morning(language)
    return day.content(
        needs_you=(
            day.need(
                Need.question,
                NOOR,
                words="Before I say anything: is this for a thesis, or are you looking for work?\n"
                "And who gave you my name?",
                note=day.words.note("other_wrote", who="Bram Smit", name="Noor de Vries"),
            ),
        ),
        leaves=(day.leaves(MAX, Step.nudge, _at(11, 40), "A few days ago I asked for thirty minutes."),),
    )


def reviews(language: str) -> SummaryContent:
    """Three mails that the worker does not act on by itself."""
    day = Morning(language)
    return day.content(
        needs_you=(
            day.need(
                Need.review,
                NOOR,
                words="Not sure I am the person you want. We are not taking anybody on at the moment.",
                reading=Intent.declined,
                sure=0.64,
                deciding=("not taking anybody on",),
            ),
            day.need(
                Need.review,
                KIM,
                words="Thanks.",
                reading=Intent.other,
                sure=0.41,
                note=day.words.note("no_thread"),
            ),
            day.need(
                Need.review,
                THORA,
                words="I could ask around in the spring, perhaps.",
                reading=Intent.later,
                sure=0.58,
                deciding=("in the spring", "perhaps"),
                note=day.words.note("in_junk"),
            ),
        ),
        happened=(day.did("Kim Aas", "came", what=day.words.kinds["auto_reply"]),),
    )


def names(language: str) -> SummaryContent:
    """People whom others named: one with an address, one without."""
    day = Morning(language)
    by = day.words.note("named_by", by="Inês Costa")
    return day.content(
        needs_you=(
            day.need(Need.proposed, DANA, note=by),
            day.need(Need.name_without_address, (LONG[0], None, None), note=by),
        ),
        happened=(day.did("Inês Costa", "read", "speak to Dana", what=day.words.intents[Intent.referral]),),
        leaves=(
            day.leaves(
                INES,
                Step.thanks_for_name,
                _at(9, 12),
                "Thank you for pointing me to Dana Weiss. That is a real help.",
            ),
        ),
        standing=Standing(12, 5, 1, 2, (), (Led("Inês Costa", "referred", (Led("Dana Weiss", "proposed"),)),)),
    )


def uncertain(language: str) -> SummaryContent:
    """The line broke while a mail left, and another waits for a word."""
    day = Morning(language)
    ask = day.words.steps[Step.ask]
    nudge = day.words.steps[Step.nudge]
    return day.content(
        needs_you=(
            day.need(
                Need.uncertain,
                MAX,
                note=day.words.pair(ask.capitalize(), said("askaround was stopped while it left", day.words)),
            ),
            day.need(
                Need.draft,
                THORA,
                words="A few days ago I asked for thirty minutes.",
                note=day.words.pair(nudge.capitalize(), day.words.note("waits")),
            ),
        ),
        happened=(day.did("Max Ohm", "uncertain", step=ask),),
    )


def trouble(language: str) -> SummaryContent:
    """The provider refuses the password, and rests the account."""
    day = Morning(language)
    why = "535 5.7.8 Username and Password not accepted"
    refused = (
        f'mail.example:587 (SMTP) does not accept the sign-in of alex@mail.example ("{why}"). '
        "Check username and password; many providers want an app password instead of the usual one."
    )
    return day.content(
        needs_you=(
            day.need(
                Need.trouble,
                ("alex@mail.example", None, None),
                note=day.words.note("rests", why=why, when=day.words.moment(_at(9, 30), TODAY)),
            ),
        ),
        problems=(said(refused, day.words),),
        last_check=_at(17, 5, days=-2),
    )


def calls(language: str) -> SummaryContent:
    """Two people to ring, in two zones, and a talk that may have taken place."""
    day = Morning(language)
    return day.content(
        needs_you=(day.need(Need.took_place, LEE), day.need(Need.later, NOOR, words="Ask me again some day.")),
        call_today=(
            day.call(("Bo Lind", "bo@havn.example", "Havn"), "+351 21 555 0177", "harbour pilot", _at(6, 30)),
            day.call(INES, "+1 (415) 555-0132", "engineer", _at(22, 30, days=-1)),
        ),
    )


def paused(language: str) -> SummaryContent:
    """The owner is on holiday: mail is read, nothing leaves."""
    day = Morning(language)
    return day.content(
        happened=(
            day.did("Kim Aas", "away", "Ferie til 1. desember", day=day.words.day(date(2026, 12, 1))),
            Happened(day.words.did["paused_until"].format(day=day.words.day(date(2026, 12, 7)))),
        ),
        paused=True,
        paused_until=date(2026, 12, 7),
        away_until=date(2026, 12, 6),
        standing=Standing(31, 14, 5, 6, (Week(date(2026, 11, 16), 15, 8), Week(date(2026, 11, 23), 4, 2))),
    )


def busy(language: str) -> SummaryContent:
    """A morning with something of everything."""
    day = Morning(language)
    words = day.words
    return day.content(
        needs_you=(
            day.need(
                Need.yes,
                LEE,
                words="Happy to talk! I am at my desk on Thursday after two, or ring me on Friday morning.\n\n"
                "Bring boots if you want to see the gauges outside.",
                times=("Thursday after two", "Friday morning"),
            ),
            day.need(
                Need.review,
                NOOR,
                words="Not sure I am the person you want. We are not taking anybody on at the moment.",
                reading=Intent.declined,
                sure=0.64,
                deciding=("not taking anybody on",),
            ),
            day.need(Need.proposed, DANA, note=words.note("named_by", by="Inês Costa")),
            day.need(Need.took_place, THORA),
        ),
        call_today=(day.call(("Bo Lind", "bo@havn.example", "Havn"), "+351 21 555 0177", "harbour pilot", _at(6, 30)),),
        happened=(
            day.did("Inês Costa", "read", "speak to Dana Weiss", what=words.intents[Intent.referral]),
            day.did("Kim Aas", "away", "I am back on 1 December.", day=words.day(date(2026, 12, 1))),
            day.did("Max Ohm", "sent", step=words.steps[Step.ask]),
        ),
        leaves=(
            day.leaves(
                INES,
                Step.thanks_for_name,
                _at(9, 12),
                "Thank you for pointing me to Dana Weiss. That is a real help.",
            ),
            day.leaves(MAX, Step.nudge, _at(10, 40, days=1), "A few days ago I asked for thirty minutes."),
        ),
        standing=Standing(
            asked=31,
            answered=14,
            talks=5,
            referrals=6,
            weeks=(Week(date(2026, 11, 9), 12, 4), Week(date(2026, 11, 16), 15, 8), Week(date(2026, 11, 23), 4, 2)),
            tree=(
                Led("Inês Costa", "referred", (Led("Dana Weiss", "proposed"),)),
                Led(
                    "Una Berg",
                    "met",
                    (Led("Lee Park", "talking", (Led("Pat O'Neil", "asked"),)), Led("Jo Tan", "silent")),
                ),
            ),
        ),
    )


DAYS: dict[str, tuple[Day, str]] = {
    "quiet": (quiet, "en"),
    "first-day": (first_day, "de"),
    "a-yes": (a_yes, "en"),
    "a-question": (a_question, "fr"),
    "reviews": (reviews, "es"),
    "names": (names, "de"),
    "uncertain": (uncertain, "fr"),
    "trouble": (trouble, "es"),
    "calls": (calls, "de"),
    "paused": (paused, "fr"),
    "busy": (busy, "en"),
}
"""The day's name, what it says, and the language in which it was looked at and found good."""

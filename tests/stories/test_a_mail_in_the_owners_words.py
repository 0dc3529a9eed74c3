"""A mail that the owner has edited leaves once, with these very words; what is wrong changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.stories.test_the_owners_words import id_of
from tests.stories.world import World
from worker.errors import InputError
from worker.jobs.edit import Words, keep, taken_apart, words_of
from worker.jobs.summarize import preview

UNA = "una@acme.example"
GOOD = "Subject: My own subject\n\nHi Una,\n\nthese are my words.\n\nRobin\n"


def words(world: World, who: str) -> Words:
    return world.store.read(lambda tx: words_of(tx, world.desk, who))


def edit(world: World, who: str, text: str) -> str:
    before = words(world, who)
    subject, body = taken_apart(text)
    return world.store.transaction(lambda tx: keep(tx, world.desk, before, subject, body))


def planned(world: World) -> World:
    world.once()
    world.person(UNA)
    world.tell(UNA, "later 2027-03-03")
    return world


def test_it_leaves_with_these_words_and_the_day_of_its_leaving(world: World) -> None:
    planned(world)
    edit(world, UNA, GOOD)
    ask = id_of(world, "ask")
    assert words(world, ask).text == GOOD
    world.later(days=2)
    mail = world.last_to(UNA)
    assert (mail["Subject"], mail.get_content().replace("\r\n", "\n")) == ("My own subject", GOOD.split("\n\n", 1)[1])
    assert mail["Date"].datetime == datetime(2027, 3, 3, 9, tzinfo=UTC)
    assert mail["Message-ID"] == next(r["message_id"] for r in world.status()["outbox"] if r["step"] == "ask")
    with pytest.raises(InputError, match="only a mail that has not left"):
        words(world, ask)
    world.later(days=1)
    assert len(world.inbox(UNA)) == 1


def test_the_summary_shows_the_owners_words(world: World) -> None:
    planned(world)
    edit(world, UNA, GOOD)
    world.later(days=1)
    leaving = preview(world.store, world.desk).leaves
    assert [(one.subject, one.first_lines) for one in leaving] == [
        ("My own subject", "Hi Una,\nthese are my words.\nRobin")
    ]


def test_a_mail_in_a_thread_stays_in_it(world: World) -> None:
    world.person(UNA)
    world.once()
    nudge = id_of(world, "nudge")
    edit(world, nudge, words(world, nudge).text.replace("Mails are easily buried", "Mails are easily lost"))
    world.later(days=5)
    mail = world.last_to(UNA)
    assert "Mails are easily lost" in mail.get_content()
    assert mail["In-Reply-To"] == world.inbox(UNA)[0]["Message-ID"]


def test_an_edited_mail_is_cancelled_like_any_other(world: World) -> None:
    world.person(UNA)
    world.once()
    nudge = id_of(world, "nudge")
    edit(world, nudge, "Subject: Re: x\n\nMy words.\n")
    world.reply(UNA, "Yes, I would be glad to talk to you.\n\nUna\n")
    world.later(days=6)
    assert len(world.inbox(UNA)) == 1


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "first line"),
        ("Hi Una,\n\nwords\n", "first line"),
        ("Subject:\n\nwords\n", "subject is empty"),
        ("Subject: x\n\n \n\n", "text is empty"),
        ("Subject: x\nBcc: evil@example.org\n\nwords\n", "another header field"),
        ("Subject: x\n continued\n\nwords\n", "another header field"),
        ("Subject: =?utf-8?q?Hi=0ABcc:_x?=\n\nwords\n", "must not hold"),
        ("Subject: x\u2028Bcc: y\n\nwords\n", "must not hold"),
        ("Subject: x\n\nHi {{ contact.first_name }},\n", "was not filled in"),
        ("Subject: x\n\nHi [Name],\n", "was not filled in"),
        ("Subject: x\n\nHi <first name>,\n", "was not filled in"),
        ("Subject: TODO\n\nHi,\n", "was not filled in"),
        ("Subject: " + "x" * 300 + "\n\nHi,\n", "longer"),
    ],
)
def test_what_cannot_leave_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        taken_apart(text)


@pytest.mark.parametrize("text", ["a [link] and 5 < 7", "my role at the company", "Hello [1]", "{one} set"])
def test_ordinary_words_are_none_to_fill_in(text: str) -> None:
    assert taken_apart(f"Subject: x\n\n{text}\n") == ("x", f"{text}\n")


def test_it_left_while_it_was_edited(world: World) -> None:
    planned(world)
    before = words(world, UNA)
    world.later(days=2)
    subject, body = taken_apart(GOOD)
    with pytest.raises(InputError, match="only a mail that has not left"):
        world.store.transaction(lambda tx: keep(tx, world.desk, before, subject, body))
    assert world.last_to(UNA)["Subject"] != "My own subject"


def test_which_mail_is_meant(world: World) -> None:
    world.once()
    world.person(UNA)
    with pytest.raises(InputError, match="0 mails"):
        words(world, UNA)

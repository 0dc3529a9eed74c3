"""What owners type in answer to a summary, on phones and in mail programs: never a wrong action, doubt is told."""

from __future__ import annotations

import json
import re
from datetime import date
from email import policy
from email.message import EmailMessage
from itertools import product
from pathlib import Path

import pytest

from worker.conversation.vocabulary import Context, Intent
from worker.reading import read
from worker.reading.tell import Order, Told, Verb, parse
from worker.writing.summary import Need, actions_for, call_actions, leaving_actions

TODAY = date(2027, 3, 2)
LANGUAGES = ("en", "de", "fr", "es")
ANSWERS = [
    json.loads(line) for line in Path(__file__).with_name("answers_to_summaries.jsonl").read_text("utf-8").splitlines()
]


def by_mail(text: str) -> Told:
    """The text as it arrives: in a mail of the owner's, read as any mail is."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = "Robin Owner <robin@owner.example>"
    mail["To"] = "robin@owner.example"
    mail["Subject"] = "Re: 2 need you: askaround, Tue 2 Mar"
    mail["Message-ID"] = "<a@owner.example>"
    mail["In-Reply-To"] = "<s@owner.example>"
    mail.set_content(text)
    reading = read(mail.as_bytes(), Context(own_addresses=frozenset({"robin@owner.example"})))
    return parse(reading.new_text, today=TODAY)


def short(order: Order) -> str:
    whom = order.number if order.number is not None else order.subject
    parts = [whom, order.verb.value, order.value and order.value.value, order.day, order.person and order.person.email]
    return " ".join(str(part) for part in parts if part is not None)


@pytest.mark.parametrize("case", ANSWERS, ids=[str(number) for number in range(1, len(ANSWERS) + 1)])
def test_an_answer_does_what_it_says_and_nothing_else(case: dict[str, object]) -> None:
    told = by_mail(str(case["text"]))
    assert [short(order) for order in told.orders] == case["does"]
    assert bool(told.leftover) is bool(case.get("told", False)), told.leftover


VERBS = {
    "met": Verb.met,
    "wait": Verb.wait,
    "not_yet": Verb.wait,
    "no_talk": Verb.no_talk,
    "is_yes": Verb.yes,
    "is_no": Verb.no,
    "right": Verb.ok,
    "seen": Verb.ok,
    "nobody_there": Verb.yes,
    "others_there": Verb.no,
    "ask": Verb.ask,
    "fill_in": Verb.ask,
    "dont_ask": Verb.cancel,
    "dont_send": Verb.cancel,
    "not_this": Verb.cancel,
    "arrived": Verb.arrived,
    "not_arrived": Verb.not_arrived,
    "later": Verb.later,
    "send": Verb.send,
    "called": Verb.called,
    "no_answer": Verb.no_answer,
    "not_yes": Verb.not_that,
    "wrong": Verb.not_that,
}
"""What each link of a summary is offered for, by the key of its label."""

NAMES = ("Una Berg", "Dr. José Ángel Núñez-Álvarez", "Yes Okafor", "Bob O'Neill", "Нина Орлова")


def label(key: str, language: str, name: str, reading: Intent | None) -> str:
    from worker.writing.names import first_name
    from worker.writing.summary.words import words_for

    words = words_for(language)
    what = words.intents[reading] if reading is not None and reading in words.refuted else ""
    return words.actions[key].format(name=first_name(name) or name, what=what)


@pytest.mark.parametrize("language, name", product(LANGUAGES, NAMES))
def test_every_answer_that_a_summary_offers_means_what_it_is_offered_for(language: str, name: str) -> None:
    offered = [
        (reading, action)
        for need, reading in product(Need, (None, *Intent))
        for action in actions_for(need, 3, name=name, email="una@x.example", reading=reading, language=language)
    ]
    offered += [(None, action) for action in call_actions(3, name=name, language=language)]
    offered += [(None, action) for action in leaving_actions(3, language=language)]
    assert offered
    for reading, action in offered:
        if action.to is not None:
            continue
        keys = [key for key in VERBS if label(key, language, name, reading) == action.label]
        assert keys, action
        # what the owner fills in: the day and the address; left empty, nothing is done without either
        line = action.line + ("14.5.2027" if keys == ["later"] else "")
        if keys == ["fill_in"]:
            assert by_mail(line).orders == ()
            line = line.replace("<>", "<una@x.example>")
        told = by_mail(line)
        assert told.leftover == (), line
        (order,) = told.orders
        assert (order.number, order.verb) == (3, VERBS[keys[0]]), line
        assert order.value == (
            {"not_yes": Intent.interested, "wrong": reading}.get(keys[0]) if order.verb is Verb.not_that else None
        )
        assert order.day == (date(2027, 5, 14) if keys == ["later"] else None)
        assert (order.person is not None and order.person.email == "una@x.example") is (keys == ["fill_in"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_a_summary_are_understood(language: str) -> None:
    from worker.writing.summary.words import words_for

    words = words_for(language)
    shown = words.text("how", example=words.text("example")).replace("\xa0", " ")
    said = [one.strip() for one in re.findall(r"[“„«]([^”“»„«]+)[”“»]", shown)]
    assert len(said) == 4, said
    told = parse("\n".join(said[:2]), today=TODAY)
    assert told.leftover == ()
    assert [order.verb for order in told.orders] == [Verb.yes, Verb.later]
    assert parse(said[2], today=TODAY).orders[0].verb is Verb.pause
    assert parse(said[3], today=TODAY).orders[0].verb is Verb.resume

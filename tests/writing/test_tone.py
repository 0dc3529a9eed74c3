"""What reads like spam or like a request for a job is named with its words; what does not is let alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.writing.cast import OWNER
from worker.conversation.vocabulary import Contact, Step
from worker.writing import render, signs, template_name, variables

ROOT = Path(__file__).parents[2]
CALM = "Thirty minutes about tides?"


@pytest.mark.parametrize(
    "body, words",
    [
        ("I am looking for a job in your team.", ["“job”"]),
        ("My CV is attached; I hope that you are hiring.", ["“My CV”", "“hiring”"]),
        ("Are there any job opportunities?", ["“job opportunities”"]),
        ("I would like to apply for a role.", ["“apply for a”"]),
        ("Ich suche eine neue Stelle. Mein Lebenslauf liegt bei.", ["“eine neue Stelle”", "“Lebenslauf”"]),
        ("Ich möchte mich bei Ihnen bewerben.", ["“bewerben”"]),
        ("Je cherche un emploi, voici ma candidature.", ["“un emploi”", "“candidature”"]),
        ("Busco un trabajo y le envío mi currículum.", ["“un trabajo”", "“mi currículum”"]),
    ],
)
def test_a_request_for_a_job(body: str, words: list[str]) -> None:
    (said,) = signs(CALM, body)
    assert said.startswith("it reads like a request for a job: ")
    for word in words:
        assert word.casefold() in said.casefold()


@pytest.mark.parametrize(
    "body",
    [
        "I am not asking for a job.",
        "This is no application, and I don't expect you to hire me.",
        "What do you like about your job?",
        "Ich bitte nicht um eine Stelle und bewerbe mich nicht.",
        "Was würden Sie an meiner Stelle tun? Was mögen Sie an Ihrem Job?",
        "Je ne cherche pas un emploi.",
        "No busco un trabajo.",
        "The tide tables of the harbour are on https://tides.example and https://robin.example.",
        "I read https://tides.example/newsletter/2026-11 twice.",
    ],
)
def test_words_that_only_look_like_it(body: str) -> None:
    assert signs(CALM, body) == ()


@pytest.mark.parametrize(
    "subject, body, said",
    [
        ("THIRTY MINUTES WITH YOU", "Hello", "the subject shouts"),
        ("Re: our talk", "Hello", "pretends to be an answer"),
        (CALM, "Hello! It is great! Really! Do it!", "4 exclamation marks"),
        (CALM, "https://a.example www.b.example http://c.example", "3 links"),
        (CALM, "Look: https://robin.example/me.png", "a picture"),
        (CALM, "Act now, this is a limited offer", "it reads like spam: “Act now”, “limited offer”"),
        (CALM, "Sehr geehrte Damen und Herren", "it reads like spam"),
        (CALM, "word " * 230, "230 words"),
    ],
)
def test_what_spam_looks_like(subject: str, body: str, said: str) -> None:
    assert [one for one in signs(subject, body) if said in one], signs(subject, body)


def test_the_name_is_missed_only_where_it_is_known() -> None:
    assert signs(CALM, "Hello,\n\nI read about tides.", first_name="Una") == (
        "it does not greet by name, though the name is known",
    )
    assert signs(CALM, "Dear Una,\n\nI read about tides.", first_name="Una") == ()
    assert signs(CALM, "Hello,\n\nI read about tides.") == ()


def test_a_short_word_in_capitals_is_no_shouting() -> None:
    assert signs("NASA?", "Hello") == ()
    assert signs("Re: NASA", "Hello", begins=False) == ()


PEOPLE = [
    Contact(email="una@acme.example"),
    Contact(
        email="una@acme.example", name="Una Berg", first_name="Una", last_name="Berg", company="Acme", role="chemist"
    ),
    Contact(email="una@acme.example", name="Una Berg", first_name="Una", last_name="Berg", profession="chemistry"),
]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("person", PEOPLE, ids=["bare", "whole", "profession"])
def test_the_shipped_templates_give_no_sign(language: str, person: Contact) -> None:
    texts = {file.name: file.read_text("utf-8") for file in (ROOT / "templates").glob("*.md")}
    other = Contact(email="kim@other.example", name="Kim Other", first_name="Kim", last_name="Other")
    for step in Step:
        for referred in (False, True):
            base = template_name(step, referred=referred)
            name = base if language == "en" else f"{base}.{language}"
            given = variables(
                person,
                OWNER,
                introducer=other if referred else None,
                named=[other],
                introduced=[other],
                language=language,
            )
            draft = render(texts, name, given, language=language)
            assert signs(draft.subject, draft.body, first_name=person.first_name) == (), name

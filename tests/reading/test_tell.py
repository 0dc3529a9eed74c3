"""The owner's words: what is understood, and what changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.conversation.vocabulary import Intent, Person
from worker.reading.tell import Order, Verb, parse

TODAY = date(2026, 11, 25)


def said(text: str) -> list[tuple[str, int | str | None]]:
    """Verb and number or subject of each order."""
    return [
        (order.verb.value, order.number if order.number is not None else order.subject)
        for order in parse(text, today=TODAY).orders
    ]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("yes", [("yes", None)]),
        ("Yes, please!", [("yes", None)]),
        ("2 stop", [("stop", 2)]),
        ("2. stop", [("stop", 2)]),
        ("2) stop", [("stop", 2)]),
        ("#2 stop", [("stop", 2)]),
        ("2: STOP", [("stop", 2)]),
        ("No. 2 stop", [("stop", 2)]),
        ("item 3: stop", [("stop", 3)]),
        ("stop 2", [("stop", 2)]),
        ("met 3", [("met", 3)]),
        ("1,3 ok", [("ok", 1), ("ok", 3)]),
        ("1, 2 and 3 ok", [("ok", 1), ("ok", 2), ("ok", 3)]),
        ("1-3 ok", [("ok", 1), ("ok", 2), ("ok", 3)]),
        ("1 yes, 2 stop", [("yes", 1), ("stop", 2)]),
        ("1 yes and 2 no", [("yes", 1), ("no", 2)]),
        ("1 yes/2 no", [("yes", 1), ("no", 2)]),
        ("1 yes; 2 no", [("yes", 1), ("no", 2)]),
        ("2 no. 3 yes", [("no", 2), ("yes", 3)]),
        ("c3 stop", [("stop", "c3")]),
        ("yes c3", [("yes", "c3")]),
        ("p2 ask", [("ask", "p2")]),
        ("m12 send", [("send", "m12")]),
        ("r5 ok", [("ok", "r5")]),
        ("dana@example.org stop", [("stop", "dana@example.org")]),
        ("stop dana@example.org", [("stop", "dana@example.org")]),
        ("called", [("called", None)]),
        ("3 called her yesterday", [("called", 3)]),
        ("called, no answer", [("no_answer", None)]),
        ("3 called but no answer", [("no_answer", 3)]),
        ("2 voicemail", [("no_answer", 2)]),
        ("4 arrived", [("arrived", 4)]),
        ("did not arrive", [("not_arrived", None)]),
        ("4 didn't arrive", [("not_arrived", 4)]),
        ("I met her on Tuesday, very nice", [("met", None)]),
        ("we talked", [("met", None)]),
        ("undo", [("undo", None)]),
        ("don't send", [("cancel", None)]),
        ("send it now please", [("send", None)]),
        ("3 don't write to her again", [("remove", 3)]),
        ("1 remove her from the list", [("remove", 1)]),
        ("2 stop - she is rude", [("stop", 2)]),
        ("pause", [("pause", None)]),
        ("resume", [("resume", None)]),
        ("status", [("status", None)]),
        ("all fine", [("all_fine", None)]),
        ("alles gut", [("all_fine", None)]),
        ("1 ok, send", [("ok", 1), ("send", 1)]),
        ("no", [("no", None)]),
        ("1 no thanks", [("no", 1)]),
        ("1 ja / 2 nein / 3 warten / 4 löschen", [("yes", 1), ("no", 2), ("wait", 3), ("remove", 4)]),
        ("5 getroffen", [("met", 5)]),
        ("2 ist nicht angekommen", [("not_arrived", 2)]),
        ("2 angerufen, nicht erreicht", [("no_answer", 2)]),
        ("1 abbrechen / 2 senden", [("cancel", 1), ("send", 2)]),
        ("1 oui / 2 non / 3 attendre / 4 arrêter", [("yes", 1), ("no", 2), ("wait", 3), ("stop", 4)]),
        ("3 supprimer / 4 rencontré / 5 appelé", [("remove", 3), ("met", 4), ("called", 5)]),
        ("1 annuler / 2 envoyer", [("cancel", 1), ("send", 2)]),
        (
            "1 sí / 2 no / 3 esperar / 4 parar / 5 eliminar",
            [("yes", 1), ("no", 2), ("wait", 3), ("stop", 4), ("remove", 5)],
        ),
    ],
)
def test_a_command_is_understood(text: str, expected: list[tuple[str, int | str | None]]) -> None:
    assert said(text) == expected
    assert parse(text, today=TODAY).leftover == ()


@pytest.mark.parametrize(
    "text",
    [
        "yes?",
        "don't stop",
        "do not stop",
        "no, wait",
        "yes / no",
        "maybe",
        "not sure",
        "hmm",
        "no idea",
        "no problem",
        "stop by her office",
        "wait for me to decide",
        "2 yes but only after easter",
        "2 yes, but later",
        "2",
        "whatever",
        "2 stop, actually wait",
        "1 stop\n1 yes",
        "2 won't work",
        "2 later 9/8",
        "2 later someday",
        "pause 3",
        "5 resume",
        "try Dana <dana@example.org> or bob@example.org",
        "ask dana@example.org not bob",
        "2 called and met",
        "1 stop / maybe not",
        "pause\nresume",
        "take 1 off",
        "ask Dana",
    ],
)
def test_unsure_words_change_nothing(text: str) -> None:
    told = parse(text, today=TODAY)
    assert told.orders == ()
    assert told.leftover


def test_doubt_about_one_item_leaves_the_others() -> None:
    told = parse("1 stop / 2 maybe", today=TODAY)
    assert [(order.verb, order.number) for order in told.orders] == [(Verb.stop, 1)]
    assert told.leftover == ("2 maybe",)


def test_a_whole_answer_in_one_line() -> None:
    told = parse(
        "1 yes / 2 stop / 3 not a decline, she wants to talk / 4 try dana@example.org / pause until Monday / all fine",
        today=TODAY,
    )
    assert told.leftover == ()
    assert [(order.verb, order.number) for order in told.orders] == [
        (Verb.yes, 1),
        (Verb.stop, 2),
        (Verb.not_that, 3),
        (Verb.ask, 4),
        (Verb.pause, None),
        (Verb.all_fine, None),
    ]
    assert told.orders[2].value is Intent.declined
    assert told.orders[3].person == Person(None, "dana@example.org")
    assert told.orders[4].day == date(2026, 11, 30)


def test_an_answer_by_mail_with_greeting_closing_and_quote() -> None:
    told = parse(
        "Hi,\n\n1 yes please\n- 2: stop, thanks\n# she moved\n\nThanks\nTom\n-- \nTom Owner\n> 3 no\n", today=TODAY
    )
    assert [(order.verb, order.number) for order in told.orders] == [(Verb.yes, 1), (Verb.stop, 2)]
    assert told.leftover == ()


@pytest.mark.parametrize(
    "text, day",
    [
        ("later 2026-12-24", date(2026, 12, 24)),
        ("later 24.12.2026", date(2026, 12, 24)),
        ("later 24.12.", date(2026, 12, 24)),
        ("later 15 march", date(2027, 3, 15)),
        ("later in march", date(2027, 3, 1)),
        ("later in two weeks", date(2026, 12, 9)),
        ("later next month", date(2026, 12, 1)),
        ("later monday", date(2026, 11, 30)),
        ("later after the 20th", date(2026, 12, 21)),
        ("später im März", date(2027, 3, 1)),
        ("später (in zwei Wochen)", date(2026, 12, 9)),
        ("plus tard, en mars", date(2027, 3, 1)),
        ("pause until 2026-12-24", date(2026, 12, 24)),
        ("pausieren bis Montag", date(2026, 11, 30)),
        ("pause jusqu'à lundi", date(2026, 11, 30)),
        ("pausa hasta el lunes", date(2026, 11, 30)),
        ("I'm away until Friday", date(2026, 11, 27)),
        ("ich bin bis 5.1. weg", date(2027, 1, 5)),
        ("wait until monday", date(2026, 11, 30)),
    ],
)
def test_dates_in_a_command(text: str, day: date) -> None:
    (order,) = parse(text, today=TODAY).orders
    assert order.day == day


@pytest.mark.parametrize(
    "text, verb, value",
    [
        ("not a decline", Verb.not_that, Intent.declined),
        ("3 Not a decline!", Verb.not_that, Intent.declined),
        ("that's not an opt-out", Verb.not_that, Intent.opt_out),
        ("3 das ist keine Absage", Verb.not_that, Intent.declined),
        ("2 ce n'est pas un refus", Verb.not_that, Intent.declined),
        ("2 no es un rechazo", Verb.not_that, Intent.declined),
        ("2 declined", Verb.intent, Intent.declined),
        ("2 it's a question", Verb.intent, Intent.question),
        ("3 - referral, she named her sister", Verb.intent, Intent.referral),
        ("2 left the company", Verb.intent, Intent.left_company),
        ("2 out of office", Verb.intent, Intent.out_of_office),
        ("2 interested", Verb.intent, Intent.interested),
    ],
)
def test_a_correction_names_an_intent(text: str, verb: Verb, value: Intent) -> None:
    (order,) = parse(text, today=TODAY).orders
    assert (order.verb, order.value) == (verb, value)


@pytest.mark.parametrize(
    "text, name, email",
    [
        ("ask Dana Weiss <dana@example.org>", "Dana Weiss", "dana@example.org"),
        ("ask Dana Weiss, dana@example.org", "Dana Weiss", "dana@example.org"),
        ("try dana@example.org", None, "dana@example.org"),
        ("please ask dr. Dana Weiss <Dana@Example.org>", "Dana Weiss", "dana@example.org"),
        ("frag Anna Lee <anna@x.example>", "Anna Lee", "anna@x.example"),
        ("demande à Luc Petit <luc@x.example>", "Luc Petit", "luc@x.example"),
        ("pregunta a Ana Ruiz <ana@x.example>", "Ana Ruiz", "ana@x.example"),
    ],
)
def test_a_person_to_ask(text: str, name: str | None, email: str) -> None:
    assert parse(text, today=TODAY).orders[0] == Order(Verb.ask, person=Person(name, email), text=text)


@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    parse(text, today=TODAY)

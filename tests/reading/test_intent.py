"""What replies in seven languages mean."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.writing import judged
from worker.conversation.vocabulary import Intent
from worker.reading.evidence import evidence
from worker.reading.intent import read_evidence
from worker.reading.language import LANGUAGES, detect

SAID = Path(__file__).parent / "said"
ENTRY = re.compile(r"(~?)(\w+)(?: @(\w+))?(?: %(\w+))? \| (.*)$")


def said(language: str) -> Iterator[tuple[bool, Intent, str, str, str]]:
    """Strictness, intent, step, kind and text of each line of a file."""
    for line in (SAID / f"{language}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            found = ENTRY.match(line)
            assert found, line
            text = found[5] if "://" in found[5] else found[5].replace("/", "\n")
            yield not found[1], Intent(found[2]), found[3] or "ask", found[4] or "reply", text


CASES = [
    pytest.param(*entry, id=f"{language}-{number}")
    for language in LANGUAGES
    for number, entry in enumerate(said(language))
]


@pytest.mark.parametrize("strict, intent, step, kind, text", CASES)
def test_a_reply_means(strict: bool, intent: Intent, step: str, kind: str, text: str) -> None:
    found = judged(text, step=step, kind=kind)
    assert found.intent is intent or not found.sure, found.why
    if strict:
        assert found.intent is intent, found.why


def test_three_of_four_are_sure() -> None:
    judgements = [
        judged(text, step=step, kind=kind) for language in LANGUAGES for _, _, step, kind, text in said(language)
    ]
    assert sum(found.sure for found in judgements) >= 0.75 * len(judgements)


def test_a_decline_is_never_sure_beside_a_sign_of_something_else() -> None:
    for text in (
        "No time, sorry. Although... call me on Tuesday and we'll see.",
        "I can't help, but why do you want to know?",
        "Not interested, and I'm fed up with these mails.",
        "I have no time this week. Happy to talk next week though.",
    ):
        found = judged(text)
        assert not (found.intent is Intent.declined and found.sure), text


@pytest.mark.parametrize(
    "text, kind, harmful",
    [
        (
            "Two things: try Imran Bux (imran@bux.example). And I have a slot on Monday 5th at 9.30.",
            "reply",
            "referral",
        ),
        ("I am on holiday until the end of next week. Call me TODAY please.", "reply", "out_of_office"),
        ("*** Out of office until 30 November ***\nTom, call me anyway, I'm bored.", "auto_reply", "out_of_office"),
        ("Remind me, were you the one about lifeboats or the one about bees?", "reply", "later"),
        ("Let's talk ourselves, on Thursday at 11:00 after the shoot.", "reply", "later"),
        ("Once you have told me what it is for I shall answer.", "reply", "later"),
        ("Herr Stahnke lässt fragen, an welchem Lehrstuhl Sie sind.", "reply", "referral"),
        ("Baja, por favor.", "reply", "out_of_office"),
    ],
)
def test_a_yes_a_question_or_an_opt_out_is_never_surely_the_end(text: str, kind: str, harmful: str) -> None:
    found = judged(text, kind=kind)
    assert not (found.sure and found.intent.value == harmful), found.why


def test_reasons_quote_the_words_that_decided() -> None:
    found = judged("Thanks, but I'm not interested.")
    assert any("not interested" in word for word in found.words)
    assert "not interested" in found.why[0]


def test_nothing_written_is_other() -> None:
    for text in ("", "  \n ", "--", "..."):
        assert judged(text).intent is Intent.other


def test_the_step_gives_a_bare_answer_its_sense() -> None:
    assert judged("Nobody comes to mind, sorry.", step="referral_request").intent is Intent.declined
    assert judged("Dana Weiss in Radiology", step="referral_request").intent is Intent.referral


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_recognised(language: str) -> None:
    texts = [text for *_, text in said(language) if len(text) > 60]
    assert sum(detect(text) == language for text in texts) >= 0.9 * len(texts)


def test_a_borrowed_word_does_not_change_the_language() -> None:
    assert read_evidence("bin im umzugsstress (haha). in zwei wochen nochmal bitte", None, None).lang == "de"
    assert read_evidence("ok, facciamolo", None, None).lang == "it"


def test_evidence_is_pure_and_keeps_its_form() -> None:
    one, two = (evidence("I'd love to, but I can't.", "en", None) for _ in range(2))
    assert one.scores == two.scores
    assert one.scores["no"] > one.scores.get("yes", 0)


def test_it_is_quick() -> None:
    texts = [text for language in LANGUAGES for *_, text in said(language)]
    judged(texts[0])
    took = []
    for text in texts:
        begin = time.perf_counter()
        judged(text)
        took.append(time.perf_counter() - begin)
    assert sorted(took)[len(took) // 2] < 0.02


def test_hostile_length_is_survived_quickly() -> None:
    begin = time.perf_counter()
    for text in (
        "a" * 20000,
        "no " * 7000,
        "@" * 20000,
        "1." * 9000,
        "Ann Lee " * 2500,
        "please remove " * 1500,
        "(at) dot " * 2000,
        "1234567890123456789a " * 950,
        "\n" * 20000,
    ):
        judged(text)
    assert time.perf_counter() - begin < 20


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_survived(text: str) -> None:
    judged(text)

"""The oracle of the schedules: what it lets leave after which mail and which word."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.proof.truth import Delivered, Known, Recorded, broken, lets_go, taken_for_another

UNA = "una@acme.example"


def recorded(sort: str, **more: Any) -> Recorded:
    """A mail of that sort, read as a plain answer, which is the tenth line of the journal."""
    row = SimpleNamespace(
        message_id=1, name="<1@acme.example>", at="today", kind="reply", intent="declined", human=True
    )
    return Recorded(Delivered("<1@acme.example>", b"", UNA, sort, True, **more), cast(Any, row), 10)


def leaves(step: str, sort: str, *words: str, answers: int | None = None, **more: Any) -> list[str]:
    """What the oracle says of a step that leaves after a mail of that sort and these words of the owner's."""
    mail: Any = SimpleNamespace(step=step, answers_message_id=answers)
    return broken(mail, Known((recorded(sort, **more),), tuple((11 + at, word) for at, word in enumerate(words))))


@pytest.mark.parametrize(
    ("step", "word", "may"),
    [
        ("nudge", "wait", False),
        ("nudge", "called", False),
        ("referral_request", "no", True),
        ("check_in", "no", False),
        ("check_in", "later 2027-05-03", True),
        ("thanks_for_talk", "met", True),
        ("referral_request", "met", False),
        ("nudge", "not declined", True),  # what was held goes on
        ("nudge", "ok", True),
        ("check_in", "later", True),  # said of a mail that waits, whose date holds
    ],
)
def test_what_a_word_lets_leave(step: str, word: str, may: bool) -> None:
    assert lets_go(word, step) is may


@pytest.mark.parametrize(
    ("step", "sort"), [("referral_request", "no"), ("check_in", "later"), ("thanks_for_name", "named")]
)
def test_what_follows_by_itself(step: str, sort: str) -> None:
    assert leaves(step, sort) == []
    assert leaves(step, sort, theirs=False) != []


@pytest.mark.parametrize(
    "sort", ["opt-out", "yes", "question", "unclear", "left", "calendar yes", "auto yes", "absence"]
)
def test_what_never_follows_by_itself(sort: str) -> None:
    """However it was read: here as a sure decline."""
    assert leaves("referral_request", sort) != []
    assert leaves("referral_request", sort, "wait") != []
    assert leaves("referral_request", sort, "no") == []


def test_no_answer_to_a_machine() -> None:
    assert any("no person wrote (auto yes" in one for one in leaves("ask", "auto yes", answers=1))


def test_a_machine_that_was_taken_for_a_person() -> None:
    for sort, human, wrong in (("absence", True, 1), ("absence", False, 0), ("no", False, 1), ("no", True, 0)):
        mail = Delivered("<1@acme.example>", b"", UNA, sort, True)
        row: Any = SimpleNamespace(human=human)
        assert len(taken_for_another({mail.message_id: mail}, {mail.message_id: row})) == wrong

"""The model stays in memory only while mail is read, and reading goes on without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reading.writing import judged
from worker.conversation.vocabulary import Context, Intent, Kind
from worker.errors import AskaroundError
from worker.reading import opened, read
from worker.reading.model import keeping
from worker.reading.model.opinion import IntentModel, Opinion

OPINION = keeping.opinion

BOUNCE = b"""From: MAILER-DAEMON@mx.example
To: tom@owner.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I could not deliver your mail.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; jim@corp.example
Action: failed
Status: 5.1.1
--b--
"""


class Fixed:
    """Stands for a loaded model."""

    def opinion(self, *_: object) -> Opinion:
        share = 0.02
        return Opinion({one: 1 - 8 * share if one is Intent.interested else share for one in Intent})


@pytest.fixture(autouse=True)
def nothing_held(rules_alone: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No model is held around these tests, and the real way to an opinion is taken."""
    monkeypatch.setattr(keeping, "opinion", OPINION)
    token = keeping._shelf.set(None)
    yield
    keeping._shelf.reset(token)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    count: list[int] = []

    def load() -> IntentModel:
        count.append(1)
        return Fixed()  # type: ignore[return-value]

    monkeypatch.setattr(keeping, "present", lambda: True)
    monkeypatch.setattr(keeping, "load", load)
    return count


def test_one_model_serves_all_that_is_read_within(loads: list[int]) -> None:
    with opened():
        judged("Sure, gladly.")
        with opened():
            judged("No, thank you.")
        judged("Who are you?")
    assert len(loads) == 1
    with opened():
        judged("Sure, gladly.")
    assert len(loads) == 2


def test_outside_it_is_loaded_for_one_text(loads: list[int]) -> None:
    judged("Sure, gladly.")
    judged("Sure, gladly.")
    assert len(loads) == 2


def test_it_is_not_loaded_for_what_machines_send(loads: list[int]) -> None:
    with opened():
        assert read(BOUNCE, Context()).kind is Kind.bounce
        judged("")
    assert not loads


def test_it_is_given_back_after_an_error(loads: list[int]) -> None:
    def failing() -> None:
        with opened():
            judged("Sure, gladly.")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    judged("Sure, gladly.")
    assert len(loads) == 2


def test_broken_weights_leave_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> IntentModel:
        raise AskaroundError("the weights are cut off")

    monkeypatch.setattr(keeping, "present", lambda: True)
    monkeypatch.setattr(keeping, "load", broken)
    with opened():
        found = judged("No, sorry, I cannot.")
    assert found.intent is Intent.declined
    assert "model" not in " ".join(found.why)

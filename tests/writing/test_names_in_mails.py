"""First names for greetings, and names that may be shown to third people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.writing.cast import OWNER, UNA
from worker.writing import checked_name, first_name, template_name, variables


@pytest.mark.parametrize(
    "name, first",
    [
        ("Una Berg", "Una"),
        ("Una", "Una"),
        ("Dr. Una Berg", "Una"),
        ("Prof. Dr. med. Kai von Au", "Kai"),
        ("Berg, Una", "Una"),
        ("Berg, Dr. Una", "Una"),
        ("Una Berg, PhD", "Una"),
        ("UNA BERG", "Una"),
        ("una berg", "Una"),
        ("jean-luc picard", "Jean-Luc"),
        ("Jean-Luc Picard", "Jean-Luc"),
        ("AJ Lee", "AJ"),
        ("O’Neil Pat", "O'Neil"),
        ("Una Berg (HR)", "Una"),
        ("Žofie Nováková", "Žofie"),
        ("Mr. Smith", None),
        ("Frau Berg", None),
        ("Smith, Dr.", None),
        ("J. Smith", None),
        ("J Smith", None),
        ("李雷", None),
        ("김 철수", None),
        ("una@x.example", None),
        ("<b>Una</b>", None),
        ("{{ 7 * 7 }}", None),
        ("", None),
        (None, None),
        ("   ", None),
        (", ", None),
    ],
)
def test_the_first_name_where_it_can_be_told(name: str | None, first: str | None) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    "name, checked",
    [
        ("Una Berg", "Una Berg"),
        (" Una \u00a0 Berg ", "Una Berg"),
        ("J. R. O’Neil-Smith", "J. R. O'Neil-Smith"),
        ("Nguyễn Thị Hà", "Nguyễn Thị Hà"),
        ("李雷", "李雷"),
        ("x" * 60, "x" * 60),
        ("x" * 61, None),
        ("Una\nBerg", None),
        ("Una <una@x.example>", None),
        ("Visit www.evil.example", None),
        ("evil.example", None),
        ("Una 2", None),
        ("Una\u202eBerg", None),
        ("Una: fire", None),
        ("- . '", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_for_third_people(name: str | None, checked: str | None) -> None:
    assert checked_name(name) == checked


def test_a_contact_who_was_named_by_somebody_has_a_checked_name() -> None:
    named = replace(
        UNA, name="Una http://evil.example/ Berg", first_name=None, last_name=None, referred_by="lee@x.example"
    )
    assert variables(named, OWNER)["contact"]["name"] is None


def test_the_ask_to_somebody_who_was_named_has_its_own_template() -> None:
    assert template_name("ask", referred=True) == "ask.referred"
    assert template_name("ask") == "ask"
    assert template_name("nudge", referred=True) == "nudge"

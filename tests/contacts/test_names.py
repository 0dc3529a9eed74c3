"""Which word is the first name: a wrong one is worse than none."""

from __future__ import annotations

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from worker.contacts import valid_name
from worker.contacts.names import given, split


@pytest.mark.parametrize(
    "name, first, last",
    [
        ("Ann Lee", "Ann", "Lee"),
        ("  Ann   Lee ", "Ann", "Lee"),
        ("Dr. Ann Lee", "Ann", "Lee"),
        ("Prof. Dr. Anna-Lena Müller", "Anna-Lena", "Müller"),
        ("Dr.-Ing. Max Weber", "Max", "Weber"),
        ("Lee, Ann", "Ann", "Lee"),
        ("Lee, Dr. Ann", "Ann", "Lee"),
        ("LEE, Ann", "Ann", "Lee"),
        ("Lee, Ann, PhD", "Ann", "Lee"),
        ("Ann Lee, PhD", "Ann", "Lee"),
        ("Ann Lee MBA", "Ann", "Lee"),
        ("Ann B. Lee", "Ann", "Lee"),
        ("Ann LEE", "Ann", "Lee"),
        ("Ann Lee (she/her)", "Ann", "Lee"),
        ("von Berg, Anna", "Anna", "von Berg"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("María de la Cruz", "María", "de la Cruz"),
        ("Sean O’Neil", "Sean", "O’Neil"),
        ("Jack Ma", "Jack", "Ma"),
        ("Herr Müller", None, "Müller"),
        ("Dr. Lee", None, "Lee"),
    ],
)
def test_certain_names(name: str, first: str | None, last: str) -> None:
    assert split(name) == (first, last)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "LEE Ann",
            "Lee Ann",
            "ANN LEE",
            "ann lee",
            "ann",
            "Ann",
            "acme",
            "Acme GmbH",
            "Acme Biotech",
            "Human Resources",
        ),
        *(
            "Sales Team",
            "Hiring Manager",
            "J. Smith",
            "A. B. Lee",
            "Li Wei",
            "Nguyen Van An",
            "Nagy János",
            "王小明",
            "Иван Иванов",
        ),
        *(
            "María José García",
            "Ann & Bo",
            "Ann3 Lee",
            "<b>Ann</b> Lee",
            "",
            "()",
            ",",
            "Ann Lee, Acme Corp",
            "Managing Director",
        ),
        *("Ann Lee, Bo Ek, Cy", "Van Morrison", "ann@acme.example"),
    ],
)
def test_names_that_are_not_certain(name: str) -> None:
    assert split(name) == (None, None)


@pytest.mark.parametrize(
    "column, greeting",
    [
        ("Ann", "Ann"),
        ("ann", "Ann"),
        ("ANNA", "Anna"),
        ("anna-lena", "Anna-Lena"),
        ("Ann Marie", "Ann Marie"),
        ("Ann M.", "Ann"),
        ("Dr. Ann", "Ann"),
        ("Иван", "Иван"),
        ("小明", "小明"),
        ("AJ", "AJ"),
        ("A.", None),
        ("Dr.", None),
        ("Team", None),
        ("ann@acme.example", None),
        ("Ann (Annie)", None),
        ("", None),
    ],
)
def test_a_column_of_first_names(column: str, greeting: str | None) -> None:
    assert given(column) == greeting


@pytest.mark.parametrize(
    "text", ["Ann Lee", "Jean-Luc O'Neil", "Dr. Ann Lee", "Zoë", "Иван", "王小明", "नरेंद्र", "x" * 60]
)
def test_valid_names(text: str) -> None:
    assert valid_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x" * 61,
        "Ann\nLee",
        "Ann\tLee",
        "Ann  1",
        "<b>",
        "{{ owner }}",
        "a@b",
        "http://x",
        "...",
        "- -",
        " Ann",
        "Ann:",
        "Ann\u202e",
    ],
)
def test_invalid_names(text: str) -> None:
    assert not valid_name(text)


@given_any(st.text(max_size=80))
def test_a_first_name_is_always_a_valid_name(text: str) -> None:
    first, last = split(text)
    assert first is None or valid_name(first)
    assert last is None or valid_name(last)

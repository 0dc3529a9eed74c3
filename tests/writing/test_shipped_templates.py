"""What the worker says: the eight templates, with everything known and with nothing known."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing.cast import BARE_OWNER, LEE, NOBODY, OWNER, UNA
from tests.writing.golden import agrees
from worker.conversation.vocabulary import Contact, Person
from worker.writing import Draft, Owner, render, variables

TEMPLATES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[2] / "templates").glob("*.md")
    if path.name != "brief.md" and path.name.split(".")[-2] not in ("de", "fr", "es")
}
NAMES = sorted(name.removesuffix(".md") for name in TEMPLATES)
NO = "If you would rather not, just say so and I will not ask again."


def written(name: str, contact: Contact, owner: Owner, *, known: bool) -> Draft:
    named = [LEE, Person("Jo O’Neil")] if known else []
    return render(
        TEMPLATES,
        name,
        variables(
            contact,
            owner,
            introducer=LEE if known else None,
            named=named,
            introduced=named,
            asked_for_name=not known,
        ),
    )


def test_there_is_one_for_every_step() -> None:
    assert NAMES == [
        "ask",
        "ask.referred",
        "check_in",
        "farewell",
        "nudge",
        "referral_request",
        "report_back",
        "thanks_for_name",
        "thanks_for_talk",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_with_everything_known(name: str) -> None:
    draft = written(name, UNA, OWNER, known=True)
    agrees(f"{name}.full.txt", f"{draft.subject}\n\n{draft.body}")


@pytest.mark.parametrize("name", NAMES)
def test_with_nothing_known(name: str) -> None:
    draft = written(name, NOBODY, BARE_OWNER, known=False)
    agrees(f"{name}.minimal.txt", f"{draft.subject}\n\n{draft.body}")


ABOUTS = [{}, {"field": "hydrology"}, {"field": "hydrology", "meet": "in Utrecht or by phone"}, dict(OWNER.about)]
SUBSETS = list(product((True, False), repeat=5))


@pytest.mark.parametrize("about", ABOUTS, ids=["nothing", "field", "field and meet", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_any_of_the_fields_may_be_missing(name: str, about: dict[str, str]) -> None:
    for has_name, has_company, has_role, has_profession, has_opening in SUBSETS:
        contact = replace(
            UNA,
            name=UNA.name if has_name else None,
            first_name=UNA.first_name if has_name else None,
            last_name=UNA.last_name if has_name else None,
            company=UNA.company if has_company else None,
            role=UNA.role if has_role else "",
            profession=UNA.profession if has_profession else None,
            opening=UNA.opening if has_opening else " ",
        )
        for known in (True, False):
            draft = written(name, contact, replace(OWNER, about=about), known=known)
            greeting = draft.body.split("\n", 1)[0]
            assert greeting == ("Hi Una," if has_name else "Hello,")
            assert "None" not in draft.body + draft.subject
            assert not re.search(r"(?<=\S)  +|\n\n\n| [,.;?!](?:\s|$)|[ \t]$|\(\)|,,|\.\.", draft.body, re.MULTILINE)
            assert draft.body.endswith("\n")
            assert not draft.body.endswith("\n\n")
            assert "\n" not in draft.subject
            assert draft.subject.strip() == draft.subject != ""


@pytest.mark.parametrize("name", ["ask", "ask.referred", "nudge"])
def test_a_no_is_made_cheap_in_the_last_sentence(name: str) -> None:
    for known, contact in ((True, UNA), (False, NOBODY)):
        paragraphs = written(name, contact, OWNER, known=known).body.split("\n\n")
        assert paragraphs[-2] == NO


def test_the_request_for_a_name_can_be_forwarded() -> None:
    body = written("referral_request", UNA, OWNER, known=True).body
    passage = next(part for part in body.split("\n\n") if part.startswith("    "))
    assert len(re.findall(r"[.?!](?=\s|$)", passage)) == 2
    assert "Alex Doe" in passage
    assert "alex@mail.example" in passage
    assert "Una" not in passage


@pytest.mark.parametrize("name", NAMES)
def test_no_links_but_the_owners_own(name: str) -> None:
    body = written(name, UNA, OWNER, known=True).body
    assert set(re.findall(r"https?://\S+", body)) <= {"https://alex.example"}
    assert "unsubscribe" not in body.lower()


def test_who_was_asked_for_a_name_is_not_asked_again() -> None:
    asked = render(TEMPLATES, "thanks_for_talk", variables(UNA, OWNER, asked_for_name=True)).body
    fresh = render(TEMPLATES, "thanks_for_talk", variables(UNA, OWNER)).body
    assert "A name is enough" in fresh
    assert "name" not in asked.split("\n\n", 1)[1].removesuffix("Best wishes,\nAlex Doe\n")


@given(st.text(max_size=90))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_strangers_words_reach_no_third_person(words: str) -> None:
    stranger = Person(words)
    ask = render(TEMPLATES, "ask.referred", variables(UNA, OWNER, introducer=stranger))
    thanks = render(TEMPLATES, "thanks_for_name", variables(UNA, OWNER, named=[stranger]))
    introduced = ask.subject.removesuffix(" suggested that I write to you")
    if introduced != ask.subject:
        assert len(introduced) <= 60
        assert all(unicodedata.category(c)[0] in "LM" or c in " .'-" for c in introduced)
    assert "@" not in thanks.body

"""The shipped templates in German, French and Spanish, and the words that a template gets in its language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time
from itertools import product
from pathlib import Path

import pytest

from tests.writing.cast import BARE_OWNER, LEE, NOBODY, OWNER, UNA
from tests.writing.golden import agrees
from worker.conversation.vocabulary import Contact, Person, Step
from worker.errors import TemplateError
from worker.writing import Draft, Owner, declared_language, render, untranslated, variables
from worker.writing.tongue import guess, tongue

FOLDER = Path(__file__).parents[2] / "templates"
STEPS = sorted(path.name.removesuffix(".de.md") for path in FOLDER.glob("*.de.md") if path.name != "brief.de.md")
LANGUAGES = ("de", "fr", "es")
PROMISE = {
    "de": "sagen Sie es einfach, und ich frage nicht noch einmal.",
    "fr": "dites-le-moi simplement et je ne vous solliciterai plus.",
    "es": "dígamelo sin más y no volveré a pedírselo.",
}
HELLO = {"de": "Guten Tag", "fr": "Bonjour", "es": "Buenos días"}
# Small words that no sentence of the language itself has.
ENGLISH = re.compile(r"\b(?:the|your|you|would|thank|about|with|and|of|or|by)\b", re.IGNORECASE)
FAMILIAR = {
    "de": re.compile(r"\b(?:du|dir|dich|dein\w*|euch)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:tu|toi|ton|ta|tes)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:tú|ti|tus?|vosotros|dime|podrías|puedes)\b", re.IGNORECASE),
}
ABOUT = {
    "de": {"field": "Hydrologie", "meet": "in Utrecht oder am Telefon", "why": "Wasser zieht mich an."},
    "fr": {"field": "hydrologie", "meet": "à Utrecht ou par téléphone", "why": "L’eau m’attire."},
    "es": {"field": "hidrología", "meet": "en Utrecht o por teléfono", "why": "El agua me atrae."},
}


def written(step: str, language: str, contact: Contact, owner: Owner, *, known: bool, stands: str = "asked") -> Draft:
    named = [LEE, Person("Inés Costa")] if known else []
    text = (FOLDER / f"{step}.{language}.md").read_text("utf-8")
    given = variables(
        contact,
        owner,
        introducer=LEE if known else None,
        named=named,
        introduced=named,
        asked_for_name=not known,
        stands=stands,
        language=language,
    )
    return render({step: text}, step, given, language=language)


def test_every_step_is_there_in_every_language() -> None:
    english = {path.name.removesuffix(".md") for path in FOLDER.glob("*.md") if path.name != "brief.md"}
    bare = {name for name in english if name.rpartition(".")[2] not in LANGUAGES}
    assert {step.value for step in Step} | {"ask.referred"} == bare
    for language in LANGUAGES:
        theirs = {path.name.removesuffix(f".{language}.md") for path in FOLDER.glob(f"*.{language}.md")}
        assert theirs == bare | {"brief"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_with_everything_and_with_nothing_known(step: str, language: str) -> None:
    owner = replace(OWNER, about={**OWNER.about, language: ABOUT[language]})
    full = written(step, language, UNA, owner, known=True)
    bare = written(step, language, NOBODY, BARE_OWNER, known=False)
    agrees(f"{step}.{language}.txt", f"{full.subject}\n\n{full.body}\n----\n{bare.subject}\n\n{bare.body}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_any_field_may_be_missing_and_no_word_is_of_another_language(step: str, language: str) -> None:
    for fields in product((True, False), repeat=5):
        has_name, has_company, has_role, has_profession, has_opening = fields
        contact = replace(
            UNA,
            name=UNA.name if has_name else None,
            first_name=UNA.first_name if has_name else None,
            last_name=UNA.last_name if has_name else None,
            company=UNA.company if has_company else None,
            role=UNA.role if has_role else None,
            profession=UNA.profession if has_profession else None,
            opening="Qwertz." if has_opening else None,
        )
        for known, stands, owner in (
            (True, "talking", OWNER),
            (False, "asked", OWNER),
            (False, "talking", BARE_OWNER),
            (False, "declined", replace(OWNER, about={**OWNER.about, language: ABOUT[language]})),
        ):
            draft = written(step, language, contact, owner, known=known, stands=stands)
            assert draft.body.startswith(HELLO[language])
            assert ("Una" in draft.body.split("\n")[0]) == has_name
            assert "None" not in draft.body + draft.subject
            assert not re.search(r"(?<=\S)  +|\n\n\n| [,.](?:\s|$)|[ \t]$|\(\)|,,|\.\.", draft.body, re.MULTILINE)
            assert not ENGLISH.search(draft.body), draft.body
            assert not FAMILIAR[language].search(draft.body), draft.body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["ask", "ask.referred", "nudge"])
def test_a_no_is_made_cheap_in_the_last_sentence(step: str, language: str) -> None:
    for known, contact in ((True, UNA), (False, NOBODY)):
        paragraphs = written(step, language, contact, OWNER, known=known).body.split("\n\n")
        assert paragraphs[-2].endswith(PROMISE[language])


def test_what_is_written_in_another_language_stands_in_no_mail() -> None:
    ask = written("ask", "de", UNA, OWNER, known=False).body
    assert "nurse" not in ask
    assert "am Telefon" in ask
    assert "hydrology" in ask  # a field is a name
    german = replace(BARE_OWNER, about={"meet": "telefonisch oder bei einem Kaffee", "background": "Ich bin Pfleger."})
    assert "telefonisch oder bei einem Kaffee" in written("ask", "de", UNA, german, known=False).body
    english = render(
        {"ask": (FOLDER / "ask.md").read_text("utf-8")}, "ask", variables(UNA, german, language="en"), language="en"
    )
    assert "Kaffee" not in english.body
    assert "over coffee" in english.body
    assert untranslated(OWNER.about, "de") == ("meet", "background", "why")
    assert untranslated(OWNER.about, "en") == ()
    assert untranslated({**OWNER.about, "de": ABOUT["de"]}, "de") == ("background",)


@pytest.mark.parametrize(
    "words, language",
    [
        ("by phone, by video or over coffee", "en"),
        ("telefonisch, per Video oder bei einem Kaffee", "de"),
        ("par téléphone ou autour d’un café", "fr"),
        ("por teléfono o con un café", "es"),
        ("via Zoom", None),
        ("", None),
    ],
)
def test_the_language_of_a_few_words(words: str, language: str | None) -> None:
    assert guess([words]) == language


WHEN = {"day": date(2027, 3, 1), "at": datetime(2027, 3, 1, 14, 5), "hour": time(9, 0), "half": 30, "long": 45}


@pytest.mark.parametrize(
    "language, said",
    [
        ("en", "1 March|1 March 2027|Monday|14:05|thirty minutes|45 minutes|Monday 1 March Mon Mar 100%"),
        ("de", "1. März|1. März 2027|Montag|14:05 Uhr|dreißig Minuten|45 Minuten|Montag 1 März Mon Mär 100%"),
        ("fr", "1er mars|1er mars 2027|lundi|14 h 05|trente minutes|45 minutes|lundi 1 mars lun mar 100%"),
        ("es", "1 de marzo|1 de marzo de 2027|lunes|14:05|treinta minutos|45 minutos|lunes 1 marzo lun mar 100%"),
        ("it-CH", "1 marzo|1 marzo 2027|lunedì|14:05|trenta minuti|45 minuti|lunedì 1 marzo lun mar 100%"),
        ("xx", "1 March|1 March 2027|Monday|14:05|thirty minutes|45 minutes|Monday 1 March Mon Mar 100%"),
    ],
)
def test_dates_times_and_durations(language: str, said: str) -> None:
    text = (
        "{{ day|date }}|{{ day|date(year=true) }}|{{ day|weekday }}|{{ at|time }}|{{ half|duration }}|"
        "{{ long|duration }}|{{ day.strftime('%A %-d %B %a %b 100%%') }}"
    )
    assert render({"x": text}, "x", WHEN, language=language).body.strip() == said


def test_filters_need_what_they_are_for() -> None:
    for text in ("{{ none|date }}", "{{ 'x'|time }}", "{{ day|duration }}", "{{ nothing|date }}"):
        with pytest.raises(TemplateError):
            render({"x": text}, "x", WHEN)


@pytest.mark.parametrize(
    "language, names, said",
    [
        ("en", ["Ann"], "Ann"),
        ("en", ["Ann", "Bo", "Cy"], "Ann, Bo and Cy"),
        ("de", ["Ann", "Bo"], "Ann und Bo"),
        ("es", ["Ann", "Inés"], "Ann e Inés"),
        ("es", ["Ann", "Hilda"], "Ann e Hilda"),
        ("es", ["Ann", "Iago"], "Ann y Iago"),
    ],
)
def test_names_in_a_row(language: str, names: list[str], said: str) -> None:
    assert tongue(language).listed(names) == said


def test_a_template_can_name_its_language() -> None:
    assert declared_language("---\nsubject: x\nlanguage: de\n---\nHallo") == "de"
    assert declared_language("---\nsubject: x\n---\nlanguage: de") == ""
    assert declared_language("Hallo") == ""
    assert render({"x": "---\nlanguage: de\nsubject: Hallo\n---\nText"}, "x", {}).subject == "Hallo"


def test_no_first_name_is_made_of_a_name_that_is_not_certain() -> None:
    given = variables(Contact(email="x@y.example", name="Blue Ocean"), OWNER)
    assert given["greeting"] == "Hello,"
    assert given["contact"]["first_name"] is None

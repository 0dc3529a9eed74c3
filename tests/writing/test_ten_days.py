"""Ten different mornings, word for word; what holds for each of them in every language."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.writing.days import DAYS
from tests.writing.golden import agrees
from worker.reading.tell import parse
from worker.writing.summary import SummaryContent, html, text
from worker.writing.summary.languages import LANGUAGES

EVERY = [(day, language) for day in DAYS for language in sorted(LANGUAGES)]


def day_of(day: str, language: str | None = None) -> SummaryContent:
    make, looked_at = DAYS[day]
    return make(language or looked_at)


def shown(page: str) -> str:
    """What a reader of the HTML sees, a space between any two parts."""
    body = page[page.index("<body") :]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"</?(?:bdi|strong|span)\b[^>]*>", "", body))).split())


def plain(content: SummaryContent) -> str:
    """The text part without its bars and line breaks."""
    return " ".join(re.sub(r"(?m)^ +[|>] ?", "", text(content)).split())


@pytest.mark.parametrize("day", DAYS)
def test_a_day(day: str) -> None:
    content = day_of(day)
    agrees(f"day.{day}.txt", text(content))
    agrees(f"day.{day}.html", html(content))


@pytest.mark.parametrize("day, language", EVERY)
def test_every_item_begins_with_its_number_and_the_full_name(day: str, language: str) -> None:
    content = day_of(day, language)
    lines = [line for line in text(content).splitlines() if re.match(r"\d+[.)]", line)]
    assert [re.match(r"(\d+)\. ", line)[1] for line in lines] == [str(item.number) for item in content.numbered()]  # type: ignore[index]
    for line, item in zip(lines, content.numbered(), strict=True):
        assert line.startswith(f"{item.number}. {item.name}")
    numbers = [item.number for item in content.numbered()]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("day, language", EVERY)
def test_both_parts_name_the_same_people_and_quote_the_same_words(day: str, language: str) -> None:
    content = day_of(day, language)
    in_text, in_page = plain(content), shown(html(content))
    passages = [f"{item.number}. {item.name}" for item in content.numbered()]
    passages += [thing.what for thing in content.happened] + [thing.why for thing in content.happened]
    for need in content.needs_you:
        passages += [*need.words.splitlines(), need.note, *need.times, need.email or "", need.company or ""]
    for item in content.leaves:
        passages += [*item.first_lines.splitlines(), item.email]
    passages += [call.phone for call in content.call_today] + list(content.problems)
    passages += [action.label for item in content.numbered() for action in item.actions]
    for passage in filter(None, (" ".join(one.split()) for one in passages)):
        assert passage in in_text
        assert passage in in_page
    for part in (in_text, in_page):
        places = [part.index(f"{item.number}. {item.name}") for item in content.numbered()]
        assert places == sorted(places)


@pytest.mark.parametrize("day, language", EVERY)
def test_what_a_link_says_is_one_order_about_its_item(day: str, language: str) -> None:
    """In every language the same order as in English."""
    for item, english in zip(day_of(day, language).numbered(), day_of(day, "en").numbered(), strict=True):
        for action, same in zip(item.actions, english.actions, strict=True):
            if action.to is not None:
                continue
            line, like = (one.replace("<>", "<dana@gauges.example>") for one in (action.line, same.line))
            if line.endswith(" "):  # a date is to be filled in
                line, like = f"{line}2027-01-14", f"{like}2027-01-14"
            said, meant = (parse(one, today=day_of(day).day) for one in (line, like))
            assert not said.leftover
            assert [order.number for order in said.orders] == [item.number]
            assert [order.verb for order in said.orders] == [order.verb for order in meant.orders]
            assert [order.value for order in said.orders] == [order.value for order in meant.orders]


def test_the_days_differ_and_every_language_is_looked_at() -> None:
    assert len({day_of(day).day for day in DAYS}) == 1  # no day depends on the calendar
    assert {language for _, language in DAYS.values()} == set(LANGUAGES)
    assert len(DAYS) >= 10

"""What the owner opens, in a real browser: on a phone and on a desk, by day and by night, in every language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.browser import Browser, Scheme, browser
from tests.writing.days import DAYS
from tests.writing.people import family
from worker.writing import tree
from worker.writing.summary import html
from worker.writing.summary.languages import LANGUAGES

pytestmark = pytest.mark.real_server
THUMB = 44  # CSS pixels (WCAG 2.2, 2.5.5)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


def pages(language: str, *, alike: bool) -> dict[str, str]:
    """The busiest summary and the tree; what is written alike too: the mail that tells of a yes, a day of trouble."""
    found = {
        "summary": html(DAYS["busy"][0](language)),
        "tree": tree.html(family(), owner="Alex Doe", day="24 November 2026", language=language),
    }
    if alike:
        found |= {"trouble": html(DAYS["trouble"][0](language)), "yes": html(DAYS["a-yes"][0](language))}
    return found


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_nothing_stands_in_a_readers_way(chromium: Browser, language: str, scheme: Scheme, width: int) -> None:
    for name, source in pages(language, alike=language == "en" and width == 360).items():
        page = chromium.page(source, width=width, scheme=scheme)
        assert page.faults() == [], name
        seen = page.seen()
        assert seen["wide"] <= width, name
        assert seen["lang"] == language
        assert seen["levels"].count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in zip(seen["levels"], seen["levels"][1:], strict=False))
        small = [target for target in seen["targets"] if target[1] < THUMB or target[2] < THUMB]
        assert small == [], name
        assert (seen["background"] == "rgb(255, 255, 255)") is (scheme == "light")
    assert chromium.asked == []


def test_long_words_break_on_a_narrow_screen(chromium: Browser) -> None:
    for day, (make, language) in DAYS.items():
        page = chromium.page(html(make(language)), width=320, scheme="light")
        assert page.seen()["wide"] <= 320, day


def test_what_axe_looks_for_is_found(chromium: Browser) -> None:
    source = html(DAYS["busy"][0]("en")).replace("#56626a", "#b0b8bc").replace(' lang="en"', "")
    found = " ".join(chromium.page(source, width=360, scheme="light").faults())
    assert "color-contrast" in found
    assert "html-has-lang" in found


def test_a_page_that_fetches_is_noticed(chromium: Browser) -> None:
    before = len(chromium.asked)
    chromium.page('<img src="https://pixel.example/p.png" alt="">', width=360, scheme="light")
    assert chromium.asked[before:] == ["https://pixel.example/p.png"]
    del chromium.asked[before:]

"""The tree of introductions: depth, how many said yes, who is still owed a word; as text and as a page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from tests.stories.world import World
from worker.jobs.tree import tree
from worker.writing.tree import html, text

UNA, DANA, KIM = "una@acme.example", "dana@other.example", "kim@third.example"


def grown(world: World) -> list[dict[str, Any]]:
    return [one.json() for one in world.store.read(lambda tx: tree(tx, world.desk))]


def family(world: World) -> list[dict[str, Any]]:
    """Una led to Dana, Dana to Kim; Dana and the owner have talked."""
    world.person(UNA, company="Acme")
    world.person(DANA, name="Dana Weiss", referred_by=UNA)
    world.person(KIM, name="Kim <b>Lee</b>", referred_by=DANA)
    world.once()
    world.tell(DANA, "met")
    return grown(world)


def test_depth_and_rate_and_debts(world: World) -> None:
    (una,) = family(world)
    assert (una["depth"], una["branch"]["people"], una["branch"]["deepest"]) == (0, 3, 2)
    assert (una["branch"]["asked"], una["branch"]["yes"]) == (3, 1)
    assert una["branch"]["yes_rate"] == 0.3333
    (dana,) = una["led_to"]
    assert una["owed"] == ["report_back"]
    assert dana["owed"] == ["thanks_for_talk"]
    assert dana["led_to"][0]["email"] == KIM
    world.later(minutes=5)
    assert grown(world)[0]["led_to"][0]["owed"] == [], "they were thanked"


def test_as_text(world: World) -> None:
    family(world)
    world.person("solo@fourth.example", name="Solo Person")
    shown = text(grown(world))
    assert "Una Berg (Acme): asked; 1 of 3 asked said yes, 2 deep\n└─ Dana Weiss: you have talked" in shown
    assert "   └─ Kim" in shown
    assert "1 person named nobody" in shown
    assert "Una Berg: a note on how it went" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "Solo Person" in text(grown(world), everybody=True)


def test_as_a_page_that_needs_nothing_else(world: World) -> None:
    page = html(family(world), owner="Robin <i>", day="2027-03-01")
    assert "<b>" not in page
    assert "<i>" not in page
    for word in ("http://", "https://", "<script", "<link", "<img", "src="):
        assert word not in page
    assert page.startswith("<!doctype html>\n<html lang=")

    class Lists(HTMLParser):
        depth = deepest = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.depth += tag == "ul"
            self.deepest = max(self.deepest, self.depth)

        def handle_endtag(self, tag: str) -> None:
            self.depth -= tag == "ul"

    lists = Lists()
    lists.feed(page)
    assert (lists.depth, lists.deepest) == (0, 3)


def test_a_long_ladder_stays_within_the_screen() -> None:
    node: dict[str, Any] = {}
    for number in range(60):
        node = {
            "name": "Somebody With A Rather Long Name " * 2,
            "company": "Company",
            "state": "asked",
            "branch": {"asked": 1, "yes": 0, "deepest": number},
            "owed": [],
            "led_to": [node] if node else [],
        }
    assert max(map(len, text([node]).splitlines())) <= 80
    assert text([]).startswith("No contacts yet")

"""The summary as HTML."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from worker.writing.summary import phrases
from worker.writing.summary.content import SummaryContent
from worker.writing.summary.words import words_for

if TYPE_CHECKING:
    from jinja2 import Template


def html(content: SummaryContent) -> str:
    """The HTML part: tables for layout, styles inlined, nothing fetched from anywhere, everything that a stranger
    wrote escaped."""
    from css_inline import CSSInliner

    words = words_for(content.language)
    weeks = content.standing.weeks if content.standing else ()
    written = _page().render(
        content=content,
        words=words,
        subject=phrases.subject(content),
        headline=phrases.headline(content),
        footer=phrases.footer(content, words),
        most=max((week.asked for week in weeks), default=1) or 1,
        max_listed=phrases.MAX_LISTED,
        quoted=phrases.quoted,
        inline=phrases.inline,
        about=phrases.about,
        reading=lambda item: phrases.reading(item, words),
        clock=lambda call: phrases.clock(call, content, words),
        written=lambda call: phrases.written(call, words),
        leaving=lambda leaving: phrases.leaves(leaving, content, words),
        state=lambda led: phrases.state(led, words),
        link=lambda action: phrases.link(action, content),
        dial=lambda phone: "tel:" + "".join(c for c in phone if c in "+0123456789"),
    )
    # the few rules in the page's head, which no attribute can say, stay where they are
    inliner = CSSInliner(extra_css=_shipped("page.css"), minify_css=True, load_remote_stylesheets=False)
    return inliner.inline(written.strip()).strip() + "\n"


@cache
def _page() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_shipped("page.html.jinja"))


def _shipped(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")

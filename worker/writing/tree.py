"""Who led to whom, as text for a terminal and as a page for a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worker.writing.summary.phrases import inline
from worker.writing.summary.words import words_for
from worker.writing.treewords import TREE_WORDS, TreeWords

WIDTH = 80
STATES = {
    "planned": "not asked yet",
    "asked": "asked",
    "snoozed": "later",
    "silent": "no answer",
    "declined": "said no",
    "referral_asked": "said no, asked for a name",
    "referred": "pointed on",
    "talking": "said yes",
    "met": "you have talked",
    "closed": "closed",
    "opted_out": "not to be written to",
    "unreachable": "unreachable",
}
OWED = {
    "thanks_for_name": "thanks for the name",
    "thanks_for_talk": "thanks for the talk",
    "report_back": "a note on how it went",
}
Node = Mapping[str, Any]
"""A person as `tree --json` prints one."""


def text(roots: Sequence[Node], *, everybody: bool = False) -> str:
    """The tree at 80 columns. Who led to nobody and was led to by nobody is counted, unless `everybody` is wanted."""
    shown = [root for root in roots if everybody or root["led_to"]]
    lines: list[str] = []
    for root in shown:
        lines += [*_branch(root, "", ""), ""]
    alone = len(roots) - len(shown)
    if alone:
        lines.append(f"{_people(alone)} named nobody and {'was' if alone == 1 else 'were'} named by nobody (--all).")
    if not roots:
        lines.append("No contacts yet: askaround import FILE.csv")
    owed = [(node, what) for root in roots for node in _all(root) for what in node["owed"]]
    if owed:
        lines += ["", "Still owed"]
        lines += [_cut(f"  {inline(node['name'], 60)}: {OWED.get(what, what)}") for node, what in owed]
    return "\n".join(lines).strip("\n") + "\n"


def _all(node: Node) -> Iterator[Node]:
    yield node
    for one in node["led_to"]:
        yield from _all(one)


def _branch(node: Node, lead: str, mark: str) -> Iterator[str]:
    yield _cut(f"{lead}{mark}{_line(node)}")
    below = lead + {"": "", "├─ ": "│  ", "└─ ": "   "}[mark]
    if len(below) > 36:  # a ladder of introductions must stay within the screen
        below = "… "
    for number, one in enumerate(node["led_to"]):
        yield from _branch(one, below, "└─ " if number == len(node["led_to"]) - 1 else "├─ ")


def _line(node: Node) -> str:
    company = f" ({inline(node['company'], 40)})" if node["company"] else ""
    line = f"{inline(node['name'], 60)}{company}: {STATES.get(node['state'], node['state'])}"
    if node["led_to"]:
        line += f"; {rate(node)}"
    return line


def rate(node: Node) -> str:
    """ "2 of 5 asked said yes, 2 deep"."""
    return _rate(node, TREE_WORDS["en"])


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"


def html(roots: Sequence[Node], *, owner: str, day: str, language: str | None = "en") -> str:
    """A page that needs nothing else, in the owner's language: nested lists, so that a screen reader tells the depth;
    light and dark. `day` is shown as it is given."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    owed = [(node, what) for root in roots for node in _all(root) for what in node["owed"]]
    words = words_for(language)
    said = TREE_WORDS[words.code]
    english = words.code == "en"
    return environment.from_string(_PAGE).render(
        roots=sorted(roots, key=lambda one: not one["led_to"]),
        owner=owner,
        day=day,
        lang=words.code,
        said=said,
        pair=words.pair,
        rate=lambda node: _rate(node, said),
        inline=inline,
        states=STATES if english else words.states,
        owed=owed,
        words=OWED if english else {step.value: name for step, name in words.steps.items()},
    )


def _rate(node: Node, said: TreeWords) -> str:
    branch = node["branch"]
    if not branch["asked"]:
        return said.not_asked
    rate = said.yes_of.format(yes=branch["yes"], asked=branch["asked"])
    return rate + (f", {said.deep.format(deep=branch['deepest'])}" if branch["deepest"] > 1 else "")


_PAGE = """<!doctype html>
<html lang="{{ lang }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ said.title }}</title>
<style>
:root { color-scheme: light dark; --ink: #1c2326; --muted: #56626a; --accent: #0b6459;
  --line: #c9d0cf; --ground: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecea; --muted: #a9b5b3; --accent: #7fd1c3; --line: #4b5654; --ground: #14191a; }
}
body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; color: var(--accent); }
ul { list-style: none; margin: 0; padding: 0; }
li > ul { margin-left: .6rem; padding-left: 1.2rem; border-left: 2px solid var(--line); }
li { margin: .35rem 0; }
.muted { color: var(--muted); }
</style>
</head>
<body>
<main>
<h1>{{ said.title }}</h1>
<p class="muted">{{ owner }}, {{ day }}</p>
{% macro person(node) %}
<li><strong><bdi>{{ inline(node.name, 80) }}</bdi></strong>
{%- if node.company %} <span class="muted"><bdi>{{ inline(node.company, 80) }}</bdi></span>{% endif %}
{{- pair("", states.get(node.state, node.state)) }}
{% if node.led_to %}
<span class="muted">({{ rate(node) }})</span>
<ul>
{% for one in node.led_to %}
{{ person(one) }}
{% endfor %}
</ul>
{% endif %}
</li>
{% endmacro %}
{% if roots %}
<ul aria-label="{{ said.people }}">
{% for root in roots %}
{{ person(root) }}
{% endfor %}
</ul>
{% else %}
<p>{{ said.empty }}</p>
{% endif %}
{% if owed %}
<h2>{{ said.owed }}</h2>
<ul>
{% for node, what in owed %}
<li><bdi>{{ inline(node.name, 80) }}</bdi>{{ pair("", words.get(what, what)) }}</li>
{% endfor %}
</ul>
{% endif %}
</main>
</body>
</html>
"""

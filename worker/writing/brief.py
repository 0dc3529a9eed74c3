"""The page that the owner reads before a talk: a template filled in, wrapped to read well on any screen."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from worker.writing.render import Draft, render

NAME = "brief"
WIDTH = 78
_LEAD = re.compile(r"(\s*)([-*•|>] )?")


def brief(templates: Mapping[str, str], given: Mapping[str, Any], *, origin: Mapping[str, str] | None = None) -> Draft:
    """The brief with its subject; no line is longer than 78 columns, but for a word that is.

    Raises TemplateError as `render` does.
    """
    draft = render(templates, NAME, given, origin=origin)
    return Draft(draft.subject, "\n".join(_wrapped(line) for line in draft.body.split("\n")))


def _wrapped(line: str) -> str:
    found = _LEAD.match(line)
    blank, mark = (found[1], found[2] or "") if found else ("", "")
    lead = f"{blank}{mark}"
    hang = lead if mark.strip() in ("|", ">") else " " * len(lead)
    rest = line[len(lead) :]
    if len(line) <= WIDTH or not rest:
        return line.rstrip()
    return textwrap.fill(
        rest,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )

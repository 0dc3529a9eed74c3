"""A template with its variables becomes a subject and a body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worker.errors import TemplateError
from worker.writing.tongue import DEFAULT, code_of

if TYPE_CHECKING:
    from worker.writing.sandbox import Walls

MAX_SOURCE = 64_000
"""The longest template, in characters."""

MAX_SUBJECT = 200

SUFFIX = ".md"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a template says to one person: the subject on one line, the body with its last line ended."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class _Source:
    """A template taken apart; both parts are padded with empty lines so that line numbers are those of the file."""

    subject: str
    body: str


def render(
    templates: Mapping[str, str],
    name: str,
    variables: Mapping[str, Any],
    *,
    origin: Mapping[str, str] | None = None,
    language: str = DEFAULT,
) -> Draft:
    """Fill in the template `name` ("ask" or "ask.md"), whose dates are said in `language`.

    Parameters: templates, name to text; variables, as `variables()` makes them; origin, name to the file a
    template came from, for error messages. Returns the Draft. Raises TemplateError naming template, line and
    variable for whatever a template does wrong: unknown or empty variables, syntax, anything outside its walls,
    more than 100 KB.
    """
    key = _find(templates, name)
    where = (origin or {}).get(key, key)
    source = _take_apart(templates[key], where)
    from worker.writing.sandbox import Walls
    from worker.writing.values import Fields

    walls = Walls(language)
    given = dict(Fields(variables).items())
    subject = _fill(walls, source.subject, given, where)
    body = _fill(walls, source.body, given, where)
    draft = Draft(_tidy_subject(subject), _tidy_body(body))
    if not draft.subject and key.removesuffix(SUFFIX).split(".")[0] == "ask":
        raise TemplateError(
            f"The template {key} has no subject.",
            where=f"{where}, line 1",
            todo='Begin it with three lines: "---", "subject: ...", "---".',
        )
    if not draft.body.strip():
        raise TemplateError(f"The template {key} makes an empty mail.", where=where, todo="Write some text in it.")
    return draft


def check(
    templates: Mapping[str, str],
    name: str,
    variables: Mapping[str, Any],
    *,
    origin: Mapping[str, str] | None = None,
    language: str = DEFAULT,
) -> TemplateError | None:
    """Whether the template can be filled in for this person: None, or the error that `render` would raise."""
    try:
        render(templates, name, variables, origin=origin, language=language)
    except TemplateError as error:
        return error
    return None


def declared_language(text: str) -> str:
    """The language that a template names at its top ("language: de"), "" where it names none."""
    head = re.match(r"\ufeff?---[ \t]*(?:\r\n|\r|\n)(.*?)^---", text, re.DOTALL | re.MULTILINE)
    found = re.search(r"^\s*language\s*:\s*(\S+)", head[1], re.MULTILINE | re.IGNORECASE) if head else None
    return code_of(_unquoted(found[1])) if found else ""


def _find(templates: Mapping[str, str], name: str) -> str:
    for key in (name, name + SUFFIX, name.removesuffix(SUFFIX)):
        if key in templates:
            return key
    raise TemplateError(
        f"There is no template {name}.",
        where=f"known: {', '.join(sorted(templates)) or 'none'}",
        todo=f"Write a file {name.removesuffix(SUFFIX)}{SUFFIX} in the templates folder.",
    )


def _take_apart(text: str, where: str) -> _Source:
    if len(text) > MAX_SOURCE:
        raise TemplateError(
            f"The template is longer than {MAX_SOURCE // 1000} KB.", where=where, todo="A mail should be short."
        )
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    if lines[0].rstrip() != "---":
        return _Source("", "\n".join(map(_keep_line_end, lines)))
    ends = [number for number, line in enumerate(lines) if number and line.rstrip() == "---"]
    if not ends:
        raise TemplateError(
            "The lines at the top of the template do not end.",
            where=f"{where}, line 1",
            todo='Put a line "---" below the subject.',
        )
    subject = ""
    for number, line in enumerate(lines[1 : ends[0]], start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if colon and key.strip().lower() == "language" and code_of(_unquoted(value.strip())):
            continue
        if not colon or key.strip().lower() != "subject" or subject:
            raise TemplateError(
                f'"{line.strip()[:60]}" is not understood at the top of a template.',
                where=f"{where}, line {number + 1}",
                todo='"subject: ..." and "language: de" may stand there; the text begins below the second "---".',
            )
        subject = "\n" * number + _unquoted(value.strip())
    return _Source(subject, "\n" * (ends[0] + 1) + "\n".join(map(_keep_line_end, lines[ends[0] + 1 :])))


def _keep_line_end(line: str) -> str:
    """Jinja swallows the line end after any tag; here only a line that holds nothing but tags shall vanish."""
    stripped = line.rstrip()
    only_tags = not re.sub(r"\{%.*?%\}|\{#.*?#\}", "", stripped).strip()
    return line if only_tags or not stripped.endswith(("%}", "#}")) else stripped + "{{ '' }}"


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value[0] not in value[1:-1]
    return value[1:-1] if quoted else value


def _fill(walls: Walls, source: str, given: Mapping[str, Any], where: str) -> str:
    from jinja2 import TemplateSyntaxError, UndefinedError

    from worker.writing.sandbox import MAX_TEXT, EmptyVariable

    try:
        pieces: list[str] = []
        size = 0
        for piece in walls.template(source).generate(**given):
            size += len(piece.encode("utf-8", "replace"))
            if size > MAX_TEXT:
                raise OverflowError(f"the template makes more than {MAX_TEXT // 1000} KB")
            pieces.append(piece)
        return "".join(pieces)
    except EmptyVariable as error:
        raise TemplateError(
            f"{error.variable} is empty for this person, and the template prints it.",
            where=f"{where}, line {error.line}",
            todo=f"Write {{% if {error.variable} %}} ... {{% endif %}} around it, or fill it in for this person.",
        ) from None
    except TemplateSyntaxError as error:
        raise TemplateError(
            f"The template cannot be read: {_said(error)}.", where=f"{where}, line {error.lineno}", todo=_HELP
        ) from None
    except UndefinedError as error:
        raise TemplateError(
            f"The template cannot be filled in: {_said(error)}.",
            where=f"{where}, line {_line_of(error)}",
            todo=_HELP,
        ) from None
    except Exception as error:  # noqa: BLE001  a template can raise anything, and its owner has to be told where
        raise TemplateError(
            f"The template cannot be filled in: {_said(error)}.",
            where=f"{where}, line {_line_of(error)}",
            todo=_HELP,
        ) from None


_HELP = "docs/templates.md says what a template may use."


def _said(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200].rstrip(". ") or type(error).__name__


def _line_of(error: BaseException) -> int:
    line = 1
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


_GAPS = re.compile(r"(?<=\S)[ \t\u00a0]{2,}(?=\S)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def _tidy_subject(text: str) -> str:
    return re.sub(r"\s+", " ", _CONTROLS.sub(" ", text)).strip()[:MAX_SUBJECT].rstrip()


def _tidy_body(text: str) -> str:
    lines: list[str] = []
    for line in re.split(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", text):
        line = _GAPS.sub(" ", _CONTROLS.sub("", line)).rstrip()
        line = re.sub(r"(?<=\w) ([,.])(?=\s|$)", r"\1", line)
        if line or (lines and lines[-1]):
            lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"

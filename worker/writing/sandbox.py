"""The walls around a template: what it may use, and how much of it.

A template may use text, `if`, `for`, `set`, the variables it is given, and the filters, tests and methods that
are listed here. Everything that grows (text, lists, numbers, loops) is measured before it is built, so that
`{{ 'x' * 10**8 }}` costs nothing. Printing a variable that is empty is an error: a mail with a hole in it
("Hi ,") must not leave.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from types import CodeType
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Template, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from worker.writing.grammar import ALLOWED, rewritten, walk
from worker.writing.tongue import DEFAULT, tongue
from worker.writing.values import Fields

MAX_TEXT = 100_000
"""The longest text, in characters and in bytes, that a template may make at any point."""

MAX_ROUNDS = 20_000
"""How many items all loops and calls of one rendering may go through together."""

_MAX_BITS = 512
_MAX_DIGITS = 20

_FILTERS = (
    "abs",
    "capitalize",
    "count",
    "d",
    "default",
    "first",
    "float",
    "int",
    "last",
    "length",
    "lower",
    "title",
    "trim",
    "truncate",
    "upper",
)
_TEXT_METHODS = frozenset(
    {
        "capitalize",
        "casefold",
        "count",
        "endswith",
        "find",
        "isalpha",
        "isdigit",
        "islower",
        "istitle",
        "isupper",
        "lower",
        "lstrip",
        "removeprefix",
        "removesuffix",
        "rstrip",
        "split",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
    }
)
_DATE_ATTRIBUTES = frozenset(
    {"day", "hour", "isoformat", "isoweekday", "minute", "month", "strftime", "weekday", "year"}
)
_LOOP_ATTRIBUTES = frozenset(
    {"depth", "first", "index", "index0", "last", "length", "nextitem", "previtem", "revindex", "revindex0"}
)


class Absent(StrictUndefined):
    """A column that this person's row does not have: false in an `if`, an error when it is printed."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


class EmptyVariable(UndefinedError):
    """A variable was to be printed that is empty for this person."""

    def __init__(self, variable: str, line: int) -> None:
        super().__init__(f"{variable} is empty for this person")
        self.variable = variable
        self.line = line


class Walls(ImmutableSandboxedEnvironment):
    """A Jinja environment for one rendering; it counts what that rendering uses up."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset()

    def __init__(self, language: str = DEFAULT) -> None:
        self._tongue = tongue(language)
        super().__init__(
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=0,
        )
        self.rounds_left = MAX_ROUNDS
        kept: dict[str, Callable[..., Any]] = {name: self.filters[name] for name in _FILTERS}
        self.filters.clear()
        self.filters.update(kept)
        self.filters.update(
            {
                "join": self._join,
                "list": self._list,
                "round": self._round,
                "replace": self._replace,
                "reverse": self._reverse,
                "sort": self._sort,
                "string": lambda value: self._text_of(value),
                "date": self._date,
                "listed": self._listed,
                "weekday": lambda day: self._tongue.weekday(_of_kind(day, date)),
                "time": lambda moment: self._tongue.clock(_of_kind(moment, datetime | time)),
                "duration": lambda minutes: self._tongue.duration(_of_kind(minutes, int)),
                " printed": self._printed,
                " counted": self._counted,
                " concat": lambda parts: self._join(parts),
                " flat": self._flat,
            }
        )
        for name in ("callable", "filter", "test", "escaped"):
            self.tests.pop(name, None)
        self.globals.clear()
        self.globals["range"] = self._range

    def template(self, source: str) -> Template:
        """The template, ready to be filled in; raises TemplateSyntaxError."""
        return Template.from_code(self, _compiled(source), self.make_globals(None))

    # The tree is checked and rewritten before Jinja compiles it.

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in walk(tree):
            if not isinstance(node, ALLOWED):
                raise TemplateSyntaxError(
                    f"a mail template cannot use '{type(node).__name__.lower()}'", node.lineno or 1, name, filename
                )
            if isinstance(node, nodes.Filter) and node.name not in self.filters:
                raise TemplateSyntaxError(f"there is no filter '{node.name}' here", node.lineno, name, filename)
            if isinstance(node, nodes.For) and node.recursive:
                raise TemplateSyntaxError("a mail template cannot use 'recursive'", node.lineno, name, filename)
        measured = rewritten(tree)
        assert isinstance(measured, nodes.Template)
        return measured

    # What a template may touch.

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Fields):
            if attribute in obj:
                return obj[attribute]
            if attribute in ("get", "items"):
                return getattr(obj, attribute)
            return self.unknown(obj.path(attribute), [obj.path(key) for key in obj])
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        allowed = (
            _TEXT_METHODS
            if isinstance(obj, str)
            else _DATE_ATTRIBUTES
            if isinstance(obj, date | time)
            else _LOOP_ATTRIBUTES
            if isinstance(obj, LoopContext)
            else frozenset[str]()
        )
        if attribute in allowed and hasattr(obj, attribute):
            return getattr(obj, attribute)
        if attribute.startswith("_"):
            return self.unsafe_undefined(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def unknown(self, variable: str, others: Iterable[str]) -> Undefined:
        """An undefined value that says its full name, and the near one, when it is used."""
        if variable.startswith("contact.extra."):
            return Absent(f"{variable} is empty for this person, or no column of that name was imported", name=variable)
        near = difflib.get_close_matches(variable, list(others), n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        return self.undefined(f"the variable {variable} does not exist{meant}", name=variable)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, str | tuple | list | range) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except (IndexError, ValueError):
                return self.undefined(obj=obj, name=str(argument))
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        __self._spend(1)
        if isinstance(__obj, Undefined):
            return __obj()
        owner = getattr(__obj, "__self__", None)
        name = getattr(__obj, "__name__", "")
        allowed = (
            (isinstance(owner, Fields) and name in ("get", "items"))
            or (isinstance(owner, str) and name in _TEXT_METHODS)
            or (isinstance(owner, date | time) and name in _DATE_ATTRIBUTES)
            or __obj == __self._range
        )
        if not allowed:
            raise SecurityError("a mail template cannot call this")
        if isinstance(owner, date | time) and name == "strftime" and len(args) == 1 and isinstance(args[0], str):
            _within(len(args[0]))
            return __self._checked(__self._tongue.strftime(owner, args[0]))
        return __self._checked(__obj(*args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return super().call_binop(context, operator, left, right)
        if isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple):
            self._measure(operator, left, right)
        elif isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() * max(right, 1) if operator == "**" else left.bit_length() + right.bit_length()
            if bits > _MAX_BITS or (operator == "**" and abs(right) > _MAX_BITS):
                raise SecurityError("a number gets too large")
        return super().call_binop(context, operator, left, right)

    def _measure(self, operator: str, left: Any, right: Any) -> None:
        if operator == "%":
            raise SecurityError("use ~ to put text together, not %")
        if operator == "+" and isinstance(left, str | list | tuple) and isinstance(right, type(left)):
            _within(len(left) + len(right))
        if operator == "*":
            text, times = (left, right) if isinstance(right, int) else (right, left)
            if isinstance(times, int):
                _within(len(text) * max(times, 0))

    # What grows is measured.

    def _spend(self, rounds: int) -> None:
        self.rounds_left -= rounds
        if self.rounds_left < 0:
            raise SecurityError(f"the template goes through more than {MAX_ROUNDS:,} items")

    def _checked(self, value: Any) -> Any:
        if isinstance(value, str | list | tuple):
            _within(len(value))
        return value

    def _range(self, *bounds: int) -> range:
        made = range(*bounds)
        self._spend(len(made[: MAX_ROUNDS + 1]))
        return made

    @pass_context  # keeps Jinja from folding it at compile time, when nothing is counted
    def _counted(self, context: Context, items: Any) -> Any:
        return self._taken(items)

    def _taken(self, items: Any) -> tuple[Any, ...]:
        if isinstance(items, Undefined):
            return tuple(items)
        found = tuple(islice(iter(items), MAX_ROUNDS + 1))
        self._spend(len(found) + 1)
        return found

    def _flat(self, items: Any) -> Any:
        if any(isinstance(item, list | tuple | range) for item in items):
            raise SecurityError("a list cannot hold lists")
        return items

    def _printed(self, value: Any, variable: str, line: int) -> str:
        if variable and (value is None or value == ""):
            raise EmptyVariable(variable, line)
        return "" if value is None else self._text_of(value)

    def _text_of(self, value: Any) -> str:
        if isinstance(value, Undefined):
            return str(value)
        if value is None or isinstance(value, str | int | float | date | time):
            text = str(value)
            _within(len(text))
            return text
        raise SecurityError("only text, numbers and dates can be printed; go through a list with 'for' or '|join'")

    def _listed(self, items: Any) -> str:
        names = [self._text_of(item) for item in self._taken(items)]
        _within(sum(map(len, names)) + 8 * len(names))
        return self._tongue.listed(names) if names else ""

    def _date(self, day: Any, year: bool = False) -> str:
        return self._tongue.calendar_day(_of_kind(day, date), year=bool(year))

    def _join(self, items: Any, between: str = "") -> str:
        if isinstance(items, Undefined):
            return str(items)
        parts = [self._text_of(item) for item in self._taken(items)]
        _within(sum(map(len, parts)) + len(str(between)) * max(len(parts) - 1, 0))
        return str(between).join(parts)

    def _replace(self, text: Any, old: str, new: str, count: int | None = None) -> str:
        whole, old, new = self._text_of(text), self._text_of(old), self._text_of(new)
        found = whole.count(old) if count is None else min(whole.count(old), max(count, 0))
        _within(len(whole) + found * (len(new) - len(old)))
        return whole.replace(old, new, found)

    def _round(self, number: float, digits: int = 0) -> float:
        if not isinstance(digits, int) or abs(digits) > _MAX_DIGITS:  # round(5, -n) makes 10**n of it
            raise SecurityError(f"a number is rounded to at most {_MAX_DIGITS} digits")
        return round(number, digits)

    def _list(self, items: Any) -> list[Any]:
        return list(self._taken(items))

    def _reverse(self, items: Any) -> Any:
        return self._text_of(items)[::-1] if isinstance(items, str) else tuple(reversed(self._taken(items)))

    def _sort(self, items: Any, reverse: bool = False) -> list[Any]:
        return sorted(self._taken(items), reverse=reverse)


@lru_cache(maxsize=256)  # compiling takes a hundred times as long as filling in, and every contact is tried with it
def _compiled(source: str) -> CodeType:
    return Walls().compile(source)


def _of_kind(value: Any, kind: Any) -> Any:
    if isinstance(value, Undefined):
        raise UndefinedError(str(value))  # printing it says which variable does not exist
    if value is None or not isinstance(value, kind):
        raise SecurityError("this filter needs a date, a time or a number, and the value is none")
    return value


def _within(length: int) -> None:
    if length > MAX_TEXT:
        _too_much()


def _too_much() -> NoReturn:
    raise SecurityError(f"the template makes more than {MAX_TEXT // 1000} KB")

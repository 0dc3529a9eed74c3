"""What `askaround init` has to know: each answer from an option, from what stands already, or by asking."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import typer

from worker.cli.opening import say
from worker.errors import InputError


@dataclass
class Asking:
    """Asks a person where there is one; `yes` takes every proposal instead."""

    yes: bool
    terminal: bool = field(default_factory=lambda: sys.stdin.isatty() and sys.stdout.isatty())

    @property
    def possible(self) -> bool:
        """Whether a person can be asked."""
        return self.terminal and not self.yes

    def answer(
        self,
        option: str,
        question: str,
        given: str | None,
        proposal: str | None,
        read: Callable[[str], str],
    ) -> str:
        """The answer, as `read` checks it. Raises InputError where none is given and nobody can be asked."""
        if given is not None:
            return checked(option, given, read)
        if not self.possible:
            if proposal is None:
                raise missing(option, question)
            return checked(option, proposal, read)
        while True:
            said = str(typer.prompt(question, default=proposal or None))
            try:
                return read(said)
            except ValueError as error:
                say(f"  It {error}. {getattr(error, 'todo', None) or ''}".rstrip())

    def agreed(self, question: str) -> bool:
        """Whether the person agrees; --yes agrees."""
        return self.yes or (self.terminal and bool(typer.confirm(question, default=True)))

    def hidden(self, question: str, *, may_be_empty: bool = False) -> str:
        """A secret, which is not shown; only where a person can be asked."""
        default = "" if may_be_empty else None
        return str(typer.prompt(question, hide_input=True, default=default, show_default=False))


def checked(option: str, given: str, read: Callable[[str], str]) -> str:
    """An option's value, read. Raises InputError that names the option."""
    try:
        return read(given)
    except ValueError as error:
        raise InputError(f"The value {error}.", where=option, todo=getattr(error, "todo", None)) from None


def missing(option: str, what: str) -> InputError:
    """The error where an answer is lacking and nobody can be asked."""
    return InputError(
        f"{what} is missing.", where=option, todo=f"Give {option}, or run it in a terminal, without --yes."
    )

"""Every command with its options, as Markdown, printed from the program itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

TOP = """# The commands

Printed by `python -m worker.cli.manual`; `make docs` writes it, and a test compares.

The configuration is the file after `--config` (before or after the command), else `$ASKAROUND_CONFIG`, else
`config.toml` in the working directory, else the one in your user's configuration folder.

Exit codes: 0 done; 1 the world is wrong (a sign-in was refused, a server is away, something needs you); 2 what you
wrote is wrong, and nothing was changed. See also [what `--json` prints](json.md) and
[what to do about an error](troubleshooting.md).
"""

_EVERYWHERE = frozenset({"--config", "--help"})


def markdown() -> str:
    """docs/commands.md: a list of the commands, then each with what it takes."""
    from typer.main import get_command

    from worker.cli.app import app

    found = list(_commands(get_command(app), "askaround"))
    rows = ["| command | what it does |", "| --- | --- |"]
    rows += [f"| [`{name}`](#{_anchor(name)}) | {_cell(_said(command))} |" for name, command in found]
    parts = [TOP, "\n".join(rows) + "\n", *(_section(name, command) for name, command in found)]
    return "\n".join(parts)


def _commands(group: Any, above: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        yield f"{above} {name}", command
        if hasattr(command, "commands"):
            yield from _commands(command, f"{above} {name}")


def _section(name: str, command: Any) -> str:
    taken = [one for one in command.params if not getattr(one, "hidden", False)]
    arguments = [one for one in taken if one.param_type_name == "argument"]
    options = [one for one in taken if one.param_type_name == "option" and not _EVERYWHERE & set(one.opts)]
    usage = " ".join([name, *(["[OPTIONS]"] if options else []), *map(_argument, arguments)])
    lines = [f"## {name}", "", _said(command), "", f"    {usage}", ""]
    rows = [f"| `{_cell(_name(one))}` | {_cell(_help(one))} |" for one in arguments]
    rows += [f"| `{_cell(_option(one))}` | {_cell(_help(one))} |" for one in options]
    if rows:
        lines += ["| takes | |", "| --- | --- |", *rows, ""]
    return "\n".join(lines)


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


def _said(command: Any) -> str:
    return " ".join((command.help or "").split())


def _name(argument: Any) -> str:
    return str(argument.metavar or argument.opts[0].upper()).strip("[]")


def _argument(argument: Any) -> str:
    name = _name(argument)
    name += "..." if argument.nargs == -1 and not name.endswith("...") else ""
    return name if argument.required else f"[{name}]"


def _option(option: Any) -> str:
    names = ", ".join((*option.opts, *option.secondary_opts))
    if option.is_flag:
        return names
    return f"{names} {option.metavar or option.opts[-1].strip('-').replace('-', '_').upper()}"


def _help(param: Any) -> str:
    words = " ".join((param.help or "").split())
    if param.param_type_name == "option" and not param.is_flag and isinstance(param.default, str | int | float):
        words += f" Without it: {param.default}."
    return words.strip()


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(markdown())

"""Where a configuration is found: a TOML file with the lines of its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worker.errors import ConfigError

FILE = "config.toml"
CONFIG_VARIABLE = "ASKAROUND_CONFIG"
_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_DECODED_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True)
class TomlFile:
    """A file that was read: its content, and on which line each key stands."""

    path: Path
    content: dict[str, Any]
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    def line(self, key: tuple[str, ...]) -> int | None:
        """The line (from 1) of a key, or of the nearest table around it that stands in the file."""
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key[:-1]
        return None


def find(path: Path | None, environ: Mapping[str, str], folder: Path) -> tuple[Path | None, list[Path]]:
    """The file to read and the places that were looked at: --config, $ASKAROUND_CONFIG, `folder`, the user's folder.

    Raises ConfigError where a file was named that is not there.
    """
    named = environ.get(CONFIG_VARIABLE, "").strip()
    if path is not None or named:
        chosen = folder / (path if path is not None else Path(named)).expanduser()
        if not chosen.is_file():
            what = "is a folder, not a file" if chosen.is_dir() else "does not exist"
            raise ConfigError(
                f"The configuration file {what}.",
                where=f"{'--config' if path is not None else CONFIG_VARIABLE}: {chosen}",
                todo="Name a file, or copy config.example.toml there.",
            )
        return chosen, [chosen]
    import platformdirs

    places = [folder / FILE, platformdirs.user_config_path("askaround", appauthor=False) / FILE]
    return next((place for place in places if place.is_file()), None), places


def read_toml(path: Path) -> TomlFile:
    """Read a file; raises ConfigError with the line where it is no TOML."""
    return parse_toml(path, read_text(path))


def read_text(path: Path) -> str:
    """What stands in a file; raises ConfigError where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"The configuration cannot be read: {error.strerror or type(error).__name__}.", where=str(path)
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError("The configuration is not UTF-8 text.", where=f"{path.name}: byte {error.start}") from None


def parse_toml(path: Path, text: str) -> TomlFile:
    """The text of a file, read; raises ConfigError with the line where it is no TOML."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _DECODED_AT.search(str(error))
        line = found[1] if found else None
        where = f"{path.name}: line {line or 'the last'}" if found else path.name
        raise ConfigError(
            f"This is not valid TOML: {_DECODED_AT.sub('', str(error))}.",
            where=where,
            todo="Text stands in quotes, tables in [brackets], one key = value a line.",
        ) from None
    return TomlFile(path, content, line_numbers(text))


def line_numbers(text: str) -> dict[tuple[str, ...], int]:
    """On which line each table and key of a TOML document stands (the document is valid)."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    inside: str | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if inside is None:
            if header := _HEADER.fullmatch(line.rstrip("\r")):
                table = _parts(header[1])
                found.setdefault(table, number)
            elif key := _KEY.match(line):
                found.setdefault(table + _parts(key[1]), number)
        for mark in ('"""', "'''"):
            if inside in (None, mark) and line.count(mark) % 2:
                inside = None if inside else mark
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"""[^."'\s]+|"[^"]*"|'[^']*'""", dotted))

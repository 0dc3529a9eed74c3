"""Changes keys in the text of a config.toml, and leaves everything else in it as it stands."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from worker.settings.sources import line_numbers

_COMMENT = re.compile(r"\s+#.*$")
_COLUMN = 36  # where comments stand in config.example.toml
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def put(text: str, table: str, key: str, value: Any, comment: str = "") -> str:
    """The text with `key` of a table ("mailbox.imap") set to a value.

    A key that stands keeps its place and comment, one that stands commented out is put in its place, a new one comes
    first in its table, a missing table at the end. `comment` stands behind a key that was not there.
    """
    import tomlkit

    path = tuple(table.split("."))
    if _get(tomllib.loads(text), path, key) is not None:
        document = tomlkit.parse(text)
        inner: Any = document
        for name in path:
            inner = inner[name]
        inner[key] = value
        return tomlkit.dumps(document)
    line = f"{key} = {tomlkit.item(value).as_string()}"
    lines = text.split("\n")
    tables = line_numbers(text)
    if path not in tables or not re.match(r"\s*\[", lines[tables[path] - 1]):
        if _is_table(tomllib.loads(text), path):  # written inline or with dots
            document = tomlkit.parse(text)
            inner = document
            for name in path:
                inner = inner[name]
            inner[key] = value
            return tomlkit.dumps(document)
        return f"{text.rstrip()}\n\n[{table}]\n{_with(line, comment)}\n"
    at = tables[path]
    for number in range(at, len(lines)):
        if re.match(r"\s*\[", lines[number]):
            break
        if re.match(rf"#\s?{re.escape(key)} =", lines[number]):
            said = _COMMENT.search(_QUOTED.sub(lambda found: "_" * len(found[0]), lines[number][1:]))
            kept = lines[number][1:][said.start() :].strip().lstrip("# ") if said else ""
            lines[number] = _with(line, comment or kept)
            return "\n".join(lines)
    lines.insert(at, _with(line, comment))
    return "\n".join(lines)


def drop(text: str, table: str, key: str) -> str:
    """The text without a key, if it stands there."""
    import tomlkit

    path = tuple(table.split("."))
    if _get(tomllib.loads(text), path, key) is None:
        return text
    document = tomlkit.parse(text)
    inner: Any = document
    for name in path:
        inner = inner[name]
    del inner[key]
    return tomlkit.dumps(document)


def _with(line: str, comment: str) -> str:
    return f"{line} ".ljust(_COLUMN) + f"# {comment}" if comment else line


def _is_table(content: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        content = content.get(name) if isinstance(content, dict) else None
    return isinstance(content, dict)


def _get(content: Any, path: tuple[str, ...], key: str) -> Any:
    for name in (*path, key):
        content = content.get(name) if isinstance(content, dict) else None
    return content

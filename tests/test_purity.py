"""The rooms that decide are pure: no clock, random number, id, file, socket or environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("conversation", "reading", "writing", "contacts")
# Scripts that make the model's weights; they are no part of the program.
OUTSIDE = (ROOT / "worker/reading/model/training",)

BANNED_MODULES = frozenset(
    """
    time random secrets uuid os socket ssl subprocess threading multiprocessing asyncio tempfile shutil glob fcntl
    sqlite3 sqlalchemy smtplib imaplib imapclient http urllib.request requests logging signal getpass platform locale
    """.split()
)
BANNED_NAMES = frozenset(
    """
    datetime.now datetime.utcnow datetime.today datetime.fromtimestamp date.today date.fromtimestamp
    email.utils.make_msgid utils.make_msgid make_msgid email.utils.formatdate utils.formatdate formatdate
    email.utils.localtime utils.localtime localtime uuid4 uuid1 Path.cwd Path.home np.random numpy.random
    """.split()
)
BANNED_CALLS = frozenset({"open", "input", "print", "breakpoint", "exec", "eval"})


def impurities(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of everything in a source that reaches the world outside."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _banned(alias.name):
                    yield node.lineno, f"import {alias.name}"
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            for alias in node.names:
                if _banned(module) or _banned(f"{module}.{alias.name}") or alias.name in BANNED_NAMES:
                    yield node.lineno, f"from {module} import {alias.name}"
        elif isinstance(node, ast.Attribute):
            name = _dotted(node)
            if any(name == banned or name.endswith(f".{banned}") for banned in BANNED_NAMES):
                yield node.lineno, name
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BANNED_CALLS:
            yield node.lineno, f"{node.func.id}()"


def _banned(module: str) -> bool:
    return any(module == banned or module.startswith(f"{banned}.") for banned in BANNED_MODULES)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def files(room: str) -> list[Path]:
    """The modules of a room."""
    found = sorted((ROOT / "worker" / room).rglob("*.py"))
    return [path for path in found if not any(path.is_relative_to(folder) for folder in OUTSIDE)]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_pure(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in files(room)
        for line, name in impurities(path.read_text("utf-8"))
    ]
    assert found == []
    assert files(room)


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "import os.path",
        "from random import choice",
        "from uuid import uuid4",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.utcnow()",
        "from datetime import date\nf = date.today",
        "from email.utils import make_msgid",
        "import email.utils\nemail.utils.formatdate()",
        "open('x')",
        "def f():\n    import socket",
        "from urllib import request",
    ],
)
def test_what_reaches_outside_is_found(source: str) -> None:
    assert list(impurities(source))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime, time, date\ndatetime(2026, 1, 1).isoformat()",
        "from email.utils import format_datetime, parseaddr",
        "from importlib import resources\nresources.files('x').joinpath('y').read_text()",
        "import re\nre.compile('x')",
        "from urllib.parse import urlsplit",
    ],
)
def test_what_stays_inside_is_left_alone(source: str) -> None:
    assert not list(impurities(source))

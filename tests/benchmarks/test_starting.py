"""A command starts quickly: it loads what it uses, and little more than that costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.starting import PEER, ROOT, askaround, configured, costs

# What neither a list of commands nor a look at the database needs.
NEVER = {
    *("alembic", "asyncpg", "email_validator", "greenlet", "holidays", "imapclient", "jinja2", "keyring", "numpy"),
    *(
        "psycopg",
        "pydantic_settings",
        "rich",
        "schedule",
        "smtplib",
        "sqlalchemy.dialects.postgresql",
        "structlog",
        "tomlkit",
        "worker.reading",
    ),
    *("dns", "google", "msal", "premailer", "css_inline", "worker.demo", "worker.service", "worker.writing"),
}
FOR_HELP_NEITHER = {"pydantic", "sqlalchemy", "worker.jobs", "worker.settings", "worker.store"}
WATCHED = (
    "import sys, atexit; from worker.cli import main; sys.argv[1:] = {words!r}; "
    "atexit.register(lambda: sys.stderr.write(' '.join(sys.modules))); main()"
)


@pytest.mark.parametrize("words, never", [(["status"], NEVER), (["--help"], NEVER | FOR_HELP_NEITHER)])
def test_it_loads_what_it_uses(tmp_path: Path, words: list[str], never: set[str]) -> None:
    first = subprocess.run(askaround("status"), cwd=configured(tmp_path), env={"PYTHONPATH": str(ROOT)}, check=True)
    assert first.returncode == 0  # the database is there now
    done = subprocess.run(
        [sys.executable, "-c", WATCHED.format(words=words)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stderr.split())
    assert "typer" in loaded
    assert never & loaded == set()


def test_a_status_costs_little_more_than_its_libraries(tmp_path: Path) -> None:
    status, peer = costs([askaround("status"), PEER], runs=3, folder=configured(tmp_path))
    assert status.best < 1.8 * peer.best

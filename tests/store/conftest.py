"""Every store test runs on SQLite and, where it is installed, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.store import Store, open_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real_server)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "postgresql":
        found: str = request.getfixturevalue("postgresql_url")
        return found
    return f"sqlite:///{tmp_path / 'askaround.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty store."""
    made = open_store(url)
    yield made
    made.close()

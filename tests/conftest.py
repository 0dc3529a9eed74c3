"""Makes the servers' fixtures known to every test, and lets all tests share one model."""

from collections.abc import Iterator

import pytest

from tests.servers.plugin import (
    authorization,
    embedded,
    fresh_address,
    mail_server,
    postgresql,
    postgresql_url,
    token_server,
    tokens_at,
)
from worker.reading import opened

__all__ = [
    "authorization",
    "embedded",
    "fresh_address",
    "mail_server",
    "postgresql",
    "postgresql_url",
    "token_server",
    "tokens_at",
]


@pytest.fixture(scope="session", autouse=True)
def one_model() -> Iterator[None]:
    """The model is loaded at the first mail that needs it, and stays for all tests of a process."""
    with opened():
        yield

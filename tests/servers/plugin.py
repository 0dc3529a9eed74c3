"""The fixtures that start servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.available import need_mail_server
from tests.servers.mail_server import MailServer
from tests.servers.postgresql import PostgreSQL
from worker.demo.servers import EmbeddedServers

_counter = iter(range(1, 1_000_000))


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    """A real Dovecot and Postfix for the whole session; give each test its own addresses with `fresh_address`."""
    need_mail_server()
    server = MailServer()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def fresh_address() -> str:
    """A mail address that no other test uses."""
    return f"person{next(_counter)}@example.org"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A private cluster for the whole session."""
    server = PostgreSQL()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> str:
    """The URL of an empty database of this test alone."""
    return postgresql.database()


@pytest.fixture
def embedded() -> Iterator[EmbeddedServers]:
    """The demo's servers, empty, for this test alone."""
    with EmbeddedServers() as servers:
        yield servers

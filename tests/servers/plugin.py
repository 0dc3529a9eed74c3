"""The fixtures that start servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.authorization import Authorization
from tests.servers.authorization import authorization as running
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
def authorization() -> Iterator[Authorization]:
    """An authorization server for this test alone."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def tokens_at() -> Iterator[Authorization]:
    """The authorization server that the real Dovecot asks; each test has its own addresses there too."""
    need_mail_server()
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def token_server(tokens_at: Authorization) -> Iterator[MailServer]:
    """A real Dovecot and Postfix that sign in with tokens, by XOAUTH2 and OAUTHBEARER, for the whole session."""
    server = MailServer(tokens_at.url)
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

"""Worlds for stories: on the embedded servers, and on a real Dovecot and Postfix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.mail_server import MailServer
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers

MakeWorld = Callable[..., World]


@pytest.fixture
def world(embedded: EmbeddedServers, tmp_path: Path) -> Iterator[World]:
    """A world on the embedded servers."""
    made = World(embedded, tmp_path, "robin@owner.example")
    yield made
    made.store.close()


@pytest.fixture
def make_world(embedded: EmbeddedServers, tmp_path: Path) -> Iterator[MakeWorld]:
    """Worlds on the embedded servers with another configuration: pass `changes`."""
    made: list[World] = []

    def make(**options: Any) -> World:
        made.append(World(embedded, tmp_path, "robin@owner.example", **options))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


@pytest.fixture
def real_world(mail_server: MailServer, tmp_path: Path, fresh_address: str) -> Iterator[World]:
    """A world on a real Dovecot (TLS, certificate verified) and a real Postfix (submission, LMTP into Dovecot)."""
    made = World(
        RealServers(mail_server),
        tmp_path,
        fresh_address,
        security="tls",
        smtp_security="starttls",
        ca_file=mail_server.ca_file,
    )
    yield made
    made.store.close()


class RealServers:
    """The real servers with the ports that the worker's configuration names."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self.imap_port = server.imaps_port
        self.smtp_port = server.smtp_port

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

"""The story of a decline on servers that differ from Dovecot and Postfix, each in a Debian root of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.proof.decline import play
from tests.proof.figures import record
from tests.servers.courier import Courier
from tests.servers.cyrus import Cyrus, CyrusBeside
from tests.servers.other import OtherServer
from tests.stories.world import World

KINDS: dict[str, type[OtherServer]] = {"cyrus": Cyrus, "cyrus-special-use": CyrusBeside, "courier": Courier}
pytestmark = [pytest.mark.real_server, pytest.mark.slow]


class Ports:
    """A server with the ports that the worker's configuration names."""

    def __init__(self, server: OtherServer, security: str) -> None:
        self._server = server
        self.imap_port = server.imaps_port if security == "tls" else server.imap_port
        self.smtp_port = server.smtps_port if security == "tls" else server.smtp_port

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)


@pytest.fixture(scope="module", params=sorted(KINDS))
def other(request: pytest.FixtureRequest) -> Iterator[tuple[str, OtherServer]]:
    server = KINDS[request.param]()
    try:
        yield request.param, server
    finally:
        server.stop()


def made(server: OtherServer, folder: Path, owner: str, security: str = "starttls") -> World:
    return World(
        Ports(server, security), folder, owner, security=security, smtp_security=security, ca_file=server.ca_file
    )


@pytest.mark.parametrize("folders", ["as they are", "made before"])
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_decline_on_other_servers(
    other: tuple[str, OtherServer], tmp_path: Path, security: str, folders: str
) -> None:
    kind, server = other
    story = f"{security}.{folders.partition(' ')[0]}"
    owner, una = f"robin.{story}@owner.example", f"una.{story}@contacts.example"
    world = made(server, tmp_path, owner, security)
    if folders == "made before" and kind != "cyrus-special-use":
        server.make_folder(owner, "Sent")
        server.make_folder(owner, "Junk")
    play(world, server, una)
    world.store.close()
    record("cells", server=kind, story=f"decline, {security}, folders {folders}", result="kept")


def test_a_dead_address_on_other_servers(other: tuple[str, OtherServer], tmp_path: Path) -> None:
    kind, server = other
    world = made(server, tmp_path, "robin.dead@owner.example")
    world.person("gone@contacts.example", mailbox=False)
    report = world.once()
    assert report.sent == []
    assert world.state("gone@contacts.example") == "unreachable", report
    assert world.later(days=10).sent == []
    world.store.close()
    record("cells", server=kind, story="an address that is refused", result="kept")

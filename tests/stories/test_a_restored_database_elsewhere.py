"""An old copy of the database is put back where it is kept on PostgreSQL, and where the mailbox is a real Dovecot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.servers.mail_server import MailServer
from tests.servers.postgresql import PostgreSQL
from tests.stories.conftest import RealServers
from tests.stories.test_a_restored_database import NO, UNA, found, held, keep, put_back, settle
from tests.stories.world import START, World
from worker.demo.clock import JumpingClock
from worker.demo.servers import EmbeddedServers
from worker.store import open_store


@pytest.fixture
def on_postgresql(tmp_path: Path, postgresql: PostgreSQL) -> Iterator[World]:
    clock = JumpingClock(START)
    with EmbeddedServers(now=clock.now) as servers:
        made = World(servers, tmp_path, "robin@owner.example", url=postgresql.database())
        made.clock = clock
        yield made
        made.store.close()


def test_on_postgresql(on_postgresql: World, postgresql: PostgreSQL) -> None:
    """Ask, decline and request for a name lie in the mailbox; the database knows of none of them."""
    world = on_postgresql
    world.person(UNA)
    url = world.settings.store_url()
    world.store.close()
    old = postgresql.database(copy_of=url)
    world.store = open_store(url)
    world.once()
    world.later(hours=1)
    world.reply(UNA, NO)
    world.later(hours=1)
    assert (world.state(UNA), len(world.inbox(UNA))) == ("referral_asked", 2)
    world.store.close()
    world.config.write_text(world.config.read_text().replace(url, old))
    world.store = open_store(world.settings.store_url())
    report = world.later(hours=1)
    assert (report.sent, world.state(UNA), len(world.inbox(UNA))) == ([], "planned", 2)
    assert held(world) in report.errors
    assert [(one.email, one.step) for one in found(world).proposals] == [(UNA, "ask"), (UNA, "referral_request")]
    done = settle(world)
    assert (done.ended, [one.intent for one in done.read], held(world)) == (True, ["declined"], None)
    steps = world.mails(UNA)
    assert (world.state(UNA), steps["ask"], steps["referral_request"]) == ("referral_asked", "sent", "sent")
    world.later(days=1)
    assert len(world.inbox(UNA)) == 2


@pytest.mark.real_server
def test_on_a_real_dovecot(mail_server: MailServer, tmp_path: Path) -> None:
    """What came when is what Dovecot says, so the story is told in the machine's own time."""
    una = "una.restored@example.org"
    world = World(
        RealServers(mail_server),
        tmp_path,
        "owner.restored@example.org",
        security="tls",
        smtp_security="starttls",
        ca_file=mail_server.ca_file,
        start=datetime.now(UTC),
    )
    world.person(una)
    keep(world)
    world.once()
    mail_server.await_messages(una, 1)
    world.reply(una, NO)
    world.later(minutes=1)
    mail_server.await_messages(una, 2)
    assert world.state(una) == "referral_asked"
    put_back(world)
    report = world.later(minutes=1)
    assert (report.sent, world.state(una)) == ([], "planned")
    assert held(world) in report.errors
    assert [(one.email, one.step, one.found_in) for one in found(world).proposals] == [
        (una, "ask", "sent"),
        (una, "referral_request", "sent"),
    ]
    done = settle(world)
    assert (done.ended, [one.intent for one in done.read], held(world)) == (True, ["declined"], None)
    assert (world.state(una), world.mails(una)["referral_request"]) == ("referral_asked", "sent")
    world.later(minutes=11)
    mail_server.await_quiet()
    assert len(world.inbox(una)) == 2
    world.store.close()

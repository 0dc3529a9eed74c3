"""What the tests of this folder share: a keeper at a local authorization server, and a clock that they move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.servers.authorization import CLIENT_ID, CLIENT_SECRET, Authorization, Grant
from worker.mailbox.oauth import Client, client
from worker.mailbox.tokens import Keeper
from worker.mailbox.vault import Vault

WHO = "robin@example.org"
START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@dataclass
class Ring:
    """A keyring's entry in memory; with `error` it is locked."""

    kept: str | None = None
    error: Exception | None = None

    def read(self) -> str | None:
        if self.error is not None:
            raise self.error
        return self.kept

    def write(self, text: str) -> None:
        if self.error is not None:
            raise self.error
        self.kept = text


@dataclass
class Time:
    """The instant, and how long was waited."""

    moment: datetime = START
    waited: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.moment += timedelta(seconds=seconds)

    def later(self, **step: float) -> None:
        self.moment += timedelta(**step)


def registered(server: Authorization, secret: Callable[[], str] | None = lambda: CLIENT_SECRET) -> Client:
    return client(
        "custom",
        CLIENT_ID,
        secret=secret,
        token_endpoint=f"{server.url}/token",
        auth_endpoint=f"{server.url}/authorize",
    )


def keeper(server: Authorization, folder: Path, time: Time, *, ring: Ring | None = None, keep: str = "file") -> Keeper:
    vault = Vault(folder / "sign-in.json", ring or Ring(), keep)
    return Keeper(registered(server), vault, WHO, now=time.now, wait=time.wait)


def signed_in(server: Authorization, made: Keeper, who: str = WHO) -> Grant:
    """Somebody has signed in, and the keeper has the tokens."""
    grant = server.grant(who)
    made.begin({**server.answer(grant), "refresh_token": grant.refresh})
    return grant

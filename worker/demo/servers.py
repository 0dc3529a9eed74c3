"""A mail server inside this process, on loopback, for the demo and for tests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from worker.errors import InputError, install

if TYPE_CHECKING:
    from worker.demo.imap_side import ImapSide

_T = TypeVar("_T")
_SECONDS = 30.0
_HOST = "127.0.0.1"
FOLDERS = ("Sent", "Junk", "Drafts", "Trash")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent a mail, and to whom, by the words of SMTP rather than of the mail."""

    sender: str
    recipients: tuple[str, ...]


Accepted = Callable[[Envelope, bytes], None]
Refusal = Callable[[str], "str | None"]


@dataclass
class EmbeddedServers:
    """An SMTP and an IMAP server on free ports, without encryption; a with block starts and ends them.

    `refuse` is asked for each recipient and answers with an SMTP reply ("550 5.1.1 no such user") or None.
    `on_accepted` is called with each mail before it is acknowledged, in a thread of its own, so that it may call
    `deliver`; what it raises turns into "451 4.3.0" and is kept in `errors`. `now` gives the date of what arrives.
    Mail to an address that was added is put into its INBOX; mail to others is accepted too, and only kept in
    `accepted`. Raises InputError where the extra `demo` is not installed.
    """

    refuse: Refusal | None = None
    on_accepted: Accepted | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    host: str = _HOST
    imap_port: int = 0
    smtp_port: int = 0
    accepted: list[tuple[Envelope, bytes]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    _passwords: dict[str, str] = field(default_factory=dict, repr=False)

    def __enter__(self) -> Self:
        _need_extra()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="askaround demo servers", daemon=True)
        self._thread.start()
        try:
            self._run(self._start())
        except BaseException:  # Ctrl-C too: no thread is left behind
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    async def _start(self) -> None:
        from worker.demo.imap_side import ImapSide
        from worker.demo.smtp_side import listen

        self._imap: ImapSide = ImapSide()
        self._servers = [await self._imap.listen(self.host), await listen(self, self._loop)]
        self.imap_port, self.smtp_port = (int(server.sockets[0].getsockname()[1]) for server in self._servers)

    def _end(self) -> None:
        try:
            self._run(self._stop())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_SECONDS)
            self._loop.close()

    async def _stop(self) -> None:
        for server in getattr(self, "_servers", ()):
            server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    def add_user(self, address: str, password: str) -> None:
        """A mailbox with INBOX, Sent, Junk, Drafts and Trash; the address is the username."""
        self._passwords[address.lower()] = password
        self._run(self._imap.add_user(address.lower(), password, FOLDERS))

    def has_user(self, address: str) -> bool:
        """Was this address added?"""
        return address.lower() in self._passwords

    def signs_in(self, address: str, password: str) -> bool:
        """Is this the address's password?"""
        return self._passwords.get(address.lower()) == password

    def deliver(self, address: str, raw: bytes, folder: str = "INBOX", when: datetime | None = None) -> None:
        """Files a mail in a folder of an added address, unread; `when` (aware) is its date of arrival."""
        self._run(self.filed(address, raw, folder, when))

    async def filed(self, address: str, raw: bytes, folder: str = "INBOX", when: datetime | None = None) -> None:
        """As `deliver`, inside the servers' own loop."""
        await self._imap.append(address.lower(), folder, raw, when or self.now())

    def messages(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails of a folder, oldest first."""
        return self._run(self._imap.messages(address.lower(), folder))

    def flags(self, address: str, folder: str = "INBOX") -> set[str]:
        """All flags that any mail of the folder has."""
        return self._run(self._imap.flags(address.lower(), folder))

    def expunge(self, address: str, folder: str = "INBOX", containing: bytes = b"") -> int:
        """Removes the mails that contain these bytes; how many there were."""
        return self._run(self._imap.expunge(address.lower(), folder, containing))

    def move(self, address: str, source: str, target: str, containing: bytes = b"") -> int:
        """Moves mails to another folder, where they get new UIDs; how many."""
        return self._run(self._imap.move(address.lower(), source, target, containing))

    def set_uidvalidity(self, address: str, value: int, folder: str = "INBOX") -> None:
        """Gives a folder another UIDVALIDITY; its mails keep their UIDs, which count for nothing then."""
        self._run(self._imap.set_uidvalidity(address.lower(), value, folder))


def _need_extra() -> None:
    import importlib.util

    missing = [name for name in ("aiosmtpd", "pymap") if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            f"The demo needs its mail servers, which are not installed ({', '.join(missing)}).",
            todo=install(*missing),
        )

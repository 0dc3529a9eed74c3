"""What goes wrong in a schedule: crashes at any step, lost connections, servers that refuse or fall silent."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from sqlalchemy import event

from worker.demo import smtp_side
from worker.demo.servers import EmbeddedServers, Envelope
from worker.errors import ServerUnreachable
from worker.mailbox.imap import ImapSession
from worker.mailbox.smtp import SmtpSession
from worker.store import Store

TAKEN = "taken"
LOST_BEFORE = "the line is lost at the final dot, before the mail was taken"
LOST_AFTER = "the line is lost at the final dot, after the mail was taken"
LOST_EARLY = "the line is lost at the recipient"
REFUSALS = (
    "rcpt 550 5.1.1 no such user",
    "rcpt 450 4.2.0 greylisted, try again later",
    "rcpt 451 4.7.1 try again later",
    "rcpt 452 4.2.2 mailbox full",
    "rcpt 552 5.2.2 mailbox full",
    "rcpt 550 5.7.1 blocked by policy",
    "rcpt 421 4.7.28 too many messages",
    "rcpt 421 4.3.2 shutting down",
    "rcpt 550 5.4.5 daily sending quota exceeded",
    "dot 451 4.3.0 local error",
    "dot 452 4.3.1 insufficient storage",
    "dot 421 4.3.2 shutting down",
    "dot 554 5.6.0 message refused",
    "dot 554 5.7.1 looks like spam",
    "dot 550 5.1.1 no such user",
)
WIRE = ("examine", "uids_from", "headers", "body", "append", "find_message_id", "find_filed", "find_written_to")


class Crash(BaseException):
    """The process ends here; only the database's file and the servers stay."""


@dataclass
class Faults:
    """The faults of one turn. Steps are commits and exchanges with a server, counted together from 1.

    `verdicts` are what the server makes of the next mails to contacts, TAKEN once there is no other left.
    `before_mail` is called with recipient and bytes before a mail goes over the wire, `after_mail` behind it.
    """

    crash_at: int = 0
    imap_lost_at: int = 0
    verdicts: deque[str] = field(default_factory=deque)
    owner: str = ""
    before_mail: Callable[[str, bytes], None] = lambda recipient, raw: None
    after_mail: Callable[[], None] = lambda: None
    steps: int = 0
    exchanges: int = 0
    armed: bool = False

    def arm(self, *, crash_at: int = 0, imap_lost_at: int = 0, verdicts: tuple[str, ...] = ()) -> None:
        """Set the faults of the turn that begins."""
        self.crash_at, self.imap_lost_at, self.verdicts = crash_at, imap_lost_at, deque(verdicts)
        self.steps = self.exchanges = 0
        self.armed = True

    def disarm(self) -> None:
        """From here on nothing goes wrong."""
        self.arm()
        self.armed = False

    def step(self) -> None:
        """Count a step, and crash at the one that was chosen."""
        if not self.armed:
            return
        self.steps += 1
        if self.steps == self.crash_at:
            raise Crash(f"at step {self.steps}")

    def exchange(self) -> None:
        """Count an exchange over IMAP, and lose the line at the one that was chosen."""
        self.step()
        if self.armed:
            self.exchanges += 1
            if self.exchanges == self.imap_lost_at:
                raise ServerUnreachable("The connection was lost.", where="IMAP")

    def watch(self, store: Store) -> None:
        """Crash before and after the commits of this store; and spare the disk, which is not what is tried here."""
        store.on_commit = self.step

        @event.listens_for(store.engine, "commit")
        def _before(connection: Any) -> None:
            self.step()

        @event.listens_for(store.engine, "connect")
        def _fast(connection: Any, record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")

        store.engine.dispose()

    def verdict(self, *, last: bool) -> str:
        """What the server makes of the mail at hand; `last` takes it off the list."""
        if not self.verdicts:
            return TAKEN
        return self.verdicts.popleft() if last else self.verdicts[0]


@contextlib.contextmanager
def installed(faults: Faults) -> Iterator[None]:
    """The program's sessions and the embedded server with these faults in them."""
    with contextlib.ExitStack() as stack:
        for name in WIRE:
            stack.enter_context(mock.patch.object(ImapSession, name, _exchanged(faults, getattr(ImapSession, name))))
        submit = SmtpSession.submit

        def submitted(self: SmtpSession, sender: str, recipient: str, raw: bytes, *, before_data: Any) -> Any:
            faults.step()
            if recipient != faults.owner:
                faults.before_mail(recipient, raw)
            try:
                outcome = submit(self, sender, recipient, raw, before_data=before_data)
            finally:
                if recipient != faults.owner:
                    faults.after_mail()
            faults.step()
            return outcome

        stack.enter_context(mock.patch.object(SmtpSession, "submit", submitted))
        stack.enter_context(mock.patch.object(smtp_side, "_Door", _door(faults)))
        yield


def _exchanged(faults: Faults, method: Any) -> Any:
    def call(self: ImapSession, *args: Any, **more: Any) -> Any:
        faults.exchange()
        answer = method(self, *args, **more)
        if method.__name__ == "append":
            faults.exchange()  # filed, and the answer is lost
        return answer

    return call


def _door(faults: Faults) -> Any:
    class Door(smtp_side._Door):
        """The embedded server's handler, which refuses and falls silent as it was told."""

        async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
            if address != faults.owner:
                verdict = faults.verdict(last=False)
                if verdict == LOST_EARLY:
                    faults.verdict(last=True)
                    server.transport.abort()
                    return "421 4.3.2 gone"
                if verdict.startswith("rcpt "):
                    return faults.verdict(last=True)[5:]
            return str(await super().handle_RCPT(server, session, envelope, address, options))

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            verdict = TAKEN if faults.owner in envelope.rcpt_tos else faults.verdict(last=True)
            if verdict == LOST_BEFORE:
                server.transport.abort()
                return "421 4.3.2 gone"
            if verdict.startswith("dot "):
                return verdict[4:]
            answer = str(await super().handle_DATA(server, session, envelope))
            if verdict == LOST_AFTER:
                server.transport.abort()
            return answer

    return Door


def files_copies(servers: EmbeddedServers, owner: str, rename: Callable[[bytes], bytes]) -> None:
    """Let the provider file each mail to a contact in Sent by itself, as `rename` changes it."""

    def file(envelope: Envelope, raw: bytes) -> None:
        if owner not in envelope.recipients:
            servers.deliver(owner, rename(raw), "Sent")

    servers.on_accepted = file

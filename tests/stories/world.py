"""A small world for stories: mail servers, an owner with a configured worker, people who answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from worker.contacts import parse
from worker.demo.clock import JumpingClock
from worker.jobs.desk import Desk, Mailbox
from worker.jobs.enlist import enlist
from worker.jobs.equip import equip
from worker.jobs.ids import SecretIds
from worker.jobs.status import status
from worker.jobs.story import story
from worker.jobs.turn import Report, turn
from worker.settings import load
from worker.store import Store, open_store

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday
PASSWORD = "correct horse"


class Servers(Protocol):
    """What a story needs of mail servers, real or embedded."""

    @property
    def imap_port(self) -> int: ...
    @property
    def smtp_port(self) -> int: ...
    def add_user(self, address: str, password: str) -> None: ...
    def deliver(self, address: str, raw: bytes, folder: str = "INBOX") -> None: ...
    def messages(self, address: str, folder: str = "INBOX") -> list[bytes]: ...


CONFIG = """
[owner]
name = "Robin Owner"
email = "{owner}"
timezone = "UTC"
about = {{ field = "marine biology", meet = "by phone or over coffee" }}

[mailbox]
address = "{owner}"
password = "{password}"
imap = {{ host = "localhost", port = {imap_port}, security = "{security}" }}
smtp = {{ host = "localhost", port = {smtp_port}, security = "{smtp_security}" }}
{tls}

[pace]
per_day = 50
window = ["00:00", "24:00"]
weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
gap_minutes = [0, 0]
holidays = false

[replies]
referral_delay_hours = [0, 0]

[store]
url = "{url}"
"""


class World:
    """An owner whose worker is run turn by turn, with a clock that the story moves."""

    def __init__(
        self,
        servers: Servers,
        folder: Path,
        owner: str,
        *,
        security: str = "plain",
        smtp_security: str = "plain",
        ca_file: Path | None = None,
        url: str = "sqlite:///askaround.db",
        changes: Mapping[str, str] | None = None,
        start: datetime = START,
    ) -> None:
        self.servers = servers
        self.owner = owner
        self.folder = folder
        self.clock = JumpingClock(start)
        self.config = folder / "config.toml"
        text = CONFIG.format(
            owner=owner,
            password=PASSWORD,
            imap_port=servers.imap_port,
            smtp_port=servers.smtp_port,
            security=security,
            smtp_security=smtp_security,
            tls=f'tls = {{ ca_file = "{ca_file}" }}' if ca_file else "",
            url=url,
        )
        for before, after in (changes or {}).items():
            assert before in text, before
            text = text.replace(before, after)
        self.config.write_text(text)
        servers.add_user(owner, PASSWORD)
        self.store: Store = open_store(self.settings.store_url())
        self.ids = SecretIds()

    @property
    def settings(self) -> Any:
        return load(self.config, {})

    @property
    def mailbox(self) -> Mailbox:
        return equip(self.settings, self.store, self.clock.now())

    @property
    def desk(self) -> Desk:
        return Desk(self.mailbox, self.clock.now(), self.ids)

    def person(self, address: str, *, mailbox: bool = True, **fields: str) -> str:
        """Somebody with a mailbox (unless it is gone), and a contact of the owner's."""
        if mailbox:
            self.servers.add_user(address, PASSWORD)
        names = {"email": address, "name": "Una Berg", **fields}
        rows = ",".join(names) + "\n" + ",".join(f'"{value}"' for value in names.values())
        done = enlist(self.store, self.desk, parse(rows.encode(), "people.csv"), "default")
        assert not done.rejects, done.rejects
        return address

    def once(self) -> Report:
        return turn(self.store, self.mailbox, self.clock, self.ids)

    def later(self, **step: float) -> Report:
        self.clock.advance(timedelta(**step))
        return self.once()

    def tell(self, who: str, words: str) -> list[str]:
        from worker.jobs.obey import obey

        return obey(self.store, self.desk, who, words)

    def inbox(self, address: str) -> list[EmailMessage]:
        """What lies in somebody's INBOX, parsed."""
        parsed = [message_from_bytes(raw, policy=policy.default) for raw in self.servers.messages(address)]
        return [one for one in parsed if isinstance(one, EmailMessage)]

    def last_to(self, address: str) -> EmailMessage:
        return self.inbox(address)[-1]

    def reply(
        self,
        sender: str,
        text: str,
        *,
        name: str = "Una Berg",
        to: EmailMessage | None = None,
        folder: str = "INBOX",
        in_thread: bool = True,
        headers: Mapping[str, str] | None = None,
        message_id: str | None = None,
    ) -> bytes:
        """An answer of theirs to our last mail (or to `to`), delivered to the owner."""
        ours = to if to is not None else (self.last_to(sender) if in_thread else None)
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = f"{name} <{sender}>"
        mail["To"] = self.owner
        mail["Subject"] = f"Re: {ours['Subject']}" if ours is not None else "Hello"
        mail["Date"] = self.clock.now()
        mail["Message-ID"] = message_id or self.ids.message_id(sender)
        if ours is not None:
            mail["In-Reply-To"] = ours["Message-ID"]
            mail["References"] = " ".join(filter(None, (ours["References"], ours["Message-ID"])))
        for key, value in (headers or {}).items():
            del mail[key]
            mail[key] = value
        mail.set_content(text)
        raw = mail.as_bytes()
        self.servers.deliver(self.owner, raw, folder)
        return raw

    def status(self) -> dict[str, Any]:
        return self.store.read(lambda tx: status(tx, self.desk))

    def state(self, address: str) -> str:
        return next(row["state"] for row in self.status()["conversations"] if row["email"] == address)

    def mails(self, address: str) -> dict[str, str]:
        """The delivery state of each step to somebody."""
        return {row["step"]: row["state"] for row in self.status()["outbox"] if row["email"] == address}

    def steps_to(self, address: str) -> list[str]:
        """The subjects that reached somebody, in order."""
        return [str(mail["Subject"]) for mail in self.inbox(address)]

    def story(self, address: str) -> list[str]:
        found = self.store.read(lambda tx: story(tx, self.desk, address))
        assert found is not None
        return [line.text for line in found.lines]

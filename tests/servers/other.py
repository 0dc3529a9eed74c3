"""What all mail servers in roots of their own have in common: accounts, mail in and out by SMTP and IMAP."""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.utils import parseaddr

from tests.servers.certificates import Authority
from tests.servers.mail_server import DOMAINS, free_port
from tests.servers.roots import Inside, root


class OtherServer:
    """A running server; `imap_port` and `smtp_port` take plain connections and STARTTLS, the others TLS.

    Mail comes and is looked at as for anybody else: by SMTP without a sign-in for the domains that are served here,
    and by IMAP. A subclass says what is installed, writes the configuration, starts the servers and knows the names
    of folders.
    """

    host = "localhost"
    suite = "bookworm"
    packages: tuple[str, ...] = ()
    prefix = ""  # what stands before the name of a folder beside INBOX

    def __init__(self) -> None:
        self.inside = Inside(root(self.suite, *self.packages))
        try:
            self.imap_port, self.imaps_port, self.smtp_port, self.smtps_port = (free_port() for _ in range(4))
            authority = self.inside.work / "authority"
            authority.mkdir()
            made = Authority(authority)
            self.ca_file = made.ca_file
            pair = made.issue("DNS:localhost", "IP:127.0.0.1")
            self._users: dict[str, str] = {}
            self._counted: dict[str, int] = {}
            # A place of the root's own: the work folder belongs to whoever runs the tests.
            for name, path in (("certificate", pair.certificate), ("key", pair.key)):
                self.inside.run(f"cp {self.seen(path)} /etc/mail-{name}.pem && chmod 600 /etc/mail-{name}.pem")
            self.start()
            for port in (self.imap_port, self.imaps_port, self.smtp_port, self.smtps_port):
                self._await_port(port)
        except BaseException:
            self.inside.stop()
            raise

    def seen(self, path: object) -> str:
        """The path inside of a file in the work folder."""
        return str(path).replace(str(self.inside.work), "/srv", 1)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that are served here."""
        return DOMAINS

    def start(self) -> None:
        """Writes the configuration and starts both servers."""
        raise NotImplementedError

    def make_account(self, address: str, password: str) -> None:
        """Makes a mailbox; `_users` holds it already."""
        raise NotImplementedError

    def add_user(self, address: str, password: str) -> None:
        """A mailbox; mail to other addresses of our domains is refused at RCPT."""
        key = address.lower()
        if key not in self._users:
            self._users[key] = password
            self.make_account(key, password)

    def deliver(self, address: str, raw: bytes, folder: str = "INBOX") -> None:
        """Brings a mail: to the INBOX from outside by SMTP, into another folder by APPEND."""
        if folder.upper() != "INBOX":
            with self.signed_in(address) as client:
                name = self.wire(folder)
                client.create(name)
                answer, data = client.append(name, "", imaplib.Time2Internaldate(time.time()), raw)
                assert answer == "OK", data
            return
        before = len(self.messages(address))
        sender = parseaddr(str(message_from_bytes(raw, policy=policy.compat32)["From"] or ""))[1]
        with smtplib.SMTP("127.0.0.1", self.smtp_port, "outside.example.net", timeout=20) as line:
            line.sendmail(sender, [address], raw)
        self.await_messages(address, before + 1)

    def messages(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails of a folder, oldest first; none where there is no such folder."""
        return [raw for raw, _ in self._read(address, folder)]

    def flags(self, address: str, folder: str = "INBOX") -> set[str]:
        r"""All flags that any mail of the folder has, \Recent aside."""
        return {flag for _, flags in self._read(address, folder) for flag in flags} - {"\\Recent"}

    def _read(self, address: str, folder: str) -> list[tuple[bytes, list[str]]]:
        with self.signed_in(address) as client:
            if client.select(self.wire(folder), readonly=True)[0] != "OK":
                return []
            _, [found] = client.uid("SEARCH", "ALL")
            read = []
            for uid in (found or b"").split():
                _, lines = client.uid("FETCH", uid.decode(), "(FLAGS BODY.PEEK[])")
                raw = next(line[1] for line in lines if isinstance(line, tuple))
                words = b" ".join(line[0] if isinstance(line, tuple) else line for line in lines if line)
                flags = re.search(rb"FLAGS \(([^)]*)\)", words)
                read.append((raw, flags[1].decode().split() if flags else []))
            return read

    def await_messages(self, address: str, count: int = 1, folder: str = "INBOX", seconds: float = 20) -> list[bytes]:
        """The folder's mails once there are `count`."""
        pause = threading.Event()
        for _ in range(int(seconds / 0.1)):
            found = self.messages(address, folder)
            if len(found) >= count:
                return found
            pause.wait(0.1)
        raise AssertionError(f"{len(self.messages(address, folder))} of {count} mails came for {address}\n{self.log()}")

    def wire(self, folder: str) -> str:
        """The quoted name of a folder, as this server has it."""
        return '"INBOX"' if folder.upper() == "INBOX" else f'"{self.prefix}{folder}"'

    def make_folder(self, address: str, folder: str) -> None:
        """A folder that a mail program of the owner's has made."""
        with self.signed_in(address) as client:
            answer, data = client.create(self.wire(folder))
            assert answer == "OK", data

    @contextmanager
    def signed_in(self, address: str) -> Iterator[imaplib.IMAP4]:
        """A plain client in somebody's account."""
        client = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=20)
        try:
            client.login(f'"{address.lower()}"', self._users[address.lower()])
            yield client
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def _await_port(self, port: int) -> None:
        pause = threading.Event()
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            pause.wait(0.05)
        raise RuntimeError(f"the mail server did not start:\n{self.log()}")

    def log(self) -> str:
        """What the servers wrote."""
        return self.inside.log()

    def stop(self) -> None:
        """Ends the servers and removes all that they wrote."""
        self.inside.stop()

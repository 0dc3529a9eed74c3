"""Where the demo plays: a folder with the owner's configuration and contacts, and the mailboxes of the cast."""

from __future__ import annotations

import csv
import io
import mailbox as mbox
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from worker.demo.cast import OWNER, OWNER_NAME, Member
from worker.demo.servers import FOLDERS, EmbeddedServers
from worker.errors import InputError, StoreError

CONFIG = """\
# Made by askaround demo. The servers ended with it: status, story, outbox, review and summary still look at it.

[owner]
name = "{name}"
timezone = "Europe/London"

[owner.about]
field = "renewable energy"
background = "I have spent eight years building bicycles."
why = "What draws me is work that keeps going after I have gone home."

[mailbox]
address = "{address}"
password = "{password}"

[mailbox.imap]
host = "{host}"
port = {imap_port}
security = "plain"

[mailbox.smtp]
host = "{host}"
port = {smtp_port}
security = "plain"
"""
COLUMNS = (
    "email", "name", "company", "role", "profession", "phone", "timezone", "country", "language", "opening",
)  # fmt: skip


def prepare(folder: Path | None) -> Path:
    """The folder of this demo, new or empty of an earlier one. Raises InputError, StoreError."""
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="askaround-demo-"))
    folder = folder.expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise StoreError(f"The folder cannot be used: {error.strerror}.", where=str(folder)) from None
    if taken:
        raise InputError(
            f"The folder is not empty ({', '.join(taken[:3])}); nothing was changed.",
            where=str(folder),
            todo="Name a new folder, or leave it out: the demo then makes one.",
        )
    return folder


def write_config(folder: Path, servers: EmbeddedServers, password: str) -> Path:
    """The owner's configuration: what differs from the defaults are the servers and the owner."""
    path = folder / "config.toml"
    text = CONFIG.format(
        name=OWNER_NAME,
        address=OWNER,
        password=password,
        host=servers.host,
        imap_port=servers.imap_port,
        smtp_port=servers.smtp_port,
    )
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
    return path


def write_contacts(folder: Path, members: Sequence[Member]) -> Path:
    """The owner's file of contacts."""
    made = io.StringIO()
    rows = csv.DictWriter(made, COLUMNS, restval="")
    rows.writeheader()
    for member in members:
        rows.writerow({"email": member.email, "name": member.name, **member.row})
    path = folder / "contacts.csv"
    path.write_text(made.getvalue(), "utf-8")
    return path


def keep_mail(folder: Path, servers: EmbeddedServers, cast: Sequence[Member]) -> Path:
    """Write the mailboxes out: the owner's folders, and one mbox for each person; gives the folder."""
    mail = folder / "mail"
    (mail / "people").mkdir(parents=True)
    for name in ("INBOX", *FOLDERS):
        _write_mbox(mail / f"{name}.mbox", servers.messages(OWNER, name))
    for member in cast:
        if servers.has_user(member.email):
            _write_mbox(mail / "people" / f"{member.email}.mbox", servers.messages(member.email))
    return mail


def _write_mbox(path: Path, mails: Sequence[bytes]) -> None:
    if not mails:
        return
    box = mbox.mbox(path)
    try:
        for raw in mails:
            box.add(mbox.mboxMessage(raw.replace(b"\r\n", os.linesep.encode())))
        box.flush()
    finally:
        box.close()

"""Puts mails into Dovecot's maildirs and takes them out, without a protocol in between."""

from __future__ import annotations

import itertools
import os
import pwd
import re
from pathlib import Path

from worker.mailbox.folders import encoded

OWNER = "mail"


class Maildirs:
    """All maildirs below one folder, one a user (Maildir++: folders are `.Name` below the INBOX)."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._owner = pwd.getpwnam(OWNER)
        self._count = itertools.count(1)
        self._make(root)

    def folder(self, address: str, folder: str = "INBOX") -> Path:
        """The path of a folder, made where it is missing."""
        inbox = self._root / address.lower()
        path = inbox if folder.upper() == "INBOX" else inbox / f".{encoded(folder)}"
        for part in dict.fromkeys((inbox, path)):
            if not part.exists():
                self._make(part)
                for name in ("cur", "new", "tmp"):
                    self._make(part / name)
        return path

    def deliver(self, address: str, raw: bytes, folder: str = "INBOX") -> None:
        """Files a mail as new."""
        path = self.folder(address, folder)
        name = f"{2_000_000_000 + next(self._count)}.M0P{os.getpid()}.test"
        waiting = path / "tmp" / name
        waiting.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(waiting, self._owner.pw_uid, self._owner.pw_gid)
        waiting.rename(path / "new" / name)

    def files(self, address: str, folder: str = "INBOX") -> list[Path]:
        """The files of a folder's mails, oldest first."""
        path = self.folder(address, folder)
        found = [file for part in ("cur", "new") for file in (path / part).iterdir()]
        return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name))

    def messages(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails of a folder, oldest first, with CRLF."""
        return [re.sub(rb"\r?\n", b"\r\n", file.read_bytes()) for file in self.files(address, folder)]

    def flags(self, address: str, folder: str = "INBOX") -> set[str]:
        """All flags that any mail of the folder has."""
        return {flag for file in self.files(address, folder) for flag in file.name.partition(":2,")[2]}

    def expunge(self, address: str, folder: str = "INBOX", containing: bytes = b"") -> int:
        """Removes the mails that contain these bytes (all of them by default); how many there were."""
        gone = [file for file in self.files(address, folder) if containing in file.read_bytes()]
        for file in gone:
            file.unlink()
        return len(gone)

    def move(self, address: str, source: str, target: str, containing: bytes = b"") -> int:
        """Moves mails to another folder, as a person does in a mail program; they get new UIDs there."""
        place = self.folder(address, target) / "cur"
        moving = [file for file in self.files(address, source) if containing in file.read_bytes()]
        for file in moving:
            base = file.name.partition(":")[0]
            file.rename(place / f"{base}x{next(self._count)}:2,")
        return len(moving)

    def set_uidvalidity(self, address: str, value: int, folder: str = "INBOX") -> None:
        """Gives the folder another UIDVALIDITY; the mails get new UIDs, as after a rebuilt index."""
        path = self.folder(address, folder)
        for index in path.glob("dovecot.index*"):
            index.unlink()
        uidlist = path / "dovecot-uidlist"
        uidlist.write_text(f"3 V{value} N1 G{value:032x}\n")
        os.chown(uidlist, self._owner.pw_uid, self._owner.pw_gid)

    def _make(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700 if path != self._root else 0o755)
        os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

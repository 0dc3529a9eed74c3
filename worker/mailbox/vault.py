"""Keeps the tokens of a sign-in: in the desktop's keyring, else in a file that only its owner can read."""

from __future__ import annotations

import fcntl
import glob
import json
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from worker.errors import AskaroundError, ServerUnreachable, StoreError

_WAIT = 60.0  # seconds for another process that renews them
_STEP = 0.05


class Ring(Protocol):
    """An entry of a keyring."""

    def read(self) -> str | None: ...
    def write(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in left: the tokens, and what is known about them (aware UTC).

    `ends_at` is when the refresh token ends, where the server says so. `ended_at` is when the server told that it is
    dead, `ended_why` its words, `told` that a mail to the owner has said so.
    """

    client_id: str
    refresh: str = field(repr=False)
    access: str = field(repr=False)
    issued_at: datetime
    expires_at: datetime
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    told: bool = False


_SECRET = ("refresh", "access")
_TIMES = ("issued_at", "expires_at", "ends_at", "ended_at")


class Vault:
    """The tokens of one mailbox. `keep` is auto (the keyring if it works), keyring or file. Who writes holds `locked`.

    The file is there in any case: it says what is no secret, and where the tokens are if not in it.
    """

    def __init__(self, file: Path, ring: Ring, keep: str = "auto") -> None:
        self.file = file
        self._ring = ring
        self._keep = keep

    def about(self) -> Tokens | None:
        """As `read`, without the tokens where those are in a keyring, which is not asked. Raises StoreError."""
        document = self._document()
        return _tokens(document, {}) if document is not None else None

    def read(self) -> Tokens | None:
        """What is kept; None where nobody has signed in yet. Raises StoreError, ConfigError, PasswordAway."""
        document = self._document()
        if document is None:
            return None
        secret: dict[str, Any] = {}
        if document.get("kept") == "keyring":
            try:
                found = json.loads(self._ring.read() or "{}")
            except ValueError:
                found = {}
            if not isinstance(found, dict) or not found:
                return None
            secret = found
        return _tokens(document, secret)

    def write(self, tokens: Tokens) -> None:
        """Keep these where the ones before them are. The file is replaced whole or not at all."""
        document = self._document() or {}
        self._write(tokens, ring=document.get("kept") == "keyring")

    def begin(self, tokens: Tokens) -> str:
        """Keep those of a new sign-in, in the place that the configuration wants; which, in words."""
        if self._keep != "file":
            try:
                self._write(tokens, ring=True)
                return "the keyring"
            except StoreError:
                raise
            except AskaroundError:
                if self._keep == "keyring":
                    raise
        self._write(tokens, ring=False)
        return f"{self.file} (only you can read it)"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While another process renews the tokens, wait. Raises ServerUnreachable where that takes too long."""
        with _unwritable(self.file):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(
                self.file.with_name(f"{self.file.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        try:
            self._wait_for(handle)
            yield
        finally:
            os.close(handle)

    def _wait_for(self, handle: int) -> None:
        rest = threading.Event()
        for _ in range(int(_WAIT / _STEP)):
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            rest.wait(_STEP)
        raise ServerUnreachable(
            "Another askaround is renewing the sign-in, and does not come to an end.",
            where=str(self.file),
            todo="It is tried again.",
        )

    def _document(self) -> dict[str, Any] | None:
        try:
            text = self.file.read_text("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            why = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
            raise StoreError(
                f"The sign-in cannot be read: {why}.", where=str(self.file), todo="Sign in again: askaround login"
            ) from None
        try:
            found = json.loads(text)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def _write(self, tokens: Tokens, *, ring: bool) -> None:
        values = {
            key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(tokens).items()
        }
        secret = {key: values.pop(key) for key in _SECRET}
        if ring:
            self._ring.write(json.dumps(secret))
        document = {"version": 1, "kept": "keyring" if ring else "here", **values, **({} if ring else secret)}
        part = self.file.with_name(f".{self.file.name}.{os.urandom(6).hex()}.part")
        with _unwritable(self.file):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._clear()
            try:
                handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, stat.S_IRUSR | stat.S_IWUSR)
                with open(handle, "w", encoding="utf-8") as file:
                    json.dump(document, file, indent=1)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(part, self.file)
            finally:
                part.unlink(missing_ok=True)

    def _clear(self) -> None:
        """Remove what a writer left that was killed: who writes holds the lock, so nobody else is at it."""
        for left in self.file.parent.glob(f".{glob.escape(self.file.name)}.*.part"):
            with suppress(OSError):  # it is in nobody's way
                left.unlink()


@contextmanager
def _unwritable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The sign-in cannot be kept: {error.strerror or type(error).__name__}.",
            where=str(file),
            todo="Name a place that you may write to: [mailbox.oauth] token_file.",
        ) from None


def _tokens(document: dict[str, Any], secret: dict[str, Any]) -> Tokens | None:
    """None where something is lacking, or is not what it should be: then a new sign-in is needed."""
    values: dict[str, Any] = {one.name: document.get(one.name) for one in fields(Tokens)}
    values |= {key: str(secret.get(key, document.get(key)) or "") for key in _SECRET}
    try:
        for key in _TIMES:
            values[key] = datetime.fromisoformat(values[key]) if values[key] else None
    except (TypeError, ValueError):
        return None
    moments = [values[key] for key in _TIMES if values[key] is not None]
    if not values["issued_at"] or not values["expires_at"] or any(one.tzinfo is None for one in moments):
        return None
    values["told"] = values["told"] is True
    values["client_id"], values["ended_why"] = str(values["client_id"] or ""), str(values["ended_why"] or "")
    return Tokens(**values)

"""Copies of an SQLite database: made while others write, and put back without losing what is there."""

from __future__ import annotations

import contextlib
import glob
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from worker.errors import InputError, StoreError, StoreTooNew
from worker.store import journal
from worker.store.database import make_engine
from worker.store.schema import mailbox

HEADER = b"SQLite format 3\0"
LEFT_BEHIND = 3600  # seconds: no copy takes so long


@dataclass(frozen=True, slots=True)
class Restored:
    """What `restore` did: the schema of the copy, where the database before it lies, and whether that was damaged."""

    schema: str
    kept: Path | None
    damaged: bool


def back_up(url: str, target: Path, *, replace: bool = False) -> int:
    """Copy the database at `url` to `target` (mode 0600) as it is at one instant; gives the copy's bytes.

    Others may read and write meanwhile. Raises InputError for a database or file that this cannot be done with,
    StoreError where the copy cannot be written; then there is none.
    """
    source = _file_of(url, "Make the copy with: pg_dump --format=custom --file FILE DATABASE")
    if target.exists() and target.samefile(source):
        raise InputError("This is the database itself.", where=str(target), todo="Name another file.")
    if target.exists() and not replace:
        raise InputError("The file is there already.", where=str(target), todo="Name another one, or add --force.")
    with _explained(target, "The copy cannot be written"):
        part = _beside(target, "part")
        try:
            copy(source, part)
            _check(part)
            os.replace(part, target)
            _flush(target.parent)
        finally:
            part.unlink(missing_ok=True)
        return target.stat().st_size


def copy(source: Path, target: Path) -> None:
    """Copy a database to one new file (mode 0600) that needs no other beside it. Raises sqlite3.Error, OSError."""
    handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    with (
        contextlib.closing(sqlite3.connect(source, timeout=15)) as there,
        contextlib.closing(sqlite3.connect(target)) as here,
    ):
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")  # the copied header says WAL
    handle = os.open(target, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def restore(url: str, source: Path, now: datetime) -> Restored:
    """Put the copy in `source` in the place of the database at `url`, at the newest schema and with everything held.

    The database that was there is kept beside it. The copy is written into it in one transaction, so that a service
    that has it open goes on with the new one; only where it is damaged the files change. The caller holds the turn's
    lock. Raises InputError for a file that is no database of askaround or is damaged, StoreTooNew for a newer one,
    StoreError where it cannot be written; then nothing was changed.
    """
    target = _file_of(url, "Put it back with pg_restore, then run: askaround reconcile")
    schema = _looked_at(source)
    if target.exists() and target.samefile(source):
        raise InputError("This is the database itself.", where=str(source), todo="Name a copy of it.")
    stamp = f"{now:%Y%m%d-%H%M%S}"
    with _explained(target, "The database cannot be restored"):
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = _beside(target, "restoring")
        try:
            copy(source, part)
            _make_ready(part, source, _keys(target), now)
            return _put(part, target, schema, stamp)
        finally:
            for name in (part, *_wal(part)):
                name.unlink(missing_ok=True)


def _put(part: Path, target: Path, schema: str, stamp: str) -> Restored:
    if not target.exists() or target.stat().st_size == 0:
        os.replace(part, target)
        _flush(target.parent)
        return Restored(schema, None, False)
    kept = _unused(target, stamp, "backup")
    try:
        copy(target, kept)
        _check(kept)
        with (
            contextlib.closing(sqlite3.connect(part)) as there,
            contextlib.closing(sqlite3.connect(target, timeout=15)) as here,
        ):
            there.backup(here)
        _check(target)
    except sqlite3.DatabaseError as error:
        if _is_about_the_disk(error):
            kept.unlink(missing_ok=True)
            raise
        # what is there cannot be read: it is put aside as it is
        kept.unlink(missing_ok=True)
        damaged = _unused(target, stamp, "damaged")
        for old, new in zip((target, *_wal(target)), (damaged, *_wal(damaged)), strict=True):
            with contextlib.suppress(FileNotFoundError):
                os.replace(old, new)
        os.replace(part, target)
        _flush(target.parent)
        return Restored(schema, damaged, True)
    return Restored(schema, kept, False)


def _is_about_the_disk(error: sqlite3.DatabaseError) -> bool:
    return error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_CANTOPEN"))


def _looked_at(source: Path) -> str:
    """The schema of a copy that can be restored."""
    from worker.store.migrations.runner import upgrade

    todo = "Name a file that askaround backup has made."
    try:
        with source.open("rb") as file:
            begins = file.read(len(HEADER))
    except OSError as error:
        raise InputError(f"The file cannot be read: {error.strerror}.", where=str(source), todo=todo) from None
    if begins != HEADER:
        raise InputError("This is no SQLite database.", where=str(source), todo=todo)
    try:
        _check(source)
        with contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as there:
            schema = there.execute("select version_num from alembic_version").fetchone()[0]
            there.execute("select count(*) from outbox").fetchone()
    except (sqlite3.DatabaseError, TypeError) as error:
        damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
        said = "The file is damaged." if damaged else "This is no database of askaround."
        raise InputError(said, where=str(source), todo="Use another copy; nothing was changed.") from None
    if not upgrade.knows(schema):
        raise StoreTooNew(
            "This copy was written by a newer askaround.",
            where=f"{source} (schema {schema})",
            todo="Install that version first. Nothing was changed.",
        )
    return str(schema)


def _check(file: Path) -> None:
    """Raise sqlite3.DatabaseError where the file is damaged."""
    with contextlib.closing(sqlite3.connect(file)) as there:
        said = there.execute("PRAGMA integrity_check").fetchall()
    if said != [("ok",)]:
        raise _Damaged(str(said[0][0]) if said else "no answer")


class _Damaged(sqlite3.DatabaseError):
    """The check of the database's integrity found something."""

    sqlite_errorname = "SQLITE_CORRUPT"


def _make_ready(part: Path, source: Path, keys: dict[str, str], now: datetime) -> None:
    """Bring the copy to the newest schema, hold everything in it, and keep the keys that it does not have."""
    from worker.store.migrations.runner import newest, revision_of, upgrade

    engine = make_engine(f"sqlite:///{part}")
    why = f"the database was restored from {source.name}"
    try:
        if revision_of(engine) != newest():
            upgrade(engine)
        with engine.begin() as tx:
            for box in tx.execute(mailbox.select()).all():
                values = {"hold_since": now, "hold_why": why, "key": box.key or keys.get(box.address)}
                tx.execute(update(mailbox).where(mailbox.c.id == box.id).values(values))
                journal.write(tx, box.id, now, "hold", why)
    finally:
        engine.dispose()
    with contextlib.closing(sqlite3.connect(part)) as here:
        here.execute("PRAGMA journal_mode=DELETE")


def _keys(target: Path) -> dict[str, str]:
    """The keys of the database that is replaced, by mailbox; none where it cannot be read."""
    try:
        with contextlib.closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as there:
            return dict(there.execute("select address, key from mailbox where key is not null").fetchall())
    except sqlite3.DatabaseError:
        return {}


def _file_of(url: str, todo: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise InputError("This database is no file: it has tools of its own for that.", where="[store] url", todo=todo)
    if not parsed.database or parsed.database == ":memory:":
        raise InputError("This database lies in memory.", where="[store] url", todo="Give it a file.")
    return Path(parsed.database)


def _beside(target: Path, what: str) -> Path:
    """A name beside the target that nobody can foresee; what was left there when a copy was killed is removed."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.{what}"):
        with contextlib.suppress(OSError):  # it is in nobody's way, or somebody else's by now
            if time.time() - left.stat().st_mtime > LEFT_BEHIND:
                left.unlink()
    return target.with_name(f".{target.name}.{os.urandom(6).hex()}.{what}")


def _unused(target: Path, stamp: str, what: str) -> Path:
    """A name beside the database that nothing has: of two in the same second, neither is lost."""
    stamps = (stamp, *(f"{stamp}-{number}" for number in range(2, 1000)))
    names = (target.with_name(f"{target.name}.{one}.{what}") for one in stamps)
    return next(name for name in names if not name.exists())


def _wal(file: Path) -> tuple[Path, Path]:
    return file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _explained(where: Path, what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, DBAPIError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise StoreError(
            f"{what}: {said}.",
            where=str(where),
            todo="Look at the free disk space and at the permissions of the folder; nothing was changed.",
        ) from error

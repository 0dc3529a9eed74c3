"""Opening a database, its transactions, the lock of a mailbox: the same on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError

from worker.errors import AnotherTurnRuns, AskaroundError, InputError, StoreError, StoreTooNew, install

Transaction = Connection
T = TypeVar("T")

SERIALIZATION_TRIES = 12
LOCK_WAIT_SECONDS = 10.0


class Store:
    """One database. `transaction` is the only way to write; `read` sees one consistent state."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        self.on_commit: Callable[[], None] | None = None  # the proofs count and kill here

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def transaction(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one serializable transaction and commit it; run it again where PostgreSQL asks for that.

        `work` must therefore have no effect outside of the database. Raises StoreError where the database cannot
        be written (disk full, read-only); then nothing was changed.
        """
        for attempt in range(SERIALIZATION_TRIES):
            try:
                with self.engine.begin() as connection:
                    result = work(connection)
            except DBAPIError as error:
                if self._is_conflict(error) and attempt + 1 < SERIALIZATION_TRIES:
                    time.sleep(0.005 * 2 ** min(attempt, 6))
                    continue
                raise self._explained(error) from error
            if self.on_commit is not None:
                self.on_commit()
            return result
        raise StoreError("The database is too busy.", where=self.place, todo="Try again in a minute.")

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work`, which must not write, on one consistent state of the database."""
        options: dict[str, Any] = {"askaround_read": True} if self.is_sqlite else {}
        try:
            with self.engine.connect().execution_options(**options) as connection:
                return work(connection)
        except DBAPIError as error:
            raise self._explained(error) from error

    @contextlib.contextmanager
    def turn_lock(self, address: str, *, wait: float = LOCK_WAIT_SECONDS) -> Iterator[None]:
        """Hold the lock of one mailbox's turn; it dies with this process. Raises AnotherTurnRuns after `wait` s."""
        busy = AnotherTurnRuns(
            f"Another askaround works on {address} right now.",
            where=self.place,
            todo="Wait until it is done, or stop the service (systemctl stop askaround) before you try again.",
        )
        if self.is_sqlite:
            with self._file_lock(address, wait, busy):
                yield
        else:
            with self._advisory_lock(address, wait, busy):
                yield

    @contextlib.contextmanager
    def _file_lock(self, address: str, wait: float, busy: AnotherTurnRuns) -> Iterator[None]:
        database = self.engine.url.database
        if not database or database == ":memory:":
            yield
            return
        safe = "".join(c if c.isalnum() or c in "@.-_" else "_" for c in address)
        path = f"{database}.{safe}.lock"
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"The lock file cannot be made: {error.strerror}.", where=path) from error
        try:
            until = time.monotonic() + wait
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= until:
                        raise busy from None
                    time.sleep(0.05)
            yield
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def _advisory_lock(self, address: str, wait: float, busy: AnotherTurnRuns) -> Iterator[None]:
        try:
            session = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except DBAPIError as error:
            raise self._explained(error) from error
        with session as connection:
            until = time.monotonic() + wait
            ask = text("select pg_try_advisory_lock(hashtext('askaround'), hashtext(:address))")
            try:
                while not connection.execute(ask, {"address": address}).scalar():
                    if time.monotonic() >= until:
                        raise busy
                    time.sleep(0.1)
            except DBAPIError as error:
                raise self._explained(error) from error
            try:
                yield
            finally:
                free = text("select pg_advisory_unlock(hashtext('askaround'), hashtext(:address))")
                with contextlib.suppress(SQLAlchemyError):  # a lost session has freed it already
                    connection.execute(free, {"address": address})

    def files(self) -> list[Path]:
        """The files of an SQLite database that are there; none of another."""
        name = self.engine.url.database if self.is_sqlite else None
        if not name or name == ":memory:":
            return []
        return [path for path in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")) if path.exists()]

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def _is_conflict(self, error: DBAPIError) -> bool:
        state = getattr(error.orig, "sqlstate", None)
        if state in ("40001", "40P01"):
            return True
        return self.is_sqlite and "database is locked" in str(error.orig)

    def _explained(self, error: DBAPIError) -> Exception:
        # OperationalError, and the plain kind that a damaged file gives; the others would be mistakes of ours
        if not isinstance(error, OperationalError) and type(error) is not DatabaseError:
            return error
        said = str(error.orig).strip().splitlines()[0]
        todo = "Look at free disk space and at the permissions of the file and its folder; nothing was changed."
        return StoreError(f"The database cannot be used: {said}.", where=self.place, todo=_helps(said) or todo)


def _helps(said: str) -> str:
    """What helps where the database says plainly what is wrong with its place."""
    if re.search(r"disk is full|no space left", said, re.IGNORECASE):
        return "Make room on its disk: nothing was changed, nothing is lost, and it goes on by itself."
    if re.search(r"read-?only", said, re.IGNORECASE):
        return "Let this user write the file and its folder: nothing was changed."
    return ""


def make_engine(url: str) -> Engine:
    """An engine with this project's rules: explicit BEGIN IMMEDIATE on SQLite, SERIALIZABLE on PostgreSQL.

    No error of it shows a statement's parameters: they are people's mails, and the mailbox's key.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        try:
            return create_engine(parsed, isolation_level="SERIALIZABLE", pool_pre_ping=True, hide_parameters=True)
        except ModuleNotFoundError as error:
            raise InputError(
                "The database url asks for PostgreSQL, and psycopg is not installed.",
                where="[store] url",
                todo=install("'psycopg[binary]'"),
            ) from error
    if parsed.get_backend_name() != "sqlite":
        raise InputError(
            f"The database url begins with {parsed.drivername!r}; only sqlite and postgresql are known.",
            where="[store] url",
            todo='For example: url = "sqlite:///askaround.db"',
        )
    engine = create_engine(parsed, connect_args={"timeout": 15.0}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: we do
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("askaround_read")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def open_store(url: str, *, now: datetime | None = None) -> Store:
    """Open the database at `url`, make it or bring it to the newest schema, and give it back.

    A new SQLite file has mode 0600. Raises StoreTooNew where a newer askaround wrote it, StoreError where it
    cannot be opened, InputError for an url of another kind.
    """
    parsed = make_url(url)
    place = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        place = parsed.database
        _make_file(Path(parsed.database))
    engine = make_engine(url)
    from worker.store.migrations.runner import newest, revision_of, upgrade

    try:
        have = revision_of(engine)
        if have != newest():
            if have is not None and not upgrade.knows(have):
                raise StoreTooNew(
                    "This database was written by a newer askaround.",
                    where=f"{place} (schema {have}, this program knows up to {newest()})",
                    todo="Install that version again, or use a backup of the database. Nothing was changed.",
                )
            if have is not None and engine.dialect.name == "sqlite" and parsed.database:
                _back_up(engine, Path(parsed.database), have, now or datetime.now(UTC))
            upgrade(engine)
    except DBAPIError as error:
        engine.dispose()
        first = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        raise StoreError(
            f"The database cannot be opened: {first}.",
            where=place,
            todo=_helps(first) or "Check the path, its permissions and the free disk space.",
        ) from error
    except AskaroundError:
        engine.dispose()
        raise
    return Store(engine, place)


def _make_file(path: Path) -> None:
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.close(handle)
    except OSError as error:
        raise StoreError(
            f"The database cannot be opened: {error.strerror}.",
            where=str(path),
            todo="Give askaround a folder that it may write to ([store] url), or mend its permissions.",
        ) from error


def _back_up(engine: Engine, path: Path, revision: str, now: datetime) -> None:
    """Keep a copy of the file beside it before its schema is changed."""
    target = path.with_name(f"{path.name}.{revision}.{now:%Y%m%d-%H%M%S}.backup")
    if target.exists():
        return
    from worker.store.backup import back_up

    back_up(f"sqlite:///{path}", target)

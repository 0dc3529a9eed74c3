"""A look at one mailbox's row that changes nothing: no file is made, no schema brought up, no row written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from worker.errors import StoreError
from worker.store.database import make_engine
from worker.store.schema import mailbox


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the last turn left behind."""

    read_ended_at: datetime | None
    errors: tuple[str, ...]
    hold_since: datetime | None
    hold_why: str | None
    blocked_until: datetime | None
    blocked_why: str | None
    paused_at: datetime | None
    paused_until: datetime | None
    finished_at: datetime | None


def pulse(url: str, address: str) -> Pulse | None:
    """The pulse of the mailbox with this address; None where no turn has ever been.

    Raises StoreError where the database is not there, cannot be read, or has another schema than this program's.
    """
    from worker.store.migrations.runner import newest, revision_of

    engine = _reader(url)
    try:
        have = revision_of(engine)
        if have is None:
            return None
        if have != newest():
            raise StoreError(f"The database has schema {have}, this program {newest()}: a turn has yet to bring it up.")
        with engine.connect() as connection:
            row = connection.execute(select(mailbox).where(mailbox.c.address == address.lower())).one_or_none()
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        raise StoreError(f"The database cannot be read: {said[0]}.") from None
    finally:
        engine.dispose()
    if row is None:
        return None
    return Pulse(
        row.read_ended_at,
        tuple(row.errors or ()),
        row.hold_since,
        row.hold_why,
        row.blocked_until,
        row.blocked_why,
        row.paused_at,
        row.paused_until,
        row.finished_at,
    )


def _reader(url: str) -> Engine:
    parsed = make_url(url)
    name = parsed.database
    if parsed.get_backend_name() != "sqlite" or not name or name == ":memory:":
        return make_engine(url)
    if not Path(name).is_file():
        raise StoreError(f"There is no database yet ({name}).")

    def connect() -> object:
        import sqlite3

        return sqlite3.connect(f"file:{quote(name)}?mode=ro", uri=True, timeout=15.0)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

"""A disk that takes nothing from some write on: full, read-only, or broken, as SQLite says it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from worker.store import Store

SAYS = {
    "full": "database or disk is full",
    "read-only": "attempt to write a readonly database",
    "broken": "disk I/O error",
}
WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE", "CREATE", "ALTER")


@dataclass
class Disk:
    """What is written is counted from 1; from `fails_at` on nothing is taken until `mend`. 0: all is taken."""

    how: str = "full"
    fails_at: int = 0
    writes: int = 0
    refused: list[str] = field(default_factory=list)

    def under(self, store: Store) -> None:
        """Let this store write on this disk."""
        dialect = store.engine.dialect
        commit = dialect.do_commit

        @event.listens_for(store.engine, "do_execute")
        def _execute(cursor: Any, statement: str, parameters: Any, context: Any) -> None:
            if statement.lstrip().upper().startswith(WRITES):
                self._write(statement)

        def committed(connection: Any) -> None:
            if connection.in_transaction:
                self._write("COMMIT")
            commit(connection)

        dialect.do_commit = committed  # type: ignore[method-assign]

    def fail(self, how: str, at: int) -> None:
        """From the n-th write on nothing is taken."""
        self.how, self.fails_at, self.writes, self.refused = how, at, 0, []

    def mend(self) -> None:
        """Everything is taken again."""
        self.fails_at = 0

    def _write(self, what: str) -> None:
        self.writes += 1
        if self.fails_at and self.writes >= self.fails_at:
            self.refused.append(what.split(None, 1)[0])
            raise sqlite3.OperationalError(SAYS[self.how])

"""Statements that are compiled once for all stores of this process.

A new process would compile each anew, which proves nothing and takes a fifth of a schedule's time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect

from worker.store import Store

_first: dict[str, tuple[Dialect, Any]] = {}


def one_compilation(store: Store) -> None:
    """Let the store use what the first one of its kind has compiled; compiled statements belong to a dialect."""
    engine = store.engine
    dialect, compiled = _first.setdefault(engine.dialect.name, (engine.dialect, engine._compiled_cache))
    engine.dialect = engine.pool._dialect = dialect
    engine._compiled_cache = compiled

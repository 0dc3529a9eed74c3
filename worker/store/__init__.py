"""The database: its schema, its migrations, the questions that jobs ask of it (SQLAlchemy Core)."""

from worker.store.database import Store, Transaction, open_store

__all__ = ["Store", "Transaction", "open_store"]

"""Alembic's entry: it runs on the connection, and in the transaction, that the runner hands over."""

from __future__ import annotations

from alembic import context

from worker.store.schema import with_postgresql

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=with_postgresql(),
    transactional_ddl=True,
    transaction_per_migration=False,
    render_as_batch=True,
)
context.run_migrations()

"""The key for the hashes of who was forgotten, and when old bytes were last given up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from worker.store.types import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forget_key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.add_column("mailbox", sa.Column("pruned_at", Moment(), nullable=True))

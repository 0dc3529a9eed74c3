"""Which asks came back, the pause that follows from it, and which change brought a suppression."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from worker.store.types import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("asks_paused_at", Moment(), nullable=True))
    op.add_column("mailbox", sa.Column("asks_paused_why", sa.Text(), nullable=True))
    op.add_column("mailbox", sa.Column("bounces_since", Moment(), nullable=True))
    op.add_column("outbox", sa.Column("bounced_at", Moment(), nullable=True))
    op.add_column("suppression", sa.Column("made_by_change", sa.Integer(), nullable=True))

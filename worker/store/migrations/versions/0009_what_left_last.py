"""What left last is asked for before each mail: found at once, however many have left."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_claimed", "outbox", ["mailbox_id", "claimed_at"])

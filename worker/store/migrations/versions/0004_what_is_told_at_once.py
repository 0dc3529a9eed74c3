"""Mails that tell the owner of one message at once; they live beside the summaries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("summary", sa.Column("about_message_id", sa.Integer(), nullable=True))
    op.create_index(op.f("uq_summary_about_message_id"), "summary", ["about_message_id"], unique=True)

"""Mails of ours that the database does not know, the hold that follows, and the key by which they are ours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from worker.store.types import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("key", sa.String(length=64), nullable=True))
    op.add_column("mailbox", sa.Column("looked_back_at", Moment(), nullable=True))
    op.add_column("mailbox", sa.Column("hold_since", Moment(), nullable=True))
    op.add_column("mailbox", sa.Column("hold_why", sa.Text(), nullable=True))
    op.create_table(
        "stray",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=1000), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("found_in", sa.String(length=20), nullable=False),
        sa.Column("folder", sa.String(length=1000), nullable=True),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("in_reply_to", sa.String(length=1000), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=True),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_as", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name=op.f("fk_stray_mailbox_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_stray_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray")),
        sa.UniqueConstraint("mailbox_id", "message_id", name=op.f("uq_stray_mailbox_id_message_id")),
    )
    op.create_index(op.f("ix_stray_open"), "stray", ["mailbox_id", "settled_at"])

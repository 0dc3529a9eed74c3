"""The owner's absences, the end of the search, a status asked for by mail, mails edited by hand, talks put off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from worker.store.types import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("finished_at", Moment(), nullable=True))
    op.add_column("mailbox", sa.Column("finished_before", sa.JSON(), nullable=True))
    op.add_column("mailbox", sa.Column("status_asked_at", Moment(), nullable=True))
    op.add_column("mailbox", sa.Column("status_sent_at", Moment(), nullable=True))
    op.add_column("outbox", sa.Column("edited_at", Moment(), nullable=True))
    op.add_column("conversation", sa.Column("talk_again_on", sa.Date(), nullable=True))
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name=op.f("fk_absence_mailbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_days"), "absence", ["mailbox_id", "first_day"])

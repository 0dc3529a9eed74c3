"""Which item of a summary had a calendar file with it: the next summary does not bring the same one again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("summary_item", sa.Column("calendar", sa.Boolean(), nullable=True))
    item = sa.table("summary_item", sa.column("kind", sa.String()), sa.column("calendar", sa.Boolean()))
    # every call had one until now
    op.execute(item.update().where(item.c.kind == "call").values(calendar=sa.true()))

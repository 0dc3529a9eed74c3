"""After an opt-out the owner is asked about everybody of that domain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from worker.store.types import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("domain_asked_at", Moment(), nullable=True))
    op.add_column("contact", sa.Column("domain_settled_at", Moment(), nullable=True))

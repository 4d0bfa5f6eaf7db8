"""About which party of a case a register was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("register_reads", sa.Column("party", sa.String(length=36), nullable=True))

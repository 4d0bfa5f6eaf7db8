"""Who confirmed or declined a refund that was proposed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from center.database import Utc

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment_refunds", sa.Column("decided_by", sa.String(length=64), nullable=True))
    op.add_column("payment_refunds", sa.Column("decided_at", Utc(), nullable=True))

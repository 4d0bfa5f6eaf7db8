"""Police alerts that an officer has acknowledged, with a note that lies in the vault."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from center.database import Utc

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("police_alerts", sa.Column("acknowledged_by", sa.String(length=64), nullable=True))
    op.add_column("police_alerts", sa.Column("acknowledged_at", Utc(), nullable=True))
    with op.batch_alter_table("police_alerts", schema=None) as batch_op:
        batch_op.drop_index("police_alerts_open")
        batch_op.create_index("police_alerts_open", ["centre_id", "acknowledged_at"], unique=False)

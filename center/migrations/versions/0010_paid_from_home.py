"""Payments from home that nobody wants any more; drafts whose contents are gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from center.database import Utc

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment_intents", sa.Column("unwanted_at", Utc(), nullable=True))
    op.add_column("drafts", sa.Column("emptied_at", Utc(), nullable=True))

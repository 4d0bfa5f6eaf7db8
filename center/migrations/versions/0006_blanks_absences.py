"""Blanks, absences of desks, and actions by kind and time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from center.database import Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_absences",
        sa.Column("desk", sa.String(length=32), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("until", Utc(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("desk_absences", schema=None) as batch_op:
        batch_op.create_index("desk_absences_by_desk", ["centre_id", "desk", "since"], unique=False)

    op.create_table(
        "case_blanks",
        sa.Column("serial", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "serial"),
    )
    with op.batch_alter_table("case_blanks", schema=None) as batch_op:
        batch_op.create_index("case_blanks_by_time", ["centre_id", "at"], unique=False)

    with op.batch_alter_table("case_actions", schema=None) as batch_op:
        batch_op.create_index("case_actions_by_kind", ["centre_id", "kind", "at"], unique=False)

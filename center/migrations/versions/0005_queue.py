"""The hall: windows, tickets, calls, draws."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from center.database import Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspector_draws",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.String(length=36), nullable=False),
        sa.Column("drawn_at", Utc(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "case_id", "step", "round"),
    )
    op.create_table(
        "inspector_duties",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("on_duty", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "account_id"),
    )
    op.create_table(
        "queue_requests",
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("leg_id", sa.String(length=36), nullable=True),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "client_key"),
    )
    op.create_table(
        "queue_staff_moves",
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("from_window", sa.Integer(), nullable=True),
        sa.Column("to_window", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("moved_by", sa.String(length=36), nullable=False),
        sa.Column("moved_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("queue_staff_moves", schema=None) as batch_op:
        batch_op.create_index("queue_staff_moves_by_time", ["centre_id", "moved_at"], unique=False)

    op.create_table(
        "queue_tickets",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Boolean(), nullable=False),
        sa.Column("draft_id", sa.String(length=36), nullable=True),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("taken_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "day", "number"),
    )
    with op.batch_alter_table("queue_tickets", schema=None) as batch_op:
        batch_op.create_index("queue_tickets_by_case", ["centre_id", "case_id"], unique=False)
        batch_op.create_index("queue_tickets_by_draft", ["centre_id", "draft_id"], unique=False)

    op.create_table(
        "queue_windows",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("favoured_in_a_row", sa.Integer(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "account_id"),
        sa.UniqueConstraint("centre_id", "number"),
    )
    op.create_table(
        "queue_legs",
        sa.Column("ticket_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=32), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("window", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("called_at", Utc(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("last_called_at", Utc(), nullable=True),
        sa.Column("started_at", Utc(), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("joined_at", Utc(), nullable=False),
        sa.Column("expected_s", sa.Integer(), nullable=True),
        sa.Column("error_s", sa.Integer(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["queue_tickets.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ticket_id", "ordinal"),
    )
    with op.batch_alter_table("queue_legs", schema=None) as batch_op:
        batch_op.create_index("queue_legs_by_end", ["centre_id", "line", "ended_at"], unique=False)
        batch_op.create_index("queue_legs_by_state", ["centre_id", "state"], unique=False)

    op.create_table(
        "queue_calls",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("called_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["leg_id"],
            ["queue_legs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "sequence"),
    )
    with op.batch_alter_table("queue_calls", schema=None) as batch_op:
        batch_op.create_index("queue_calls_by_leg", ["leg_id"], unique=False)

"""Payments and state registers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from center.database import Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_views",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("shown_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("data_views", schema=None) as batch_op:
        batch_op.create_index("data_views_by_case", ["centre_id", "case_id"], unique=False)
        batch_op.create_index("data_views_by_person", ["centre_id", "person"], unique=False)

    op.create_table(
        "payment_callback_refusals",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "day", "reason"),
    )
    op.create_table(
        "payment_intents",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("amount_tenge", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("gateway_id", sa.String(length=64), nullable=True),
        sa.Column("pay_url", sa.String(length=500), nullable=True),
        sa.Column("return_url", sa.String(length=500), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", Utc(), nullable=False),
        sa.Column("settled_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "case_id", "purpose", "attempt"),
        sa.UniqueConstraint("gateway_id"),
    )
    with op.batch_alter_table("payment_intents", schema=None) as batch_op:
        batch_op.create_index("payment_intents_by_day", ["centre_id", "settled_at"], unique=False)
        batch_op.create_index("payment_intents_by_state", ["centre_id", "state"], unique=False)

    op.create_table(
        "payment_reconciliations",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("charges", sa.Integer(), nullable=False),
        sa.Column("refunds", sa.Integer(), nullable=False),
        sa.Column("charged_tenge", sa.Integer(), nullable=False),
        sa.Column("refunded_tenge", sa.Integer(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("payment_reconciliations", schema=None) as batch_op:
        batch_op.create_index("payment_reconciliations_by_day", ["centre_id", "day"], unique=False)

    op.create_table(
        "register_reads",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("register", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("consent", sa.String(length=36), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "client_key"),
    )
    with op.batch_alter_table("register_reads", schema=None) as batch_op:
        batch_op.create_index("register_reads_by_case", ["centre_id", "case_id"], unique=False)
        batch_op.create_index("register_reads_by_outcome", ["centre_id", "outcome"], unique=False)
        batch_op.create_index("register_reads_by_person", ["centre_id", "person"], unique=False)

    op.create_table(
        "payment_events",
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("intent_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["intent_id"],
            ["payment_intents.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "event_id"),
    )
    op.create_table(
        "payment_refunds",
        sa.Column("intent_id", sa.String(length=36), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("amount_tenge", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("gateway_id", sa.String(length=64), nullable=True),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", Utc(), nullable=False),
        sa.Column("done_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["intent_id"],
            ["payment_intents.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("intent_id", "client_key"),
    )
    with op.batch_alter_table("payment_refunds", schema=None) as batch_op:
        batch_op.create_index("payment_refunds_by_state", ["centre_id", "state"], unique=False)

    op.create_table(
        "police_alerts",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("read_id", sa.String(length=36), nullable=False),
        sa.Column("raised_at", Utc(), nullable=False),
        sa.Column("seen_by", sa.String(length=64), nullable=True),
        sa.Column("seen_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["read_id"],
            ["register_reads.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("read_id"),
    )
    with op.batch_alter_table("police_alerts", schema=None) as batch_op:
        batch_op.create_index("police_alerts_open", ["centre_id", "seen_at"], unique=False)

"""Parties, scans, drafts, bookings, receipts, complaints, survey."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from center.database import Utc

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookings",
        sa.Column("line", sa.String(length=32), nullable=False),
        sa.Column("starts_at", Utc(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.String(length=36), nullable=False),
        sa.Column("held_by", sa.String(length=36), nullable=True),
        sa.Column("booked_at", Utc(), nullable=False),
        sa.Column("given_back_at", Utc(), nullable=True),
        sa.Column("used_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "held_by"),
        sa.UniqueConstraint("centre_id", "line", "starts_at", "seat"),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index("bookings_by_draft", ["centre_id", "draft_id"], unique=False)

    op.create_table(
        "case_codes",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", Utc(), nullable=False),
        sa.Column("issued_by", sa.String(length=36), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "code_sha256"),
    )
    with op.batch_alter_table("case_codes", schema=None) as batch_op:
        batch_op.create_index("case_codes_by_case", ["centre_id", "case_id"], unique=False)

    op.create_table(
        "case_parties",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("represents", sa.String(length=36), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("replaced_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "case_id", "id"),
    )
    with op.batch_alter_table("case_parties", schema=None) as batch_op:
        batch_op.create_index("case_parties_by_case", ["centre_id", "case_id"], unique=False)

    op.create_table(
        "case_scans",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("requirement", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("media", sa.String(length=32), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("received_by", sa.String(length=36), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("refused_by", sa.String(length=36), nullable=True),
        sa.Column("refused_at", Utc(), nullable=True),
        sa.Column("refused_reason", sa.String(length=500), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "client_key"),
    )
    with op.batch_alter_table("case_scans", schema=None) as batch_op:
        batch_op.create_index("case_scans_by_case", ["centre_id", "case_id"], unique=False)

    op.create_table(
        "complaints",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("filed_at", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("upheld", sa.String(length=16), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "client_key"),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index("complaints_by_case", ["centre_id", "case_id"], unique=False)
        batch_op.create_index("complaints_open", ["centre_id", "answered_at", "due_at"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("applicant", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("begun_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("claimed_by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "code_sha256"),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index("drafts_by_state", ["centre_id", "state", "expires_at"], unique=False)

    op.create_table(
        "survey_answers",
        sa.Column("visit_sha256", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("availability", sa.Integer(), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.Column("timeliness", sa.Integer(), nullable=True),
        sa.Column("courtesy", sa.Integer(), nullable=True),
        sa.Column("appeals", sa.Integer(), nullable=True),
        sa.Column("electronic_form", sa.Integer(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "visit_sha256"),
    )
    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.create_index("survey_answers_by_day", ["centre_id", "day"], unique=False)

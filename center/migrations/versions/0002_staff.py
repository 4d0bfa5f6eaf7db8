"""Staff: accounts, roles, passkeys, sessions, proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from center.database import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("iin_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "iin_fingerprint"),
        sa.UniqueConstraint("centre_id", "login"),
    )
    op.create_table(
        "staff_remote_failures",
        sa.Column("remote_sha256", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("centre_id", "remote_sha256"),
    )
    op.create_table(
        "staff_certificates",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("staff_certificates", schema=None) as batch_op:
        batch_op.create_index("staff_certificates_by_account", ["account_id"], unique=False)

    op.create_table(
        "staff_challenges",
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "staff_passkeys",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("credential_id", sa.String(length=1364), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("enrolled_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=True),
        sa.Column("revoked_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential_id"),
    )
    with op.batch_alter_table("staff_passkeys", schema=None) as batch_op:
        batch_op.create_index("staff_passkeys_by_account", ["account_id"], unique=False)

    op.create_table(
        "staff_relatives",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("declared_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("staff_relatives", schema=None) as batch_op:
        batch_op.create_index("staff_relatives_by_account", ["account_id"], unique=False)
        batch_op.create_index("staff_relatives_by_fingerprint", ["fingerprint"], unique=False)

    op.create_table(
        "staff_requests",
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("proposer_id", sa.String(length=36), nullable=False),
        sa.Column("proposer_role", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decider_id", sa.String(length=36), nullable=True),
        sa.Column("decider_role", sa.String(length=32), nullable=True),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("half_sha256", sa.String(length=64), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"],
            ["staff_accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"],
            ["staff_accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("staff_requests", schema=None) as batch_op:
        batch_op.create_index("staff_requests_by_state", ["centre_id", "state"], unique=False)

    op.create_table(
        "staff_roles",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("granted_at", Utc(), nullable=False),
        sa.Column("revoked_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("staff_roles", schema=None) as batch_op:
        batch_op.create_index("staff_roles_by_account", ["account_id"], unique=False)

    op.create_table(
        "staff_slips",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("sets_password", sa.Boolean(), nullable=False),
        sa.Column("enrols_passkey", sa.Boolean(), nullable=False),
        sa.Column("replaces", sa.Boolean(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("password_set_at", Utc(), nullable=True),
        sa.Column("passkey_enrolled_at", Utc(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_sha256"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("passkey_id", sa.String(length=36), nullable=True),
        sa.Column("simulated_key", sa.Boolean(), nullable=False),
        sa.Column("binding_sha256", sa.String(length=64), nullable=False),
        sa.Column("started_at", Utc(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("end_reason", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("centre_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["passkey_id"],
            ["staff_passkeys.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_sha256"),
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index("staff_sessions_by_account", ["account_id"], unique=False)

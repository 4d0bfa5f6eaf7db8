"""Case numbers sorted by their bytes on PostgreSQL, so that the index finds a beginning in any language."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE cases ALTER COLUMN number TYPE VARCHAR(32) COLLATE "C"')

"""The journal's table; the vault's own tables are in ``vault``, in another store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class JournalEntry(Owned, Base):
    """One entry: the bytes that were agreed on, then its number and place in the chain."""

    __tablename__ = "journal_entries"
    __table_args__ = (
        UniqueConstraint("place"),
        UniqueConstraint("centre_id", "number"),
        Index("journal_entries_by_subject", "centre_id", "subject"),
    )

    place: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    """Order of commit: given by the only transaction that writes."""
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    """RFC 8785 canonical JSON, with its schema version."""
    number: Mapped[int | None] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    """From 1, without a hole; None until the worker has chained it."""
    leaf_sha256: Mapped[str | None] = mapped_column(String(64))
    head_sha256: Mapped[str | None] = mapped_column(String(64))

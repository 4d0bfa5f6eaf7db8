"""The scans of a case: what they are and where they lie. Their keys lie in the vault."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class ScanState(StrEnum):
    """Whether a scan counts."""

    KEPT = "kept"
    REFUSED = "refused"
    SHREDDED = "shredded"
    """The case is over and its appeal time too: the files are gone."""


class CaseScan(Owned, Base):
    """One scan or portrait."""

    __tablename__ = "case_scans"
    __table_args__ = (
        UniqueConstraint("centre_id", "client_key"),
        Index("case_scans_by_case", "centre_id", "case_id"),
    )

    case_id: Mapped[str] = mapped_column(String(36))
    requirement: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    media: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int] = mapped_column(Integer)
    address: Mapped[str] = mapped_column(String(64))
    """In the store of scans."""
    pages: Mapped[list[str]] = mapped_column(JSON)
    """Addresses of the drawn pages."""
    client_key: Mapped[str] = mapped_column(String(64))
    received_by: Mapped[str] = mapped_column(String(36))
    received_at: Mapped[datetime] = mapped_column(Utc)
    refused_by: Mapped[str | None] = mapped_column(String(36))
    refused_at: Mapped[datetime | None] = mapped_column(Utc)
    refused_reason: Mapped[str | None] = mapped_column(String(500))

"""The code of a case, as its hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class CaseCode(Owned, Base):
    """A code that opens a case's page; a new one ends the old."""

    __tablename__ = "case_codes"
    __table_args__ = (UniqueConstraint("centre_id", "code_sha256"), Index("case_codes_by_case", "centre_id", "case_id"))

    case_id: Mapped[str] = mapped_column(String(36))
    code_sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(Utc)
    issued_by: Mapped[str] = mapped_column(String(36))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)

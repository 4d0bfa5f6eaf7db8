"""Who a case is about, without their names: ids, sides and who stands for whom. The rest lies in the vault."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class CaseParty(Owned, Base):
    """A person or firm in a case; its id is the party's."""

    __tablename__ = "case_parties"
    __table_args__ = (
        UniqueConstraint("centre_id", "case_id", "id"),
        Index("case_parties_by_case", "centre_id", "case_id"),
    )

    case_id: Mapped[str] = mapped_column(String(36))
    side: Mapped[str] = mapped_column(String(16))
    """applicant, seller, buyer, or representative."""
    kind: Mapped[str] = mapped_column(String(8))
    """person or firm."""
    represents: Mapped[str | None] = mapped_column(String(36))
    """The party for whom a representative acts."""
    commitment: Mapped[str] = mapped_column(String(64))
    """To what the vault holds about them."""
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by: Mapped[str] = mapped_column(String(36))
    replaced_at: Mapped[datetime | None] = mapped_column(Utc)
    """A correction recorded the parties anew."""

"""What is kept of a draft in clear: never its code, and nothing that was typed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class DraftState(StrEnum):
    """Where a draft is."""

    OPEN = "open"
    CLAIMED = "claimed"
    """A case was opened from it."""
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"
    """Nobody came in time."""


class Draft(Owned, Base):
    """A draft; its id becomes the case's, so that what was paid for it is paid for the case."""

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("centre_id", "code_sha256"),
        Index("drafts_by_state", "centre_id", "state", "expires_at"),
    )

    code_sha256: Mapped[str] = mapped_column(String(64))
    service: Mapped[str] = mapped_column(String(64))
    applicant: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    begun_at: Mapped[datetime] = mapped_column(Utc)
    changed_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    claimed_by: Mapped[str | None] = mapped_column(String(36))
    emptied_at: Mapped[datetime | None] = mapped_column(Utc)
    """When what was typed was forgotten, once the draft was over."""

"""What asking the registers leaves: who read what for which purpose, who looked at it, and alerts for the police.

Nothing that a register said stands here: that lies in the vault.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class RegisterRead(Owned, Base):
    """One question to a register: noted before it is asked, so that no reading goes unrecorded."""

    __tablename__ = "register_reads"
    __table_args__ = (
        UniqueConstraint("case_id", "client_key"),
        Index("register_reads_by_case", "centre_id", "case_id"),
        Index("register_reads_by_person", "centre_id", "person"),
        Index("register_reads_by_outcome", "centre_id", "outcome"),
    )

    case_id: Mapped[str] = mapped_column(String(36))
    client_key: Mapped[str] = mapped_column(String(64))
    register: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(32))
    officer: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    consent: Mapped[str | None] = mapped_column(String(36))
    """The case's action in which the applicant consented."""
    party: Mapped[str | None] = mapped_column(String(36))
    """The party of the case that it is about; none: the case as a whole."""
    person: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of whose data it is: finds what was read of somebody after the data itself is gone."""
    asked_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    outcome: Mapped[str] = mapped_column(String(16))
    """``asked``, ``answered``, ``silent``; whether something was found, the vault alone knows."""
    reason: Mapped[str | None] = mapped_column(String(32))
    """Why it is silent."""
    attempts: Mapped[int] = mapped_column(Integer)


class DataView(Owned, Base):
    """Somebody looked at what had been fetched."""

    __tablename__ = "data_views"
    __table_args__ = (
        Index("data_views_by_case", "centre_id", "case_id"),
        Index("data_views_by_person", "centre_id", "person"),
    )

    case_id: Mapped[str] = mapped_column(String(36))
    officer: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(32))
    person: Mapped[str | None] = mapped_column(String(64))
    what: Mapped[list[Any]] = mapped_column(JSON)
    """The registers whose answers were shown."""
    shown_at: Mapped[datetime] = mapped_column(Utc)


class PoliceAlert(Owned, Base):
    """A vehicle in a case is wanted. Only the police see these rows."""

    __tablename__ = "police_alerts"
    __table_args__ = (
        UniqueConstraint("read_id"),
        Index("police_alerts_open", "centre_id", "acknowledged_at"),
    )

    case_id: Mapped[str] = mapped_column(String(36))
    read_id: Mapped[str] = mapped_column(ForeignKey("register_reads.id"))
    raised_at: Mapped[datetime] = mapped_column(Utc)
    seen_by: Mapped[str | None] = mapped_column(String(64))
    seen_at: Mapped[datetime | None] = mapped_column(Utc)
    acknowledged_by: Mapped[str | None] = mapped_column(String(64))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Utc)
    """When an officer said what is done about it; the note lies in the vault."""

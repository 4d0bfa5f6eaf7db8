"""Bookings: the database itself lets nobody have a seat that somebody has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class Booking(Owned, Base):
    """One seat of a line at a time. Given back, it has no seat and no holder any more, and another can have them."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("centre_id", "line", "starts_at", "seat"),
        UniqueConstraint("centre_id", "held_by"),
        Index("bookings_by_draft", "centre_id", "draft_id"),
    )

    line: Mapped[str] = mapped_column(String(32))
    starts_at: Mapped[datetime] = mapped_column(Utc)
    seat: Mapped[int | None] = mapped_column(Integer)
    """From 1; None: given back."""
    draft_id: Mapped[str] = mapped_column(String(36))
    held_by: Mapped[str | None] = mapped_column(String(36))
    """The draft while it holds the seat: one at a time."""
    booked_at: Mapped[datetime] = mapped_column(Utc)
    given_back_at: Mapped[datetime | None] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    """When a ticket was taken on it."""

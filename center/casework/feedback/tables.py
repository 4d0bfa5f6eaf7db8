"""Complaints and answers to the survey; what a complaint says lies in the vault."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class Complaint(Owned, Base):
    """One complaint about a case."""

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("centre_id", "client_key"),
        Index("complaints_by_case", "centre_id", "case_id"),
        Index("complaints_open", "centre_id", "answered_at", "due_at"),
    )

    case_id: Mapped[str] = mapped_column(String(36))
    about: Mapped[str] = mapped_column(String(16))
    client_key: Mapped[str] = mapped_column(String(64))
    filed_at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime] = mapped_column(Utc)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    answered_by: Mapped[str | None] = mapped_column(String(36))
    upheld: Mapped[str | None] = mapped_column(String(16))
    """upheld, partly or rejected."""


class SurveyAnswer(Owned, Base):
    """One answered survey. It names no case; a hash of the case's code keeps a second answer out."""

    __tablename__ = "survey_answers"
    __table_args__ = (UniqueConstraint("centre_id", "visit_sha256"), Index("survey_answers_by_day", "centre_id", "day"))

    visit_sha256: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column(Date)
    """The day alone: an hour would tell the person."""
    service: Mapped[str] = mapped_column(String(64))
    availability: Mapped[int | None] = mapped_column(Integer)
    quality: Mapped[int | None] = mapped_column(Integer)
    timeliness: Mapped[int | None] = mapped_column(Integer)
    courtesy: Mapped[int | None] = mapped_column(Integer)
    appeals: Mapped[int | None] = mapped_column(Integer)
    electronic_form: Mapped[int | None] = mapped_column(Integer)
    """1 (bad) to 5 (good); None: had nothing to do with it."""

"""What the practical exam keeps: enrolled devices, exams, findings, requests, and counters of health."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc

_BIG = BigInteger().with_variant(Integer, "sqlite")


class ExamState(StrEnum):
    """Where an exam is; only a closed one has a verdict."""

    CALLED = "called"
    RUNNING = "running"
    CLOSING = "closing"
    """Over, and waiting for the signed digests that cover its end."""
    CLOSED = "closed"


class Stage(StrEnum):
    """Whether a finding was made while the exam ran, or from its whole recording."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Enrolment(Owned, Base):
    """A device that the centre knows: which key signs for it, which gateway carries it, from when to when."""

    __tablename__ = "enrolments"
    __table_args__ = (Index("enrolments_by_device", "centre_id", "device_id"),)

    device_id: Mapped[str] = mapped_column(String(64))
    gateway_id: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[str] = mapped_column(String(64))
    """Ed25519, hex."""
    simulated: Mapped[bool] = mapped_column(Boolean)
    enrolled_at: Mapped[datetime] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)


class Exam(Owned, Base):
    """One attempt of one candidate with one car. Who the candidate is, the vault alone knows."""

    __tablename__ = "exams"
    __table_args__ = (Index("exams_by_state", "centre_id", "state"),)

    car_id: Mapped[str] = mapped_column(String(64))
    candidate: Mapped[str] = mapped_column(String(128))
    """Subject in the vault."""
    rules: Mapped[str] = mapped_column(String(64))
    """Edition of the rule pack: ``kz@2016-01-01``."""
    first_exercise: Mapped[str | None] = mapped_column(String(64))
    last_exercise: Mapped[str | None] = mapped_column(String(64))
    simulated: Mapped[bool] = mapped_column(Boolean)
    """From the enrolments of its devices."""
    state: Mapped[str] = mapped_column(String(16))
    called_at: Mapped[datetime] = mapped_column(Utc)
    called_ns: Mapped[int] = mapped_column(_BIG)
    log_segment: Mapped[str] = mapped_column(String(64))
    """Where the intake log stood when the exam was called: everything of it comes later."""
    log_offset: Mapped[int] = mapped_column(_BIG)
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_ns: Mapped[int | None] = mapped_column(_BIG)
    """The end of what is judged, UTC ns."""
    end_reason: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(Utc)
    verdict: Mapped[str | None] = mapped_column(String(16))
    verdict_reason: Mapped[str | None] = mapped_column(String(64))
    points: Mapped[int | None] = mapped_column(Integer)
    sheet: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The canonical bytes that were hashed."""
    sheet_sha256: Mapped[str | None] = mapped_column(String(64))
    recording: Mapped[str | None] = mapped_column(String(255))
    """File name below the folder of recordings."""


class FindingRow(Owned, Base):
    """A fault or an undetermined check of an exam, as the scorer told it."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("exam_id", "stage", "ordinal"),)

    exam_id: Mapped[str] = mapped_column(ForeignKey("exams.id"))
    stage: Mapped[str] = mapped_column(String(16))
    ordinal: Mapped[int] = mapped_column(Integer)
    rule_id: Mapped[str] = mapped_column(String(64))
    exercise_id: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    points: Mapped[int] = mapped_column(Integer)
    found_at: Mapped[datetime] = mapped_column(Utc)
    """When it happened, by the readings' time."""
    stored_at: Mapped[datetime] = mapped_column(Utc)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As in the score sheet."""


class ExamRequest(Owned, Base):
    """An order for an exam that a command leaves for the running centre to carry out."""

    __tablename__ = "exam_requests"
    __table_args__ = (Index("exam_requests_open", "centre_id", "handled_at"),)

    action: Mapped[str] = mapped_column(String(16))
    exam_id: Mapped[str | None] = mapped_column(String(36))
    car_id: Mapped[str | None] = mapped_column(String(64))
    candidate: Mapped[str | None] = mapped_column(String(128))
    first_exercise: Mapped[str | None] = mapped_column(String(64))
    last_exercise: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(255))
    actor: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(Utc)
    handled_at: Mapped[datetime | None] = mapped_column(Utc)
    refusals: Mapped[list[str] | None] = mapped_column(JSON)
    """Why it was not done, each a sentence; None: it was."""


class HealthCounter(Owned, Base):
    """How often a thing went wrong with a device's messages, and when last."""

    __tablename__ = "health_counters"
    __table_args__ = (UniqueConstraint("centre_id", "device_id", "reason"),)

    device_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(64))
    count: Mapped[int] = mapped_column(_BIG)
    last_at: Mapped[datetime] = mapped_column(Utc)


class IntakePosition(Owned, Base):
    """Up to where a device's boot has arrived without a hole, at least: the log knows what came since."""

    __tablename__ = "intake_positions"
    __table_args__ = (UniqueConstraint("centre_id", "device_id", "boot_id"),)

    device_id: Mapped[str] = mapped_column(String(64))
    boot_id: Mapped[str] = mapped_column(String(36))
    through_seq: Mapped[int] = mapped_column(_BIG)

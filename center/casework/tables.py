"""What casework keeps: the actions, which are the truth, and what is computed from them for look-ups."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc

_BIG = BigInteger().with_variant(Integer, "sqlite")


class CaseAction(Owned, Base):
    """One recorded fact of a case. Append-only: triggers and grants refuse everything else."""

    __tablename__ = "case_actions"
    __table_args__ = (
        UniqueConstraint("case_id", "ordinal"),
        UniqueConstraint("centre_id", "client_key"),
        Index("case_actions_by_kind", "centre_id", "kind", "at"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(32))
    step: Mapped[str | None] = mapped_column(String(64))
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str | None] = mapped_column(String(32))
    simulated_key: Mapped[bool] = mapped_column(Boolean)
    """Whether the person proved themselves by the demo's software passkey."""
    at: Mapped[datetime] = mapped_column(Utc)
    client_key: Mapped[str] = mapped_column(String(64))
    """Given by whoever asked: the same key again is the same action."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)


class Case(Owned, Base):
    """A case as lists show it: all but its id and number follows from the actions."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("centre_id", "number"),
        Index("cases_by_status", "centre_id", "status", "opened_at"),
        Index("cases_by_service", "centre_id", "service", "opened_at"),
        Index("cases_by_opening", "centre_id", "opened_at"),
    )

    number: Mapped[str] = mapped_column(String(32).with_variant(String(32, collation="C"), "postgresql"))
    """Sorted by its bytes, so that the index finds a beginning whatever the database's language."""
    service: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    due_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the whole is late; None while it is suspended."""
    last_ordinal: Mapped[int] = mapped_column(Integer)


class OpenStep(Owned, Base):
    """A step that somebody holds now; the row goes when the step ends."""

    __tablename__ = "case_open_steps"
    __table_args__ = (
        UniqueConstraint("case_id", "step"),
        Index("case_open_steps_by_holder", "centre_id", "holder_kind", "holder", "since"),
        Index("case_open_steps_by_due", "centre_id", "due_at"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    step: Mapped[str] = mapped_column(String(64))
    service: Mapped[str] = mapped_column(String(64))
    held_by: Mapped[str] = mapped_column(String(32))
    """Role, applicant or outside: the desk."""
    holder_kind: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(Utc)
    """Since when this holder holds it."""
    opened_at: Mapped[datetime] = mapped_column(Utc)
    remind_at: Mapped[datetime | None] = mapped_column(Utc)
    due_at: Mapped[datetime | None] = mapped_column(Utc)
    """None while the case is suspended or the desk is away."""
    reminded: Mapped[bool] = mapped_column(Boolean)
    escalated: Mapped[bool] = mapped_column(Boolean)
    explained: Mapped[bool] = mapped_column(Boolean)
    critical: Mapped[bool] = mapped_column(Boolean)


class HeldTime(Owned, Base):
    """How long steps were held, by hour of their ending, desk and holder: what the board's plots show."""

    __tablename__ = "case_held_times"
    __table_args__ = (UniqueConstraint("centre_id", "hour", "service", "step", "holder_kind", "holder"),)

    hour: Mapped[datetime] = mapped_column(Utc)
    """Its beginning."""
    service: Mapped[str] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(64))
    holder_kind: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    count: Mapped[int] = mapped_column(Integer)
    held_ms: Mapped[int] = mapped_column(_BIG)
    working_ms: Mapped[int] = mapped_column(_BIG)
    late: Mapped[int] = mapped_column(Integer)


class CenterAction(Owned, Base):
    """What is done for the centre as a whole: blanks, absences, closing of the day. Append-only as case actions are."""

    __tablename__ = "center_actions"
    __table_args__ = (
        UniqueConstraint("centre_id", "client_key"),
        Index("center_actions_by_kind", "centre_id", "kind", "at"),
    )

    kind: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    simulated_key: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(Utc)
    client_key: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)


class CaseCounter(Owned, Base):
    """The next number in a series of the centre."""

    __tablename__ = "case_counters"
    __table_args__ = (UniqueConstraint("centre_id", "series"),)

    series: Mapped[str] = mapped_column(String(32))
    last: Mapped[int] = mapped_column(_BIG)


class Blank(Owned, Base):
    """A blank form that became a document or was spoilt: once, whatever happens."""

    __tablename__ = "case_blanks"
    __table_args__ = (UniqueConstraint("centre_id", "serial"), Index("case_blanks_by_time", "centre_id", "at"))

    serial: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8))
    """used or spoilt"""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    """None: spoilt over no case."""
    at: Mapped[datetime] = mapped_column(Utc)


class DeskAbsence(Owned, Base):
    """A time in which a desk was away, for all to see; the clocks of its steps stood still."""

    __tablename__ = "desk_absences"
    __table_args__ = (Index("desk_absences_by_desk", "centre_id", "desk", "since"),)

    desk: Mapped[str] = mapped_column(String(32))
    """The role whose queue it is."""
    since: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(2000))


class CaseShredding(Owned, Base):
    """A case whose personal data is gone from the vault."""

    __tablename__ = "case_shreddings"
    __table_args__ = (UniqueConstraint("case_id"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    shredded_at: Mapped[datetime] = mapped_column(Utc)

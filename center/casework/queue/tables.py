"""What the hall keeps: windows, tickets with each of their waits, calls, moves of staff, draws. Nothing personal."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.database import Base, Owned, Utc


class LegState(StrEnum):
    """Where one wait of a ticket is."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    MOVED = "moved"
    """To another line: the ticket's next leg goes on from here."""
    ABSENT = "absent"
    LEFT = "left"


AT_WINDOW = (LegState.CALLED, LegState.SERVING)
UNDER_WAY = (LegState.WAITING, *AT_WINDOW)


class WindowState(StrEnum):
    """Whether a window calls people."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class QueueWindow(Owned, Base):
    """A window of the hall: which lines it serves, and who sits at it."""

    __tablename__ = "queue_windows"
    __table_args__ = (UniqueConstraint("centre_id", "number"), UniqueConstraint("centre_id", "account_id"))

    number: Mapped[int] = mapped_column(Integer)
    lines: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[str | None] = mapped_column(String(36))
    favoured_in_a_row: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime] = mapped_column(Utc)


class QueueTicket(Owned, Base):
    """A ticket. Why somebody goes first is looked at, at the window, and never stored."""

    __tablename__ = "queue_tickets"
    __table_args__ = (
        UniqueConstraint("centre_id", "day", "number"),
        Index("queue_tickets_by_case", "centre_id", "case_id"),
        Index("queue_tickets_by_draft", "centre_id", "draft_id"),
    )

    day: Mapped[str] = mapped_column(String(10))
    """The centre's date."""
    letter: Mapped[str] = mapped_column(String(1))
    ordinal: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(8))
    """What the board shows: ``A012``."""
    service: Mapped[str] = mapped_column(String(64))
    priority: Mapped[bool] = mapped_column(Boolean)
    draft_id: Mapped[str | None] = mapped_column(String(36))
    case_id: Mapped[str | None] = mapped_column(String(36))
    taken_at: Mapped[datetime] = mapped_column(Utc)


class QueueLeg(Owned, Base):
    """One wait of a ticket in one line, and the visit that ended it."""

    __tablename__ = "queue_legs"
    __table_args__ = (
        UniqueConstraint("ticket_id", "ordinal"),
        Index("queue_legs_by_state", "centre_id", "state"),
        Index("queue_legs_by_end", "centre_id", "line", "ended_at"),
    )

    ticket_id: Mapped[str] = mapped_column(ForeignKey("queue_tickets.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    line: Mapped[str] = mapped_column(String(32))
    standing: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime | None] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(16))
    window: Mapped[int | None] = mapped_column(Integer)
    account_id: Mapped[str | None] = mapped_column(String(36))
    called_at: Mapped[datetime | None] = mapped_column(Utc)
    """The first time."""
    calls: Mapped[int] = mapped_column(Integer)
    last_called_at: Mapped[datetime | None] = mapped_column(Utc)
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    joined_at: Mapped[datetime] = mapped_column(Utc)
    """When the wait really began; ``since`` may be earlier where a place was kept."""
    expected_s: Mapped[int | None] = mapped_column(Integer)
    """The wait that was told on joining; None: no open window served the line."""
    error_s: Mapped[int | None] = mapped_column(Integer)
    """What was really waited less what was told."""


class QueueCall(Owned, Base):
    """One call on the board; its sequence makes the board chime once."""

    __tablename__ = "queue_calls"
    __table_args__ = (UniqueConstraint("centre_id", "sequence"), Index("queue_calls_by_leg", "leg_id"))

    sequence: Mapped[int] = mapped_column(Integer)
    leg_id: Mapped[str] = mapped_column(ForeignKey("queue_legs.id"))
    number: Mapped[str] = mapped_column(String(8))
    window: Mapped[int] = mapped_column(Integer)
    called_at: Mapped[datetime] = mapped_column(Utc)


class QueueRequest(Owned, Base):
    """What was asked under a client's key, so that the same key again is the same action."""

    __tablename__ = "queue_requests"
    __table_args__ = (UniqueConstraint("centre_id", "client_key"),)

    client_key: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    leg_id: Mapped[str | None] = mapped_column(String(36))
    asked_at: Mapped[datetime] = mapped_column(Utc)


class StaffMove(Owned, Base):
    """The supervisor moved somebody to another window, or changed what a window serves."""

    __tablename__ = "queue_staff_moves"
    __table_args__ = (Index("queue_staff_moves_by_time", "centre_id", "moved_at"),)

    account_id: Mapped[str | None] = mapped_column(String(36))
    from_window: Mapped[int | None] = mapped_column(Integer)
    to_window: Mapped[int] = mapped_column(Integer)
    lines: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    moved_by: Mapped[str] = mapped_column(String(36))
    moved_at: Mapped[datetime] = mapped_column(Utc)


class InspectorDuty(Owned, Base):
    """Whether an inspector takes cases now."""

    __tablename__ = "inspector_duties"
    __table_args__ = (UniqueConstraint("centre_id", "account_id"),)

    account_id: Mapped[str] = mapped_column(String(36))
    on_duty: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = mapped_column(Utc)


class InspectorDraw(Owned, Base):
    """One draw, with all that is needed to repeat it."""

    __tablename__ = "inspector_draws"
    __table_args__ = (UniqueConstraint("centre_id", "case_id", "step", "round"),)

    case_id: Mapped[str] = mapped_column(String(36))
    step: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(Integer)
    """From 1; a later one needs the supervisor and a reason."""
    seed: Mapped[str] = mapped_column(String(64))
    """Hex."""
    candidates: Mapped[list[str]] = mapped_column(JSON)
    left_out: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Account → why it was no candidate."""
    drawn: Mapped[str] = mapped_column(String(36))
    drawn_at: Mapped[datetime] = mapped_column(Utc)
    asked_by: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str | None] = mapped_column(String(500))

"""What is asked about bookings; every answer is plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from center.casework.booking.slots import Slot, free
from center.casework.booking.tables import Booking
from center.casework.calendar import Calendar
from center.casework.queue.policy import QueuePolicy
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """A booked time."""

    booking_id: str
    line: str
    starts_at: datetime


def free_slots(
    transaction: Transaction, policy: QueuePolicy, calendar: Calendar, line_id: str, day: date, now: datetime
) -> list[Slot]:
    """The times of a line's day that can still be booked."""
    line, opening = policy.line(line_id), calendar.opening(day)
    if opening is None or line.seats_per_slot == 0:
        return []
    return free(opening, policy.slot_minutes, line.seats_per_slot, _taken(transaction, line_id, opening), now)


def held_by(transaction: Transaction, draft_id: str) -> BookingFacts | None:
    """The time that a draft holds."""
    row = transaction.scalar(
        select(Booking).where(Booking.centre_id == transaction.centre_id, Booking.held_by == draft_id)
    )
    return None if row is None else BookingFacts(row.id, row.line, row.starts_at)


def of_draft(transaction: Transaction, draft_id: str) -> BookingFacts | None:
    """The time that a draft has, also after its holder came for it."""
    query = select(Booking).where(
        Booking.centre_id == transaction.centre_id, Booking.draft_id == draft_id, Booking.seat.is_not(None)
    )
    row = transaction.scalar(query.order_by(Booking.id.desc()).limit(1))
    return None if row is None else BookingFacts(row.id, row.line, row.starts_at)


def days(policy: QueuePolicy, today: date) -> list[date]:
    """The days that can be booked."""
    return [today + timedelta(days=ahead) for ahead in range(policy.bookable_days_ahead + 1)]


def _taken(transaction: Transaction, line: str, opening: tuple[datetime, datetime]) -> dict[datetime, int]:
    query = (
        select(Booking.starts_at, func.count().label("seats"))
        .where(
            Booking.centre_id == transaction.centre_id,
            Booking.line == line,
            Booking.seat.is_not(None),
            Booking.starts_at >= opening[0],
            Booking.starts_at < opening[1],
        )
        .group_by(Booking.starts_at)
    )
    return {row.starts_at: row.seats for row in transaction.execute(query)}

"""A seat taken and given back. Whoever asks, and however many at once, a seat has one holder and a draft one seat."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from center.casework.booking import queries, slots
from center.casework.booking.queries import BookingFacts
from center.casework.booking.tables import Booking
from center.casework.calendar import Calendar
from center.casework.queue.policy import QueuePolicy
from center.database import Transaction, new_id
from center.errors import N_, BadRequest, Conflict
from center.journal.entries import append

_ACTOR = "applicant"


def book(
    transaction: Transaction,
    policy: QueuePolicy,
    calendar: Calendar,
    zone: str,
    *,
    draft_id: str,
    service: str,
    starts_at: datetime,
    now: datetime,
) -> BookingFacts:
    """A seat for a draft; a draft that holds another one exchanges it, and gets the same one again if it asks twice.

    Raises :class:`BadRequest` for a time that nobody can book, :class:`Conflict` for one that is full.
    """
    line = policy.line_of(service)
    _check_time(policy, calendar, zone, starts_at, now)
    before = queries.held_by(transaction, draft_id)
    if before is not None and (before.line, before.starts_at) == (line.id, starts_at):
        return before
    seat = _free_seat(transaction, line.id, starts_at, line.seats_per_slot)
    if before is not None:
        give_back(transaction, draft_id, now)
    row = Booking(
        id=new_id(),
        centre_id=transaction.centre_id,
        line=line.id,
        starts_at=starts_at,
        seat=seat,
        draft_id=draft_id,
        held_by=draft_id,
        booked_at=now,
    )
    transaction.add(row)
    transaction.flush()
    _note(transaction, "slot_booked", row, now)
    return BookingFacts(row.id, row.line, row.starts_at)


def give_back(transaction: Transaction, draft_id: str, now: datetime) -> None:
    """The draft's seat is free again; nothing happens if it has none."""
    row = _held(transaction, draft_id)
    if row is not None:
        row.seat, row.held_by, row.given_back_at = None, None, now
        transaction.flush()
        _note(transaction, "slot_given_back", row, now)


def use(transaction: Transaction, draft_id: str, now: datetime) -> datetime | None:
    """The draft's holder has come: the booked time, which a ticket then stands on. None: nothing was booked.

    Whoever left the line and comes again has the same time.
    """
    if (row := _held(transaction, draft_id)) is not None:
        row.held_by, row.used_at = None, now
        transaction.flush()
    booking = queries.of_draft(transaction, draft_id)
    return None if booking is None else booking.starts_at


def _held(transaction: Transaction, draft_id: str) -> Booking | None:
    query = select(Booking).where(Booking.centre_id == transaction.centre_id, Booking.held_by == draft_id)
    return transaction.scalar(query)


def _check_time(policy: QueuePolicy, calendar: Calendar, zone: str, starts_at: datetime, now: datetime) -> None:
    place = ZoneInfo(zone)
    day = starts_at.astimezone(place).date()
    if starts_at <= now:
        raise BadRequest(N_("This time is over."))
    if day not in queries.days(policy, now.astimezone(place).date()):
        raise BadRequest(
            N_("Times can be booked %(days)s days ahead."),
            days=policy.bookable_days_ahead,
        )
    if starts_at not in slots.starts(calendar.opening(day), policy.slot_minutes):
        raise BadRequest(N_("No slot begins at this time."))


def _free_seat(transaction: Transaction, line: str, starts_at: datetime, seats: int) -> int:
    taken = set(
        transaction.scalars(
            select(Booking.seat).where(
                Booking.centre_id == transaction.centre_id,
                Booking.line == line,
                Booking.starts_at == starts_at,
                Booking.seat.is_not(None),
            )
        )
    )
    seat = next((one for one in range(1, seats + 1) if one not in taken), None)
    if seat is None:
        raise Conflict(N_("This time is full; choose another one."))
    return seat


def _note(transaction: Transaction, kind: str, row: Booking, now: datetime) -> None:
    facts = {"booking": row.id, "line": row.line, "starts_at": row.starts_at.isoformat(), "seat": row.seat}
    subject = f"draft:{row.draft_id}"
    append(transaction, kind=kind, subject=subject, actor=_ACTOR, occurred_at=now, recorded_at=now, facts=facts)

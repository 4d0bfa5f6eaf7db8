"""Which times can be booked on a day: each slot that fits whole into the opening hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Slot:
    """A time and how many seats are left at it."""

    starts_at: datetime
    left: int


def starts(opening: tuple[datetime, datetime] | None, slot_minutes: int) -> list[datetime]:
    """The beginnings of a day's slots; none on a day on which the centre is closed."""
    if opening is None:
        return []
    length, at, found = timedelta(minutes=slot_minutes), opening[0], []
    while at + length <= opening[1]:
        found.append(at)
        at += length
    return found


def free(
    opening: tuple[datetime, datetime] | None,
    slot_minutes: int,
    seats: int,
    taken: Mapping[datetime, int],
    now: datetime,
) -> list[Slot]:
    """The slots still to come that have seats left."""
    return [
        Slot(at, seats - taken.get(at, 0))
        for at in starts(opening, slot_minutes)
        if at > now and taken.get(at, 0) < seats
    ]

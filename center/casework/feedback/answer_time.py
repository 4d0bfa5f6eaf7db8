"""By when a complaint is answered. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from center.casework.calendar import Calendar

ANSWER_WITHIN_WORKING_DAYS: Final = 20
"""Administrative Procedure Code of Kazakhstan (No. 350-VI of 29 June 2020), article 99."""


def due_at(calendar: Calendar, filed_at: datetime, filed_on: date) -> datetime:
    """When the centre closes on the last working day for the answer; the day of filing does not count."""
    day, left = filed_on, ANSWER_WITHIN_WORKING_DAYS
    due = filed_at
    while left:
        day += timedelta(days=1)
        opening = calendar.opening(day)
        if opening is not None:
            due, left = opening[1], left - 1
    return due

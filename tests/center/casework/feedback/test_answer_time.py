"""By when a complaint is answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from center.casework import calendar_file
from center.casework.feedback.answer_time import due_at


def test_an_answer_is_due_when_the_centre_closes_on_the_twentieth_working_day() -> None:
    calendar, filed = calendar_file.load(), datetime(2026, 4, 14, 4, 30, tzinfo=UTC)
    due = due_at(calendar, filed, date(2026, 4, 14))
    days = [date(2026, 4, 15) + timedelta(days=n) for n in range(60)]
    twentieth = [opening for day in days if (opening := calendar.opening(day)) is not None][19]
    assert due == twentieth[1]
    assert due > filed + timedelta(days=20)

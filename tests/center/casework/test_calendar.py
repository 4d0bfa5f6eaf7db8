"""Working time: what lies between two instants, and when so much has passed; holidays, short days, absences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework import calendar_file
from center.errors import BadRuleData

CALENDAR = calendar_file.load()


def _at(day: int, clock: str, month: int = 4) -> datetime:
    """An instant of 2026 by Sarytau's clock (UTC+5)."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=CALENDAR.zone).astimezone(UTC)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        (_at(14, "10:00"), _at(14, "12:30"), 2.5),
        (_at(14, "07:00"), _at(14, "21:00"), 11.0),  # opens at 9, closes at 20
        (_at(14, "19:00"), _at(15, "10:00"), 2.0),  # over night
        (_at(18, "12:00"), _at(20, "10:00"), 2.0),  # Saturday to 13, Sunday closed
        (_at(30, "19:00"), _at(2, "10:00", 5), 2.0),  # 1 May is a holiday
        (_at(14, "12:00"), _at(14, "11:00"), 0.0),
    ],
)
def test_only_opening_hours_count(since: datetime, until: datetime, hours: float) -> None:
    assert CALENDAR.worked(since, until) == hours * HOUR
    if hours:
        assert CALENDAR.after(since, hours * HOUR) == min(until, _at(14, "20:00") if hours == 11.0 else until)


def test_what_a_desk_was_away_does_not_count_twice() -> None:
    away = [(_at(14, "10:00"), _at(14, "11:00")), (_at(14, "10:30"), _at(14, "12:00"))]
    assert CALENDAR.worked(_at(14, "09:00"), _at(14, "13:00"), away) == 2 * HOUR
    assert CALENDAR.after(_at(14, "09:30"), HOUR, away) == _at(14, "12:30")


_INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001
_LENGTHS = st.integers(1, 100 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@given(_INSTANTS, _LENGTHS)
def test_after_and_worked_are_inverse(since: datetime, length: timedelta) -> None:
    due = CALENDAR.after(since, length)
    assert due is not None
    assert CALENDAR.worked(since, due) == length
    assert CALENDAR.worked(since, due - timedelta(microseconds=1)) < length


@given(st.lists(_INSTANTS, min_size=3, max_size=3), st.lists(st.tuples(_INSTANTS, _INSTANTS), max_size=4))
def test_working_time_adds_up(moments: list[datetime], spans: list[tuple[datetime, datetime]]) -> None:
    first, second, third = sorted(moments)
    away = [(min(span), max(span)) for span in spans]
    whole = CALENDAR.worked(first, third, away)
    assert whole == CALENDAR.worked(first, second, away) + CALENDAR.worked(second, third, away)
    assert timedelta(0) <= whole <= third - first


GOOD = """\
pack: calendar
zone: Asia/Almaty
hours:
  - {from: 2020-01-01, source: a test, provisional: true, monday: ["09:00", "18:00"]}
holidays:
  - {month: 1, day: 1, title: New Year, from: 2002, source: a test, provisional: true}
days:
  - {date: 2026-03-24, closed: true, title: Moved, source: a test, provisional: true}
"""
MISTAKES = {
    "pack": ("pack: calendar", "pack: fees", "c.yaml:1: 'fees' is not allowed; allowed are calendar"),
    "zone": ("Asia/Almaty", "Asia/Sarytau", "c.yaml:2: 'Asia/Sarytau' is no time zone"),
    "weekday": ("monday:", "moonday:", "c.yaml:4: 'moonday' is not known here; allowed are from"),
    "no weekday": (', monday: ["09:00", "18:00"]', "", "c.yaml:4: no weekday is open"),
    "time": ('"09:00"', '"25:00"', "c.yaml:4: '25:00' is no time of day"),
    "order of times": ('"18:00"', '"08:00"', "c.yaml:4: 09:00 is not before 08:00"),
    "one time": ('["09:00", "18:00"]', '["09:00"]', "c.yaml:4: 1 times; hours are"),
    "month": ("month: 1,", "month: 13,", "c.yaml:6: 13 is not between 1 and 12"),
    "day": ("day: 1,", "day: 32,", "c.yaml:6: 32 is not between 1 and 31"),
    "no such day": ("month: 1, day: 1", "month: 2, day: 30", "c.yaml:6: month 2 has no day 30"),
    "date": ("2026-03-24", "tomorrow", "c.yaml:8: 'tomorrow' is no date"),
    "closed and hours": ("closed: true,", 'closed: true, hours: ["09:00", "10:00"],', "either closed or has hours"),
    "neither": ("closed: true, ", "", "c.yaml:8: 2026-03-24 is either closed or has hours"),
    "missing": ("title: Moved, ", "", "c.yaml:8: 'title' is missing"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_file_is_named_with_line_and_value(name: str) -> None:
    calendar_file.parse(GOOD.encode(), "c.yaml")
    change, into, sentence = MISTAKES[name]
    assert change in GOOD
    with pytest.raises(BadRuleData) as caught:
        calendar_file.parse(GOOD.replace(change, into, 1).encode(), "c.yaml")
    assert sentence in str(caught.value)

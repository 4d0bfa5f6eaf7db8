"""Working time: how much of it lies between two instants, and when so much of it has passed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
_FARTHEST: Final = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours from a day on, by weekday (Monday is 0)."""

    valid_from: date
    by_weekday: Mapping[int, tuple[time, time]]


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of every year from a year on, perhaps until one."""

    month: int
    day: int
    first_year: int
    last_year: int | None
    title: str

    def falls_on(self, day: date) -> bool:
        """Whether it is this day."""
        in_force = self.first_year <= day.year and (self.last_year is None or day.year <= self.last_year)
        return in_force and (day.month, day.day) == (self.month, self.day)


@dataclass(frozen=True, slots=True)
class SingleDay:
    """A day unlike others: closed (no hours), or open in its own hours."""

    day: date
    hours: tuple[time, time] | None
    title: str


@dataclass(frozen=True)
class Calendar:
    """When the centre works."""

    zone: ZoneInfo
    hours: tuple[Hours, ...]
    holidays: tuple[Holiday, ...]
    days: Mapping[date, SingleDay]

    def __hash__(self) -> int:
        """By identity: a calendar is loaded once, and each day of it is computed once."""
        return id(self)

    def opening(self, day: date) -> Span | None:
        """From when to when the centre works on a civil day, in UTC; None: it is closed."""
        return _opening(self, day)

    def worked(self, since: datetime, until: datetime, away: Sequence[Span] = ()) -> timedelta:
        """The working time between two instants, less what a desk was away in it; nothing if ``until`` is earlier."""
        if until <= since:
            return timedelta(0)
        absent = _joined(away)
        total = timedelta(0)
        for begins, ends in self._openings(since):
            if begins >= until:
                break
            part = (max(begins, since), min(ends, until))
            total += part[1] - part[0] - _covered(part, absent)
        return total

    def after(self, since: datetime, length: timedelta, away: Sequence[Span] = ()) -> datetime | None:
        """The first instant at which so much working time has passed since; None if it does not in ten years."""
        absent = _joined(away)
        left = length
        for opening in self._openings(since):
            if opening[0] - since > _FARTHEST:
                return None
            for begins, ends in _without((max(opening[0], since), opening[1]), absent):
                if ends - begins >= left:
                    return begins + left
                left -= ends - begins
        return None

    def _openings(self, since: datetime) -> Iterator[Span]:
        day = since.astimezone(self.zone).date()
        while True:
            opening = self.opening(day)
            if opening is not None and opening[1] > since:
                yield opening
            if day >= date.max - timedelta(days=2):
                return
            day += timedelta(days=1)


@lru_cache(maxsize=4096)
def _opening(calendar: Calendar, day: date) -> Span | None:
    hours = _hours(calendar, day)
    if hours is None:
        return None
    begins, ends = (datetime.combine(day, one, calendar.zone).astimezone(UTC) for one in hours)
    return begins, ends


def _hours(calendar: Calendar, day: date) -> tuple[time, time] | None:
    if day in calendar.days:
        return calendar.days[day].hours
    if any(one.falls_on(day) for one in calendar.holidays):
        return None
    valid = [one for one in calendar.hours if one.valid_from <= day]
    return valid[-1].by_weekday.get(day.weekday()) if valid else None


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    joined: list[Span] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        elif begins < ends:
            joined.append((begins, ends))
    return joined


def _covered(part: Span, absent: Iterable[Span]) -> timedelta:
    overlaps = (min(part[1], ends) - max(part[0], begins) for begins, ends in absent)
    return sum((one for one in overlaps if one > timedelta(0)), timedelta(0))


def _without(part: Span, absent: Iterable[Span]) -> Iterator[Span]:
    begins, ends = part
    for gone_from, gone_until in absent:
        if gone_until <= begins or gone_from >= ends:
            continue
        if begins < gone_from:
            yield begins, gone_from
        begins = max(begins, gone_until)
    if begins < ends:
        yield begins, ends

"""Reading the calendar, strictly: a mistake is named by file, line, value and what is allowed."""

from __future__ import annotations

from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from center import rulesets
from center.casework.calendar import Calendar, Holiday, Hours, SingleDay
from center.rulesets import Value

FILE: Final = Path(__file__).parent / "rulesets" / "calendar.yaml"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMED: Final = ("title", "source", "provisional")


@cache
def load(path: Path = FILE) -> Calendar:
    """The calendar that ships with the centre; raises ``BadRuleData``."""
    return parse(path.read_bytes(), path.name)


def parse(data: bytes, file: str) -> Calendar:
    """A calendar from a file's bytes; raises ``BadRuleData``."""
    names = ("pack", "zone", "hours", "holidays", "days")
    root = rulesets.parse(data, file).fields(names, required=names)
    root["pack"].text(("calendar",))
    zone = root["zone"].text()
    if zone not in available_timezones():
        root["zone"].place.refuse(f"{zone!r} is no time zone of the IANA database, such as Asia/Almaty")
    hours = tuple(_hours(one) for one in root["hours"].items())
    if not hours:
        root["hours"].place.refuse("a calendar needs opening hours")
    days = [one.valid_from for one in hours]
    if days != sorted(set(days)):
        root["hours"].place.refuse(f"hours must follow one another by date, not {', '.join(map(str, days))}")
    return Calendar(
        ZoneInfo(zone), hours, tuple(_holiday(one) for one in root["holidays"].items()), _days(root["days"])
    )


def _hours(value: Value) -> Hours:
    fields = value.fields(("from", "source", "provisional", *WEEKDAYS), required=("from", "source", "provisional"))
    fields["provisional"].boolean()
    by_weekday = {number: _pair(fields[name]) for number, name in enumerate(WEEKDAYS) if name in fields}
    if not by_weekday:
        value.place.refuse("no weekday is open")
    return Hours(fields["from"].day(), by_weekday)


def _pair(value: Value) -> tuple[time, time]:
    items = value.items()
    if len(items) != 2:
        value.place.refuse(f"{len(items)} times; hours are [opens, closes]")
    opens, closes = (_time(one) for one in items)
    if opens >= closes:
        value.place.refuse(f"{opens:%H:%M} is not before {closes:%H:%M}")
    return opens, closes


def _time(value: Value) -> time:
    try:
        told = time.fromisoformat(value.text())
    except ValueError:
        value.place.refuse(f'{value.text()!r} is no time of day; write "HH:MM"')
    if told.tzinfo is not None:
        value.place.refuse(f"{value.text()!r} carries a zone; times of day are the centre's own")
    return told


def _holiday(value: Value) -> Holiday:
    required = ("month", "day", "from", *_NAMED)
    fields = value.fields((*required, "until"), required=required)
    fields["provisional"].boolean()
    month, day = fields["month"].integer(1, 12), fields["day"].integer(1, 31)
    try:
        date(2024, month, day)
    except ValueError:
        fields["day"].place.refuse(f"month {month} has no day {day}")
    first = fields["from"].integer(1900, 2999)
    last = fields["until"].integer(first, 2999) if "until" in fields else None
    return Holiday(month, day, first, last, fields["title"].text())


def _days(value: Value) -> dict[date, SingleDay]:
    found: dict[date, SingleDay] = {}
    for item in value.items():
        fields = item.fields(("date", "closed", "hours", *_NAMED), required=("date", *_NAMED))
        fields["provisional"].boolean()
        day = fields["date"].day()
        closed = "closed" in fields and fields["closed"].boolean()
        if closed == ("hours" in fields):
            item.place.refuse(f"{day} is either closed or has hours")
        if day in found:
            fields["date"].place.refuse(f"{day} stands twice")
        found[day] = SingleDay(day, _pair(fields["hours"]) if "hours" in fields else None, fields["title"].text())
    return found

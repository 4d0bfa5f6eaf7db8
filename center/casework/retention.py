"""When a case's personal data has to go: its end, and the time in which it may be appealed, are over. Pure.

No complaint is taken after that time, and one that is open then keeps the data until it is answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from center.errors import BadRuleData


@dataclass(frozen=True, slots=True)
class AppealTime:
    """In how many days a case that ended may be appealed, from a day on."""

    valid_from: date
    days: int
    clause: str
    provisional: bool


def kept_until(ended_on: date, appeals: Sequence[AppealTime]) -> date:
    """The last civil day on which a case's data is kept, by the appeal time in force when it ended."""
    valid = [one for one in appeals if one.valid_from <= ended_on]
    if not valid:
        first = appeals[0].valid_from
        raise BadRuleData(f"retention: no appeal time is in force on {ended_on}; the first is from {first}")
    return ended_on + timedelta(days=valid[-1].days)


def is_due(ended_on: date, today: date, appeals: Sequence[AppealTime]) -> bool:
    """Whether the data of a case that ended on a day has to go."""
    return today > kept_until(ended_on, appeals)

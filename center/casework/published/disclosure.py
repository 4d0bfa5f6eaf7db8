"""Statistical disclosure control: small cells are suppressed before a figure leaves the centre. Pure.

Primary suppression of counts below a threshold is safe by itself only where nobody can subtract: so no totals are made
here, one breakdown of the cases is published and no second one, and a day is published once, when it is over. A figure
drawn from few cases (a median, a share, a mean) is suppressed with its count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Final

LEAST_CASES: Final = 5
"""The smallest count but 0 that is told."""
ENDINGS: Final = ("completed", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case that ended on the day in question: how, after how many minutes, and whether within the time standard."""

    ending: str
    """One of ``ENDINGS``."""
    minutes: int
    in_time: bool


@dataclass(frozen=True, slots=True)
class DayOfService:
    """What is told of one service on one day; None: too few cases to tell."""

    ended: int | None
    completed: int | None
    refused: int | None
    withdrawn: int | None
    median_minutes: int | None
    on_time_percent: int | None


NOTHING_TOLD: Final = DayOfService(None, None, None, None, None, None)


def told(count: int) -> int | None:
    """A count as it may be told: itself, or None if it is small and not 0."""
    return count if count == 0 or count >= LEAST_CASES else None


def day_of_service(outcomes: Sequence[Outcome]) -> DayOfService:
    """The figures of one service on one day."""
    completed, refused, withdrawn = (told(sum(one.ending == ending for one in outcomes)) for ending in ENDINGS)
    ended = told(len(outcomes))
    if ended is None:
        return NOTHING_TOLD
    # The whole less what is told of it would tell the rest.
    whole = None if None in (completed, refused, withdrawn) else ended
    return DayOfService(whole, completed, refused, withdrawn, *_times(outcomes))


def mean_tenths(total: int, count: int) -> int | None:
    """The mean of so many marks of a survey in tenths, halves upwards; None if too few answered."""
    return None if count < LEAST_CASES else (20 * total + count) // (2 * count)


def _times(outcomes: Sequence[Outcome]) -> tuple[int | None, int | None]:
    """Median minutes and share on time of what was completed."""
    done = [one for one in outcomes if one.ending == "completed"]
    if len(done) < LEAST_CASES:
        return None, None
    in_time = sum(one.in_time for one in done)
    share = 100 * in_time // len(done)
    # All but a few: how many were late must not be told either.
    if told(in_time) is None or told(len(done) - in_time) is None:
        return median_low(one.minutes for one in done), None
    return median_low(one.minutes for one in done), share

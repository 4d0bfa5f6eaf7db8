"""How long one will wait: the hall played forward with the rules by which it is run, and how wrong that was. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Final

from center.casework.queue.order import Waiting, next_waiting

_PRIOR_VISITS: Final = 5
"""How many measured visits the usual duration counts for."""
_LEAST_REMAINING: Final = 0.25
"""A visit that has lasted its usual time is expected to go on for this part of it."""
_LONGEST_LOOK: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class WindowLoad:
    """An open window: what it serves, and since when and for which line somebody has been at it (None: it is free)."""

    number: int
    lines: frozenset[str]
    busy_line: str | None = None
    busy_since: datetime | None = None
    favoured_in_a_row: int = 0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How wrong the told waits were, in seconds; the error is what was waited less what was told."""

    tickets: int
    mean_error_s: int
    median_absolute_error_s: int
    p90_absolute_error_s: int


def expected_service_s(usual_s: int, measured_s: Sequence[int]) -> int:
    """What a visit takes: the usual time, the more corrected the more visits were measured."""
    return round((usual_s * _PRIOR_VISITS + sum(measured_s)) / (_PRIOR_VISITS + len(measured_s)))


def expected_waits_s(
    waiting: Sequence[Waiting],
    windows: Sequence[WindowLoad],
    service_s: Mapping[str, int],
    *,
    most_favoured_in_a_row: int,
    now: datetime,
) -> dict[str, int]:
    """Leg → seconds until it is called; a leg that no open window will call is not in it."""
    by_number = {window.number: window for window in windows}
    in_a_row = {window.number: window.favoured_in_a_row for window in windows}
    free_at = [(now + timedelta(seconds=remaining_s(window, service_s, now)), window.number) for window in windows]
    heapq.heapify(free_at)
    left, waits = list(waiting), {}
    while free_at and left:
        at, number = heapq.heappop(free_at)
        if at > now + _LONGEST_LOOK:
            break
        called = next_waiting(
            left,
            by_number[number].lines,
            favoured_in_a_row=in_a_row[number],
            most_favoured_in_a_row=most_favoured_in_a_row,
            now=at,
        )
        if called is None:
            # Nobody who waits now will come to this window any more.
            continue
        in_a_row[number] = in_a_row[number] + 1 if called.is_favoured(at) else 0
        left.remove(called)
        waits[called.leg_id] = ceil((at - now).total_seconds())
        heapq.heappush(free_at, (at + timedelta(seconds=service_s[called.line]), number))
    return waits


def remaining_s(window: WindowLoad, service_s: Mapping[str, int], now: datetime) -> float:
    """How long the visit at a window is expected to go on; 0 for a free one."""
    if window.busy_line is None or window.busy_since is None:
        return 0.0
    usual = service_s[window.busy_line]
    return max(usual - (now - window.busy_since).total_seconds(), usual * _LEAST_REMAINING)


def accuracy(errors_s: Sequence[int]) -> Accuracy | None:
    """What the measured errors amount to; None without any."""
    if not errors_s:
        return None
    absolute = sorted(abs(error) for error in errors_s)
    p90 = absolute[min(len(absolute) - 1, ceil(len(absolute) * 0.9) - 1)]
    return Accuracy(len(errors_s), round(sum(errors_s) / len(errors_s)), round(median(absolute)), p90)

"""Where one window more would help most: a hint to the supervisor, who decides. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from center.casework.queue.estimate import WindowLoad, expected_waits_s
from center.casework.queue.order import Waiting


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Let a window serve one line besides; what the longest expected wait was and would become, in seconds."""

    window: int
    line: str
    longest_before_s: int
    longest_after_s: int


def suggestion(
    waiting: Sequence[Waiting],
    windows: Sequence[WindowLoad],
    service_s: Mapping[str, int],
    *,
    most_favoured_in_a_row: int,
    now: datetime,
    worth_s: int,
) -> Suggestion | None:
    """The one change that shortens the longest wait most; None if none does so by ``worth_s``."""

    def longest(loads: Sequence[WindowLoad]) -> int:
        waits = expected_waits_s(waiting, loads, service_s, most_favoured_in_a_row=most_favoured_in_a_row, now=now)
        return max((waits.get(one.leg_id, _UNSERVED_S) for one in waiting), default=0)

    before = longest(windows)
    best: Suggestion | None = None
    for place, window in enumerate(windows):
        for line in sorted({one.line for one in waiting} - window.lines):
            changed = [*windows]
            changed[place] = replace(window, lines=window.lines | {line})
            after = longest(changed)
            if before - after >= worth_s and (best is None or after < best.longest_after_s):
                best = Suggestion(window.number, line, before, after)
    return best


_UNSERVED_S = 12 * 3600
"""A line that no window serves waits until the day is over."""

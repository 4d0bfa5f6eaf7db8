"""Who is called next: those whose turn comes first go first, but those who wait in turn are never kept out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Standing(IntEnum):
    """Why a ticket stands where it does; the lower goes first."""

    HANDED_OVER = 0
    """Begun at another desk: nobody waits twice in full."""
    BOOKED = 1
    PRIORITY = 2
    IN_TURN = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits."""

    leg_id: str
    line: str
    standing: Standing
    since: datetime
    """Where it stands among its like."""
    due_at: datetime | None = None
    """The time that was booked."""

    def is_favoured(self, now: datetime) -> bool:
        """Whether it goes before those who wait in turn."""
        return self.standing is not Standing.IN_TURN and not self.is_early(now)

    def is_early(self, now: datetime) -> bool:
        """Whether its booked time has not come."""
        return self.due_at is not None and now < self.due_at


def next_waiting(
    waiting: Sequence[Waiting],
    lines: Collection[str],
    *,
    favoured_in_a_row: int,
    most_favoured_in_a_row: int,
    now: datetime,
) -> Waiting | None:
    """Whom a window that serves these lines calls; None: nobody waits for it.

    After ``most_favoured_in_a_row`` calls of people who go first, one who waits in turn is called. Somebody who came
    before their booked time is called early only if nobody else waits.
    """
    served = [one for one in waiting if one.line in lines]
    favoured = [one for one in served if one.is_favoured(now)]
    in_turn = [one for one in served if one.standing is Standing.IN_TURN]
    early = [one for one in served if one.is_early(now)]
    if in_turn and (not favoured or favoured_in_a_row >= most_favoured_in_a_row):
        return _first(in_turn)
    return _first(favoured) or _first(early)


def _first(waiting: Sequence[Waiting]) -> Waiting | None:
    return min(waiting, key=lambda one: (one.standing, one.due_at or one.since, one.since, one.leg_id), default=None)

"""The exam cut into legs: an exercise with the drive that follows it, up to the next one's beginning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg, or so much of it as has been driven."""

    exercise_id: str
    since_ns: int
    until_ns: int
    is_last: bool
    """Whether the exam ends with it."""

    def closes(self, ended_ns: int, newest_ns: int) -> bool:
        """Whether something that ended at an instant (or lasts, if that is the newest) is over within this leg."""
        if self.is_last:
            return ended_ns > self.since_ns
        return self.since_ns < ended_ns <= self.until_ns and ended_ns < newest_ns

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

    def closes(self, ended_ns: int) -> bool:
        """Whether something that ended at an instant (the leg's end, if it still lasts) is over within this leg."""
        return self.since_ns <= ended_ns < self.until_ns or (self.is_last and ended_ns >= self.since_ns)

"""What the live page shows of a running exam at one instant."""

from __future__ import annotations

from dataclasses import dataclass

from messages.site import Point


@dataclass(frozen=True, slots=True)
class LiveState:
    """Where the car is and what is going on; ``time_ns`` is that of the newest pose."""

    time_ns: int
    began_ns: int | None
    ended_ns: int | None
    exercise_id: str | None
    """The exercise that runs; None between two, before the start and after the end."""
    place: Point | None
    """The rear axle's middle (m)."""
    heading: Point
    """Unit vector of the car's x axis in the plan (east, north)."""
    speed_mps: float
    outline: tuple[Point, ...]
    exam_grade: bool
    moving: bool
    silent_sources: tuple[str, ...]
    """Sources of the pack's void rules that are lost now."""

"""Stops and what the car did after them until it moved forward again: where it stood foremost, and rearmost."""

from __future__ import annotations

from dataclasses import dataclass

from center.driving_track.scoring.motion import MOVING_ABOVE_MPS
from center.driving_track.scoring.path import PathPoint
from messages.site import Point

_CLEARLY_FORWARD_M = 0.05
"""Beyond the foremost place of the stop, the car is moving forward again."""


@dataclass(slots=True)
class Roll:
    """What followed one stop: the foremost place of the stop, and the rearmost after it until moving forward again."""

    began_ns: int
    forward: Point
    foremost_m: float
    foremost_ns: int
    rearmost_m: float
    rearmost_ns: int
    place: Point
    gear_known: bool = True
    exam_grade: bool = True
    closed_ns: int | None = None
    measured: tuple[float, float] | None = None
    """The way from the foremost to the rearmost place (m, negative backwards) and its uncertainty, once asked for."""

    @property
    def back_m(self) -> float:
        """How far back the filter saw the car go."""
        return self.foremost_m - self.rearmost_m


class RollWatch:
    """A fold over the poses: opens with every stop, closes when the car moves forward again or reverse is engaged."""

    def __init__(self) -> None:
        self.open: Roll | None = None
        self.closed: list[Roll] = []

    def feed(self, point: PathPoint, reverse: bool | None, *, is_moving: bool) -> None:
        """Take in one pose, with the gear and whether the car moves."""
        roll = self.open
        if roll is None:
            if not is_moving and reverse is not True:
                self.open = _opened(point)
            return
        along = _along(roll, point)
        is_forward = point.speed_mps > MOVING_ABOVE_MPS and along > roll.foremost_m + _CLEARLY_FORWARD_M
        if reverse is True or (is_moving and is_forward):
            self._close(point.time_ns)
        else:
            _go_on(roll, point, along, reverse)

    def finish(self, time_ns: int) -> None:
        """The exam ends: what is open is closed."""
        if self.open is not None:
            self._close(time_ns)

    def _close(self, time_ns: int) -> None:
        roll, self.open = self.open, None
        if roll is not None:
            roll.closed_ns = time_ns
            self.closed.append(roll)


def _opened(point: PathPoint) -> Roll:
    place = (point.east_m, point.north_m)
    forward = (point.forward_east, point.forward_north)
    roll = Roll(point.time_ns, forward, 0.0, point.time_ns, 0.0, point.time_ns, place, exam_grade=point.exam_grade)
    roll.foremost_m = roll.rearmost_m = _along(roll, point)
    return roll


def _along(roll: Roll, point: PathPoint) -> float:
    return point.east_m * roll.forward[0] + point.north_m * roll.forward[1]


def _go_on(roll: Roll, point: PathPoint, along: float, reverse: bool | None) -> None:
    roll.exam_grade = roll.exam_grade and point.exam_grade
    roll.gear_known = roll.gear_known and reverse is not None
    if along > roll.foremost_m and roll.rearmost_ns == roll.foremost_ns:
        roll.foremost_m = roll.rearmost_m = along
        roll.foremost_ns = roll.rearmost_ns = point.time_ns
    elif along < roll.rearmost_m:
        roll.rearmost_m, roll.rearmost_ns = along, point.time_ns
        roll.place = (point.east_m, point.north_m)

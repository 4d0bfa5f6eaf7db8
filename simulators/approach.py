"""Which signalled exercises the car has come near to, and which it has left: what triggers the track's signals."""

from __future__ import annotations

import math

from messages.site import ExerciseKind, Line, Site

_NEAR_M = {
    ExerciseKind.CROSSROADS: 5.0,
    ExerciseKind.LEVEL_CROSSING: 8.0,
    ExerciseKind.PEDESTRIAN_CROSSING: 12.0,
}
_ASIDE_M = 3.0


class Approach:
    """Latches, for each signalled exercise, that the car's front has come near its stop line or gone past its exit."""

    def __init__(self, site: Site, length_m: float) -> None:
        self._length_m = length_m
        self._gates = [
            (exercise.kind, _Gate(site.line(exercise.stop_line)), _Gate(site.line(exercise.exit_line)))
            for exercise in site.route.exercises
            if exercise.kind in _NEAR_M and exercise.stop_line is not None and exercise.exit_line is not None
        ]
        self.near: frozenset[ExerciseKind] = frozenset()
        self._left: frozenset[ExerciseKind] = frozenset()

    def observe(self, front_east_m: float, front_north_m: float) -> None:
        """Tell where the middle of the front bumper is."""
        for kind, stop, leave in self._gates:
            if kind in self._left:
                continue
            if kind in self.near:
                past, aside = leave.passed(front_east_m, front_north_m)
                if self._length_m < past < self._length_m + 3.0 and aside < _ASIDE_M:
                    self.near -= {kind}
                    self._left |= {kind}
                continue
            past, aside = stop.passed(front_east_m, front_north_m)
            if -_NEAR_M[kind] < past < 0.0 and aside < _ASIDE_M:
                self.near |= {kind}


class _Gate:
    """A line across the way, with its near edge."""

    def __init__(self, line: Line) -> None:
        (left_east, left_north), (right_east, right_north) = line.points[0], line.points[-1]
        length = math.hypot(right_east - left_east, right_north - left_north)
        self._across = ((right_east - left_east) / length, (right_north - left_north) / length)
        self._ahead = (-self._across[1], self._across[0])
        self._middle = ((left_east + right_east) / 2, (left_north + right_north) / 2)
        self._half_width = line.width_m / 2

    def passed(self, east_m: float, north_m: float) -> tuple[float, float]:
        """How far beyond the near edge a point is, and how far aside of the line's middle, in metres."""
        east, north = east_m - self._middle[0], north_m - self._middle[1]
        past = east * self._ahead[0] + north * self._ahead[1] + self._half_width
        return past, abs(east * self._across[0] + north * self._across[1])

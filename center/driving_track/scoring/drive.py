"""A stretch of path to look things up in: where the car was at an instant, when its front or tail crossed a line."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from msgspec.structs import replace

from center.driving_track.scoring.geometry.outline import front_middle, placed, survey_variance, variance_towards
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.signals import NS_PER_S
from messages.site import Car, Line, Point, Side

_GAP_NS = 300_000_000
_TIME_SIGMA_S = 0.01
"""Of a pose's instant against the bus and the track."""


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant with its standard uncertainty, and whether readings of exam grade on both sides show it."""

    time_ns: int
    sigma_s: float
    exam_grade: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a point of the car stands beyond a line's reference edge (m, negative before it), and how surely."""

    time_ns: int
    metres: float
    sigma_m: float
    exam_grade: bool
    place: Point


class StopLine:
    """A stop line or gate: distances along its normal, positive on the far (forbidden) side of the reference edge."""

    def __init__(self, line: Line) -> None:
        self.id = line.id
        (e0, n0), (e1, n1) = line.points[0], line.points[-1]
        length = sqrt((e1 - e0) * (e1 - e0) + (n1 - n0) * (n1 - n0))
        sign = 1.0 if line.forbidden_side is Side.LEFT else -1.0
        self.normal_east, self.normal_north = -(n1 - n0) / length * sign, (e1 - e0) / length * sign
        edge = line.width_m / 2.0 * (1.0 if line.reference_edge is line.forbidden_side else -1.0)
        self._edge_m = e0 * self.normal_east + n0 * self.normal_north + edge
        self._survey_m2 = line.survey_sigma_m * line.survey_sigma_m

    def metres(self, point: PathPoint, x_m: float) -> float:
        """How far the body point (x, 0) stands beyond the edge."""
        east = point.east_m + x_m * point.forward_east
        north = point.north_m + x_m * point.forward_north
        return east * self.normal_east + north * self.normal_north - self._edge_m

    def reach(self, point: PathPoint, x_m: float, y_m: float, body_survey_m2: float) -> Reach:
        """How far the body point (x, y) stands beyond the edge."""
        normal = self.normal_east, self.normal_north
        ((east, north),) = placed(point, ((x_m, y_m),))
        metres = east * normal[0] + north * normal[1] - self._edge_m
        sigma = sqrt(variance_towards(point, normal, (x_m, y_m)) + self._survey_m2 + body_survey_m2)
        return Reach(point.time_ns, metres, sigma, point.exam_grade, (east, north))


class Drive:
    """Points of one path in order of time, and the car that drove it."""

    def __init__(self, car: Car, points: Sequence[PathPoint]) -> None:
        self.car = car
        self.points = points
        self._times = [point.time_ns for point in points]
        self._fronts: dict[str, list[float]] = {}
        self.survey_m2 = survey_variance(car)
        self.front_m = front_middle(car)[0]

    def at(self, time_ns: int) -> PathPoint | None:
        """Where the car was at an instant, interpolated; None if the path says nothing about it."""
        index = bisect_left(self._times, time_ns)
        if index < len(self._times) and self._times[index] == time_ns:
            return self.points[index]
        if index == 0 or index == len(self._times):
            near = min(index, len(self._times) - 1)
            return self.points[near] if near >= 0 and abs(self._times[near] - time_ns) <= _GAP_NS else None
        return _between(self.points[index - 1], self.points[index], time_ns)

    def within(self, since_ns: int, until_ns: int) -> Sequence[PathPoint]:
        """The points between two instants, both included."""
        return self.points[bisect_left(self._times, since_ns) : bisect_left(self._times, until_ns + 1)]

    def front(self, line: StopLine, point: PathPoint) -> Reach:
        """How far the front's middle stands beyond a line."""
        return line.reach(point, self.front_m, 0.0, self.survey_m2)

    def tail(self, line: StopLine, point: PathPoint) -> Reach:
        """How far the outline's last point stands beyond a line."""
        reaches = (line.reach(point, x, y, self.survey_m2) for x, y in self.car.outline)
        return min(reaches, key=lambda reach: reach.metres)

    def front_crossing(self, line: StopLine, since_ns: int, until_ns: int) -> Instant | None:
        """When the front first went beyond a line's edge."""
        fronts = self._fronts_beyond(line)
        first, last = bisect_left(self._times, since_ns), bisect_left(self._times, until_ns + 1)
        for index in range(first + 1, last):
            if fronts[index - 1] <= 0.0 < fronts[index]:
                return _crossing([self.front(line, point) for point in self.points[index - 1 : index + 1]])
        return None

    def tail_crossing(self, line: StopLine, since_ns: int, until_ns: int) -> Instant | None:
        """When the whole outline had first gone beyond a line's edge."""
        points = self.within(since_ns, until_ns)
        near = [point for point in points if line.metres(point, 0.0) > 0.0]
        if not near:
            return None
        before = points[: len(points) - len(near)][-1:]
        return _crossing([self.tail(line, point) for point in (*before, *near)])

    def furthest_front(self, line: StopLine, since_ns: int, until_ns: int) -> Reach | None:
        """The front's furthest reach beyond a line between two instants, interpolated at both."""
        points = self.spanning(since_ns, until_ns)
        furthest = max(points, key=lambda point: line.metres(point, self.front_m), default=None)
        return None if furthest is None else self.front(line, furthest)

    def spanning(self, since_ns: int, until_ns: int) -> Iterator[PathPoint]:
        """The points between two instants with the interpolated ones at both."""
        yield from (point for point in (self.at(since_ns),) if point is not None)
        yield from self.within(since_ns + 1, until_ns - 1)
        yield from (point for point in (self.at(until_ns),) if point is not None)

    def _fronts_beyond(self, line: StopLine) -> list[float]:
        kept = self._fronts.get(line.id)
        if kept is None:
            kept = self._fronts[line.id] = [line.metres(point, self.front_m) for point in self.points]
        return kept

    def has_gap(self, since_ns: int, until_ns: int) -> bool:
        """Whether the path says nothing about some time between two instants."""
        times = [since_ns, *(point.time_ns for point in self.within(since_ns, until_ns)), until_ns]
        return any(after - before > _GAP_NS for before, after in itertools.pairwise(times))


def _crossing(reaches: Sequence[Reach]) -> Instant | None:
    for before, after in itertools.pairwise(reaches):
        if before.metres <= 0.0 < after.metres:
            way, step_ns = after.metres - before.metres, after.time_ns - before.time_ns
            share = -before.metres / way
            sigma_s = min(after.sigma_m / way * step_ns / NS_PER_S, 5.0)
            return Instant(
                before.time_ns + int(step_ns * share),
                sqrt(sigma_s * sigma_s + _TIME_SIGMA_S * _TIME_SIGMA_S),
                before.exam_grade and after.exam_grade and step_ns <= _GAP_NS,
            )
    return None


def _between(before: PathPoint, after: PathPoint, time_ns: int) -> PathPoint:
    share = (time_ns - before.time_ns) / (after.time_ns - before.time_ns)
    wider = after if after.var_east_m2 + after.var_north_m2 > before.var_east_m2 + before.var_north_m2 else before
    return replace(
        wider,
        time_ns=time_ns,
        east_m=before.east_m + share * (after.east_m - before.east_m),
        north_m=before.north_m + share * (after.north_m - before.north_m),
        forward_east=before.forward_east + share * (after.forward_east - before.forward_east),
        forward_north=before.forward_north + share * (after.forward_north - before.forward_north),
        left_east=before.left_east + share * (after.left_east - before.left_east),
        left_north=before.left_north + share * (after.left_north - before.left_north),
        speed_mps=before.speed_mps + share * (after.speed_mps - before.speed_mps),
        exam_grade=before.exam_grade and after.exam_grade and after.time_ns - before.time_ns <= _GAP_NS,
    )

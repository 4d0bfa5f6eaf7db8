"""A line and one shape of the car: how near it is, first quickly and then exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt

from center.driving_track.scoring.geometry.edges import Edge, edges_of, in_body, reach_beyond
from center.driving_track.scoring.geometry.lines import DEPTH_M, LineExcess, body_excess, wheel_excess
from center.driving_track.scoring.geometry.outline import tyre_patches
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.zones import Grid
from messages.site import Car, Line, Point

NEAR_M = 0.3
"""A line that stays farther away than this (and five standard uncertainties) is not looked at."""
_UNSURE_M = 1.0


class WatchedLine:
    """A line and one shape of the car: how near it is, quickly and then exactly."""

    def __init__(self, line: Line, car: Car, part: str) -> None:
        self.line = line
        self.part = part
        self._car = car
        self._edges = edges_of(line)
        self._shapes: list[tuple[Point, ...]] = [car.outline] if part == "body" else tyre_patches(car)
        points = [point for shape in self._shapes for point in shape]
        self._box = min(x for x, _ in points), max(x for x, _ in points), max(abs(y) for _, y in points)
        self._radius_m = sqrt(max(x * x + y * y for x, y in points))

    def near_edges(self, point: PathPoint) -> list[Edge]:
        """The edges to which the shape's bounding rectangle comes near, or beyond which it reaches."""
        rear, front, side = self._box
        reach_m = NEAR_M + 5.0 * sqrt(point.var_east_m2 + point.var_north_m2)
        found: list[Edge] = []
        for edge in self._edges:
            a, b, k = in_body(point, edge.beyond)
            if k + (a * front if a > 0.0 else a * rear) + (b if b > 0.0 else -b) * side < -reach_m:
                continue
            if k - self._radius_m > DEPTH_M + reach_m:
                continue
            away_east, away_north = point.east_m - edge.middle[0], point.north_m - edge.middle[1]
            far_m = edge.half_length_m + self._radius_m + DEPTH_M + reach_m
            if away_east * away_east + away_north * away_north <= far_m * far_m:
                found.append(edge)
        return found

    def beyond_m(self, point: PathPoint, edges: Sequence[Edge]) -> float | None:
        """How far the shapes reach beyond the nearest of some edges; None if they are not beside any."""
        best: float | None = None
        for edge in edges:
            for shape in self._shapes:
                found = reach_beyond(point, shape, edge)
                if found is not None and found.beyond_m <= DEPTH_M and (best is None or found.beyond_m > best):
                    best = found.beyond_m
        return best

    def largest(self, path: Sequence[PathPoint]) -> LineExcess | None:
        """The largest excess on a piece of path, between epochs too."""
        measure = body_excess if self.part == "body" else wheel_excess
        return max(measure(path, self._car, self.line), key=lambda found: found.excess_m, default=None)


class LineGrid:
    """Which lines of a site a car may be near, by where its rear axle stands."""

    def __init__(self, lines: Iterable[Line], car: Car) -> None:
        reach_m = max(sqrt(x * x + y * y) for x, y in car.outline) + NEAR_M + _UNSURE_M
        pieces = [(line.id, pair) for line in lines for pair in zip(line.points, line.points[1:], strict=False)]
        self._grid: Grid[str] = Grid(pieces, reach_m)

    def along(self, path: Sequence[PathPoint]) -> dict[str, list[int]]:
        """For each line the points of a path (by index) that may be near it."""
        found: dict[str, list[int]] = {}
        for index, point in enumerate(path):
            for name in self._grid.near(point.east_m, point.north_m):
                found.setdefault(name, []).append(index)
        return found

"""When a point of the car passes a line's reference edge, and how far before it the car stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from center.driving_track.scoring.geometry.edges import Edge, edges_of, in_body
from center.driving_track.scoring.geometry.outline import survey_variance, variance_towards
from center.driving_track.scoring.path import PathPoint
from messages.site import Car, Line, Point

_SLOWEST_MPS = 0.02


@dataclass(frozen=True, slots=True)
class Crossing:
    """One passage over a reference edge."""

    line_id: str
    time_ns: int
    sigma_ns: int
    is_forwards: bool
    """From the allowed side to the forbidden one."""
    body_point: Point
    exam_grade: bool


def crossings(path: Sequence[PathPoint], body_points: Sequence[Point], line: Line, car: Car) -> list[Crossing]:
    """Each time the foremost of some body points goes over a line's reference edge, within the line's extent.

    Interpolated between epochs; the uncertainty is that of the place divided by the speed over the line.
    """
    found: list[Crossing] = []
    for edge in edges_of(line):
        before: tuple[PathPoint, float, Point, bool] | None = None
        for point in path:
            now = (point, *_foremost(point, body_points, edge))
            if before is not None and (before[1] > 0.0) != (now[1] > 0.0) and (before[3] or now[3]):
                crossing = _crossing(before, now, line, car, edge)
                if crossing is not None:
                    found.append(crossing)
            before = now
    return sorted(found, key=lambda crossing: crossing.time_ns)


def distance_before(point: PathPoint, body_points: Sequence[Point], line: Line, car: Car) -> tuple[float, float] | None:
    """How far the foremost of some body points is before a line's reference edge (m; below 0: beyond), and its sigma.

    None if none of the line's stretches lies ahead of or behind that point.
    """
    best: tuple[float, float] | None = None
    for edge in edges_of(line):
        beyond, body_point, is_within = _foremost(point, body_points, edge)
        if is_within and (best is None or abs(beyond) < abs(best[0])):
            best = (-beyond, _sigma(point, body_point, line, car, edge))
    return best


def _foremost(point: PathPoint, body_points: Sequence[Point], edge: Edge) -> tuple[float, Point, bool]:
    a, b, c = in_body(point, edge.beyond)
    beyond, body_point = max((a * x + b * y + c, (x, y)) for x, y in body_points)
    x, y = body_point
    is_within = True
    for half_plane in (edge.after_start, edge.before_end):
        u, v, w = in_body(point, half_plane)
        is_within = is_within and u * x + v * y + w >= 0.0
    return beyond, body_point, is_within


def _crossing(
    before: tuple[PathPoint, float, Point, bool],
    after: tuple[PathPoint, float, Point, bool],
    line: Line,
    car: Car,
    edge: Edge,
) -> Crossing | None:
    one, other = before[0], after[0]
    share = before[1] / (before[1] - after[1])
    nearer = after if share > 0.5 else before
    if not nearer[3]:
        return None
    span = other.time_ns - one.time_ns
    speed = max(abs(after[1] - before[1]) / (span * 1e-9), _SLOWEST_MPS)
    sigma = _sigma(nearer[0], nearer[2], line, car, edge)
    return Crossing(
        line.id, one.time_ns + round(share * span), round(sigma / speed * 1e9), after[1] > before[1], nearer[2],
        one.exam_grade and other.exam_grade,
    )  # fmt: skip


def _sigma(point: PathPoint, body_point: Point, line: Line, car: Car, edge: Edge) -> float:
    a, b, _ = edge.beyond
    return sqrt(variance_towards(point, (a, b), body_point) + survey_variance(car) + line.survey_sigma_m**2)

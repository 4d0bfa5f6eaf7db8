"""The car against areas and lines on the plan: in a bay, out of a zone, over a strip."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt

from center.driving_track.scoring.estimation.surface import holds
from center.driving_track.scoring.geometry.edges import in_body
from center.driving_track.scoring.geometry.outline import placed, reach, survey_variance, variance_towards
from center.driving_track.scoring.path import PathPoint
from messages.site import Car, Point


def outside_polygon(
    point: PathPoint, shape: Sequence[Point], polygon: Sequence[Point], car: Car, survey_sigma_m: float = 0.0025
) -> tuple[float, float]:
    """How far a shape of the body frame sticks out of a convex polygon (m; below 0: clearance), and its sigma."""
    turn = 1.0 if _doubled_area(polygon) > 0.0 else -1.0
    most = (float("-inf"), (0.0, 0.0), (0.0, 0.0))
    e0, n0 = polygon[-1]
    for e1, n1 in polygon:
        length = sqrt((e1 - e0) ** 2 + (n1 - n0) ** 2)
        if length:
            a, b = turn * (n1 - n0) / length, -turn * (e1 - e0) / length
            u, v, w = in_body(point, (a, b, -(a * e0 + b * n0)))
            value, body_point = max((u * x + v * y + w, (x, y)) for x, y in shape)
            if value > most[0]:
                most = (value, (a, b), body_point)
        e0, n0 = e1, n1
    value, normal, body_point = most
    variance = variance_towards(point, normal, body_point) + survey_variance(car) + survey_sigma_m**2
    return value, sqrt(variance)


def has_left(point: PathPoint, car: Car, polygon: Sequence[Point]) -> bool:
    """Whether the whole outline is outside a zone."""
    area = tuple(polygon)
    (x, y), radius = _circle(tuple(car.outline))
    ((east, north),) = placed(point, [(x, y)])
    west_m, south_m, east_m, north_m = _bounds(area)
    if east + radius < west_m or east - radius > east_m or north + radius < south_m or north - radius > north_m:
        return True
    ring = placed(point, car.outline)
    if any(holds(area, *corner) for corner in ring) or holds(tuple(ring), *area[0]):
        return False
    return not _rings_cross(ring, area)


def touches(ring: Sequence[Point], polyline: Sequence[Point]) -> bool:
    """Whether a polyline runs over or into a convex ring on the plan."""
    area = tuple(ring)
    return any(holds(area, *one) for one in polyline) or any(
        _segments_cross(a, b, c, d)
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
        for c, d in pairwise(polyline)
    )


# The same outline and zones are asked for at every pose.
@lru_cache(64)
def _circle(shape: tuple[Point, ...]) -> tuple[Point, float]:
    return reach(shape)


@lru_cache(256)
def _bounds(polygon: tuple[Point, ...]) -> tuple[float, float, float, float]:
    easts, norths = [east for east, _ in polygon], [north for _, north in polygon]
    return min(easts), min(norths), max(easts), max(norths)


def _doubled_area(polygon: Sequence[Point]) -> float:
    total = 0.0
    e0, n0 = polygon[-1]
    for e1, n1 in polygon:
        total += e0 * n1 - e1 * n0
        e0, n0 = e1, n1
    return total


def _rings_cross(one: Sequence[Point], other: Sequence[Point]) -> bool:
    return any(
        _segments_cross(a, b, c, d)
        for a, b in zip(one, [*one[1:], one[0]], strict=True)
        for c, d in zip(other, [*other[1:], other[0]], strict=True)
    )


def _segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0.0 and _side(c, d, a) * _side(c, d, b) < 0.0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

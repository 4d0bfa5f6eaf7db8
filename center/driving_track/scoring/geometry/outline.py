"""The car's shapes, in its own frame and on the ground."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from center.driving_track.scoring.path import PathPoint
from messages.site import Car, Point

CONTACT_LENGTH_M = 0.16
"""Length of a tyre's contact patch."""
WHEELS = ("front_left", "front_right", "rear_left", "rear_right")


def placed(point: PathPoint, shape: Sequence[Point]) -> list[Point]:
    """A shape of the body frame where the car stands at a point of its path."""
    e, n = point.east_m, point.north_m
    fe, fn, le, ln = point.forward_east, point.forward_north, point.left_east, point.left_north
    return [(e + x * fe + y * le, n + x * fn + y * ln) for x, y in shape]


def outline_at(point: PathPoint, car: Car) -> list[Point]:
    """The car's outline on the ground, numbered as in its file."""
    return placed(point, car.outline)


def tyre_patches(car: Car) -> list[tuple[Point, ...]]:
    """The four contact patches in the body frame, in the order of ``WHEELS``; the front ones as if steered straight."""
    length, width = CONTACT_LENGTH_M / 2.0, car.tyre_width_m / 2.0
    return [
        ((x + length, y - width), (x + length, y + width), (x - length, y + width), (x - length, y - width))
        for x, y in car.tyres
    ]


def front_middle(car: Car) -> Point:
    """The middle of the front bumper: the outline's foremost reach on the car's axis."""
    return max(x for x, _ in car.outline), 0.0


def between(one: PathPoint, other: PathPoint, share: float) -> PathPoint:
    """The point a share of the way from one to the other; the car turns little between two neighbours."""
    rest = 1.0 - share
    return PathPoint(
        round(one.time_ns + share * (other.time_ns - one.time_ns)),
        rest * one.east_m + share * other.east_m,
        rest * one.north_m + share * other.north_m,
        rest * one.forward_east + share * other.forward_east,
        rest * one.forward_north + share * other.forward_north,
        rest * one.left_east + share * other.left_east,
        rest * one.left_north + share * other.left_north,
        rest * one.speed_mps + share * other.speed_mps,
        max(one.speed_sigma_mps, other.speed_sigma_mps),
        rest * one.var_east_m2 + share * other.var_east_m2,
        rest * one.cov_east_north_m2 + share * other.cov_east_north_m2,
        rest * one.var_north_m2 + share * other.var_north_m2,
        rest * one.cov_east_heading_mrad + share * other.cov_east_heading_mrad,
        rest * one.cov_north_heading_mrad + share * other.cov_north_heading_mrad,
        rest * one.var_heading_rad2 + share * other.var_heading_rad2,
        one.exam_grade and other.exam_grade,
    )


def variance_towards(point: PathPoint, normal: Point, body_point: Point) -> float:
    """Variance (m²) of a body point's place along a unit vector: the path's, and its heading times the lever arm."""
    u, v = normal
    x, y = body_point
    east = x * point.forward_east + y * point.left_east
    north = x * point.forward_north + y * point.left_north
    lever = v * east - u * north
    variance = (
        u * u * point.var_east_m2
        + 2.0 * u * v * point.cov_east_north_m2
        + v * v * point.var_north_m2
        + 2.0 * lever * (u * point.cov_east_heading_mrad + v * point.cov_north_heading_mrad)
        + lever * lever * point.var_heading_rad2
    )
    return max(variance, 0.0)


def survey_variance(car: Car) -> float:
    """Variance (m²) of a surveyed point of the car against the antenna: the point's own and the lever arm's."""
    return car.outline_survey_sigma_m**2 + car.antenna.survey_sigma_m**2


def reach(shape: Sequence[Point]) -> tuple[Point, float]:
    """A circle about a shape: middle and radius, in metres."""
    x = (min(p[0] for p in shape) + max(p[0] for p in shape)) / 2.0
    y = (min(p[1] for p in shape) + max(p[1] for p in shape)) / 2.0
    return (x, y), sqrt(max((px - x) ** 2 + (py - y) ** 2 for px, py in shape))

"""How far a shape of the car truly reaches beyond a line's reference edge: what chosen sizes are set by."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from messages.site import Car, Line, Point
from simulators.driver.path import Array

CONTACT_LENGTH_M = 0.16
_DENSE_M = 0.1
_ELSEWHERE_M = 2.5
"""A point further beyond a line than this is not over it but on another lane."""


def in_plan(
    shape: Sequence[Point], east: Array, north: Array, heading: Array, pitch: Array, roll: Array
) -> tuple[Array, Array]:
    """East and north of each point of a body shape (columns) in each pose (rows)."""
    x, y = np.array(shape).T
    ahead, aside = np.outer(np.cos(pitch), x), np.outer(np.cos(roll), y)
    c, s = np.cos(heading)[:, None], np.sin(heading)[:, None]
    return east[:, None] + ahead * c - aside * s, north[:, None] + ahead * s + aside * c


def contact_patches(car: Car) -> list[tuple[Point, ...]]:
    """What a wheel touches of the ground: a rectangle of the tyre's width, as if steered straight; one a tyre."""
    long, wide = CONTACT_LENGTH_M / 2, car.tyre_width_m / 2
    corners = ((long, -wide), (long, wide), (-long, wide), (-long, -wide))
    return [tuple((x + dx, y + dy) for dx, dy in corners) for x, y in car.tyres]


def dense(shape: Sequence[Point]) -> list[Point]:
    """A closed shape with a point at least every 0.1 m of its edge."""
    points: list[Point] = []
    for (ax, ay), (bx, by) in zip(shape, [*shape[1:], shape[0]], strict=True):
        count = max(1, math.ceil(math.hypot(bx - ax, by - ay) / _DENSE_M))
        points += [(ax + (bx - ax) * i / count, ay + (by - ay) * i / count) for i in range(count)]
    return points


def largest_excess(line: Line, east: Array, north: Array) -> float:
    """Largest distance (m) beyond the line's reference edge, towards its forbidden side, of closed polygons.

    One polygon a row. What lies before the line's beginning or past its end does not count; negative: the least
    clearance to the edge, its ends included.
    """
    sign = 1.0 if line.forbidden_side == "left" else -1.0
    edge = (1.0 if line.reference_edge == "left" else -1.0) * line.width_m / 2
    best: Array = np.full(east.shape, -np.inf)
    ends = -math.inf
    last = len(line.points) - 2
    turns = [0.0, *(_turn(*line.points[at - 1 : at + 2]) for at in range(1, last + 1)), 0.0]
    for number in range(last + 1):
        (ax, ay), (bx, by) = line.points[number], line.points[number + 1]
        length = math.hypot(bx - ax, by - ay)
        c, s = (bx - ax) / length, (by - ay) / length
        u = (east - ax) * c + (north - ay) * s
        w = sign * ((north - ay) * c - (east - ax) * s - edge)
        # Beside the line the edge's stretch is shorter within a bend than the line's own, and longer without.
        begin, end = edge * math.tan(turns[number] / 2), length - edge * math.tan(turns[number + 1] / 2)
        inside = (u >= begin) & (u <= end) & (w < _ELSEWHERE_M)
        best = np.where(inside & (np.abs(w) < np.abs(best)), w, best)
        if number == 0:
            ends = max(ends, _at_end(u, w, 0.0))
        if number == last:
            ends = max(ends, _at_end(u, w, length))
    reached = max(float(best.max(initial=-np.inf)), ends)
    if reached >= 0.0:
        return reached
    return max(reached, *(-_clearance(_on_edge(line, at, edge, turn), east, north) for at, turn in enumerate(turns)))


def _turn(one: Point, two: Point, three: Point) -> float:
    """By how much a line turns at its middle point: radians, positive to the left."""
    before, after = math.atan2(two[1] - one[1], two[0] - one[0]), math.atan2(three[1] - two[1], three[0] - two[0])
    return math.remainder(after - before, math.tau)


def _on_edge(line: Line, number: int, edge_m: float, turn_rad: float) -> Point:
    """The reference edge beside one of the line's points: in a bend where the edge's own stretches meet."""
    here, there = line.points[number], line.points[1 if number == 0 else number - 1]
    length = math.dist(here, there) * (1.0 if number == 0 else -1.0)
    along = math.atan2((there[1] - here[1]) / length, (there[0] - here[0]) / length) + turn_rad / 2
    aside_m = edge_m / math.cos(turn_rad / 2)
    return here[0] - math.sin(along) * aside_m, here[1] + math.cos(along) * aside_m


def _clearance(point: Point, east: Array, north: Array) -> float:
    """Least distance from a point outside to the polygons' edges."""
    x, y = east - point[0], north - point[1]
    run_x, run_y = np.roll(x, -1, axis=1) - x, np.roll(y, -1, axis=1) - y
    share = np.clip(-(x * run_x + y * run_y) / np.maximum(run_x**2 + run_y**2, 1e-12), 0.0, 1.0)
    return float(np.hypot(x + share * run_x, y + share * run_y).min())


def _at_end(u: Array, w: Array, end: float) -> float:
    """Largest excess where the polygons' edges cross the line's end."""
    u2, w2 = np.roll(u, -1, axis=1), np.roll(w, -1, axis=1)
    crosses = (u - end) * (u2 - end) < 0.0
    if not crosses.any():
        return -math.inf
    share = (end - u[crosses]) / (u2[crosses] - u[crosses])
    reached = w[crosses] + share * (w2[crosses] - w[crosses])
    return float(reached[reached < _ELSEWHERE_M].max(initial=-math.inf))

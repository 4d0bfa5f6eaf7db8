"""A surveyed line as straight edges: how far a shape reaches beyond each, within the edge's own stretch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from center.driving_track.scoring.path import PathPoint
from messages.site import Line, Point, Side

HalfPlane = tuple[float, float, float]
"""a, b, c: the points with a·x + b·y + c ≥ 0 are inside."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A stretch of a line's reference edge; ``beyond`` is 0 on it and grows by the metre towards the forbidden side."""

    beyond: HalfPlane
    after_start: HalfPlane
    before_end: HalfPlane
    middle: Point
    half_length_m: float


@dataclass(slots=True)
class Reach:
    """How far a shape reaches beyond an edge, and with which point of the car."""

    beyond_m: float
    body_point: Point
    is_cut: bool
    """Whether the edge's end cuts the shape, so that more lies beyond elsewhere."""
    uncut_m: float
    """How far the whole shape reaches beyond the edge made endless."""


def edges_of(line: Line) -> list[Edge]:
    """The reference edge of a line; at its ends it is cut square, at inner points by the bisector.

    A line of one or no length has no edges.
    """
    points = [p for at, p in enumerate(line.points) if at == 0 or p != line.points[at - 1]]
    directions = [_unit(q[0] - p[0], q[1] - p[1]) for p, q in pairwise(points)]
    sign = 1.0 if line.forbidden_side is Side.LEFT else -1.0
    shift = (line.width_m if line.reference_edge is Side.LEFT else -line.width_m) / 2.0
    edges: list[Edge] = []
    for at, ((e0, n0), (e1, n1), (c, s)) in enumerate(zip(points, points[1:], directions, strict=False)):
        before = directions[at - 1] if at else (c, s)
        after = directions[at + 1] if at + 1 < len(directions) else (c, s)
        start = _unit(before[0] + c, before[1] + s)
        end = _unit(after[0] + c, after[1] + s)
        left = -s * e0 + c * n0
        edges.append(
            Edge(
                (-sign * s, sign * c, -sign * (left + shift)),
                (start[0], start[1], -(start[0] * e0 + start[1] * n0)),
                (-end[0], -end[1], end[0] * e1 + end[1] * n1),
                ((e0 + e1) / 2.0 - s * shift, (n0 + n1) / 2.0 + c * shift),
                sqrt((e1 - e0) ** 2 + (n1 - n0) ** 2) / 2.0,
            )
        )
    return edges


def reach_beyond(point: PathPoint, shape: Sequence[Point], edge: Edge) -> Reach | None:
    """How far a shape of the body frame reaches beyond an edge, cut to the edge's stretch; None if it is elsewhere."""
    beyond = in_body(point, edge.beyond)
    start = in_body(point, edge.after_start)
    end = in_body(point, edge.before_end)
    a, b, k = beyond
    values = [a * x + b * y + k for x, y in shape]
    uncut = max(values)
    cut: list[Point] | None = None
    for half_plane in (start, end):
        if _crosses(half_plane, shape):
            cut = clip(shape if cut is None else cut, half_plane)
    if cut is None:
        return Reach(uncut, shape[values.index(uncut)], False, uncut)
    if not cut:
        return None
    most, body_point = max((a * x + b * y + k, (x, y)) for x, y in cut)
    return Reach(most, body_point, True, uncut)


def in_body(point: PathPoint, half_plane: HalfPlane) -> HalfPlane:
    """A half-plane of the ground in the frame of the car at a point of its path."""
    a, b, c = half_plane
    return (
        a * point.forward_east + b * point.forward_north,
        a * point.left_east + b * point.left_north,
        a * point.east_m + b * point.north_m + c,
    )


def clip(shape: Sequence[Point], half_plane: HalfPlane) -> list[Point]:
    """The part of a polygon in a half-plane (Sutherland and Hodgman); empty if there is none."""
    a, b, c = half_plane
    kept: list[Point] = []
    x0, y0 = shape[-1]
    d0 = a * x0 + b * y0 + c
    for x1, y1 in shape:
        d1 = a * x1 + b * y1 + c
        if (d0 >= 0.0) != (d1 >= 0.0):
            share = d0 / (d0 - d1)
            kept.append((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
        if d1 >= 0.0:
            kept.append((x1, y1))
        x0, y0, d0 = x1, y1, d1
    return kept


def _crosses(half_plane: HalfPlane, shape: Sequence[Point]) -> bool:
    a, b, c = half_plane
    return min([a * x + b * y for x, y in shape]) + c < 0.0


def _unit(x: float, y: float) -> Point:
    length = sqrt(x * x + y * y)
    return (x / length, y / length) if length else (0.0, 0.0)

"""How far a car reaches beyond a line: the largest excess of each passage, between epochs too, and its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from center.driving_track.scoring.geometry.edges import Edge, Reach, edges_of, reach_beyond
from center.driving_track.scoring.geometry.outline import (
    between,
    placed,
    reach,
    survey_variance,
    tyre_patches,
    variance_towards,
)
from center.driving_track.scoring.path import PathPoint
from messages.site import Car, Line, Point

DEPTH_M = 1.5
"""The forbidden side is this deep; what is farther is another place."""
NEAR_M = 0.5
"""A passage lasts while the shape is nearer than this to the edge, or beyond it."""
_STEPS = 4
_HALVINGS = 7
_GAP_NS = 3_000_000_000


@dataclass(frozen=True, slots=True)
class LineExcess:
    """The largest excess of one passage of one shape along one line; below 0 it is a clearance."""

    line_id: str
    excess_m: float
    sigma_m: float
    """Standard uncertainty: path, heading times lever arm, and the surveys of line, outline and antenna."""
    time_ns: int
    east_m: float
    north_m: float
    """The point of the car that reaches farthest, on the ground."""
    body_point: Point
    """The same in the body frame."""
    place: int
    """Index of the nearest outline point, or of the wheel (see ``outline.WHEELS``)."""
    since_ns: int
    until_ns: int
    exam_grade: bool
    """Whether the path was exam-grade where the excess is largest."""
    whole_exam_grade: bool
    """Whether it was for the whole passage: else a larger excess may have been missed."""


def body_excess(path: Sequence[PathPoint], car: Car, line: Line) -> list[LineExcess]:
    """The passages of the car's outline along a line, in order of time."""
    return line_excess(path, car.outline, line, car)


def wheel_excess(path: Sequence[PathPoint], car: Car, line: Line) -> list[LineExcess]:
    """The passages of each wheel's contact patch along a line or kerb, ``place`` naming the wheel."""
    found = [
        excess for wheel, patch in enumerate(tyre_patches(car)) for excess in line_excess(path, patch, line, car, wheel)
    ]
    return sorted(found, key=lambda excess: (excess.since_ns, excess.place))


def line_excess(
    path: Sequence[PathPoint], shape: Sequence[Point], line: Line, car: Car, place: int | None = None
) -> list[LineExcess]:
    """The passages of a shape of the body frame along a line.

    Feed it a smoothed path: the maximum over raw epochs is biased outwards. Between two epochs the car is taken to move
    straight, and where a line's end cuts the shape the instant of the largest excess is searched for.
    """
    edges = edges_of(line)
    middle, radius = reach(shape)
    passages: list[_Passage] = []
    previous: PathPoint | None = None
    running: _Passage | None = None
    for point in path:
        near = [edge for edge in edges if _is_near(point, middle, radius, edge)]
        best = _best(point, shape, near) if near else None
        if previous is not None and point.time_ns - previous.time_ns > _GAP_NS:
            running = None
        if best is None or best[0].beyond_m < -NEAR_M:
            if running is not None and previous is not None:
                _refine(running, previous, point, shape, edges)
            running = None
        else:
            if running is None:
                running = _Passage(point, best)
                passages.append(running)
            else:
                running.go_on(point, best)
            if previous is not None:
                _refine(running, previous, point, shape, near)
        previous = point
    return [_excess(passage, shape, line, car, place) for passage in passages]


class _Passage:
    def __init__(self, point: PathPoint, best: tuple[Reach, Edge]) -> None:
        self.since_ns = self.until_ns = point.time_ns
        self.point = point
        self.reach, self.edge = best
        self.way_m = 0.0
        self.whole_exam_grade = point.exam_grade

    def go_on(self, point: PathPoint, best: tuple[Reach, Edge]) -> None:
        self.until_ns = max(self.until_ns, point.time_ns)
        self.whole_exam_grade = self.whole_exam_grade and point.exam_grade
        self.take(point, best)

    def take(self, point: PathPoint, best: tuple[Reach, Edge]) -> None:
        if best[0].beyond_m > self.reach.beyond_m:
            self.point = point
            self.reach, self.edge = best


def _is_near(point: PathPoint, middle: Point, radius: float, edge: Edge) -> bool:
    x, y = middle
    east = point.east_m + x * point.forward_east + y * point.left_east
    north = point.north_m + x * point.forward_north + y * point.left_north
    a, b, c = edge.beyond
    beyond = a * east + b * north + c
    if not -radius - NEAR_M <= beyond <= radius + DEPTH_M:
        return False
    along = b * (east - edge.middle[0]) - a * (north - edge.middle[1])
    # A bisector may cut the shape farther on than the segment's own end, by at most the depth of the band.
    return abs(along) <= edge.half_length_m + radius + DEPTH_M


def _best(point: PathPoint, shape: Sequence[Point], edges: Sequence[Edge]) -> tuple[Reach, Edge] | None:
    best: tuple[Reach, Edge] | None = None
    for edge in edges:
        found = reach_beyond(point, shape, edge)
        if found is None or (best is not None and found.beyond_m <= best[0].beyond_m):
            continue
        if found.beyond_m > DEPTH_M:
            found = _within_band(point, shape, edge, found)
            if found is None:
                continue
        best = (found, edge)
    return best


def _within_band(point: PathPoint, shape: Sequence[Point], edge: Edge, found: Reach) -> Reach | None:
    """A shape that is deeper than the band counts as deep as the band, unless it lies wholly behind it."""
    a, b, c = edge.beyond
    nearest = min(a * e + b * n + c for e, n in placed(point, shape))
    if nearest > DEPTH_M:
        return None
    return Reach(DEPTH_M, found.body_point, found.is_cut, DEPTH_M)


def _refine(passage: _Passage, one: PathPoint, other: PathPoint, shape: Sequence[Point], edges: Sequence[Edge]) -> None:
    """Search between two epochs, if a line's end cuts the shape there and more than was found may be had."""
    may_be = -NEAR_M
    for point in (one, other):
        for edge in edges:
            found = reach_beyond(point, shape, edge)
            if found is not None and found.is_cut:
                may_be = max(may_be, min(found.uncut_m, DEPTH_M))
    if may_be <= passage.reach.beyond_m + 0.0005:
        return
    shares = [step / _STEPS for step in range(_STEPS + 1)]
    best_share = max(shares, key=lambda share: _value(between(one, other, share), shape, edges))
    width = 1.0 / _STEPS
    for _ in range(_HALVINGS):
        width /= 2.0
        tries = [share for share in (best_share - width, best_share, best_share + width) if 0.0 <= share <= 1.0]
        best_share = max(tries, key=lambda share: _value(between(one, other, share), shape, edges))
    point = between(one, other, best_share)
    best = _best(point, shape, edges)
    if best is not None:
        passage.take(point, best)


def _value(point: PathPoint, shape: Sequence[Point], edges: Sequence[Edge]) -> float:
    best = _best(point, shape, edges)
    return -DEPTH_M if best is None else best[0].beyond_m


def _excess(passage: _Passage, shape: Sequence[Point], line: Line, car: Car, place: int | None) -> LineExcess:
    point, body_point = passage.point, passage.reach.body_point
    a, b, _ = passage.edge.beyond
    variance = variance_towards(point, (a, b), body_point) + survey_variance(car) + line.survey_sigma_m**2
    variance += interpolation_variance(point.speed_mps)
    ((east, north),) = placed(point, [body_point])
    if place is None:
        x, y = body_point
        place = min(range(len(shape)), key=lambda at: (shape[at][0] - x) ** 2 + (shape[at][1] - y) ** 2)
    return LineExcess(
        line.id, passage.reach.beyond_m, sqrt(variance), point.time_ns, east, north, body_point, place,
        passage.since_ns, passage.until_ns, point.exam_grade, passage.whole_exam_grade,
    )  # fmt: skip


def interpolation_variance(speed_mps: float) -> float:
    """Variance (m²) for what a car bends away from the straight between epochs 0.1 s apart, at 3 m/s² to the side."""
    way = 0.1 * speed_mps
    curvature = min(0.25, 3.0 / (speed_mps * speed_mps)) if speed_mps else 0.25
    return (way * way * curvature / 8.0) ** 2 / 3.0

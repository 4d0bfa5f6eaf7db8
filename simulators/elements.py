"""What the track's fixed sensors feel of a car, from its true outline: beams, loops, kerb strips, cones."""

from __future__ import annotations

import math
from collections.abc import Sequence

from messages.site import Element, ElementKind, Point, Site

CONE_RADIUS_M = 0.16
"""Of the ring at bumper height; a cone touched by the outline is knocked over."""
KNOCKED_TILT_DEG = 75.0
_FELT = (ElementKind.BEAM, ElementKind.INDUCTION_LOOP, ElementKind.KERB_STRIP, ElementKind.CONE_TILT)


class FeltElement:
    """One element with the circle around it."""

    def __init__(self, element: Element) -> None:
        self.id = element.id
        self.kind = element.kind
        self.points = element.points
        self.middle_east = sum(point[0] for point in element.points) / len(element.points)
        self.middle_north = sum(point[1] for point in element.points) / len(element.points)
        self.radius = max(math.dist(point, (self.middle_east, self.middle_north)) for point in element.points)

    def feels(self, outline: Sequence[Point], tyres: Sequence[tuple[Point, Point]]) -> bool:
        """Whether the car's outline (or a tyre, on a kerb strip) is over it; shapes in the site's frame."""
        if self.kind is ElementKind.CONE_TILT:
            return _inside(outline, self.points[0]) or _gap(outline, self.points[0]) <= CONE_RADIUS_M
        if self.kind is ElementKind.KERB_STRIP:
            return any(
                _cross(one, two, first, second)
                for one, two in tyres
                for first, second in zip(self.points, self.points[1:], strict=False)
            )
        closed = self.kind is ElementKind.INDUCTION_LOOP
        return _overlaps(outline, self.points, closed)


def felt_elements(site: Site) -> list[FeltElement]:
    """The elements of a site that feel a car."""
    return [FeltElement(element) for element in site.elements if element.kind in _FELT]


def _overlaps(outline: Sequence[Point], points: Sequence[Point], closed: bool) -> bool:
    if _inside(outline, points[0]) or (closed and _inside(points, outline[0])):
        return True
    ends = [*points[1:], points[0]] if closed else points[1:]
    return any(
        _cross(outline[i - 1], outline[i], first, second)
        for first, second in zip(points, ends, strict=False)
        for i in range(len(outline))
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _inside(polygon: Sequence[Point], point: Point) -> bool:
    inside = False
    x, y = point
    previous_x, previous_y = polygon[-1]
    for corner_x, corner_y in polygon:
        if (corner_y > y) != (previous_y > y):
            crossing = (previous_x - corner_x) * (y - corner_y) / (previous_y - corner_y)
            if x < corner_x + crossing:
                inside = not inside
        previous_x, previous_y = corner_x, corner_y
    return inside


def _gap(polygon: Sequence[Point], point: Point) -> float:
    """Distance from a point to the polygon's edge."""
    best = math.inf
    for i in range(len(polygon)):
        (ax, ay), (bx, by) = polygon[i - 1], polygon[i]
        run_x, run_y = bx - ax, by - ay
        square = run_x * run_x + run_y * run_y
        share = 0.0 if square == 0.0 else ((point[0] - ax) * run_x + (point[1] - ay) * run_y) / square
        share = min(1.0, max(0.0, share))
        best = min(best, math.hypot(point[0] - ax - share * run_x, point[1] - ay - share * run_y))
    return best

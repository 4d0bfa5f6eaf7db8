"""When the car was near a cone or a kerb strip: another car's touch is not this car's."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from center.driving_track.scoring.geometry.outline import placed
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.signals import Stretch
from center.driving_track.scoring.zones import Grid, distance_m
from messages.site import Car, Element, ElementKind, Site

CONE_WITHIN_M = 1.0
"""Of the outline (docs/observations.md)."""
STRIP_WITHIN_M = 0.5
"""Of a wheel (docs/observations.md)."""
_JOIN_NS = 300_000_000


class Nearness:
    """A fold over the poses: for each cone and kerb strip the stretches in which the car was near."""

    def __init__(self, site: Site, car: Car) -> None:
        self._car = car
        longest = max(abs(x) + abs(y) for x, y in car.outline)
        watched = [one for one in site.elements if one.kind in (ElementKind.CONE_TILT, ElementKind.KERB_STRIP)]
        self._grid: Grid[Element] = Grid([(one, one.points) for one in watched], longest + CONE_WITHIN_M)
        self._wheels_within_m = max(abs(x) + abs(y) for x, y in car.tyres) + STRIP_WITHIN_M
        self._box = (
            min(x for x, _ in car.outline),
            max(x for x, _ in car.outline),
            max(abs(y) for _, y in car.outline),
        )
        self.stretches: dict[str, list[Stretch]] = {one.id: [] for one in watched}

    def feed(self, point: PathPoint) -> None:
        """Take in one pose."""
        for element in self._grid.near(point.east_m, point.north_m):
            if self._is_near(point, element):
                self._extend(element.id, point.time_ns)

    def was_near(self, element_id: str, since_ns: int, until_ns: int) -> bool:
        """Whether the car was near at some time between two instants."""
        return any(one.since_ns <= until_ns and one.until_ns >= since_ns for one in self.stretches[element_id])

    def _is_near(self, point: PathPoint, element: Element) -> bool:
        if element.kind is ElementKind.CONE_TILT:
            return self._outline_distance_m(point, element) <= CONE_WITHIN_M
        if distance_m(point.east_m, point.north_m, element.points) > self._wheels_within_m:
            return False
        tyres = placed(point, self._car.tyres)
        return any(distance_m(east, north, element.points) <= STRIP_WITHIN_M for east, north in tyres)

    def _outline_distance_m(self, point: PathPoint, element: Element) -> float:
        """Of a cone from the outline's bounding rectangle."""
        east, north = element.points[0][0] - point.east_m, element.points[0][1] - point.north_m
        x = east * point.forward_east + north * point.forward_north
        y = east * point.left_east + north * point.left_north
        rear, front, side = self._box
        ahead, aside = max(rear - x, x - front, 0.0), max(abs(y) - side, 0.0)
        return sqrt(ahead * ahead + aside * aside)

    def _extend(self, element_id: str, time_ns: int) -> None:
        stretches = self.stretches[element_id]
        if stretches and time_ns - stretches[-1].until_ns <= _JOIN_NS:
            stretches[-1] = replace(stretches[-1], until_ns=time_ns)
        else:
            stretches.append(Stretch(time_ns, time_ns))

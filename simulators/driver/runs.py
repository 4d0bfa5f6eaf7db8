"""The straight runs of a route's guide and the corners between them: the way where no manoeuvre is driven."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from messages.site import Point
from simulators.driver.path import Path, Pose, corner, join, straight

_LEAST_RUN_M = 10.0
_EXTRA_REACH_M = 1.0
_RAMP_M = 3.0


@dataclass(frozen=True, slots=True)
class Run:
    """A straight of the guide."""

    start: Pose
    length_m: float

    @property
    def end(self) -> Pose:
        """Where it ends."""
        return self.start.ahead(self.length_m)

    def enters(self, polygon: Sequence[Point]) -> float | None:
        """Distance along the run (begun 10 m early) at which it enters a polygon; None if it does not."""
        steps = int((self.length_m + 10.0) / 0.1)
        for i in range(steps):
            distance = i * 0.1 - 10.0
            pose = self.start.ahead(distance)
            if contains(polygon, pose.east_m, pose.north_m):
                return distance
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a run, by the run's number and the distance along it."""

    run: int
    distance_m: float


class Runs:
    """All straights of a guide, in order."""

    def __init__(self, guide: Sequence[Point]) -> None:
        self.runs = [
            Run(Pose(one[0], one[1], math.atan2(two[1] - one[1], two[0] - one[0])), math.dist(one, two))
            for one, two in itertools.pairwise(guide)
            if math.dist(one, two) >= _LEAST_RUN_M
        ]

    def pose(self, place: Place) -> Pose:
        """The pose at a place."""
        return self.runs[place.run].start.ahead(place.distance_m)

    def path(self, since: Place, until: Place) -> Path:
        """Along the guide from one place to a later one, with clothoid corners between runs."""
        parts: list[Path] = []
        at = self.pose(since)
        for number in range(since.run, until.run):
            one, two = self.runs[number], self.runs[number + 1]
            bend = corner(one.end, two.start, _reach(one, two), _RAMP_M)
            parts += [_between(at, bend.start), bend]
            at = bend.end
        return join([*parts, _between(at, self.pose(until))])

    def first_distance(self, number: int) -> float:
        """Distance along a run at which the corner before it has ended."""
        return _EXTRA_REACH_M if number else 0.0


def contains(polygon: Sequence[Point], east_m: float, north_m: float) -> bool:
    """Whether a point lies in a polygon."""
    inside = False
    before_east, before_north = polygon[-1]
    for east, north in polygon:
        if (north > north_m) != (before_north > north_m) and east_m < east + (before_east - east) * (
            north_m - north
        ) / (before_north - north):
            inside = not inside
        before_east, before_north = east, north
    return inside


def _reach(one: Run, two: Run) -> float:
    """Tangent length of the guide's own corner, and a metre more for the clothoids."""
    gap = math.hypot(two.start.east_m - one.end.east_m, two.start.north_m - one.end.north_m)
    turn = abs(math.remainder(two.start.heading_rad - one.end.heading_rad, math.tau))
    return gap / 2 / math.cos(turn / 2) + _EXTRA_REACH_M


def _between(one: Pose, two: Pose) -> Path:
    length = math.hypot(two.east_m - one.east_m, two.north_m - one.north_m)
    return straight(one, max(length, 0.01))

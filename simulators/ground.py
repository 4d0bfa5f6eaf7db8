"""Surface heights of a site as the simulated car feels them: a tilted plane and the ramps laid on it."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right

from messages.site import Point, Surface


class _Ramp:
    """One grade profile: knots of (distance, grade), the height at each knot, and the band in which it holds."""

    def __init__(
        self, polygon: tuple[Point, ...], origin: Point, direction_deg: float, knots: tuple[Point, ...]
    ) -> None:
        self.polygon = polygon
        self.west = min(point[0] for point in polygon)
        self.east = max(point[0] for point in polygon)
        self.south = min(point[1] for point in polygon)
        self.north = max(point[1] for point in polygon)
        self.origin = origin
        self.along_east = math.sin(math.radians(direction_deg))
        self.along_north = math.cos(math.radians(direction_deg))
        self.distances = [knot[0] for knot in knots]
        self.grades = [knot[1] for knot in knots]
        self.heights = [0.0]
        for one, two in itertools.pairwise(knots):
            self.heights.append(self.heights[-1] + (two[0] - one[0]) * (one[1] + two[1]) / 2)

    def height_at(self, east_m: float, north_m: float) -> float:
        """Height above the plane; 0 outside the polygon."""
        if not (self.west <= east_m <= self.east and self.south <= north_m <= self.north):
            return 0.0
        if not _inside(self.polygon, east_m, north_m):
            return 0.0
        distance = (east_m - self.origin[0]) * self.along_east + (north_m - self.origin[1]) * self.along_north
        if distance <= self.distances[0]:
            return 0.0
        if distance >= self.distances[-1]:
            return self.heights[-1]
        knot = bisect_right(self.distances, distance) - 1
        run = distance - self.distances[knot]
        slope = (self.grades[knot + 1] - self.grades[knot]) / (self.distances[knot + 1] - self.distances[knot])
        return self.heights[knot] + run * (self.grades[knot] + slope * run / 2)


class Ground:
    """Height in metres above the anchor at any place of the site."""

    def __init__(self, surface: Surface) -> None:
        self._grade_east = surface.grade_east
        self._grade_north = surface.grade_north
        self._ramps = [_Ramp(ramp.polygon, ramp.origin, ramp.direction_deg, ramp.knots) for ramp in surface.ramps]

    def height_at(self, east_m: float, north_m: float) -> float:
        """Height of the ground in metres above the anchor."""
        height = self._grade_east * east_m + self._grade_north * north_m
        for ramp in self._ramps:
            height += ramp.height_at(east_m, north_m)
        return height

    def tilt_under(
        self, east_m: float, north_m: float, heading_rad: float, wheelbase_m: float, track_m: float
    ) -> tuple[float, float, float]:
        """Height, pitch (nose up) and roll (left side up), in m and rad, of a car that stands there on its wheels.

        The car bridges what lies between its axles: pitch is that of the chord from the rear axle's middle to the
        front axle's, roll that of the chord between the rear wheels.
        """
        c, s = math.cos(heading_rad), math.sin(heading_rad)
        if not any(ramp.west - 5 < east_m < ramp.east + 5 for ramp in self._ramps):
            along = self._grade_east * c + self._grade_north * s
            across = -self._grade_east * s + self._grade_north * c
            height = self._grade_east * east_m + self._grade_north * north_m
            return height, math.atan(along), math.atan(across)
        rear = self.height_at(east_m, north_m)
        front = self.height_at(east_m + wheelbase_m * c, north_m + wheelbase_m * s)
        half = track_m / 2
        left = self.height_at(east_m - half * s, north_m + half * c)
        right = self.height_at(east_m + half * s, north_m - half * c)
        return rear, math.atan2(front - rear, wheelbase_m), math.atan2(left - right, track_m)


def _inside(polygon: tuple[Point, ...], east_m: float, north_m: float) -> bool:
    inside = False
    previous_east, previous_north = polygon[-1]
    for corner_east, corner_north in polygon:
        if (corner_north > north_m) != (previous_north > north_m):
            crossing = (previous_east - corner_east) * (north_m - corner_north) / (previous_north - corner_north)
            if east_m < corner_east + crossing:
                inside = not inside
        previous_east, previous_north = corner_east, corner_north
    return inside

"""Paths of the rear axle's middle: straights, clothoid corners, splines, and how to shift and join them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
SPACING_M = 0.05


@dataclass(frozen=True, slots=True)
class Pose:
    """Place and heading (rad, anticlockwise from east)."""

    east_m: float
    north_m: float
    heading_rad: float

    def ahead(self, distance_m: float, left_m: float = 0.0) -> Pose:
        """The pose that far along and to the left of this one, with its heading."""
        c, s = math.cos(self.heading_rad), math.sin(self.heading_rad)
        return Pose(
            self.east_m + distance_m * c - left_m * s, self.north_m + distance_m * s + left_m * c, self.heading_rad
        )


@dataclass(frozen=True, slots=True)
class Path:
    """Points a few centimetres apart along the direction of travel, with heading and curvature (1/m, left positive)."""

    east: Array
    north: Array
    heading: Array
    curvature: Array
    station: Array

    @property
    def length_m(self) -> float:
        """Length of the path."""
        return float(self.station[-1])

    @property
    def end(self) -> Pose:
        """Pose at the end, heading as travelled."""
        return Pose(float(self.east[-1]), float(self.north[-1]), float(self.heading[-1]))

    @property
    def start(self) -> Pose:
        """Pose at the start, heading as travelled."""
        return Pose(float(self.east[0]), float(self.north[0]), float(self.heading[0]))

    def reversed(self) -> Path:
        """The same points travelled the other way."""
        return Path(
            self.east[::-1].copy(),
            self.north[::-1].copy(),
            self.heading[::-1] + math.pi,
            -self.curvature[::-1],
            self.length_m - self.station[::-1],
        )

    def since(self, index: int) -> Path:
        """What follows point ``index``."""
        return Path(
            self.east[index:],
            self.north[index:],
            self.heading[index:],
            self.curvature[index:],
            self.station[index:] - self.station[index],
        )

    def until(self, station_m: float) -> Path:
        """What comes before a station; ends exactly there."""
        end = int(np.searchsorted(self.station, station_m))
        share = (station_m - self.station[end - 1]) / (self.station[end] - self.station[end - 1])

        def cut(values: Array) -> Array:
            return np.append(values[:end], values[end - 1] + share * (values[end] - values[end - 1]))

        return Path(cut(self.east), cut(self.north), cut(self.heading), cut(self.curvature), cut(self.station))

    def shifted(self, left: Array) -> Path:
        """The path moved sideways by ``left`` (m, one value a point, smooth)."""
        return from_points(self.east - left * np.sin(self.heading), self.north + left * np.cos(self.heading))


def from_points(east: Array, north: Array) -> Path:
    """A path through smooth, dense points; heading and curvature by central differences."""
    steps = np.hypot(np.diff(east), np.diff(north))
    station = np.concatenate(([0.0], np.cumsum(steps)))
    heading = np.unwrap(np.arctan2(np.gradient(north, station), np.gradient(east, station)))
    curvature = np.gradient(heading, station)
    return Path(east, north, heading, curvature, station)


def from_curvature(start: Pose, pieces: Sequence[tuple[float, float, float]]) -> Path:
    """A path of pieces (length in m, curvature at the start, at the end), curvature linear within a piece."""
    stations, curvatures = [0.0], [pieces[0][1]]
    for length, first, last in pieces:
        count = max(2, math.ceil(length / SPACING_M))
        base = stations[-1]
        for i in range(1, count + 1):
            stations.append(base + length * i / count)
            curvatures.append(first + (last - first) * i / count)
    station = np.array(stations)
    curvature = np.array(curvatures)
    steps = np.diff(station)
    turned = steps * (curvature[:-1] + curvature[1:]) / 2
    heading = start.heading_rad + np.concatenate(([0.0], np.cumsum(turned)))
    # The chord of a short clothoid points along its middle heading, to third order of the step.
    middle = heading[:-1] + turned / 2 + (curvature[:-1] - curvature[1:]) * steps / 24
    east = start.east_m + np.concatenate(([0.0], np.cumsum(steps * np.cos(middle))))
    north = start.north_m + np.concatenate(([0.0], np.cumsum(steps * np.sin(middle))))
    return Path(east, north, heading, curvature, station)


def straight(start: Pose, length_m: float) -> Path:
    """A straight along the pose's heading."""
    return from_curvature(start, [(length_m, 0.0, 0.0)])


def turn_pieces(angle_rad: float, curvature: float, ramp_m: float) -> list[tuple[float, float, float]]:
    """Pieces that turn by an angle (left positive) with ramps of the curvature at both ends; flatter if it is small."""
    sign = math.copysign(1.0, angle_rad)
    size = abs(angle_rad)
    curvature = min(abs(curvature), size / ramp_m)
    arc = size / curvature - ramp_m
    pieces = [(ramp_m, 0.0, sign * curvature)]
    if arc > 1e-6:
        pieces.append((arc, sign * curvature, sign * curvature))
    return [*pieces, (ramp_m, sign * curvature, 0.0)]


def sideways_pieces(left_m: float, curvature: float, ramp_m: float) -> list[tuple[float, float, float]]:
    """Pieces of an S that ends parallel to its start, ``left_m`` to the left."""
    if abs(left_m) < 1e-9:
        return [(0.1, 0.0, 0.0)]
    low, high = 0.0, math.radians(80)
    for _ in range(60):
        angle = (low + high) / 2
        path = from_curvature(Pose(0.0, 0.0, 0.0), _s_pieces(angle, curvature, ramp_m))
        low, high = (angle, high) if path.end.north_m < abs(left_m) else (low, angle)
    return _s_pieces(math.copysign(high, left_m), curvature, ramp_m)


def _s_pieces(angle: float, curvature: float, ramp_m: float) -> list[tuple[float, float, float]]:
    return [*turn_pieces(angle, curvature, ramp_m), *turn_pieces(-angle, curvature, ramp_m)]


def corner(start: Pose, end: Pose, reach_m: float, ramp_m: float) -> Path:
    """The clothoid, arc and clothoid that turn from one straight into another.

    Begins and ends ``reach_m`` from where the straights meet; the arc's curvature is found by bisection.
    """
    angle = math.remainder(end.heading_rad - start.heading_rad, math.tau)
    meeting = _meeting(start, end)
    low, high = abs(angle) / (4 * reach_m), 10.0
    for _ in range(60):
        curvature = (low + high) / 2
        trial = from_curvature(Pose(0.0, 0.0, 0.0), turn_pieces(angle, curvature, ramp_m))
        reach = trial.end.east_m - trial.end.north_m / math.tan(angle)
        low, high = (curvature, high) if reach > reach_m else (low, curvature)
    begin = Pose(meeting[0], meeting[1], start.heading_rad).ahead(-reach_m)
    return from_curvature(begin, turn_pieces(angle, high, ramp_m))


def _meeting(start: Pose, end: Pose) -> tuple[float, float]:
    c, s = math.cos(start.heading_rad), math.sin(start.heading_rad)
    c2, s2 = math.cos(end.heading_rad), math.sin(end.heading_rad)
    run = ((end.east_m - start.east_m) * s2 - (end.north_m - start.north_m) * c2) / (c * s2 - s * c2)
    return start.east_m + run * c, start.north_m + run * s


def spline(knots: Sequence[tuple[float, float]], along: Array) -> Array:
    """Values at ``along`` of the clamped cubic spline (flat ends) through (along, value) knots."""
    x = np.array([knot[0] for knot in knots])
    y = np.array([knot[1] for knot in knots])
    h, slope = np.diff(x), np.diff(y) / np.diff(x)
    count = len(x)
    matrix, right = np.zeros((count, count)), np.zeros(count)
    matrix[0, :2], right[0] = (2 * h[0], h[0]), 6 * slope[0]
    matrix[-1, -2:], right[-1] = (h[-1], 2 * h[-1]), -6 * slope[-1]
    for i in range(1, count - 1):
        matrix[i, i - 1 : i + 2] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
        right[i] = 6 * (slope[i] - slope[i - 1])
    second = np.linalg.solve(matrix, right)
    at = np.clip(np.searchsorted(x, along, side="right") - 1, 0, count - 2)
    ahead, behind = x[at + 1] - along, along - x[at]
    cubic = (second[at] * ahead**3 + second[at + 1] * behind**3) / (6 * h[at])
    linear = (y[at] / h[at] - second[at] * h[at] / 6) * ahead + (
        y[at + 1] / h[at] - second[at + 1] * h[at] / 6
    ) * behind
    result: Array = cubic + linear
    return result


def join(paths: Sequence[Path]) -> Path:
    """One path of several that follow one another; a point shared by two is kept once."""
    parts = [paths[0], *(_without_first(path) for path in paths[1:])]
    base = 0.0
    stations: list[Array] = []
    headings: list[Array] = []
    turn = 0.0
    for path, whole in zip(parts, paths, strict=True):
        if headings:
            turn = math.tau * round((headings[-1][-1] - whole.heading[0]) / math.tau)
        stations.append(base + path.station)
        headings.append(path.heading + turn)
        base += whole.length_m
    return Path(
        np.concatenate([path.east for path in parts]),
        np.concatenate([path.north for path in parts]),
        np.concatenate(headings),
        np.concatenate([path.curvature for path in parts]),
        np.concatenate(stations),
    )


def _without_first(path: Path) -> Path:
    return Path(path.east[1:], path.north[1:], path.heading[1:], path.curvature[1:], path.station[1:])

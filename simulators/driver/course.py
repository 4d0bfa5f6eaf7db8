"""How fast a leg can be driven at each point: limits, bends, the steering's rate, and braking for what comes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulators.car import CarModel
from simulators.driver.tasks import Leg

_LATERAL_MPS2 = 1.3


@dataclass(frozen=True, slots=True)
class Course:
    """A path as plain lists, with the square of the highest speed at each point, and the braking before a stop."""

    east: list[float]
    north: list[float]
    heading: list[float]
    curvature: list[float]
    stations: list[float]
    squares: list[float]
    braking_mps2: float

    def at(self, index: int, station_m: float, stop_m: float) -> tuple[float, float]:
        """Wanted speed (m/s) and its change (m/s²) at a station just past point ``index``, with a stop ahead."""
        spacing = self.stations[index + 1] - self.stations[index]
        slope = (self.squares[index + 1] - self.squares[index]) / spacing
        square = self.squares[index] + slope * (station_m - self.stations[index])
        braking = 2 * self.braking_mps2 * (stop_m - station_m)
        if braking < square:
            return math.sqrt(max(braking, 0.0)), -self.braking_mps2
        return math.sqrt(max(square, 0.0)), slope / 2 if slope < 0 else 0.0


def course_of(leg: Leg, model: CarModel) -> Course:
    """The course of a leg; bends are taken at most at 1.3 m/s² and no faster than the steering follows."""
    path = leg.path
    speed = np.full(len(path.station), leg.speed_mps)
    speed = np.minimum(speed, np.sqrt(_LATERAL_MPS2 / np.maximum(np.abs(path.curvature), 1e-6)))
    change = np.abs(np.gradient(np.arctan(model.wheelbase_m * path.curvature), path.station))
    speed = np.minimum(speed, 0.75 * model.max_front_wheel_rate / np.maximum(change, 1e-6))
    for since, until, limit in leg.limits:
        inside = (path.station >= since) & (path.station <= until)
        speed[inside] = np.minimum(speed[inside], limit)
    squares = speed**2
    squares[-1] = min(squares[-1], leg.exit_mps**2)
    reach = 2 * leg.braking_mps2 * path.station
    # Braking in time: v² at a point is at most v² + 2·b·distance of every later point.
    squares = np.minimum.accumulate((squares + reach)[::-1])[::-1] - reach
    columns = (path.east, path.north, path.heading, path.curvature, path.station, squares)
    east, north, heading, curvature, stations, limits = (column.tolist() for column in columns)
    return Course(east, north, heading, curvature, stations, limits, leg.braking_mps2)

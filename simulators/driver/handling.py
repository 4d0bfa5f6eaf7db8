"""How pedals, gear lever and steering wheel are moved for a wanted acceleration and a path."""

from __future__ import annotations

import math
from typing import Final

from simulators.car import GRAVITY_MPS2, STEP_S, CarMotion, Controls
from simulators.driver.course import Course

_CONVERGENCE_M: Final = 1.2
"""Distance over which a sideways error decays."""
_CLUTCH_OUT_MPS: Final = 1.5


def push(accel: float, direction: int, controls: Controls, pitch_rad: float) -> None:
    """Throttle or brake for an acceleration along the direction of travel on this slope."""
    friction = 0.12 + (2.2 if controls.handbrake_on else 0.0)
    need = accel + direction * GRAVITY_MPS2 * math.sin(pitch_rad) + friction
    controls.drive_mps2 = need if need > 0.0 else 0.0
    controls.brake_mps2 = -need if need < 0.0 else 0.0


def change_gear(direction: int, speed: float, controls: Controls) -> None:
    controls.clutch_pressed = speed < _CLUTCH_OUT_MPS
    if direction < 0:
        controls.gear = -1
        return
    gear = controls.gear
    if gear < 1:
        controls.gear = 1
    elif (gear == 1 and speed > 3.4) or (gear == 2 and speed > 6.2):
        controls.gear = gear + 1
        controls.clutch_pressed = True
    elif (gear == 2 and speed < 2.4) or (gear == 3 and speed < 5.2):
        controls.gear = gear - 1
        controls.clutch_pressed = True


def steering(
    course: Course, index: int, station_m: float, direction: int, motion: CarMotion, wheelbase_m: float
) -> float:
    """Front wheel angle: the path's curvature a step ahead, and feedback on place and heading."""
    path, i = course, index
    heading = path.heading[i]
    along = station_m - path.stations[i]
    curvature = path.curvature[i]
    east, north = motion.east_m - path.east[i], motion.north_m - path.north[i]
    aside = north * math.cos(heading) - east * math.sin(heading) - curvature * along * along / 2
    travel = motion.heading_rad if direction > 0 else motion.heading_rad + math.pi
    askew = math.remainder(travel - heading - curvature * along, math.tau)
    ahead = min(i + 1, len(path.curvature) - 1)
    spacing = path.stations[ahead] - path.stations[i]
    share = (along + abs(motion.speed_mps) * STEP_S) / spacing if spacing > 0 else 0.0
    curvature += (path.curvature[ahead] - curvature) * share
    wanted = curvature - aside / _CONVERGENCE_M**2 - 2 * math.sin(askew) / _CONVERGENCE_M
    return math.atan(wheelbase_m * direction * wanted)

"""The snake: around cones in turn, within the edges of a corridor."""

from __future__ import annotations

import numpy as np

from simulators.driver.exercise import ExerciseContext, bump
from simulators.driver.path import Array, Path, from_points, join, spline
from simulators.driver.plan import MistakeKind
from simulators.driver.tasks import Leg, Task

_SWING_M = 1.45
"""How far the rear axle passes beside a cone."""
_PAST_ALL_M = 1.7
"""How far beside the cones somebody drives who leaves the snake out."""
_SPEED_MPS = 2.4
_BUMP_HALF_M = 7.0
_RUN_OUT_M = 6.0


def snake(context: ExerciseContext) -> list[Task]:
    """Around the cones, first to the right of the first one, then on along the guide."""
    base = context.guide()
    stations = [_station_of(context, base, cone) for cone in context.exercise.cones]
    aside, end = _aside(context, base, stations)
    until = int(np.searchsorted(base.station, end + 1.0))
    bent = base.shifted(aside)
    path = join([from_points(bent.east[: until + 1], bent.north[: until + 1]), base.since(until)])
    limits = ((0.0, end, _SPEED_MPS * context.style.pace),)
    return [Leg(path, context.cruise_mps, exit_mps=context.exit_mps, limits=limits, cues=context.turn_cues(path))]


def _aside(context: ExerciseContext, base: Path, stations: list[float]) -> tuple[Array, float]:
    """How far left of the guide to drive, and the station from which it is nothing."""
    spacing = stations[1] - stations[0]
    swings = [_SWING_M * (-1) ** (number + 1) for number in range(len(stations))]
    if context.makes(MistakeKind.SKIPS_EXERCISE):
        swings = [-_PAST_ALL_M] * len(stations)
    tail = stations[-1] + 1.15 * spacing
    end = tail + _RUN_OUT_M
    knots = [(0.0, 0.0), (stations[0] - spacing, 0.0), *zip(stations, swings, strict=True), (tail, 0.0), (end, 0.0)]
    aside: Array = np.where(base.station <= end, spline(knots, np.minimum(base.station, end)), 0.0)
    for mistake, value in context.knobs.items():
        if mistake.kind is MistakeKind.CONE_KNOCK and mistake.line in context.exercise.cones:
            number = context.exercise.cones.index(mistake.line)
            aside = aside - np.sign(swings[number]) * value * bump(base, stations[number], _BUMP_HALF_M)
        elif mistake.kind is MistakeKind.LINE_EXCESS and mistake.line in context.exercise.lines:
            to_left = context.site.line(mistake.line).forbidden_side == "left"
            number = next(i for i, swing in enumerate(swings) if i > 0 and (swing > 0) == to_left)
            aside = aside + (1.0 if to_left else -1.0) * value * bump(base, stations[number], _BUMP_HALF_M)
    return aside, end


def _station_of(context: ExerciseContext, base: Path, cone: str) -> float:
    east, north = context.site.element(cone).points[0]
    return float(base.station[int(np.argmin(np.hypot(base.east - east, base.north - north)))])

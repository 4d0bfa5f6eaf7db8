"""Makes a mistake of exactly the chosen size: measures it on trial drives and turns its knob until it fits."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from messages.readings import Aspect
from messages.site import Car, Exercise, ExerciseKind, Line, Point, Site
from simulators.driver.excess import contact_patches, dense, in_plan, largest_excess
from simulators.driver.path import Array
from simulators.driver.plan import BadPlan, Mistake, MistakeKind, Part
from simulators.samples import ElementChange, TruthSample

MOVING_MPS: Final = 0.10
STANDING_MPS: Final = 0.05
CONE_RING_M: Final = 0.16
_WELL_OVER_M: Final = 0.05

Changes = Sequence[tuple[float, ElementChange]]
Measure = Callable[[Mistake, "Trial"], float]
_TRIES: Final = 14


class Trial:
    """One drive of one exercise, as arrays."""

    def __init__(self, site: Site, car: Car, exercise: Exercise, samples: Sequence[TruthSample], changes: Changes):
        self.site, self.car, self.exercise = site, car, exercise
        self.changes = changes
        self.time = np.array([one.time_s for one in samples])
        self.speed = np.array([one.speed_mps for one in samples])
        self.rpm = np.array([one.engine_rpm for one in samples])
        self.gear = np.array([one.gear for one in samples])
        self.belt = np.array([one.belt_fastened for one in samples])
        self.east = np.array([one.east_m for one in samples])
        self.north = np.array([one.north_m for one in samples])
        self.heading = np.array([one.heading_rad for one in samples])
        self._tilt = (
            np.array([one.ground_pitch_rad for one in samples]),
            np.array([one.ground_roll_rad for one in samples]),
        )

    def shape(self, points: Sequence[Point], rows: Any = None) -> tuple[Array, Array]:
        """A body shape in plan, one pose a row."""
        pick = slice(None) if rows is None else rows
        pitch, roll = self._tilt
        return in_plan(points, self.east[pick], self.north[pick], self.heading[pick], pitch[pick], roll[pick])

    def line(self, line_id: str | None) -> Line:
        """A line by its name, which a mistake must give."""
        if line_id is None:
            raise BadPlan(f"a mistake of exercise {self.exercise.id!r} names no line")
        try:
            return self.site.line(line_id)
        except KeyError as error:
            raise BadPlan(f"line {line_id!r} is not in the survey") from error

    def changed_at(self, element_id: str | None, value: Aspect) -> float:
        """When an element first showed an aspect."""
        for time_s, change in self.changes:
            if change.element_id == element_id and change.value is value:
                return time_s
        raise BadPlan(f"{element_id!r} never shows {value} in exercise {self.exercise.id!r}")


def is_measured(kind: MistakeKind) -> bool:
    """Whether mistakes of this kind have a size that must be found by trial."""
    return kind in _MEASURES


def measured(mistake: Mistake, site: Site, car: Car, samples: Sequence[TruthSample], changes: Changes) -> float:
    """The true size of a mistake in a drive of its exercise, in the unit of its kind."""
    return _MEASURES[mistake.kind](mistake, Trial(site, car, site.exercise(mistake.exercise), samples, changes))


def solve(mistake: Mistake, size_at: Callable[[float], float]) -> float:
    """The knob's value that gives the chosen size, by the secant method held between what is known to lie beside it.

    Raises :class:`BadPlan` if no value does.
    """
    seconds = mistake.kind in _IN_SECONDS
    size = mistake.size or (_WELL_OVER_M if mistake.kind is MistakeKind.CONE_KNOCK else 0.0)
    tolerance = 0.008 if seconds else 0.0003
    value = 0.0 if mistake.kind in _FROM_NOTHING else mistake.size
    known: list[tuple[float, float]] = []
    for _ in range(_TRIES):
        error = size_at(value) - size
        if abs(error) <= tolerance:
            return value
        if math.isinf(error):
            raise BadPlan(f"{mistake} cannot be measured: the car never comes there")
        known.append((value, error))
        value = _next_value(known)
    closest = min(known, key=lambda pair: abs(pair[1]))
    if abs(closest[1]) > (0.02 if seconds else 0.001):
        raise BadPlan(f"{mistake} cannot be made: at best it is {closest[1]:+.4f} beside the chosen size")
    return closest[0]


def _next_value(known: list[tuple[float, float]]) -> float:
    below = [pair for pair in known if pair[1] < 0]
    above = [pair for pair in known if pair[1] > 0]
    (x1, e1) = known[-1]
    if len(known) == 1:
        return x1 - e1
    if below and above and len(known) > 3:
        value = _between(max(below, key=lambda pair: pair[1]), min(above, key=lambda pair: pair[1]))
        if value not in [tried for tried, _ in known]:
            return value
        # A drive's size is not quite steady in its knob. Neighbours on either side of the size have it between them.
        beside = [(one, two) for one, two in itertools.pairwise(sorted(known)) if one[1] * two[1] < 0]
        return _between(*min(beside, key=lambda pair: abs(pair[0][1]) + abs(pair[1][1])))
    (x0, e0) = known[-2]
    slope = (e1 - e0) / (x1 - x0)
    if not 0.2 < abs(slope) < 20.0:
        slope = math.copysign(1.0, slope)
    return x1 - e1 / slope


def _between(one: tuple[float, float], two: tuple[float, float]) -> float:
    (x0, e0), (x1, e1) = one, two
    return x0 + (x1 - x0) * min(0.9, max(0.1, e0 / (e0 - e1)))


def _line_excess(mistake: Mistake, trial: Trial) -> float:
    line = trial.line(mistake.line)
    if mistake.part is Part.WHEEL:
        shapes = contact_patches(trial.car)
    else:
        shapes = [trial.car.outline]
    if len(line.points) > 2:
        shapes = [tuple(dense(shape)) for shape in shapes]
    return max(largest_excess(line, *trial.shape(shape)) for shape in shapes)


def _cone_overlap(mistake: Mistake, trial: Trial) -> float:
    east, north = trial.site.element(mistake.line or "").points[0]
    near = np.hypot(trial.east - east, trial.north - north) < 6.0
    e, n = trial.shape(dense(trial.car.outline), near)
    return CONE_RING_M - float(np.hypot(e - east, n - north).min())


def _stop_gap(mistake: Mistake, trial: Trial) -> float:
    """From the foremost point of the outline to the line's reference edge, where the car stands nearest to it."""
    finish = trial.exercise.kind is ExerciseKind.FINISH
    line = trial.line(trial.exercise.exit_line if finish else trial.exercise.stop_line)
    standing = np.flatnonzero((trial.speed[1:] == 0.0) & (trial.speed[:-1] != 0.0)) + 1
    gaps = [-largest_excess(line, *trial.shape(trial.car.outline, np.array([at]))) for at in standing.tolist()]
    near = [gap for gap in gaps if math.isfinite(gap)]
    return min(near, key=lambda gap: abs(gap - mistake.size), default=-math.inf)


def _rolled_back(mistake: Mistake, trial: Trial) -> float:
    along = (trial.east - trial.east[0]) * math.cos(trial.heading[0]) + (trial.north - trial.north[0]) * math.sin(
        trial.heading[0]
    )
    return float((np.maximum.accumulate(along) - along).max())


def _stood(mistake: Mistake, trial: Trial) -> float:
    """How long the car's first standstill lasts; in the start exercise from the signal to moving."""
    speed = np.abs(trial.speed)
    if trial.exercise.kind is ExerciseKind.START:
        since = trial.changed_at(trial.exercise.signal, Aspect.GREEN)
        moving = np.flatnonzero((trial.time > since) & (speed > MOVING_MPS))
        return float(trial.time[moving[0]]) - since
    first = int(np.argmax(speed > MOVING_MPS))
    stopped = first + int(np.argmax(speed[first:] < STANDING_MPS))
    return float(trial.time[stopped + int(np.argmax(speed[stopped:] > MOVING_MPS))] - trial.time[stopped])


def _clearing(mistake: Mistake, trial: Trial) -> float:
    """From green to the whole outline past the exit line's reference edge."""
    since = trial.changed_at(trial.exercise.signal, Aspect.GREEN)
    line = trial.line(trial.exercise.exit_line)
    (ax, ay), (bx, by) = line.points[0], line.points[-1]
    length = math.dist(line.points[0], line.points[-1])
    e, n = trial.shape(trial.car.outline)
    past = ((n - ay) * (bx - ax) - (e - ax) * (by - ay)) / length + line.width_m / 2
    aside = np.hypot(trial.east - (ax + bx) / 2, trial.north - (ay + by) / 2) < 8.0
    through = np.flatnonzero(aside & (past.min(axis=1) > 0.0))
    return float(trial.time[through[0]]) - since


def _outside_bay(mistake: Mistake, trial: Trial) -> float:
    """How far the outline reaches out of the bay's open side (its first two points) where the car stays longest."""
    bay = trial.exercise.bay
    assert bay is not None
    parked = (trial.speed == 0.0) & (np.cumsum(trial.speed < -MOVING_MPS) > 0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], parked.astype(np.int8), [0]))))
    spans = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    at = max(spans, key=lambda span: span[1] - span[0])[0]
    e, n = trial.shape(trial.car.outline, np.array([at]))
    (ax, ay), (bx, by) = bay[0], bay[1]
    out = ((e - ax) * (by - ay) - (n - ay) * (bx - ax)) / math.dist(bay[0], bay[1])
    inward = (bay[2][0] - ax) * (by - ay) - (bay[2][1] - ay) * (bx - ax)
    return float((out if inward < 0 else -out).max())


def _stopping_time(mistake: Mistake, trial: Trial) -> float:
    since = trial.changed_at(trial.exercise.signal, Aspect.RED)
    stopped = np.flatnonzero((trial.time > since) & (np.abs(trial.speed) < STANDING_MPS))
    return float(trial.time[stopped[0]]) - since


def _top_speed(mistake: Mistake, trial: Trial) -> float:
    return float(trial.speed.max())


def _revved(mistake: Mistake, trial: Trial) -> float:
    return float((trial.rpm > trial.car.max_engine_speed_rpm).sum()) * 0.01


_MEASURES: Final[dict[MistakeKind, Measure]] = {
    MistakeKind.LINE_EXCESS: _line_excess,
    MistakeKind.CONE_KNOCK: _cone_overlap,
    MistakeKind.STOP_DISTANCE: _stop_gap,
    MistakeKind.ROLLBACK: _rolled_back,
    MistakeKind.LATE_MOVE_OFF: _stood,
    MistakeKind.EARLY_MOVE_OFF: _stood,
    MistakeKind.SLOW_CLEARING: _clearing,
    MistakeKind.OUTSIDE_BAY: _outside_bay,
    MistakeKind.LATE_STOP: _stopping_time,
    MistakeKind.TOP_SPEED: _top_speed,
    MistakeKind.SPEEDING: _top_speed,
    MistakeKind.OVER_REVVING: _revved,
}
_IN_SECONDS: Final = frozenset(
    {
        MistakeKind.LATE_MOVE_OFF,
        MistakeKind.EARLY_MOVE_OFF,
        MistakeKind.SLOW_CLEARING,
        MistakeKind.LATE_STOP,
        MistakeKind.OVER_REVVING,
    }
)
_FROM_NOTHING: Final = frozenset({MistakeKind.LINE_EXCESS, MistakeKind.CONE_KNOCK, MistakeKind.OUTSIDE_BAY})
"""Kinds whose knob is how far the plan is moved from a clean one, so that the search begins at 0."""

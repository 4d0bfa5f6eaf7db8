"""What the planner of one exercise knows: the place, the car, the candidate's mistakes here, and the way on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from messages.site import Car, Exercise, Line, Site
from simulators.car import CarModel, Controls
from simulators.driver.path import Array, Path, Pose, join, straight
from simulators.driver.plan import BadPlan, Mistake, MistakeKind, Style
from simulators.driver.runs import Place, Runs, contains
from simulators.driver.tasks import Act, Cue
from simulators.ground import Ground

STOP_GAP_M = 0.175
"""From the front bumper to the near edge of a stop line, when nothing else is wanted."""
CRUISE_MPS = 4.5
_INDICATE_AHEAD_M = 9.0
_WANDER_M = 31.0
_BUMP_HALF_M = 9.0
_BESIDE_M = 2.6


def switch(**values: Any) -> Act:
    """An act that sets fields of the controls."""

    def act(controls: Controls) -> None:
        for name, value in values.items():
            setattr(controls, name, value)

    return act


LEFT = switch(left_indicator_on=True, right_indicator_on=False)
RIGHT = switch(left_indicator_on=False, right_indicator_on=True)
NEITHER = switch(left_indicator_on=False, right_indicator_on=False)
HAZARDS = switch(left_indicator_on=True, right_indicator_on=True)


@dataclass(frozen=True, slots=True)
class ExerciseContext:
    """Everything that a planner of one exercise needs."""

    site: Site
    car: Car
    model: CarModel
    ground: Ground
    runs: Runs
    exercise: Exercise
    style: Style
    since: Place
    until: Place
    """Where the next exercise takes over."""
    exit_mps: float
    knobs: Mapping[Mistake, float]
    """The mistakes made here, with the value that calibration gives each."""

    @property
    def front_m(self) -> float:
        """From the rear axle to the front bumper."""
        return max(point[0] for point in self.car.outline)

    @property
    def rear_m(self) -> float:
        """From the rear axle back to the rear bumper."""
        return -min(point[0] for point in self.car.outline)

    @property
    def sharpest(self) -> float:
        """Curvature (1/m) that manoeuvres are planned with: two degrees of steering are kept in hand."""
        return math.tan(self.model.max_front_wheel_rad - math.radians(2.0)) / self.model.wheelbase_m

    @property
    def cruise_mps(self) -> float:
        """Usual speed between exercises, or the one that is too high."""
        speeding = self.knob(MistakeKind.SPEEDING)
        return min(CRUISE_MPS * self.style.pace, 5.0) if speeding is None else speeding

    @property
    def start(self) -> Pose:
        """Where this exercise begins."""
        return self.runs.pose(self.since)

    def knob(self, kind: MistakeKind) -> float | None:
        """Calibrated value of the mistake of this kind here, if it is made."""
        for mistake, value in self.knobs.items():
            if mistake.kind is kind:
                return value
        return None

    def value(self, kind: MistakeKind, default: float) -> float:
        """Calibrated value of the mistake of this kind here, or what is done without it."""
        found = self.knob(kind)
        return default if found is None else found

    def makes(self, kind: MistakeKind) -> bool:
        """Whether a mistake of this kind is made here."""
        return any(mistake.kind is kind for mistake in self.knobs)

    def line_knobs(self) -> list[tuple[Mistake, float]]:
        """The lines to be crossed here, each with its calibrated value."""
        return [(one, value) for one, value in self.knobs.items() if one.kind is MistakeKind.LINE_EXCESS]

    def guide(self) -> Path:
        """The guide's path over this exercise, as this candidate drives it: wandering, and over lines by mistake."""
        path = self.runs.path(self.since, self.until)
        if self.style.wander_m:
            taper = np.sin(np.pi * path.station / path.length_m) ** 2
            path = path.shifted(self.style.wander_m * taper * np.sin(path.station * math.tau / _WANDER_M))
        for mistake, value in self.line_knobs():
            if mistake.line not in (*self.site.route.general_lines, *self.exercise.lines):
                raise BadPlan(f"line {mistake.line!r} is not one of exercise {self.exercise.id!r}")
            if mistake.line in self.site.route.general_lines:
                line = self.site.line(mistake.line)
                sign = 1.0 if line.forbidden_side == "left" else -1.0
                centre, half = self._beside(path, line)
                path = path.shifted(sign * value * bump(path, centre, half))
        return path

    def _beside(self, path: Path, line: Line) -> tuple[float, float]:
        """Station beside the line with most room for a bump, and half the bump's length."""
        dense = np.concatenate(
            [np.linspace(one, two, max(2, int(math.dist(one, two) / 0.5))) for one, two in pairwise(line.points)]
        )
        gaps = [
            float(np.hypot(dense[:, 0] - e, dense[:, 1] - n).min()) for e, n in zip(path.east, path.north, strict=True)
        ]
        room = np.minimum(np.minimum(path.station, path.length_m - path.station), _BUMP_HALF_M)
        beside = np.array(gaps) < _BESIDE_M
        if not beside.any():
            raise BadPlan(f"the way of exercise {self.exercise.id!r} does not run beside line {line.id!r}")
        fits = np.flatnonzero(beside & (room >= room[beside].max() - 1e-9))
        at = int(fits[len(fits) // 2])
        return float(path.station[at]), float(room[at])

    def station_of_front(self, path: Path, line: Line, gap_m: float) -> float:
        """Station at which the front bumper's middle stands ``gap_m`` before a line's near edge."""
        left, right = np.array(line.points[0]), np.array(line.points[-1])
        across = (right - left) / np.linalg.norm(right - left)
        ahead = np.array([-across[1], across[0]])
        past = self._past(path, left, ahead, across) + line.width_m / 2 + gap_m
        crossed = np.flatnonzero((past[:-1] < 0.0) & (past[1:] >= 0.0))
        if not len(crossed):
            raise ValueError(f"the path of {self.exercise.id} does not pass {line.id}")
        i = int(crossed[0])
        share = -past[i] / (past[i + 1] - past[i])
        return float(path.station[i] + share * (path.station[i + 1] - path.station[i]))

    def _past(self, path: Path, left: Any, ahead: Any, across: Any) -> Any:
        """How far the front bumper's middle is past a line at each point; far off to its sides counts as before it."""
        pitches = [
            self.ground.tilt_under(e, n, h, self.model.wheelbase_m, self.model.track_m)[1]
            for e, n, h in zip(path.east.tolist(), path.north.tolist(), path.heading.tolist(), strict=True)
        ]
        reach = self.front_m * np.cos(np.array(pitches))
        east = path.east + reach * np.cos(path.heading) - left[0]
        north = path.north + reach * np.sin(path.heading) - left[1]
        aside = east * across[0] + north * across[1]
        past = east * ahead[0] + north * ahead[1]
        return np.where((aside > -2.0) & (aside < 6.0), past, -1e3)

    def turn_cues(self, path: Path) -> tuple[Cue, ...]:
        """Indicator on before the front enters a turn's zone, and off when the rear axle has left it."""
        cues: list[Cue] = []
        silent = self.makes(MistakeKind.NO_INDICATOR)
        points = list(zip(path.east.tolist(), path.north.tolist(), path.heading.tolist(), strict=True))
        for turn in self.site.route.turns:
            fronts = [i for i, (e, n, h) in enumerate(points) if self._front_inside(turn.zone, e, n, h)]
            rears = [i for i, (e, n, _) in enumerate(points) if contains(turn.zone, e, n)]
            if fronts and fronts[0] > 0 and not silent:
                on = max(0.0, float(path.station[fronts[0]]) - _INDICATE_AHEAD_M)
                cues.append(Cue(on, LEFT if turn.side == "left" else RIGHT))
            if rears and rears[-1] < len(points) - 1:
                cues.append(Cue(float(path.station[rears[-1] + 1]), NEITHER))
        return in_order(cues)

    def _front_inside(self, zone: tuple[tuple[float, float], ...], east: float, north: float, heading: float) -> bool:
        return contains(zone, east + self.front_m * math.cos(heading), north + self.front_m * math.sin(heading))

    def onward(self, parts: list[Path]) -> Path:
        """The paths and a straight on to where the next exercise takes over."""
        goal = self.runs.pose(self.until)
        at = parts[-1].end
        c, s = math.cos(goal.heading_rad), math.sin(goal.heading_rad)
        left = (goal.east_m - at.east_m) * c + (goal.north_m - at.north_m) * s
        if left > 0.05:
            parts = [*parts, straight(at, left)]
        return join(parts)


def bump(path: Path, centre_m: float, half_m: float) -> Array:
    """A smooth bump of height 1 along a path: a squared cosine that ends ``half_m`` from its centre."""
    inside = np.abs(path.station - centre_m) < half_m
    shape: Array = np.where(inside, np.cos(np.pi / 2 * (path.station - centre_m) / half_m) ** 2, 0.0)
    return shape


def in_order(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Cues by station."""
    return tuple(sorted(cues, key=lambda cue: cue.station_m))

"""The track's own behaviour: start lamp, traffic light, level crossing, pedestrian, emergency lamp.

Each is triggered by where the car is, so that a drive meets the same signals whenever it is started. Durations are
drawn from the plan's seed within what a real controller would be set to.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass

from messages.readings import Aspect, BarrierPosition
from messages.site import Exercise, ExerciseKind, Site
from simulators.car import STEP_S

_LEAST_SPEED_FOR_EMERGENCY_MPS = 2.5
_STANDING_MPS = 0.02


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things last, in seconds."""

    red_s: float
    """Red of the traffic light after the car has come to its stop line."""
    red_amber_s: float
    barrier_closed_s: float
    pedestrian_s: float
    emergency_red_s: float
    """Red of the emergency lamp after the car stands."""

    @classmethod
    def drawn(cls, seed: int) -> Timing:
        """The timing of one exam."""
        source = random.Random(f"{seed}:track")
        return cls(
            red_s=source.uniform(5.0, 8.0),
            red_amber_s=1.5,
            barrier_closed_s=source.uniform(7.0, 11.0),
            pedestrian_s=source.uniform(7.0, 9.0),
            emergency_red_s=source.uniform(3.5, 4.5),
        )


class TrackLogic:
    """Advances with the truth; ``aspects`` and ``barriers`` are what is shown now."""

    def __init__(self, site: Site, timing: Timing) -> None:
        self._timing = timing
        self._zones = {exercise.kind: exercise for exercise in site.route.exercises}
        self.aspects: dict[str, Aspect] = {}
        self.barriers: dict[str, BarrierPosition] = {}
        self.pedestrian_walks = False
        self.start_signal_given = False
        self._age: dict[ExerciseKind, float] = {}
        """Seconds since the car came near, by exercise."""
        self._left_at: dict[ExerciseKind, float] = {}
        self._lamp_lit = False
        self._stood_s = 0.0
        """Since the car has stopped for the emergency lamp."""
        for exercise in site.route.exercises:
            if exercise.signal:
                resting_red = exercise.kind in (ExerciseKind.START, ExerciseKind.CROSSROADS)
                self.aspects[exercise.signal] = Aspect.RED if resting_red else Aspect.OFF
            if exercise.barrier:
                self.barriers[exercise.barrier] = BarrierPosition.UP

    def fork(self) -> TrackLogic:
        """An independent copy at the same instant."""
        twin = copy.copy(self)
        twin.aspects, twin.barriers = dict(self.aspects), dict(self.barriers)
        twin._age, twin._left_at = dict(self._age), dict(self._left_at)
        return twin

    def give_start_signal(self) -> None:
        """Show the start lamp's green."""
        self.start_signal_given = True
        start = self._zones.get(ExerciseKind.START)
        if start is not None and start.signal is not None:
            self.aspects[start.signal] = Aspect.GREEN

    def advance(self, near: frozenset[ExerciseKind], speed_mps: float, emergency_loop: bool) -> None:
        """One step; ``near``: the exercises that the car's front has come near to and not left yet."""
        for kind in near:
            self._age.setdefault(kind, 0.0)
        for kind in self._age:
            self._age[kind] += STEP_S
            if kind not in near:
                self._left_at.setdefault(kind, self._age[kind])
        self._traffic_light()
        self._level_crossing()
        self._pedestrian()
        self._emergency(speed_mps, emergency_loop)

    def _shows(self, kind: ExerciseKind) -> tuple[Exercise, float] | None:
        age = self._age.get(kind)
        return None if age is None else (self._zones[kind], age)

    def _traffic_light(self) -> None:
        """Red, red and amber, then green until the car is through."""
        shown = self._shows(ExerciseKind.CROSSROADS)
        if shown is None or shown[0].signal is None:
            return
        exercise, age = shown
        gone = self._left_at.get(exercise.kind)
        signal = shown[0].signal
        if gone is not None and age > gone + 2.0:
            self.aspects[signal] = Aspect.RED if age > gone + 5.0 else Aspect.AMBER
        elif age >= self._timing.red_s + self._timing.red_amber_s:
            self.aspects[signal] = Aspect.GREEN
        elif age >= self._timing.red_s:
            self.aspects[signal] = Aspect.RED_AMBER

    def _level_crossing(self) -> None:
        """Light, then barrier down; barrier up, then light off."""
        shown = self._shows(ExerciseKind.LEVEL_CROSSING)
        if shown is None or shown[0].signal is None or shown[0].barrier is None:
            return
        age, closed = shown[1], 6.0 + self._timing.barrier_closed_s
        self.aspects[shown[0].signal] = Aspect.FLASHING_RED if age < closed + 3.0 else Aspect.OFF
        moving = 3.0 <= age < 6.0 or closed <= age < closed + 3.0
        down = 6.0 <= age < closed
        position = BarrierPosition.MOVING if moving else BarrierPosition.DOWN if down else BarrierPosition.UP
        self.barriers[shown[0].barrier] = position

    def _pedestrian(self) -> None:
        shown = self._shows(ExerciseKind.PEDESTRIAN_CROSSING)
        self.pedestrian_walks = shown is not None and shown[1] < self._timing.pedestrian_s

    def _emergency(self, speed_mps: float, emergency_loop: bool) -> None:
        """Red when the car comes over the loop at speed; off some seconds after it stands."""
        exercise = self._zones.get(ExerciseKind.EMERGENCY_BRAKING)
        if exercise is None or exercise.signal is None:
            return
        if not self._lamp_lit:
            self._lamp_lit = emergency_loop and speed_mps > _LEAST_SPEED_FOR_EMERGENCY_MPS
        elif speed_mps < _STANDING_MPS or self._stood_s > 0.0:
            self._stood_s += STEP_S
        lit = self._lamp_lit and self._stood_s < self._timing.emergency_red_s
        self.aspects[exercise.signal] = Aspect.RED if lit else Aspect.OFF

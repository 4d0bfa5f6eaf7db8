"""Which planner plans which kind of exercise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from messages.site import ExerciseKind
from simulators.driver.exercise import ExerciseContext
from simulators.driver.manoeuvres import crossings, forward, reversing, slalom
from simulators.driver.tasks import Task

Planner = Callable[[ExerciseContext], list[Task]]

PLANNERS: Final[Mapping[ExerciseKind, Planner]] = {
    ExerciseKind.START: forward.start,
    ExerciseKind.HILL: crossings.hill,
    ExerciseKind.CROSSROADS: crossings.crossroads,
    ExerciseKind.SNAKE: slalom.snake,
    ExerciseKind.LIMITED_TURN: reversing.limited_turn,
    ExerciseKind.PARALLEL_PARKING: reversing.parallel_parking,
    ExerciseKind.BOX: reversing.box,
    ExerciseKind.LEVEL_CROSSING: crossings.level_crossing,
    ExerciseKind.PEDESTRIAN_CROSSING: crossings.pedestrian_crossing,
    ExerciseKind.EMERGENCY_BRAKING: forward.emergency_braking,
    ExerciseKind.SPEED_SECTION: forward.speed_section,
    ExerciseKind.FINISH: forward.finish,
}

"""Exercises with a stop line: the hill, the crossroads, the level crossing and the pedestrian crossing."""

from __future__ import annotations

from simulators.driver.exercise import STOP_GAP_M, ExerciseContext, switch
from simulators.driver.path import Path
from simulators.driver.plan import MistakeKind
from simulators.driver.tasks import Do, Hold, Leg, MoveOff, Task, Wait

_AS_USUAL = MoveOff()
_PARKED = (Do(switch(handbrake_on=True), 0.4), Do(switch(gear=0), 0.3))


def hill(context: ExerciseContext) -> list[Task]:
    """Stop on the upgrade before the line, hold with the handbrake, and move off without rolling back."""
    path = context.guide()
    pause = context.value(MistakeKind.LATE_MOVE_OFF, 4.0)
    tasks: tuple[Task, ...] = (*_PARKED, Do(None, pause))
    after = MoveOff(rollback_m=context.value(MistakeKind.ROLLBACK, 0.0))
    return [_leg(context, path, tasks, after_hold=after)]


def crossroads(context: ExerciseContext) -> list[Task]:
    """Wait for green, turn left with the indicator on, and clear the crossroads."""
    path = context.guide()
    late = context.value(MistakeKind.SLOW_CLEARING, 0.8)
    return [_leg(context, path, (Wait("light_green", late),), may_pass="light_green")]


def level_crossing(context: ExerciseContext) -> list[Task]:
    """Stop at the line until the light is off and the barrier up, at least four seconds."""
    path = context.guide()
    early = context.knob(MistakeKind.EARLY_MOVE_OFF)
    tasks: tuple[Task, ...] = (Do(None, 4.0), Wait("rail_clear", 0.8)) if early is None else (Do(None, early),)
    return [_leg(context, path, tasks)]


def pedestrian_crossing(context: ExerciseContext) -> list[Task]:
    """Stop at the line while somebody walks on the crossing."""
    path = context.guide()
    return [_leg(context, path, (Wait("zebra_free", 1.2),), may_pass="zebra_free")]


def _leg(
    context: ExerciseContext,
    path: Path,
    tasks: tuple[Task, ...],
    may_pass: str | None = None,
    after_hold: MoveOff = _AS_USUAL,
) -> Leg:
    """Drive along the guide with one stop at the exercise's line."""
    assert context.exercise.stop_line is not None
    gap = context.value(MistakeKind.STOP_DISTANCE, STOP_GAP_M)
    station = context.station_of_front(path, context.site.line(context.exercise.stop_line), gap)
    holds = () if context.makes(MistakeKind.NO_STOP) else (Hold(station, tasks, may_pass),)
    return Leg(
        path=path,
        speed_mps=context.cruise_mps,
        exit_mps=context.exit_mps,
        cues=context.turn_cues(path),
        holds=holds,
        after_hold=after_hold,
    )

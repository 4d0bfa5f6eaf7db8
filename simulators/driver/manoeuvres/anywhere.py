"""Mistakes that can be made in any exercise: they are added to whatever its planner has planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from messages.site import ExerciseKind
from simulators.driver.exercise import ExerciseContext, in_order, switch
from simulators.driver.plan import BadPlan, MistakeKind
from simulators.driver.tasks import Act, Cue, Do, Hold, Leg, Task

_FIRST_CUE_M: Final = 3.0
_EXTRA_STOP_M: Final = 9.0
_REVVED_RPM: Final = 4600.0
_OWN_WAIT: Final = (ExerciseKind.PARALLEL_PARKING, ExerciseKind.BOX)
_CAN_BE_SKIPPED: Final = (
    ExerciseKind.SNAKE,
    ExerciseKind.LIMITED_TURN,
    ExerciseKind.PARALLEL_PARKING,
    ExerciseKind.BOX,
)

_FOR_A_TIME: Final[dict[MistakeKind, tuple[Act, Act]]] = {
    MistakeKind.DOOR_OPENS: (switch(doors_closed=False), switch(doors_closed=True)),
    MistakeKind.BELT_OFF: (switch(belt_fastened=False), switch(belt_fastened=True)),
    MistakeKind.HANDBRAKE_LEFT_ON: (switch(handbrake_on=True), switch(handbrake_on=False)),
    MistakeKind.NO_BELT: (switch(belt_fastened=False), switch(belt_fastened=True)),
    MistakeKind.LIGHTS_OFF: (switch(dipped_beam_on=False), switch(dipped_beam_on=True)),
}
_FOR_EVER_AT_ZERO: Final = (MistakeKind.NO_BELT, MistakeKind.LIGHTS_OFF)


def with_mistakes(context: ExerciseContext, tasks: list[Task]) -> list[Task]:
    """The tasks with the mistakes that belong to no exercise in particular."""
    if context.makes(MistakeKind.SKIPS_EXERCISE) and context.exercise.kind not in _CAN_BE_SKIPPED:
        raise BadPlan(f"exercise {context.exercise.id!r} cannot be skipped: the way leads through it")
    for kind, (act, undo) in _FOR_A_TIME.items():
        duration = context.knob(kind)
        if duration is not None:
            for_ever = duration == 0.0 and kind in _FOR_EVER_AT_ZERO
            station = 0.0 if kind in _FOR_EVER_AT_ZERO else _FIRST_CUE_M
            tasks = _on_first_leg(tasks, _cued(station, act, None if for_ever else undo, duration))
    revving = context.knob(MistakeKind.OVER_REVVING)
    if revving is not None:
        rev = Do(switch(rev_rpm=_REVVED_RPM, gear=0, clutch_pressed=True), revving)
        tasks = _on_first_leg(tasks, _stopping(rev, Do(switch(rev_rpm=0.0), 0.8)))
    waiting = context.knob(MistakeKind.TOO_LONG)
    if waiting is not None and context.exercise.kind not in _OWN_WAIT:
        tasks = _on_first_leg(tasks, _stopping(Do(None, waiting)))
    stalls = context.knob(MistakeKind.STALL)
    if stalls is not None:
        tasks = _on_first_leg(tasks, _stalling(round(stalls) or 1))
    return tasks


def _on_first_leg(tasks: list[Task], change: Callable[[Leg], Leg]) -> list[Task]:
    number = next(i for i, task in enumerate(tasks) if isinstance(task, Leg))
    leg = tasks[number]
    assert isinstance(leg, Leg)
    return [*tasks[:number], change(leg), *tasks[number + 1 :]]


def _cued(station_m: float, act: Act, undo: Act | None, duration_s: float) -> Callable[[Leg], Leg]:
    def change(leg: Leg) -> Leg:
        return replace(leg, cues=in_order([*leg.cues, Cue(station_m, act, undo, duration_s)]))

    return change


def _stopping(*extra: Task) -> Callable[[Leg], Leg]:
    """Do it at the leg's first stop, or at a stop of its own."""

    def change(leg: Leg) -> Leg:
        if leg.holds:
            first = leg.holds[0]
            return replace(leg, holds=(replace(first, tasks=(*extra, *first.tasks)), *leg.holds[1:]))
        return replace(leg, holds=(Hold(_EXTRA_STOP_M, extra),))

    return change


def _stalling(times: int) -> Callable[[Leg], Leg]:
    def change(leg: Leg) -> Leg:
        return replace(
            leg,
            move_off=replace(leg.move_off, stalls=0 if leg.holds else times),
            after_hold=replace(leg.after_hold, stalls=times if leg.holds else 0),
        )

    return change

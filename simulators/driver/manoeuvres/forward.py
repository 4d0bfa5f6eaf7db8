"""Exercises driven straight on: start, emergency braking, speed section, finish."""

from __future__ import annotations

from simulators.driver.exercise import HAZARDS, LEFT, NEITHER, RIGHT, ExerciseContext, in_order, switch
from simulators.driver.path import join, straight
from simulators.driver.plan import MistakeKind
from simulators.driver.tasks import Cue, Do, Emergency, Leg, Task, Wait

_SECTION_MPS = 7.8
_OUTSIDE_SECTION_MPS = 4.9
_HASTY_MPS = 8.5
"""From here on the section is too short for anything but full throttle and hard braking."""
_PAST_THE_END_M = 8.0
"""How far beyond the guide somebody may stop who misses the limit."""


def start(context: ExerciseContext) -> list[Task]:
    """Belt, engine, lights; on the signal the left indicator, and off."""
    path = context.guide()
    tasks: list[Task] = [Do(None, 0.5)]
    if not context.makes(MistakeKind.NO_BELT):
        tasks.append(Do(switch(belt_fastened=True), 0.8))
    tasks += [Do(switch(ignition_on=True, starter_on=True), 0.8), Do(switch(starter_on=False), 0.4)]
    if not context.makes(MistakeKind.LIGHTS_OFF):
        tasks.append(Do(switch(dipped_beam_on=True), 0.5))
    late = context.value(MistakeKind.LATE_MOVE_OFF, 0.6)
    assert context.exercise.exit_line is not None
    tasks.append(Wait("start_signal", late))
    cues: tuple[Cue, ...] = ()
    if not context.makes(MistakeKind.NO_INDICATOR):
        tasks.append(Do(LEFT, 1.2))
        past = context.station_of_front(path, context.site.line(context.exercise.exit_line), 0.0)
        cues = (Cue(past + context.front_m + context.rear_m, NEITHER),)
    return [*tasks, Leg(path, context.cruise_mps, exit_mps=context.exit_mps, cues=cues)]


def emergency_braking(context: ExerciseContext) -> list[Task]:
    """Stop at once when the lamp turns red, hazard lights on; when it is off, hazard lights off and on."""
    path = context.guide()
    if context.makes(MistakeKind.NO_STOP):
        return [Leg(path, context.cruise_mps, exit_mps=context.exit_mps, cues=context.turn_cues(path))]
    hazards: list[Task] = [] if context.makes(MistakeKind.NO_HAZARDS) else [Do(HAZARDS, 1.0)]
    after: list[Task] = [Wait("lamp_off", 1.0)]
    if not context.makes(MistakeKind.HAZARDS_LEFT_ON):
        after.append(Do(NEITHER, 0.7))
    reaction = context.value(MistakeKind.LATE_STOP, 0.55)
    emergency = Emergency("lamp_red", reaction, 5.5, (Do(None, 0.6), *hazards, *after))
    return [Leg(path, context.cruise_mps, exit_mps=context.exit_mps, cues=context.turn_cues(path), emergency=emergency)]


def speed_section(context: ExerciseContext) -> list[Task]:
    """Faster than 20 km/h between the entry and the exit, and not outside."""
    path = context.guide()
    assert context.exercise.stop_line is not None
    assert context.exercise.exit_line is not None
    entry = context.station_of_front(path, context.site.line(context.exercise.stop_line), 0.0)
    leave = context.station_of_front(path, context.site.line(context.exercise.exit_line), 0.0)
    inside = entry + context.front_m + context.rear_m + 0.5
    top = context.value(MistakeKind.TOP_SPEED, _SECTION_MPS)
    slow = min(context.cruise_mps, _OUTSIDE_SECTION_MPS)
    limits = ((0.0, inside, slow), (leave - 1.0, path.length_m, slow))
    leg = Leg(
        path,
        top,
        exit_mps=context.exit_mps,
        limits=limits,
        cues=context.turn_cues(path),
        acceleration_mps2=1.8 if top < _HASTY_MPS else 3.4,
        braking_mps2=2.2 if top < _HASTY_MPS else 5.5,
    )
    return [leg]


def finish(context: ExerciseContext) -> list[Task]:
    """Right indicator, stop between line and limit, neutral, handbrake, engine off."""
    guide = context.guide()
    path = join([guide, straight(guide.end, _PAST_THE_END_M)])
    assert context.exercise.stop_line is not None
    assert context.exercise.exit_line is not None
    line, limit = context.site.line(context.exercise.stop_line), context.site.line(context.exercise.exit_line)
    whole = context.station_of_front(path, line, 0.0) + context.front_m + context.rear_m
    last = context.station_of_front(path, limit, 0.0)
    gap = context.knob(MistakeKind.STOP_DISTANCE)
    stop = whole + 0.4 * (last - whole) if gap is None else context.station_of_front(path, limit, gap)
    cues = () if context.makes(MistakeKind.NO_INDICATOR) else (Cue(max(0.0, whole - 14.0), RIGHT),)
    tasks: list[Task] = [Do(None, 0.6)]
    if not context.makes(MistakeKind.NO_NEUTRAL):
        tasks.append(Do(switch(gear=0), 0.5))
    if not context.makes(MistakeKind.NO_HANDBRAKE):
        tasks.append(Do(switch(handbrake_on=True), 0.6))
    if not context.makes(MistakeKind.ENGINE_LEFT_ON):
        tasks.append(Do(switch(ignition_on=False), 0.6))
    tasks.append(Do(NEITHER, 2.0))
    return [Leg(path.until(stop), context.cruise_mps, cues=in_order(cues)), *tasks]

"""Exercises driven forwards without a stop line: start, snake, emergency braking, speed section, finish."""

from __future__ import annotations

import numpy as np

from simulators.driver.exercise import HAZARDS, LEFT, NEITHER, RIGHT, ExerciseContext, in_order, switch
from simulators.driver.path import Path, from_points, join, spline, straight
from simulators.driver.plan import MistakeKind
from simulators.driver.tasks import Cue, Do, Emergency, Leg, MoveOff, Task, Wait

_SNAKE_SWING_M = 1.45
"""How far the rear axle passes beside a cone."""
_SNAKE_MPS = 2.4
_SECTION_MPS = 7.8
_OUTSIDE_SECTION_MPS = 4.9
_PAST_THE_END_M = 8.0
"""How far beyond the guide somebody may stop who misses the limit."""


def start(context: ExerciseContext) -> list[Task]:
    """Belt, engine, lights; on the signal the left indicator, and off."""
    path = context.guide()
    before: list[Task] = [Do(None, 0.5)]
    if not context.makes(MistakeKind.NO_BELT):
        before.append(Do(switch(belt_fastened=True), 0.8))
    before += [Do(switch(ignition_on=True, starter_on=True), 0.8), Do(switch(starter_on=False), 0.4)]
    if not context.makes(MistakeKind.LIGHTS_OFF):
        before.append(Do(switch(dipped_beam_on=True), 0.5))
    late = context.knob(MistakeKind.LATE_MOVE_OFF, 0.6)
    assert late is not None and context.exercise.exit_line is not None
    before.append(Wait("start_signal", late))
    cues: list[Cue] = []
    if not context.makes(MistakeKind.NO_INDICATOR):
        before.append(Do(LEFT, 1.2))
        past = context.station_of_front(path, context.site.line(context.exercise.exit_line), 0.0)
        cues.append(Cue(past + context.front_m + context.rear_m, NEITHER))
    off = MoveOff(stalls=round(context.knob(MistakeKind.STALL, 0.0) or 0.0))
    return [*before, Leg(path, context.cruise_mps, exit_mps=context.exit_mps, cues=tuple(cues), move_off=off)]


def snake(context: ExerciseContext) -> list[Task]:
    """Around the cones in turn, first to the right of the first one, then on along the guide."""
    path = _around_cones(context)
    limits = ((0.0, _snake_end(context, path), _SNAKE_MPS * context.style.pace),)
    leg = Leg(path, context.cruise_mps, exit_mps=context.exit_mps, limits=limits, cues=context.turn_cues(path))
    return [leg]


def _snake_end(context: ExerciseContext, path: Path) -> float:
    last = context.site.element(context.exercise.cones[-1]).points[0]
    return float(path.station[int(np.argmin(np.hypot(path.east - last[0], path.north - last[1])))]) + 10.0


def _around_cones(context: ExerciseContext) -> Path:
    """The guide with a sideways spline whose peaks stand beside the cones."""
    base = context.guide()
    stations = [
        float(base.station[int(np.argmin(np.hypot(base.east - east, base.north - north)))])
        for east, north in (context.site.element(cone).points[0] for cone in context.exercise.cones)
    ]
    spacing = stations[1] - stations[0]
    knots = [(0.0, 0.0), (stations[0] - spacing, 0.0)]
    knots += [(at, _SNAKE_SWING_M * (-1) ** (number + 1)) for number, at in enumerate(stations)]
    tail = stations[-1] + 1.15 * spacing
    knots += [(tail, 0.0), (tail + 6.0, 0.0)]
    end = tail + 6.0
    aside = np.where(base.station <= end, spline(knots, np.minimum(base.station, end)), 0.0)
    until = int(np.searchsorted(base.station, end + 1.0))
    bent = base.shifted(aside)
    head = from_points(bent.east[: until + 1], bent.north[: until + 1])
    return join([head, base.since(until)])


def emergency_braking(context: ExerciseContext) -> list[Task]:
    """Stop at once when the lamp turns red, hazard lights on; when it is off, hazard lights off and on."""
    path = context.guide()
    hazards: list[Task] = [] if context.makes(MistakeKind.NO_HAZARDS) else [Do(HAZARDS, 1.0)]
    after: list[Task] = [Wait("lamp_off", 1.0)]
    if not context.makes(MistakeKind.HAZARDS_LEFT_ON):
        after.append(Do(NEITHER, 0.7))
    reaction = context.knob(MistakeKind.LATE_STOP, 0.55)
    assert reaction is not None
    emergency = Emergency("lamp_red", reaction, 5.5, (Do(None, 0.6), *hazards, *after))
    return [Leg(path, context.cruise_mps, exit_mps=context.exit_mps, cues=context.turn_cues(path), emergency=emergency)]


def speed_section(context: ExerciseContext) -> list[Task]:
    """Faster than 20 km/h between the entry and the exit, and not outside."""
    path = context.guide()
    assert context.exercise.stop_line is not None and context.exercise.exit_line is not None
    entry = context.station_of_front(path, context.site.line(context.exercise.stop_line), 0.0)
    leave = context.station_of_front(path, context.site.line(context.exercise.exit_line), 0.0)
    inside = entry + context.front_m + context.rear_m + 0.5
    top = context.knob(MistakeKind.TOP_SPEED, _SECTION_MPS)
    assert top is not None
    slow = min(context.cruise_mps, _OUTSIDE_SECTION_MPS)
    limits = ((0.0, inside, slow), (leave - 1.0, path.length_m, slow))
    leg = Leg(
        path,
        top,
        exit_mps=context.exit_mps,
        limits=limits,
        cues=context.turn_cues(path),
        acceleration_mps2=1.8,
        braking_mps2=2.2,
    )
    return [leg]


def finish(context: ExerciseContext) -> list[Task]:
    """Right indicator, stop between line and limit, neutral, handbrake, engine off."""
    guide = context.guide()
    path = join([guide, straight(guide.end, _PAST_THE_END_M)])
    assert context.exercise.stop_line is not None and context.exercise.exit_line is not None
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

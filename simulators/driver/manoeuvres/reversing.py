"""Exercises with reverse gear: turning in a limited space, parking parallel to the kerb, reversing into a box."""

from __future__ import annotations

import math
from dataclasses import dataclass

from messages.site import Point
from simulators.driver.exercise import LEFT, NEITHER, RIGHT, ExerciseContext, switch
from simulators.driver.path import Path, Pose, from_curvature, join, sideways_pieces, straight, turn_pieces
from simulators.driver.plan import BadPlan, MistakeKind
from simulators.driver.runs import Run
from simulators.driver.tasks import Act, Cue, Do, Leg, Task

_CRAWL_MPS = 1.3
_APPROACH_MPS = 2.2
_RAMP_M = 1.2
_FIRST_TURN_DEG = 65.0
_BACK_TO_DEG = 95.0
_TURN_RAMP_M = 0.8
_KERBWARD_M = 0.9
"""How far to the right of the lane's middle a turn in limited space is begun."""
_TURN_OUTSIDE_M = 5.5
"""Before the zone: where somebody turns who avoids the limited space, the front just coming into the zone."""
_AWAY_M = 8.0
_RUN_UP_M = 11.5
"""From the entry of the limited space's zone to where the first turn begins."""
_BOX_ASIDE_M = 2.35
"""How far to the left of the lane's middle the car stands before and after the box."""
_SPARE_M = 0.35
"""From the parked rear bumper to the line behind it."""


@dataclass(frozen=True, slots=True)
class _LaneFrame:
    """Along the lane in the direction of travel, and to its left."""

    run: Run

    def pose(self, along_m: float, left_m: float, turned_rad: float = 0.0) -> Pose:
        """A pose given in this frame."""
        at = self.run.start.ahead(along_m, left_m)
        return Pose(at.east_m, at.north_m, at.heading_rad + turned_rad)

    def of(self, point: Point) -> Point:
        """Along and left of a point of the site."""
        start = self.run.start
        east, north = point[0] - start.east_m, point[1] - start.north_m
        c, s = math.cos(start.heading_rad), math.sin(start.heading_rad)
        return east * c + north * s, north * c - east * s


def limited_turn(context: ExerciseContext) -> list[Task]:
    """Turn round to the left: forwards to one side, once backwards, forwards and away in the other direction."""
    lane = _LaneFrame(context.runs.runs[context.since.run])
    if context.makes(MistakeKind.SKIPS_EXERCISE):
        return _turned_outside(context, lane)
    away = context.runs.pose(context.until)
    along, left = _pushed(context, lane)
    entry = lane.run.enters(context.exercise.zone)
    assert entry is not None
    first = lane.pose(entry + _RUN_UP_M + along, left - _KERBWARD_M)
    approach = _sidestep(lane.pose(context.since.distance_m, 0.0), first, _RAMP_M, context.sharpest)
    one = from_curvature(first, turn_pieces(math.radians(_FIRST_TURN_DEG), context.sharpest, _TURN_RAMP_M))
    back_turn = math.radians(_BACK_TO_DEG - _FIRST_TURN_DEG)
    # Backwards the path's own heading turns the same way as the car's.
    two = from_curvature(_about(one.end), turn_pieces(back_turn, context.sharpest, _TURN_RAMP_M))
    rest = math.radians(180.0 - _BACK_TO_DEG)
    three = from_curvature(_about(two.end), turn_pieces(rest, context.sharpest, _TURN_RAMP_M))
    leave = _back_to_lane(context, three, away)
    backs: list[Task] = [Leg(two, _CRAWL_MPS, direction=-1)]
    if (again := round(context.value(MistakeKind.EXTRA_REVERSE, 0.0))) > 0:
        backs += _to_and_fro(two, again)
    ahead = join([approach, one])
    return [
        Leg(ahead, _APPROACH_MPS, cues=_indicate(context, LEFT, 0.0)),
        *backs,
        Leg(leave, _APPROACH_MPS, exit_mps=context.exit_mps, cues=(Cue(three.length_m, NEITHER),)),
    ]


def _turned_outside(context: ExerciseContext, lane: _LaneFrame) -> list[Task]:
    """Round in one go in front of the limited space; only at the end of a drive, as it leads elsewhere."""
    if context.exit_mps > 0.0:
        raise BadPlan(f"exercise {context.exercise.id!r} can be skipped only as the last of a drive")
    entry = lane.run.enters(context.exercise.zone)
    assert entry is not None
    begin = lane.pose(context.since.distance_m, 0.0)
    ahead = entry - _TURN_OUTSIDE_M - context.since.distance_m
    pieces = turn_pieces(math.pi, context.sharpest, _TURN_RAMP_M)
    path = from_curvature(begin, [(ahead, 0.0, 0.0), *pieces, (_AWAY_M, 0.0, 0.0)])
    return [Leg(path, _APPROACH_MPS, cues=_indicate(context, LEFT, 0.0)), Do(NEITHER, 1.0)]


def parallel_parking(context: ExerciseContext) -> list[Task]:
    """Past the bay, back into it in an S, stand, and leave to the left."""
    if context.makes(MistakeKind.SKIPS_EXERCISE):
        return [Leg(context.guide(), context.cruise_mps, exit_mps=context.exit_mps)]
    lane = _LaneFrame(context.runs.runs[context.since.run])
    bay = [lane.of(point) for point in _bay(context)]
    along, left = _pushed(context, lane)
    beside = (min(one[1] for one in bay) + max(one[1] for one in bay)) / 2 + left
    behind = min(one[0] for one in bay) + context.rear_m + _SPARE_M + along
    parked = lane.pose(behind, beside + context.value(MistakeKind.OUTSIDE_BAY, 0.0))
    aside = -lane.of((parked.east_m, parked.north_m))[1]
    out = from_curvature(parked, [(0.15, 0.0, 0.0), *sideways_pieces(aside, context.sharpest, _RAMP_M)])
    approach = _sidestep(lane.pose(context.since.distance_m, 0.0), out.end, _RAMP_M, context.sharpest)
    return _in_and_out(context, approach, out, context.onward([out]), LEFT)


def box(context: ExerciseContext) -> list[Task]:
    """Past the box, back into it in a quarter turn, stand, and leave to the right."""
    if context.makes(MistakeKind.SKIPS_EXERCISE):
        return [Leg(context.guide(), context.cruise_mps, exit_mps=context.exit_mps)]
    lane = _LaneFrame(context.runs.runs[context.since.run])
    bay = [lane.of(point) for point in _bay(context)]
    along, left = _pushed(context, lane)
    middle = (min(one[0] for one in bay) + max(one[0] for one in bay)) / 2 + along
    end = min(one[1] for one in bay) + context.rear_m + _SPARE_M + left
    end += context.value(MistakeKind.OUTSIDE_BAY, 0.0)
    parked = lane.pose(middle, end, math.pi / 2)
    quarter = turn_pieces(-math.pi / 2, context.sharpest, _RAMP_M)
    depth = from_curvature(Pose(0.0, 0.0, 0.0), quarter).end.east_m
    out = from_curvature(parked, [(max(0.1, _BOX_ASIDE_M - end - depth), 0.0, 0.0), *quarter])
    approach = _sidestep(lane.pose(context.since.distance_m, 0.0), out.end, 0.3, context.sharpest)
    return _in_and_out(context, approach, out, _back_to_lane(context, out, context.runs.pose(context.until)), RIGHT)


def _in_and_out(context: ExerciseContext, approach: Path, out: Path, leave: Path, side: Act) -> list[Task]:
    """Approach, back in along the way out, park, and drive out again."""
    back = Leg(out.reversed(), _CRAWL_MPS, direction=-1)
    tasks: list[Task] = [Leg(approach, _APPROACH_MPS), Do(RIGHT, 0.3), back]
    if (again := round(context.value(MistakeKind.EXTRA_REVERSE, 0.0))) > 0:
        tasks += _to_and_fro(out.reversed(), again)
    tasks.append(Do(NEITHER, 0.3))
    if not context.makes(MistakeKind.NO_HANDBRAKE):
        tasks.append(Do(switch(handbrake_on=True), 0.5))
    if not context.makes(MistakeKind.NO_NEUTRAL):
        tasks.append(Do(switch(gear=0), 0.3))
    tasks += [Do(None, 2.6 + context.value(MistakeKind.TOO_LONG, 0.0))]
    cues = (Cue(out.length_m, NEITHER),)
    if not context.makes(MistakeKind.NO_INDICATOR):
        tasks.append(Do(side, 0.8))
    tasks.append(Leg(leave, _APPROACH_MPS, exit_mps=context.exit_mps, cues=cues))
    return tasks


def _to_and_fro(back: Path, times: int) -> list[Task]:
    """Forwards again by a metre and a half, and back, with another engagement of reverse each time."""
    ahead = back.reversed().until(1.5)
    once: list[Task] = [Leg(ahead, _CRAWL_MPS), Leg(ahead.reversed(), _CRAWL_MPS, direction=-1)]
    return once * times


def _indicate(context: ExerciseContext, act: Act, station_m: float) -> tuple[Cue, ...]:
    return () if context.makes(MistakeKind.NO_INDICATOR) else (Cue(station_m, act),)


def _bay(context: ExerciseContext) -> tuple[Point, ...]:
    assert context.exercise.bay is not None
    return context.exercise.bay


def _pushed(context: ExerciseContext, lane: _LaneFrame) -> Point:
    """By how much the lines to be crossed push the manoeuvre along the lane and to its left."""
    along = left = 0.0
    for mistake, value in context.line_knobs():
        if mistake.line not in context.exercise.lines:
            raise BadPlan(f"line {mistake.line!r} is not one of exercise {context.exercise.id!r}")
        line = context.site.line(mistake.line)
        (a0, l0), (a1, l1) = lane.of(line.points[0]), lane.of(line.points[-1])
        length = math.hypot(a1 - a0, l1 - l0)
        sign = 1.0 if line.forbidden_side == "left" else -1.0
        along += sign * value * -(l1 - l0) / length
        left += sign * value * (a1 - a0) / length
    return along, left


def _about(pose: Pose) -> Pose:
    return Pose(pose.east_m, pose.north_m, pose.heading_rad + math.pi)


def _sidestep(start: Pose, goal: Pose, late_m: float, sharpest: float) -> Path:
    """Straight on, an S sideways and ``late_m`` straight, to a parallel goal."""
    c, s = math.cos(start.heading_rad), math.sin(start.heading_rad)
    east, north = goal.east_m - start.east_m, goal.north_m - start.north_m
    along, left = east * c + north * s, north * c - east * s
    pieces = sideways_pieces(left, sharpest * 0.8, _RAMP_M)
    run = from_curvature(Pose(0.0, 0.0, 0.0), pieces).end.east_m
    return from_curvature(start, [(along - run - late_m, 0.0, 0.0), *pieces, (late_m, 0.0, 0.0)])


def _back_to_lane(context: ExerciseContext, out: Path, goal: Pose) -> Path:
    """After a manoeuvre that ends parallel to the goal: an S into its lane, and straight on to it."""
    end = out.end
    c, s = math.cos(end.heading_rad), math.sin(end.heading_rad)
    left = (goal.north_m - end.north_m) * c - (goal.east_m - end.east_m) * s
    aside = from_curvature(end, sideways_pieces(left, context.sharpest, _RAMP_M))
    return context.onward([out, straight(end, 0.01), aside] if abs(left) < 1e-6 else [out, aside])

"""Observations of what is on or off for how long: the car's switches, its engine, kerb strips, cones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from messages.site import ElementKind, Exercise, ExerciseKind, Side, Turn
from simulators.oracle.ride import Attempt, Flags, Ride, Stretch, runs
from simulators.oracle.rules import Rule
from simulators.oracle.shapes import wheel_patches
from simulators.oracle.value import Value

PARKED_FOR_S = 2.0
CROSSING_S = 1.0
MOVING_OFF_S = 5.0
PRESSES_APART_S = 1.0
KERB_WITHIN_M = 0.5
CONE_WITHIN_M = 1.0
MANOEUVRES = (ExerciseKind.LIMITED_TURN, ExerciseKind.PARALLEL_PARKING, ExerciseKind.BOX)
TURNED_RAD = np.radians(30.0)


def signal(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """Dispatch by the stretch that the rule looks at."""
    during = rule.parameters["during"]
    if during == "moving":
        yield from _while_moving(ride, rule)
    elif during == "turn":
        yield from _turns(ride, rule)
    elif attempt is not None and during == "parked":
        yield from _parked(ride, rule, attempt)
    elif attempt is not None and during == "moving_off":
        yield from _moving_off(ride, rule, attempt)
    elif attempt is not None:
        line = attempt.exercise.exit_line if during == "crossing_exit_line" else attempt.exercise.stop_line
        yield from _crossing(ride, rule, attempt, line)


def switch(ride: Ride, name: str) -> Flags:
    """A switch of the car at each sample; ``neutral`` and ``hazards_on`` are put together from others."""
    if name == "neutral":
        neutral: Flags = ride.truth.gear == 0
        return neutral
    if name == "hazards_on":
        return ride.truth.signals["left_indicator_on"] & ride.truth.signals["right_indicator_on"]
    return ride.truth.signals[name]


def _wrong(ride: Ride, rule: Rule) -> Flags:
    wrong: Flags = switch(ride, rule.parameters["signal"]) != rule.parameters["must_be"]
    return wrong


def _while_moving(ride: Ride, rule: Rule) -> Iterator[Value]:
    contradicts = _wrong(ride, rule) & ride.moving
    name = rule.parameters["signal"]
    if rule.repeats == "each":
        for one in runs(contradicts):
            yield Value(ride.duration(one), one.first, one.last, name, ride.exercise_at(one.first))
        return
    for attempt in ride.with_what_follows:
        stretches = list(runs(contradicts, attempt.first, attempt.last))
        if stretches:
            one = max(stretches, key=ride.duration)
            yield Value(ride.duration(one), one.first, one.last, name, attempt.exercise)


def _turns(ride: Ride, rule: Rule) -> Iterator[Value]:
    heading = np.unwrap(np.arctan2(ride.truth.forward_north, ride.truth.forward_east))
    for turn in ride.site.route.turns:
        for stretch in _turnings(ride, turn):
            turned = np.flatnonzero(
                np.abs(heading[stretch.first : stretch.last + 1] - heading[stretch.first]) >= TURNED_RAD
            )
            last = stretch.first + int(turned[0]) - 1 if len(turned) else stretch.last
            wanted = "left_indicator_on" if turn.side is Side.LEFT else "right_indicator_on"
            contradicts = ride.truth.signals[wanted] != rule.parameters["must_be"]
            longest = _longest(ride, contradicts, stretch.first, last)
            yield Value(longest, stretch.first, last, turn.id, ride.exercise_at(stretch.first))


def _turnings(ride: Ride, turn: Turn) -> Iterator[Stretch]:
    inside = ride.front_inside(turn.zone)
    manoeuvring = [attempt for attempt in ride.attempts if attempt.exercise.kind in MANOEUVRES]
    for stretch in runs(inside):
        if stretch.first > 0 and not any(one.first <= stretch.first <= one.last for one in manoeuvring):
            yield stretch


def _crossing(ride: Ride, rule: Rule, attempt: Attempt, line: str | None) -> Iterator[Value]:
    if line is None:
        return
    crossed = ride.crossing(line, attempt.first, attempt.last)
    if crossed is None:
        return
    since = int(np.searchsorted(ride.t, ride.t[crossed] - CROSSING_S - 1e-9))
    longest = _longest(ride, _wrong(ride, rule), since, crossed - 1)
    yield Value(longest, since, crossed, rule.parameters["signal"])


def _parked(ride: Ride, rule: Rule, attempt: Attempt) -> Iterator[Value]:
    if attempt.exercise.kind is ExerciseKind.FINISH:
        stop = ride.final_stop(attempt)
    else:
        stop = ride.bay_stop(attempt)
    if stop is None:
        return
    held = _longest(ride, ~_wrong(ride, rule), stop.first, stop.last)
    yield Value(PARKED_FOR_S - held, stop.first, stop.last, rule.parameters["signal"])


def _moving_off(ride: Ride, rule: Rule, attempt: Attempt) -> Iterator[Value]:
    stop = ride.lamp_stop(attempt)
    if stop is None or stop.last >= attempt.last:
        return
    since = stop.last + 1
    until = min(int(np.searchsorted(ride.t, ride.t[since] + MOVING_OFF_S)), len(ride.t) - 1)
    yield Value(_longest(ride, _wrong(ride, rule), since, until), since, until, rule.parameters["signal"])


def _longest(ride: Ride, flags: Flags, first: int, last: int) -> float:
    return max((ride.duration(one) for one in runs(flags, first, last)), default=0.0)


def stall(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """The engine off again before the finish line."""
    del rule, attempt
    finished = ride.finish_crossing()
    until = len(ride.t) if finished is None else finished
    for off in runs(~ride.truth.signals["engine_running"], 0, until - 1):
        if off.first > 0:
            yield Value(ride.duration(off), off.first, off.last, "engine_running", ride.exercise_at(off.first))


def over_revving(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """Stretches above the engine speed named."""
    del attempt
    for fast in runs(ride.truth.rpm > float(rule.parameters["rpm"])):
        yield Value(ride.duration(fast), fast.first, fast.last, "engine_speed_rpm", ride.exercise_at(fast.first))


def kerb_pressed(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """Presses of kerb strips by a wheel of this car."""
    del rule
    first, last = (0, len(ride.t) - 1) if attempt is None else (attempt.first, attempt.last)
    for strip in _strips(ride, None if attempt is None else attempt.exercise):
        pressed = ride.truth.shown[strip].astype(np.bool_)
        near = ride.distance_of(wheel_patches(ride.car), ride.site.element(strip).points) <= KERB_WITHIN_M
        for stretch in ride.joined(pressed & near, PRESSES_APART_S, first, last):
            longest = _longest(ride, pressed & near, stretch.first, stretch.last)
            yield Value(longest, stretch.first, stretch.last, strip, ride.exercise_at(stretch.first))


def _strips(ride: Ride, exercise: Exercise | None) -> list[str]:
    if exercise is not None:
        return list(exercise.kerb_strips)
    named = {strip for one in ride.site.route.exercises for strip in one.kerb_strips}
    return [strip for strip in ride.site.route.kerb_strips if strip not in named]


def cone_knocked(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """The largest tilt of each cone while the car was near it."""
    del rule
    if attempt is None:
        return
    for cone in attempt.exercise.cones:
        assert ride.site.element(cone).kind is ElementKind.CONE_TILT
        near = ride.distance_of([ride.outline], ride.site.element(cone).points) <= CONE_WITHIN_M
        near[: attempt.first] = False
        near[attempt.last + 1 :] = False
        places = np.flatnonzero(near)
        if len(places):
            tilt = float(ride.truth.shown[cone].astype(np.float64)[places].max())
            yield Value(tilt, int(places[0]), int(places[-1]), cone)

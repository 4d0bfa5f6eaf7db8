"""Observations of where the car was and when: lines, bays, stops at a line, speeds, rolling back, times."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from messages.site import ExerciseKind
from simulators.oracle.ride import Attempt, Flags, Ride, Stretch, runs
from simulators.oracle.rules import Rule
from simulators.oracle.shapes import outside_bay, passages
from simulators.oracle.value import Value

FORBIDDING = {
    "light": ("red", "red_amber", "flashing_red"),
    "barrier": ("moving", "down"),
}


def line_excess(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """Every passage beyond each of the exercise's lines, or of the route's general ones."""
    if rule.parameters["lines"] == "general":
        names, first, last = ride.site.route.general_lines, 0, len(ride.t) - 1
    elif attempt is not None:
        names, first, last = attempt.exercise.lines, attempt.first, attempt.last
    else:
        return
    for name in names:
        for one in passages(ride, ride.site.line(name), rule.parameters["part"], first, last):
            yield Value(one.excess_m, one.first, one.last, name, ride.exercise_at(one.at))


def bay(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """How far the parked car reaches out of its bay."""
    del rule
    if attempt is None or attempt.exercise.bay is None:
        return
    stop = ride.bay_stop(attempt)
    if stop is not None:
        middle = (stop.first + stop.last) // 2
        yield Value(outside_bay(ride, attempt.exercise.bay, middle), stop.first, stop.last, "bay")


def not_attempted(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """Whether what makes the exercise was left out."""
    del rule
    if attempt is None or not attempt.completed:
        return
    kind, subject = attempt.exercise.kind, None
    if kind is ExerciseKind.LIMITED_TURN:
        done = _engagements(ride, attempt) > 0
    elif kind is ExerciseKind.EMERGENCY_BRAKING:
        done, subject = ride.lamp_stop(attempt) is not None, attempt.exercise.signal
    else:
        done = ride.bay_stop(attempt) is not None
    yield Value(0.0 if done else 1.0, attempt.first, attempt.last, subject)


def reverse_engagements(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """How many times reverse was engaged and driven in."""
    del rule
    if attempt is not None:
        yield Value(float(_engagements(ride, attempt)), attempt.first, attempt.last)


def _engagements(ride: Ride, attempt: Attempt) -> int:
    in_reverse = runs(ride.truth.gear < 0, attempt.first, attempt.last)
    return sum(bool(ride.moving[one.first : one.last + 1].any()) for one in in_reverse)


def no_stop(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """Whether there was no stop near enough before the line."""
    if attempt is None or attempt.exercise.stop_line is None:
        return
    crossed = ride.crossing(attempt.exercise.stop_line, attempt.first, attempt.last)
    if crossed is None and not attempt.completed:
        return
    beyond = ride.beyond(attempt.exercise.stop_line)
    near = any(
        beyond[stop.first : stop.last + 1].max() >= -float(rule.parameters["within_m"])
        for stop in ride.stops_at_line(attempt)
    )
    yield Value(0.0 if near else 1.0, attempt.first, attempt.last, attempt.exercise.stop_line)


def stop_distance(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """From the front back to the line, at the last stop at it."""
    del rule
    if attempt is not None and (stops := ride.stops_at_line(attempt)):
        line, last = attempt.exercise.stop_line, stops[-1]
        assert line is not None
        yield Value(-float(ride.beyond(line)[last.last]), last.first, last.last, line)


def beyond_stop_line(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """How far the front stood beyond the line at the first stop at it."""
    del rule
    if attempt is not None and (stops := ride.stops_at_line(attempt)):
        line, first = attempt.exercise.stop_line, stops[0]
        assert line is not None
        yield Value(float(ride.beyond(line)[first.last]), first.first, first.last, line)


def hold_duration(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """How long the last stop at the line lasted."""
    del rule
    if attempt is not None and (stops := ride.stops_at_line(attempt)):
        yield Value(ride.duration(stops[-1]), stops[-1].first, stops[-1].last)


def against_signal(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """How far the front came beyond the line while what it had crossed against still forbade."""
    if attempt is None or attempt.exercise.stop_line is None:
        return
    crossed = ride.crossing(attempt.exercise.stop_line, attempt.first, attempt.last)
    if crossed is None:
        return
    element, forbids = _forbids(ride, str(rule.parameters["signal"]), attempt)
    against = next((one for one in runs(forbids) if one.first <= crossed <= one.last), None)
    if against is None or ride.t[crossed] - ride.t[against.first] < float(rule.parameters["grace_s"]):
        yield Value(0.0, crossed, crossed, element)
        return
    last = min(against.last, attempt.last)
    furthest = float(ride.beyond(attempt.exercise.stop_line)[crossed : last + 1].max())
    yield Value(furthest, crossed, last, element)


def _forbids(ride: Ride, by: str, attempt: Attempt) -> tuple[str, Flags]:
    """The element that says so, and when it forbids."""
    exercise = attempt.exercise
    element = {"light": exercise.signal, "barrier": exercise.barrier, "occupancy": exercise.occupancy}[by]
    assert element is not None
    shown = ride.truth.shown[element]
    if by == "occupancy":
        return element, shown.astype(np.bool_)
    return element, np.isin(shown, FORBIDDING[by])


def clearing_time(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """From green, if the car then stood at the line, else from its crossing, until all of it is past the exit line."""
    del rule
    if attempt is None or attempt.exercise.stop_line is None or attempt.exercise.exit_line is None:
        return
    crossed = ride.crossing(attempt.exercise.stop_line, attempt.first, attempt.last)
    if crossed is None or attempt.exercise.signal is None:
        return
    clear = np.flatnonzero(ride.outline_behind(attempt.exercise.exit_line)[crossed : attempt.last + 1] >= 0.0)
    if not len(clear):
        return
    green = ride.truth.shown[attempt.exercise.signal] == "green"
    waits = [
        one.first
        for one in runs(green, attempt.first, crossed)
        if any(stop.first <= one.first <= stop.last for stop in ride.stops_at_line(attempt))
    ]
    since = waits[-1] if waits else crossed
    until = crossed + int(clear[0])
    yield Value(float(ride.t[until] - ride.t[since]), since, until, attempt.exercise.signal)


def move_off_delay(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """Start: from the signal to moving. Hill: from one second into the longest stop at the line to moving."""
    del rule
    if attempt is None:
        return
    if attempt.exercise.kind is ExerciseKind.START:
        moving = np.flatnonzero(ride.moving)
        until = int(moving[0]) if len(moving) else len(ride.t) - 1
        yield Value(float(ride.t[until]), 0, until)
        return
    if stops := ride.stops_at_line(attempt):
        longest = max(stops, key=ride.duration)
        yield Value(ride.duration(longest) - 1.0, longest.first, longest.last)


def exercise_time(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """From the exercise's beginning to its end."""
    del rule
    if attempt is not None and attempt.completed:
        yield Value(ride.duration(Stretch(attempt.first, attempt.last)), attempt.first, attempt.last)


def route_time(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """From the start signal to the finish line."""
    del rule, attempt
    crossed = ride.finish_crossing()
    if crossed is not None:
        yield Value(float(ride.t[crossed]), 0, crossed)


def wrong_order(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """Each beginning of an exercise that was not the next one."""
    del rule, attempt
    order = {exercise.id: number for number, exercise in enumerate(ride.site.route.exercises)}
    for before, one in zip(ride.attempts, ride.attempts[1:], strict=False):
        skipped = order[one.exercise.id] > order[before.exercise.id] + 1
        yield Value(1.0 if skipped else 0.0, one.first, one.first, one.exercise.id, one.exercise)


def speed_over(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """The highest speed held long enough, within the speed section or outside it, in each exercise."""
    inside = np.zeros(len(ride.t), dtype=np.bool_)
    for one in ride.attempts:
        section = speed_section(ride, one)
        if section is not None:
            inside[section.first : section.last + 1] = True
    if rule.parameters["where"] == "inside_speed_section":
        places = [attempt] if attempt is not None else []
        wanted = inside
    else:
        places = ride.with_what_follows
        wanted = ~inside
    for place in places:
        held = [_held(ride, one, float(rule.parameters["held_s"])) for one in runs(wanted, place.first, place.last)]
        if held:
            yield Value(max(held), place.first, place.last, rule.parameters["where"], place.exercise)


def _held(ride: Ride, stretch: Stretch, held_s: float) -> float:
    """Highest of the lowest speeds of all windows of that length."""
    speed = np.abs(ride.truth.speed[stretch.first : stretch.last + 1])
    step_s = float(np.median(np.diff(ride.t)))
    size = round(held_s / step_s) + 1
    if len(speed) < size:
        return 0.0
    return float(np.lib.stride_tricks.sliding_window_view(speed, size).min(axis=1).max())


def speed_section(ride: Ride, attempt: Attempt) -> Stretch | None:
    """From the front's crossing of the entry to that of the exit; None if it was not crossed."""
    exercise = attempt.exercise
    if exercise.kind is not ExerciseKind.SPEED_SECTION or exercise.stop_line is None or exercise.exit_line is None:
        return None
    entered = ride.crossing(exercise.stop_line, attempt.first, attempt.last)
    if entered is None:
        return None
    left = ride.crossing(exercise.exit_line, entered, attempt.last)
    return Stretch(entered, attempt.last if left is None else left - 1)


def speed_reached(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """The highest speed in the speed section, once it has been left."""
    del rule
    if attempt is None or not attempt.completed:
        return
    section = speed_section(ride, attempt)
    if section is not None:
        highest = float(np.abs(ride.truth.speed[section.first : section.last + 1]).max())
        yield Value(highest, section.first, section.last)


def rollback(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """After each stop: travel backwards out of a forward gear or neutral until moving forward again."""
    del rule, attempt
    steps = ride.truth.speed * np.gradient(ride.t)
    for stop in ride.stops:
        ahead = np.flatnonzero((ride.truth.speed[stop.last :] > 0.10) | (ride.truth.gear[stop.last :] < 0))
        until = stop.last + int(ahead[0]) if len(ahead) else len(ride.t) - 1
        travelled = np.cumsum(steps[stop.first : until + 1])
        back = float((np.maximum.accumulate(travelled) - travelled).max())
        yield Value(back, stop.first, until, None, ride.exercise_at(stop.first))


def reaction_time(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """From the lamp's red to the stop."""
    del rule
    if attempt is None:
        return
    red, stop = ride.lamp_red(attempt), ride.lamp_stop(attempt)
    if red is not None and stop is not None:
        yield Value(float(ride.t[stop.first] - ride.t[red]), red, stop.first, attempt.exercise.signal)


def hazard_delay(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """From that stop until both indicators are on; to the exercise's end if they never are."""
    del rule
    if attempt is None or (stop := ride.lamp_stop(attempt)) is None:
        return
    both = ride.truth.signals["left_indicator_on"] & ride.truth.signals["right_indicator_on"]
    on = np.flatnonzero(both[stop.first : attempt.last + 1])
    if not len(on) and not attempt.completed:
        return
    until = stop.first + int(on[0]) if len(on) else attempt.last
    yield Value(float(ride.t[until] - ride.t[stop.first]), stop.first, until, "hazards_on")


def stopped_beyond(ride: Ride, rule: Rule, attempt: Attempt | None) -> Iterator[Value]:
    """How far the front stands beyond the finish limit at the final stop."""
    del rule
    if attempt is None or attempt.exercise.exit_line is None:
        return
    stop = ride.final_stop(attempt)
    if stop is not None:
        beyond = float(ride.beyond(attempt.exercise.exit_line)[stop.last])
        yield Value(beyond, stop.first, stop.last, attempt.exercise.exit_line)

"""Judges a drive by every rule of a pack: its true value (docs/observations.md), and how far it is beyond the limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulators.oracle import manoeuvres, signals
from simulators.oracle.judgement import Judgement, TrueSheet, sum_up
from simulators.oracle.ride import Attempt, Ride
from simulators.oracle.rules import Pack, Rule
from simulators.oracle.value import Value

Observe = Callable[[Ride, Rule, Attempt | None], Iterator[Value]]

OBSERVATIONS: dict[str, Observe] = {
    "line_excess": manoeuvres.line_excess,
    "signal": signals.signal,
    "stall": signals.stall,
    "over_revving": signals.over_revving,
    "speed_over": manoeuvres.speed_over,
    "speed_reached": manoeuvres.speed_reached,
    "rollback": manoeuvres.rollback,
    "move_off_delay": manoeuvres.move_off_delay,
    "no_stop": manoeuvres.no_stop,
    "stop_distance": manoeuvres.stop_distance,
    "beyond_stop_line": manoeuvres.beyond_stop_line,
    "against_signal": manoeuvres.against_signal,
    "hold_duration": manoeuvres.hold_duration,
    "clearing_time": manoeuvres.clearing_time,
    "exercise_time": manoeuvres.exercise_time,
    "route_time": manoeuvres.route_time,
    "cone_knocked": signals.cone_knocked,
    "kerb_pressed": signals.kerb_pressed,
    "reverse_engagements": manoeuvres.reverse_engagements,
    "outside_bay": manoeuvres.bay,
    "not_attempted": manoeuvres.not_attempted,
    "reaction_time": manoeuvres.reaction_time,
    "hazard_delay": manoeuvres.hazard_delay,
    "wrong_order": manoeuvres.wrong_order,
    "stopped_beyond": manoeuvres.stopped_beyond,
}


def judge(ride: Ride, pack: Pack) -> TrueSheet:
    """Every observation of every rule of the pack; raises KeyError for an observation that is not known."""
    judgements: list[Judgement] = []
    for rule in pack.rules:
        observe = OBSERVATIONS[rule.observation]
        if rule.exercise == "any":
            judgements += [_judged(ride, rule, None, value) for value in observe(ride, rule, None)]
            continue
        for attempt in ride.attempts:
            if attempt.exercise.kind == rule.exercise:
                judgements += [_judged(ride, rule, attempt, value) for value in observe(ride, rule, attempt)]
    return sum_up(pack, judgements)


def _judged(ride: Ride, rule: Rule, attempt: Attempt | None, value: Value) -> Judgement:
    exercise = value.exercise or (attempt.exercise if attempt is not None else None)
    beyond = rule.limit - value.value if rule.at_least else value.value - rule.limit
    return Judgement(
        rule=rule.id,
        exercise=exercise.id if exercise is not None else None,
        subject=value.subject,
        value=value.value,
        limit=rule.limit,
        far_tolerance=rule.far_tolerance,
        excess=beyond - rule.debounce_s,
        since_s=float(ride.t[value.first]),
        until_s=float(ride.t[value.last]),
    )

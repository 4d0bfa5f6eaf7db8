"""Which module makes which observation: by the exercise's kind, or on the whole route."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from center.driving_track.scoring.conduct import Conduct
from center.driving_track.scoring.everywhere import engine, moving_signals, rolling_back, route, speeds, turns
from center.driving_track.scoring.exercises import (
    box,
    crossroads,
    emergency_braking,
    finish,
    hill,
    level_crossing,
    limited_turn,
    parallel_parking,
    pedestrian_crossing,
    snake,
    speed_section,
    start,
)
from center.driving_track.scoring.legs import Leg
from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Edition, Rule
from messages.site import ExerciseKind

ObserveLeg = Callable[[Logbook, Rule, Leg], Iterable[Observation]]

CONDUCTS: Mapping[ExerciseKind, Conduct] = {
    ExerciseKind.START: start.CONDUCT,
    ExerciseKind.HILL: hill.CONDUCT,
    ExerciseKind.CROSSROADS: crossroads.CONDUCT,
    ExerciseKind.SNAKE: snake.CONDUCT,
    ExerciseKind.LIMITED_TURN: limited_turn.CONDUCT,
    ExerciseKind.PARALLEL_PARKING: parallel_parking.CONDUCT,
    ExerciseKind.BOX: box.CONDUCT,
    ExerciseKind.LEVEL_CROSSING: level_crossing.CONDUCT,
    ExerciseKind.PEDESTRIAN_CROSSING: pedestrian_crossing.CONDUCT,
    ExerciseKind.EMERGENCY_BRAKING: emergency_braking.CONDUCT,
    ExerciseKind.SPEED_SECTION: speed_section.CONDUCT,
    ExerciseKind.FINISH: finish.CONDUCT,
}
_ON_LEGS: Mapping[str, ObserveLeg] = {
    "stall": engine.stall,
    "over_revving": engine.over_revving,
    "speed_over": speeds.speed_over,
    "rollback": rolling_back.rollback,
    "wrong_order": route.wrong_order,
    "route_time": route.route_time,
    "kerb_pressed": route.kerb_pressed,
}
_SIGNALS_ON_LEGS: Mapping[str, ObserveLeg] = {"moving": moving_signals.while_moving, "turn": turns.turn_signal}


def on_leg(rule: Rule) -> ObserveLeg | None:
    """What makes a rule's observation on a leg of the route; None if it is made in the passage of an exercise."""
    if rule.observation == "signal":
        return _SIGNALS_ON_LEGS.get(str(rule.parameters["during"]))
    if rule.observation == "kerb_pressed" and rule.exercise != "any":
        return None
    return _ON_LEGS.get(rule.observation)


def is_at_once(rule: Rule) -> bool:
    """Whether each happening is an observation of its own, told when it is over; else a whole leg is looked at."""
    if rule.observation == "signal":
        return rule.parameters["during"] == "turn" or rule.repeats == "each"
    return rule.observation not in ("speed_over", "rollback")


def is_lane_line(rule: Rule) -> bool:
    """Whether a rule is about the lines of the whole route."""
    return rule.exercise == "any" and rule.observation == "line_excess" and rule.parameters["lines"] == "general"


def cannot_be_observed(edition: Edition) -> list[str]:
    """The rules of an edition that no module can observe, by id."""
    return [rule.id for rule in edition.rules if not _can_be_observed(rule)]


def _can_be_observed(rule: Rule) -> bool:
    if is_lane_line(rule) or on_leg(rule) is not None:
        return True
    kinds = list(CONDUCTS) if rule.exercise == "any" else [ExerciseKind(rule.exercise)]
    return any(CONDUCTS[kind].of(rule) is not None for kind in kinds)

"""Rolling back after a stop, out of a forward gear or neutral."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.legs import Leg
from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.motion import STOP_FROM_S
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rolls import Roll
from center.driving_track.scoring.rules import Rule
from messages.site import ExerciseKind

_SIGMA_FLOOR_M = 0.001
_FILTER_SIGMA_M = 0.004
"""Of a difference that the filter alone has seen."""
_UNMEASURED_SIGMA_M = 0.05
_HARDLY_M = 0.01
_FAR_LIMIT_M = 0.05
"""Against a limit of this or more, less than ``_HARDLY_M`` need not be measured closely."""


def rollback(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """One observation for every stop of the leg; on the hill only the largest."""
    found = [roll for roll in log.rolls.closed if leg.closes(roll.closed_ns or 0)]
    observed = [one for one in (_observed(log, rule, roll) for roll in found) if one is not None]
    if observed and log.site.exercise(leg.exercise_id).kind is ExerciseKind.HILL:
        yield max(observed, key=lambda one: one.value)
    else:
        yield from observed


def _observed(log: Logbook, rule: Rule, roll: Roll) -> Observation | None:
    stops = log.motion.stops(roll.began_ns - 1, roll.began_ns + 1)
    if not any(stop.stretch.length_s >= STOP_FROM_S for stop in stops):
        return None
    value, sigma, grade = _went_back(log, rule, roll)
    return log.observe(
        rule,
        value,
        sigma,
        (roll.began_ns, roll.closed_ns or roll.rearmost_ns),
        roll.rearmost_ns,
        place=roll.place,
        supports_fault=grade and roll.gear_known,
        supports_ok=grade,
        sources=(log.satellite, log.bus),
    )


def _went_back(log: Logbook, rule: Rule, roll: Roll) -> tuple[float, float, bool]:
    """How far, how surely, and whether it could be measured as an exam asks."""
    if roll.rearmost_ns <= roll.foremost_ns:
        return 0.0, _FILTER_SIGMA_M, True
    if roll.back_m < _HARDLY_M and rule.limit.value >= _FAR_LIMIT_M:
        return roll.back_m, _FILTER_SIGMA_M, True
    if roll.measured is None:
        roll.measured = log.displacement(roll.foremost_ns, roll.rearmost_ns)
    if roll.measured is None:
        return roll.back_m, _UNMEASURED_SIGMA_M, False
    return max(-roll.measured[0], 0.0), max(roll.measured[1], _SIGMA_FLOOR_M), roll.exam_grade

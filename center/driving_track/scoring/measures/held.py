"""How long a signal of the car was not what it must be, or was: on/off signals judged by time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import EDGE_SIGMA_S, Longest, Stretch, Timeline, longest

PARKED_HOLD_S = 2.0
"""So long a signal must hold on end while parked (docs/observations.md)."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A time on end beyond what is let pass, and what it may support."""

    value_s: float
    sigma_s: float
    run: Stretch | None
    supports_fault: bool
    supports_ok: bool


def beyond_debounce(found: Longest, debounce_s: float, k_f: float) -> Measured:
    """What is definite where that decides; else what it could have been, which supports no fault."""
    sure = found.definite
    if found.is_known or (sure is not None and sure.length_s - debounce_s > k_f * sure.sigma_s):
        return _measured(sure, debounce_s, is_known=True)
    return _measured(found.possible, debounce_s, is_known=False)


def contradicted(log: Logbook, rule: Rule, timeline: Timeline, stretches: Iterable[Stretch]) -> Measured:
    """The longest time on end within some stretches in which a signal was not ``must_be``, less the debounce."""
    found = longest(timeline, stretches, state=not rule.parameters["must_be"])
    return beyond_debounce(found, float(rule.parameters["debounce_s"]), log.edition.decision.k_f)


def held_while_parked(
    log: Logbook, rule: Rule, timeline: Timeline, stop: Stretch, exercise_id: str, *, is_whole: bool
) -> Observation:
    """2.0 s less the longest time on end in which it was ``must_be``; ``is_whole``: the stop was seen to its end."""
    found = longest(timeline, [stop], state=bool(rule.parameters["must_be"]))
    sure = 0.0 if found.definite is None else found.definite.length_s
    possible = 0.0 if found.possible is None else found.possible.length_s
    decides = sure if found.is_known or PARKED_HOLD_S - sure <= 0.0 else possible
    run = found.definite or stop
    return log.observe(
        rule,
        PARKED_HOLD_S - decides,
        max(run.sigma_s, EDGE_SIGMA_S),
        (stop.since_ns, stop.until_ns),
        stop.until_ns,
        exercise_id=exercise_id,
        subject=str(rule.parameters["signal"]),
        supports_fault=is_whole,
        supports_ok=decides == sure,
        sources=(log.bus,),
    )


def _measured(run: Stretch | None, debounce_s: float, *, is_known: bool) -> Measured:
    if run is None:
        return Measured(-debounce_s, EDGE_SIGMA_S, None, is_known, True)
    return Measured(run.length_s - debounce_s, max(run.sigma_s, EDGE_SIGMA_S), run, is_known, True)

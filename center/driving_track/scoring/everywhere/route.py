"""Order and time of the route, and the kerb strips that belong to no exercise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from center.driving_track.scoring.legs import Leg
from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.measures import kerbs
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S
from center.driving_track.scoring.witnesses import NOTHING_SAID, Word

_SIGNAL_SIGMA_S = 0.05
_WITNESSED_NS = 2 * NS_PER_S
"""So long after its crossing of the finish line the car is clear of the beam's doubt."""


def wrong_order(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """1 for an exercise that began when it was not its turn."""
    for begun in log.begun:
        at_ns = begun.began.since_ns
        if not begun.is_next and leg.closes(at_ns):
            yield log.observe(
                rule,
                1.0,
                0.0,
                (at_ns, at_ns),
                at_ns,
                exercise_id=begun.exercise.id,
                subject=begun.exercise.id,
                sources=(log.satellite, log.bus),
            )


def route_time(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """From the start signal to the front's crossing of the finish line; without that, the time so far if it is over."""
    crossed = log.finish_crossed
    if crossed is not None and not leg.closes(crossed.since_ns + _WITNESSED_NS):
        return
    until_ns = leg.until_ns if crossed is None else crossed.since_ns
    took_s = (until_ns - log.began_ns) / NS_PER_S
    if crossed is None and (not leg.is_last or took_s <= rule.limit.value):
        return
    seen = log.observe(
        rule,
        took_s,
        _SIGNAL_SIGMA_S,
        (log.began_ns, until_ns),
        until_ns,
        supports_ok=crossed is not None,
        sources=(log.satellite, log.bus),
        word=_word_of_finish(log, is_late=(log.until_ns - log.began_ns) / NS_PER_S > rule.limit.value),
    )
    yield replace(seen, exercise_id=None)  # it is the route's, not the last exercise's


def _word_of_finish(log: Logbook, *, is_late: bool) -> Word:
    """While the time is not up yet, no doubt of the instant of the crossing can make it late."""
    crossed, begun = log.finish_crossed, log.begun[-1].exercise
    if crossed is None or begun.stop_line is None:
        return NOTHING_SAID
    word = log.witnesses.at_crossing(begun.stop_line, crossed.since_ns, log.speeds)
    return word if is_late else Word(word.agree)


def kerb_pressed(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """Presses of the route's strips that no exercise names, when they are over."""
    named = {strip for exercise in log.site.route.exercises for strip in exercise.kerb_strips}
    for strip in log.site.route.kerb_strips:
        for press in () if strip in named else kerbs.presses(log, strip, leg.until_ns):
            if leg.closes(press[-1][1] + kerbs.ONE_PRESS_NS):
                yield kerbs.observed(log, rule, strip, press, None)

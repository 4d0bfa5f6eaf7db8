"""Emergency braking: the lamp's red, the stop that follows it, the hazard lights on and off again."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from center.driving_track.scoring.elements import ELEMENT_SIGMA_S, ElementHistory
from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.measures import held
from center.driving_track.scoring.measures.offered import conduct
from center.driving_track.scoring.motion import STOP_FROM_S, Stop
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import EDGE_SIGMA_S, NS_PER_S, Stretch
from messages.readings import Aspect

_MOVING_OFF_NS = 5 * NS_PER_S
_HEARD_WITHIN_NS = 6 * NS_PER_S
"""A controller says each element's state anew every 5 s."""


def not_attempted(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """1 if the car left without a stop after the lamp's red; undetermined if the lamp was never seen to turn red."""
    if not passage.is_over:
        return
    red_ns = _red_ns(passage)
    stop = _lamp_stop(passage)
    since_ns = passage.since_ns if red_ns is None else red_ns
    may_be = any(one.is_possible(passage.k_f) and one.stretch.since_ns > since_ns for one in passage.stops())
    blind = passage.log.motion.is_blind(since_ns, passage.until_ns)
    yield passage.observe(
        rule,
        0.0 if stop is not None or red_ns is None else 1.0,
        0.0,
        (since_ns, passage.until_ns),
        subject=passage.exercise.signal,
        supports_fault=red_ns is not None and not may_be and not blind,
        supports_ok=stop is not None and stop.is_definite(passage.k_p),
        sources=_sources(passage),
    )


def reaction_time(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From the lamp's red to the stop."""
    red_ns, stop = _red_ns(passage), _lamp_stop(passage)
    if red_ns is None or stop is None:
        return
    begin = stop.stretch
    yield passage.observe(
        rule,
        (begin.since_ns - red_ns) / NS_PER_S,
        sqrt(begin.since_sigma_s * begin.since_sigma_s + ELEMENT_SIGMA_S * ELEMENT_SIGMA_S),
        (red_ns, begin.since_ns),
        subject=passage.exercise.signal,
        supports_fault=stop.is_definite(passage.k_p) and not passage.log.motion.is_blind(red_ns, begin.since_ns),
        supports_ok=stop.is_definite(passage.k_p),
        sources=_sources(passage),
    )


def hazard_delay(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From that stop to the hazard lights on; never on: until the exercise's end."""
    stop = _lamp_stop(passage)
    if stop is None:
        return
    since_ns = stop.stretch.since_ns
    whole = Stretch(since_ns, max(passage.until_ns, since_ns + 1), stop.stretch.since_sigma_s)
    pieces = list(passage.log.signals.named["hazards_on"].pieces(whole))
    on_ns = next((piece.since_ns for state, piece in pieces if state is True), whole.until_ns)
    is_known = all(state is not None for state, piece in pieces if piece.since_ns < on_ns)
    sigma_s = sqrt(stop.stretch.since_sigma_s * stop.stretch.since_sigma_s + EDGE_SIGMA_S * EDGE_SIGMA_S)
    yield passage.observe(
        rule,
        (on_ns - since_ns) / NS_PER_S,
        sigma_s,
        (since_ns, on_ns),
        subject="hazards_on",
        supports_fault=is_known and stop.is_definite(passage.k_p),
        supports_ok=stop.is_definite(passage.k_p),
        sources=(passage.log.bus, passage.log.satellite),
    )


def moving_off_signal(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """A signal in the first 5 s after the lamp stop's end."""
    stop = _lamp_stop(passage)
    if stop is None or not stop.is_over:
        return
    begin = stop.stretch
    stretch = Stretch(begin.until_ns, begin.until_ns + _MOVING_OFF_NS, begin.until_sigma_s)
    seen = stretch.cut(0, passage.log.until_ns)
    name = str(rule.parameters["signal"])
    found = held.contradicted(passage.log, rule, passage.log.signals.named[name], [] if seen is None else [seen])
    yield passage.observe(
        rule,
        found.value_s,
        found.sigma_s,
        (stretch.since_ns, stretch.until_ns),
        subject=name,
        supports_fault=found.supports_fault and stop.is_definite(passage.k_p),
        supports_ok=found.supports_ok,
        sources=(passage.log.bus, passage.log.satellite),
    )


def _red_ns(passage: Passage) -> int | None:
    """When the lamp turned red within the exercise; None too if it had not been heard of lately when it was red."""
    lamp = _lamp(passage)
    if lamp is None:
        return None
    red_ns = lamp.first(passage.since_ns, passage.until_ns, lambda state: state is Aspect.RED)
    heard_ns = None if red_ns is None else lamp.heard_before(red_ns - 1)
    return None if red_ns is None or heard_ns is None or red_ns - heard_ns > _HEARD_WITHIN_NS else red_ns


def _lamp(passage: Passage) -> ElementHistory | None:
    name = passage.exercise.signal
    return None if name is None else passage.log.elements.named[name]


def _lamp_stop(passage: Passage) -> Stop | None:
    red_ns = _red_ns(passage)
    if red_ns is None:
        return None
    after = (stop for stop in passage.stops() if stop.stretch.since_ns > red_ns)
    return next((stop for stop in after if stop.stretch.length_s >= STOP_FROM_S), None)


def _sources(passage: Passage) -> tuple[str, ...]:
    lamp = _lamp(passage)
    return passage.log.satellite, passage.log.bus, *(() if lamp is None else (lamp.device_id,))


CONDUCT = conduct(
    {"not_attempted": not_attempted, "reaction_time": reaction_time, "hazard_delay": hazard_delay},
    {"moving_off": moving_off_signal},
    tail_ns=_MOVING_OFF_NS + 2 * NS_PER_S,
)

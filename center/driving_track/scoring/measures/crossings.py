"""A signal of the car while its front comes up to a line and crosses it."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from center.driving_track.scoring.drive import StopLine
from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.measures import held
from center.driving_track.scoring.measures.witnessed import witnessed
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S, Stretch

_BEFORE_NS = NS_PER_S


def at_stop_line(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From 1 s before the front crosses the stop line until it does."""
    return _crossing(passage, rule, passage.stop_line)


def at_exit_line(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From 1 s before the front crosses the exit line until it does."""
    return _crossing(passage, rule, passage.exit_line)


def _crossing(passage: Passage, rule: Rule, line: StopLine | None) -> Iterator[Observation]:
    if line is None:
        return
    crossing = passage.drive.front_crossing(line, passage.since_ns, passage.drive.points[-1].time_ns)
    if crossing is None:
        return
    seen = witnessed(passage, line, crossing)
    crossing = seen.crossing
    stretch = Stretch(crossing.time_ns - _BEFORE_NS, crossing.time_ns, crossing.sigma_s, crossing.sigma_s)
    name = str(rule.parameters["signal"])
    found = held.contradicted(passage.log, rule, passage.log.signals.named[name], [stretch])
    # Both ends move together with the crossing, so a contradiction over the whole second is as sure as the clock.
    is_whole = (
        found.run is not None and found.run.since_ns == stretch.since_ns and found.run.until_ns == stretch.until_ns
    )
    sigma_s = 0.02 if is_whole else sqrt(found.sigma_s * found.sigma_s + crossing.sigma_s * crossing.sigma_s)
    yield passage.observe(
        rule,
        found.value_s,
        sigma_s,
        (stretch.since_ns, stretch.until_ns),
        subject=name,
        supports_fault=found.supports_fault and crossing.exam_grade,
        supports_ok=found.supports_ok,
        sources=seen.sources,
        word=seen.word,
    )

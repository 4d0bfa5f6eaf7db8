"""The engine: stalled, and over-revved."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.legs import Leg
from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import EDGE_SIGMA_S, Stretch


def stall(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """The engine went from running to not running, before the finish line; one observation each, when it is over."""
    running = log.signals.named["engine_running"]
    for run in running.runs(Stretch(log.began_ns, leg.until_ns), frozenset({False})):
        if run.since_ns <= log.began_ns or not leg.closes(run.until_ns):
            continue
        if log.finish_crossed is not None and run.since_ns >= log.finish_crossed.since_ns:
            continue
        ran = running.at(run.since_ns - 1)
        if ran is not False:
            yield _observed(log, rule, run, "engine_running", is_known=ran is True)


def over_revving(log: Logbook, rule: Rule, leg: Leg) -> Iterator[Observation]:
    """Times on end above ``rpm``; one observation each, when it is over."""
    above = log.signals.above_rpm[float(rule.parameters["rpm"])]
    for run in above.runs(Stretch(log.began_ns, leg.until_ns), frozenset({True})):
        if leg.closes(run.until_ns):
            yield _observed(log, rule, run, "engine_speed_rpm", is_known=True)


def _observed(log: Logbook, rule: Rule, run: Stretch, subject: str, *, is_known: bool) -> Observation:
    return log.observe(
        rule,
        run.length_s - float(rule.parameters["debounce_s"]),
        max(run.sigma_s, EDGE_SIGMA_S),
        (run.since_ns, run.until_ns),
        run.since_ns,
        subject=subject,
        supports_fault=is_known,
        sources=(log.bus,),
    )

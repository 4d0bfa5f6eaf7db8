"""Reverse gear: the times it was engaged and driven in."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.logbook import Logbook, Passage
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import Stretch

_SURE_S = 0.15
"""Reverse gear and movement overlap by more than this, or the two may only have met at their edges."""


def reverse_engagements(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """How many times the car was driven in reverse gear in the exercise."""
    whole = (passage.since_ns, passage.until_ns)
    sure = driven(passage.log, *whole)
    yield passage.observe(
        rule,
        float(len(sure)),
        0.0,
        whole,
        sure[-1].since_ns if sure else passage.until_ns,
        supports_ok=len(sure) == _at_most(passage.log, *whole),
        sources=(passage.log.bus, passage.log.satellite),
    )


def driven(log: Logbook, since_ns: int, until_ns: int) -> list[Stretch]:
    """The stretches in reverse gear in which the car surely moved."""
    runs = log.signals.named["reverse"].runs(Stretch(since_ns, until_ns), frozenset({True, None}))
    return [run for run in runs if _moved_s(log, run) > _SURE_S and _was_reverse(log, run)]


def not_reversed(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """1 if the exercise was left without driving in reverse gear."""
    if not passage.is_over:
        return
    count = len(driven(passage.log, passage.since_ns, passage.until_ns))
    at_most = _at_most(passage.log, passage.since_ns, passage.until_ns)
    yield passage.observe(
        rule,
        0.0 if count else 1.0,
        0.0,
        (passage.since_ns, passage.until_ns),
        supports_fault=at_most == 0,
        sources=(passage.log.bus, passage.log.satellite),
    )


def _at_most(log: Logbook, since_ns: int, until_ns: int) -> int:
    reverse = log.signals.named["reverse"]
    whole = Stretch(since_ns, until_ns)
    runs = [*reverse.runs(whole, frozenset({True})), *reverse.runs(whole, frozenset({None}))]
    return sum(1 for run in runs if _moved_s(log, run) > 0.0)


def _moved_s(log: Logbook, run: Stretch) -> float:
    parts = (one.cut(run.since_ns, run.until_ns) for one in log.motion.moving(run.since_ns, run.until_ns))
    return sum(part.length_s for part in parts if part is not None)


def _was_reverse(log: Logbook, run: Stretch) -> bool:
    pieces = log.signals.named["reverse"].runs(run, frozenset({True}))
    return any(_moved_s(log, piece) > _SURE_S for piece in pieces)

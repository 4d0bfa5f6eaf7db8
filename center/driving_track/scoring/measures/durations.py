"""How long an exercise took."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S


def exercise_time(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From the exercise's beginning to its end; not observed where the exam broke off within it."""
    if not passage.is_over:
        return
    began, ended = passage.began, passage.ended
    sigma = sqrt(began.since_sigma_s * began.since_sigma_s + ended.since_sigma_s * ended.since_sigma_s)
    yield passage.observe(
        rule,
        (ended.since_ns - began.since_ns) / NS_PER_S,
        max(sigma, 0.02),
        (began.since_ns, ended.since_ns),
    )

"""The start: the timer runs from the start signal to moving."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.measures.offered import conduct
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S

_SIGNAL_SIGMA_S = 0.05
"""Of the instant at which the candidate was given the signal."""


def move_off_delay(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """From the start signal to moving, or to the end of the exam if the car never moved."""
    log = passage.log
    moving = log.motion.first_moving(log.began_ns)
    moved_ns = log.until_ns if moving is None else max(moving.since_ns, log.began_ns)
    sigma_s = 0.0 if moving is None else moving.since_sigma_s
    yield passage.observe(
        rule,
        (moved_ns - log.began_ns) / NS_PER_S,
        max(sigma_s, _SIGNAL_SIGMA_S),
        (log.began_ns, moved_ns),
        supports_fault=not log.motion.is_blind(log.began_ns, moved_ns),
    )


CONDUCT = conduct({"move_off_delay": move_off_delay})

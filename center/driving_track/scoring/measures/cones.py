"""Cones: how far each was tilted while the car was near."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule
from center.driving_track.scoring.signals import NS_PER_S

TILT_SIGMA_DEG = 0.5
_LATE_NS = NS_PER_S // 4
"""A cone may still fall when the car has just gone by, and its sensor tell of it later."""


def cone_knocked(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """One observation a cone that the car came near: its largest tilt then."""
    log = passage.log
    for cone in passage.exercise.cones:
        history = log.elements.named[cone]
        for near in log.nearness.stretches[cone]:
            stretch = near.cut(passage.since_ns, passage.until_ns)
            if stretch is None:
                continue
            since_ns, until_ns = stretch.since_ns, stretch.until_ns + _LATE_NS
            before = history.at(since_ns)
            tilts = [(float(tilt), at) for tilt, at, _ in history.pieces(since_ns, until_ns) if tilt is not None]
            value, at_ns = max(tilts, default=(0.0, since_ns), key=lambda tilt: tilt[0])
            lost = any(
                loss.since_ns < until_ns and loss.until_ns > since_ns
                for loss in log.health.element_losses(cone, log.until_ns)
            )
            stood = before is not None and float(before) <= rule.limit.value
            yield passage.observe(
                rule,
                value,
                TILT_SIGMA_DEG,
                (since_ns, until_ns),
                at_ns,
                subject=cone,
                place=log.site.element(cone).points[0],
                supports_fault=stood and not lost,
                supports_ok=bool(tilts) and not lost,
                sources=(history.device_id, log.satellite),
            )

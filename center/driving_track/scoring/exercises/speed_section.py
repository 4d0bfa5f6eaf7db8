"""The speed section: from its entry line to its exit line."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.measures import section
from center.driving_track.scoring.measures.offered import conduct
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule


def speed_reached(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """The highest speed between the two lines; looked at once the exercise is over."""
    driven = passage.log.section
    if driven is None or not passage.is_over:
        return
    points = list(passage.drive.spanning(driven.since_ns, driven.until_ns))
    if not points:
        return
    fastest = max(points, key=lambda point: abs(point.speed_mps))
    whole = (driven.since_ns, driven.until_ns)
    is_seen = not passage.drive.has_gap(*whole)
    yield passage.observe(
        rule,
        abs(fastest.speed_mps),
        fastest.speed_sigma_mps,
        whole,
        fastest.time_ns,
        place=(fastest.east_m, fastest.north_m),
        supports_fault=is_seen,
        word=section.word_of(passage.log, passage.drive.points),
    )


CONDUCT = conduct({"speed_reached": speed_reached})

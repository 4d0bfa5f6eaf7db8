"""The finish: the last stop after the front crossed the finish line, and what is done in it."""

from __future__ import annotations

from collections.abc import Iterator

from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.measures import held
from center.driving_track.scoring.measures.offered import conduct
from center.driving_track.scoring.motion import STOP_FROM_S, Stop
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule

_WHOLE_S = held.PARKED_HOLD_S + 1.0
"""A final stop seen for less than this may have been cut short by the end of the exam."""


def stopped_beyond(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """How far the front stands beyond the finish limit at the final stop."""
    stop, limit = _final_stop(passage), passage.exit_line
    point = None if stop is None else passage.drive.at(stop.middle_ns)
    if stop is None or limit is None or point is None:
        return
    reach = passage.drive.front(limit, point)
    stretch = stop.stretch
    yield passage.observe(
        rule,
        reach.metres,
        reach.sigma_m,
        (stretch.since_ns, stretch.until_ns),
        stop.middle_ns,
        subject=limit.id,
        place=reach.place,
        supports_fault=reach.exam_grade,
    )


def parked_signal(passage: Passage, rule: Rule) -> Iterator[Observation]:
    """A signal in the final stop."""
    stop = _final_stop(passage)
    if stop is None:
        return
    timeline = passage.log.signals.named[str(rule.parameters["signal"])]
    stretch = stop.stretch
    yield held.held_while_parked(
        passage.log, rule, timeline, stretch, passage.exercise.id, is_whole=stretch.length_s >= _WHOLE_S
    )


def _final_stop(passage: Passage) -> Stop | None:
    crossed = passage.log.finish_crossed
    if crossed is None:
        return None
    stops = passage.log.motion.stops(crossed.since_ns, passage.log.until_ns + 1)
    lasting = [one for one in stops if one.stretch.length_s >= STOP_FROM_S and one.stretch.since_ns >= crossed.since_ns]
    return lasting[-1] if lasting else None


CONDUCT = conduct({"stopped_beyond": stopped_beyond}, {"parked": parked_signal})

"""What can be observed in every exercise that has the lines, cones, lights or bay for it: the site's data decide."""

from __future__ import annotations

from collections.abc import Mapping

from center.driving_track.scoring.conduct import Conduct, Observe
from center.driving_track.scoring.measures import (
    bay,
    cones,
    crossings,
    durations,
    kerbs,
    lines,
    reverse,
    signal_ahead,
    stop_line,
)

_OBSERVES: Mapping[str, Observe] = {
    "line_excess": lines.line_excess,
    "no_stop": stop_line.no_stop,
    "stop_distance": stop_line.stop_distance,
    "beyond_stop_line": stop_line.beyond_stop_line,
    "hold_duration": stop_line.hold_duration,
    "against_signal": signal_ahead.against_signal,
    "clearing_time": signal_ahead.clearing_time,
    "exercise_time": durations.exercise_time,
    "cone_knocked": cones.cone_knocked,
    "kerb_pressed": kerbs.kerb_pressed,
    "reverse_engagements": reverse.reverse_engagements,
    "outside_bay": bay.outside_bay,
}
_SIGNALS: Mapping[str, Observe] = {
    "crossing_stop_line": crossings.at_stop_line,
    "crossing_exit_line": crossings.at_exit_line,
    "parked": bay.parked_signal,
}


def conduct(
    observes: Mapping[str, Observe] | None = None, signals: Mapping[str, Observe] | None = None, tail_ns: int = 0
) -> Conduct:
    """What every exercise offers, with what is special to one."""
    return Conduct({**_OBSERVES, **(observes or {})}, {**_SIGNALS, **(signals or {})}, tail_ns)

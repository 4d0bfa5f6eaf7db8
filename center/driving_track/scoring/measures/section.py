"""The speed section's two lines: what the track's sensors say of their crossings."""

from __future__ import annotations

from collections.abc import Sequence

from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.witnesses import NOTHING_SAID, Word
from messages.site import ExerciseKind


def word_of(log: Logbook, path: Sequence[PathPoint]) -> Word:
    """Of entry and exit on a path; nothing if the section was not driven."""
    section = log.section
    if section is None:
        return NOTHING_SAID
    word = NOTHING_SAID
    for exercise in (one.exercise for one in log.begun if one.exercise.kind is ExerciseKind.SPEED_SECTION):
        for line_id, at_ns in ((exercise.stop_line, section.since_ns), (exercise.exit_line, section.until_ns)):
            if line_id is not None:
                word += log.witnesses.at_crossing(line_id, at_ns, path)
    return word

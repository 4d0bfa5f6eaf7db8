"""A crossing of a line as the receiver shows it, and what the track's own sensors there say of it."""

from __future__ import annotations

from dataclasses import dataclass

from center.driving_track.scoring.drive import Instant, StopLine
from center.driving_track.scoring.elements import ELEMENT_SIGMA_S
from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.witnesses import Word


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A crossing; ``sources`` are the devices that show it."""

    crossing: Instant
    word: Word
    sources: tuple[str, ...]


def witnessed(passage: Passage, line: StopLine, crossing: Instant) -> Witnessed:
    """A crossing that the receiver does not show well enough is at the instant that the beam at the line gives it."""
    log = passage.log
    word = log.witnesses.at_crossing(line.id, crossing.time_ns, passage.drive.points)
    sources = log.satellite, log.bus
    if crossing.exam_grade or word.disagree or word.edge_ns is None:
        return Witnessed(crossing, word, sources)
    beams = tuple(sorted({log.elements.named[name].device_id for name in word.agree}))
    return Witnessed(Instant(word.edge_ns, ELEMENT_SIGMA_S, exam_grade=True), word, sources + beams)

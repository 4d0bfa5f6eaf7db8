"""What the fold of an exam's readings ends in: everything the judge and the sheet need, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.points import VoidEvent
from center.driving_track.scoring.score_sheet import ExerciseSpan


@dataclass(frozen=True, slots=True)
class ExamOutcome:
    """The result of ``ExamScorer.finish``; instants in UTC ns.

    ``finished`` is whether the route was driven to its end (or to the last exercise the exam was called for). ``notes``
    are short codes of what is missing, such as ``gap:car-1-gnss:1200ms``, in the order of their times.
    """

    began_ns: int
    ended_ns: int
    finished: bool
    exercises: tuple[ExerciseSpan, ...]
    observations: tuple[Observation, ...]
    voids: tuple[VoidEvent, ...]
    notes: tuple[str, ...]

"""What an exercise's module says of its exercise: which observations can be made in it, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from center.driving_track.scoring.logbook import Passage
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.rules import Rule

Observe = Callable[[Passage, Rule], Iterable[Observation]]


@dataclass(frozen=True, slots=True)
class Conduct:
    """The observations of one kind of exercise by name; of ``signal``, by its ``during``."""

    observes: Mapping[str, Observe]
    signals: Mapping[str, Observe]
    tail_ns: int = 0
    """So long after its end something may still happen that belongs to it."""

    def of(self, rule: Rule) -> Observe | None:
        """What makes the observation a rule names; None if it cannot be made in this exercise."""
        if rule.observation == "signal":
            return self.signals.get(str(rule.parameters["during"]))
        return self.observes.get(rule.observation)

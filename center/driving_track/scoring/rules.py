"""A rule pack's edition as the scoring core reads it: pure data, loaded and checked by ``driving_track.rule_packs``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Limit:
    """From where a rule charges; ``far_tolerance`` is T of docs/observations.md, in the same unit."""

    value: float
    unit: str
    far_tolerance: float
    at_least: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One error of a pack: what is observed, from which limit it counts, what it costs."""

    id: str
    exercise: str
    """An exercise kind, or ``any``."""
    title: dict[str, str]
    observation: str
    parameters: dict[str, str | float | bool]
    limit: Limit
    points: int
    disqualifies: bool
    points_provisional: bool
    repeats: str
    """``each``, ``once_per_exercise``, ``once_per_exam`` or ``latched``."""
    supersedes: tuple[str, ...]
    """Rules of nested limits that are not charged for the same happening when this one is."""
    clause: str
    source: str

    @property
    def provisional(self) -> bool:
        """Whether a value that can decide was only recalled or chosen."""
        return self.limit.provisional or self.points_provisional


@dataclass(frozen=True, slots=True)
class Scheme:
    """How points make a verdict.

    ``add`` from ``start`` and fail over ``fails_over``, or ``subtract`` and fail below ``passes_at``.
    """

    direction: str
    start: int
    fails_over: int | None
    passes_at: int | None
    clause: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The factors of the three-valued decision and how many looks at exactly the limit they were chosen for."""

    k_f: float
    k_p: float
    independent_looks: int


@dataclass(frozen=True, slots=True)
class VoidRule:
    """What the loss of a source for longer than so many seconds does to the exercises named."""

    source: str
    longer_than_s: float
    exercises: tuple[str, ...] | None
    """None: all of them."""
    faults: tuple[str, ...]
    """Codes of device faults that count as a loss of the source while its device tells them."""
    verdict: str
    """``void`` or ``continue`` (checks that need the source are undetermined)."""
    provisional: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated edition of a pack."""

    pack: str
    valid_from: date
    title: dict[str, str]
    scheme: Scheme
    decision: Decision
    void: tuple[VoidRule, ...]
    rules: tuple[Rule, ...]
    sha256: str
    """Of the pack's file."""
    by_id: dict[str, Rule] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """As on the command line: ``kz@2016-01-01``."""
        return f"{self.pack}@{self.valid_from.isoformat()}"

"""What the exercises tell the judge: one measured value of one rule, with its uncertainty and where it stood."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Observation:
    """A measured value of the quantity a rule names (docs/observations.md), in the rule's unit.

    ``sigma`` is its standard uncertainty. ``supports_fault`` is False where sensors of exam grade did not see it (float
    fix, stale signal, no digest): it may be ok, never a fault; ``supports_ok`` is False where what was not seen could
    hide a fault.
    """

    rule_id: str
    exercise_id: str | None
    subject: str | None
    """The line, cone, signal or car signal it is about."""
    value: float
    sigma: float
    since_ns: int
    until_ns: int
    at_ns: int
    """When the value stood: the instant of the largest excess, of the stop, of the crossing."""
    place: tuple[float, float] | None = None
    """East and north (m) of what is drawn: the outline's point, the front."""
    part: str | None = None
    """Which outline point or wheel."""
    supports_fault: bool = True
    supports_ok: bool = True
    agree: tuple[str, ...] = ()
    """Devices or elements whose readings say the same."""
    disagree: tuple[str, ...] = ()
    provisional: bool = False
    """From the forward filter while the exam runs; a smoothed one with the same key replaces it."""

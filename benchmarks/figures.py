"""What a benchmark gives: a measured value, and the target it is held against if there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    name: str
    value: float
    unit: str
    target: str = ""
    """In words; empty: the figure is there to be read, not to be met."""
    is_met: bool | None = None
    note: str = ""

    @property
    def shown(self) -> str:
        """The value with three significant digits and its unit."""
        digits = 0 if abs(self.value) >= 100 else 1 if abs(self.value) >= 10 else 2
        return f"{self.value:,.{digits}f} {self.unit}".rstrip()

    @property
    def verdict(self) -> str:
        """Whether the target is met, in words."""
        return "" if self.is_met is None else "met" if self.is_met else "NOT MET"


def at_least(name: str, ratio: float, least: float, note: str) -> Figure:
    """A ratio that must not fall below a limit."""
    return Figure(name, ratio, "×", f"≥ {least:.2f}", ratio >= least, note)


def at_most(name: str, value: float, unit: str, most: float, note: str) -> Figure:
    """A value that must not exceed a limit."""
    return Figure(name, value, unit, f"≤ {most:g} {unit}", value <= most, note)


def quantile(values: list[float], share: float) -> float:
    """The value that a share of all do not exceed; raises ValueError for none."""
    if not values:
        raise ValueError("no values to take a quantile of")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| figure | measured | target | | how |", "|---|---|---|---|---|"]
    lines += [f"| {one.name} | {one.shown} | {one.target} | {one.verdict} | {one.note} |" for one in figures]
    return "\n".join(lines)

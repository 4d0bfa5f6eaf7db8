"""What was expected held against what was seen: how long each took, what never came, and what nobody expected."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.figures import Figure, at_most, quantile

_SHARE = 0.99
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Timing:
    """Of some findings, in milliseconds from the instant at which they could be made."""

    waits_ms: tuple[float, ...]
    missing: int = 0
    """Expected and never seen: each counts as a wait without end."""
    early: int = 0
    """Seen before they could be final: shown as what may still pass, or let through as a device counted as silent."""
    unexpected: int = 0
    """Seen, and not expected."""

    @property
    def expected(self) -> int:
        """How many there should be."""
        return len(self.waits_ms) + self.missing + self.early

    @property
    def p99_ms(self) -> float:
        """What 99 of 100 of those that had to be waited for do not exceed; raises ValueError without any."""
        return quantile([*self.waits_ms, *[math.inf] * self.missing], _SHARE)

    @property
    def note(self) -> str:
        """In words: nothing is left out of it."""
        seen = len(self.waits_ms)
        middle = f", median {quantile(list(self.waits_ms), 0.5):.0f} ms" if seen else ""
        told = f"{seen} of {self.expected} findings timed{middle}"
        told += f"; {self.missing} never came"
        told += f", {self.early} were there before they could be final" if self.early else ""
        return told + (f", {self.unexpected} came unexpectedly" if self.unexpected else "")


def timing(expected_ns: Mapping[_Key, int], seen_ns: Mapping[_Key, int]) -> Timing:
    """Match by key: from when on each was to be made, and when it was first seen (ns of one clock)."""
    waits = {key: (seen_ns[key] - since_ns) / 1e6 for key, since_ns in expected_ns.items() if key in seen_ns}
    return Timing(
        waits_ms=tuple(wait for wait in waits.values() if wait >= 0.0),
        missing=len(expected_ns) - len(waits),
        early=sum(wait < 0.0 for wait in waits.values()),
        unexpected=len(seen_ns.keys() - expected_ns.keys()),
    )


def figure(name: str, found: Timing, most_ms: float, what: str) -> Figure:
    """The slowest but one in a hundred against a limit; raises RuntimeError if there was nothing to wait for."""
    if not found.waits_ms and not found.missing:
        raise RuntimeError(f"{name}: nothing was to be waited for; {found.note}")
    return at_most(f"{name}, p99", found.p99_ms, "ms", most_ms, f"{what}: {found.note}")

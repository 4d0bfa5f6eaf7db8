"""A circuit breaker: a register that has failed often in a row is left alone for a while, then tried once."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Breaker:
    """A value; each event gives the next one. Instants are seconds of any clock that only rises.

    >>> breaker = Breaker(opens_after=2, open_for_s=30.0)
    >>> breaker = breaker.failed(at_s=1.0).failed(at_s=2.0)
    >>> breaker.lets_through(at_s=31.9), breaker.lets_through(at_s=32.0)
    (False, True)
    """

    opens_after: int
    """So many failures in a row."""
    open_for_s: float
    failures: int = 0
    opened_at_s: float | None = None
    trying: bool = False
    """Whether the one trial after the pause is under way."""

    def lets_through(self, at_s: float) -> bool:
        """Whether a request may go out now."""
        if self.opened_at_s is None:
            return True
        return not self.trying and at_s >= self.opened_at_s + self.open_for_s

    def sent(self) -> Breaker:
        """A request goes out; after a pause it is the only one until it is known how it ends."""
        return self if self.opened_at_s is None else replace(self, trying=True)

    def answered(self) -> Breaker:
        """All is well again."""
        return replace(self, failures=0, opened_at_s=None, trying=False)

    def failed(self, at_s: float) -> Breaker:
        """One more failure in a row."""
        failures = self.failures + 1
        opens = failures >= self.opens_after or self.opened_at_s is not None
        return replace(self, failures=failures, opened_at_s=at_s if opens else None, trying=False)

"""Maps the stamps of a CAN adapter (milliseconds 0 to 59999, round and round) to UTC by the least latency seen.

A frame cannot arrive before it was stamped, and now and then one arrives at once. So the adapter's zero lies at the
least of (arrival − stamp) so far; that least is let rise by 100 ppm, more than a quartz drifts, to follow a slow
adapter. (The one-way method of NTP's minimum filter: Mills, RFC 5905, clock filter algorithm.)
"""

from __future__ import annotations

from typing import Final, Protocol

_WRAP_NS: Final = 60_000_000_000
_DRIFT: Final = 1e-4
_EARLY_NS: Final = 5_000_000
"""A stamp that undercuts the least latency by so much, in machine time, needs a second one to be believed."""


class Stamps(Protocol):
    """What gives a frame its instant."""

    def utc_ns(self, stamp_ms: int, arrival_ns: int) -> int:
        """The UTC instant (ns) of a stamp."""

    def restart(self) -> None:
        """Frames have been lost, or the adapter may have been reset."""


class RecordedStamps:
    """Instants for a recording, in which nothing arrives: the first stamp is at ``begin_ns``, the rest follow it."""

    def __init__(self, begin_ns: int) -> None:
        self._given_ns = begin_ns
        self._stamp_ms: int | None = None

    def utc_ns(self, stamp_ms: int, arrival_ns: int) -> int:
        """The UTC instant (ns) of a stamp that follows the last within a minute."""
        if self._stamp_ms is not None:
            self._given_ns += (stamp_ms - self._stamp_ms) * 1_000_000 % _WRAP_NS
        self._stamp_ms = stamp_ms
        return self._given_ns

    def restart(self) -> None:
        """A recording is one piece."""


class StampClock:
    """UTC for the stamps of one adapter; ``rate`` is how fast the arrivals' clock runs against the machine's."""

    def __init__(self, rate: float = 1.0) -> None:
        self._early_ns = round(_EARLY_NS * max(rate, 1.0))
        self._zero_ns: int | None = None
        """Arrival less unwrapped stamp, at the least."""
        self._stamp_ns = 0
        self._arrival_ns = 0
        self._given_ns = 0
        self._is_suspicious = False

    def utc_ns(self, stamp_ms: int, arrival_ns: int) -> int:
        """The UTC instant (ns) of a stamp, never before the one given last.

        A stamp that is damaged, or the first after a reset of the adapter, counts as made on arrival.
        """
        if self._zero_ns is None:
            return self._begin(stamp_ms, arrival_ns)
        waited_ns = max(0, arrival_ns - self._arrival_ns)
        step_ns = (stamp_ms * 1_000_000 - self._stamp_ns) % _WRAP_NS
        if waited_ns > _WRAP_NS // 2:
            step_ns += max(0, round((waited_ns - step_ns) / _WRAP_NS)) * _WRAP_NS
        zero_ns = arrival_ns - (self._stamp_ns + step_ns)
        drift_ns = round(waited_ns * _DRIFT)
        if zero_ns < self._zero_ns - drift_ns - self._early_ns:
            if self._is_suspicious:
                return self._begin(stamp_ms, arrival_ns)
            self._is_suspicious = True
            return self._give(arrival_ns)
        self._is_suspicious = False
        self._zero_ns = min(self._zero_ns + drift_ns, zero_ns)
        self._stamp_ns += step_ns
        self._arrival_ns = arrival_ns
        return self._give(self._stamp_ns + self._zero_ns)

    def restart(self) -> None:
        """The line was lost: the adapter may have been reset."""
        self._zero_ns = None

    def _begin(self, stamp_ms: int, arrival_ns: int) -> int:
        self._is_suspicious = False
        self._stamp_ns = stamp_ms * 1_000_000
        self._zero_ns = arrival_ns - self._stamp_ns
        self._arrival_ns = arrival_ns
        return self._give(arrival_ns)

    def _give(self, utc_ns: int) -> int:
        self._given_ns = max(self._given_ns, utc_ns)
        return self._given_ns

"""Simulated time: one mapping from the machine's clock to the demo's, the same in every process told its numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Demo time runs ``rate`` times as fast as the machine's, and was ``start_utc_ns`` when that showed ``origin_ns``.

    The real clock is ``TimeScale()``. Passed between processes as ``START_NS:ORIGIN_NS:RATE``, with ``:FILE`` behind it
    where a steered clock (``messages/steered_clock.py``) shows the demo's time itself: ``rate`` is how fast it may run.
    """

    start_utc_ns: int = 0
    origin_ns: int = 0
    rate: float = 1.0
    clock_file: str = ""

    @property
    def is_real(self) -> bool:
        """Whether this is the machine's own time."""
        return self.start_utc_ns == self.origin_ns and self.rate == 1.0 and not self.clock_file

    def at(self, machine_ns: int) -> int:
        """The time (UTC ns) when the machine's clock, or the steered one, shows ``machine_ns``."""
        if self.clock_file:
            return machine_ns
        numerator, denominator = self.rate.as_integer_ratio()
        return self.start_utc_ns + _rounded((machine_ns - self.origin_ns) * numerator, denominator)

    def machine_ns_at(self, time_ns: int) -> int:
        """What that clock shows at this time: when to wake up."""
        if self.clock_file:
            return time_ns
        numerator, denominator = self.rate.as_integer_ratio()
        return self.origin_ns + _rounded((time_ns - self.start_utc_ns) * denominator, numerator)

    def __str__(self) -> str:
        numbers = f"{self.start_utc_ns}:{self.origin_ns}:{self.rate!r}"
        return f"{numbers}:{self.clock_file}" if self.clock_file else numbers

    @classmethod
    def parse(cls, text: str) -> TimeScale:
        """Read ``START_NS:ORIGIN_NS:RATE[:FILE]``; raises ValueError naming the text."""
        try:
            start, origin, rate, *file = text.split(":", 3)
            scale = cls(int(start), int(origin), float(rate), *file)
            if file == [""]:
                raise ValueError("no file behind the last colon")
        except ValueError as error:
            raise ValueError(f"time scale {text!r} is not START_NS:ORIGIN_NS:RATE[:FILE]") from error
        if not 0.0 < scale.rate <= 1000.0:
            raise ValueError(f"rate {scale.rate} of time scale {text!r} is not above 0 and at most 1000")
        return scale


def _rounded(numerator: int, denominator: int) -> int:
    """The quotient to the nearest integer, exactly: nanoseconds since 1970 are too many for a float."""
    return (2 * numerator + denominator) // (2 * denominator)

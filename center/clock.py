"""The one clock: the machine's own, or in the demo a simulated day that runs faster."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from messages.clock import TimeScale

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the centre's time; spans in its own seconds, which at rate 60 are a sixtieth of the machine's."""

    scale: TimeScale = field(default_factory=TimeScale)
    machine_ns: Callable[[], int] = time.time_ns
    """The machine's clock, or the steered one that stands for it."""

    def now_ns(self) -> int:
        """UTC in ns since 1970."""
        return self.scale.at(self.machine_ns())

    def now(self) -> datetime:
        """UTC as the database keeps it: aware, in microseconds."""
        return instant(self.now_ns())


def instant(time_ns: int) -> datetime:
    """An aware UTC instant; nanoseconds are cut to microseconds."""
    return _EPOCH + timedelta(microseconds=time_ns // 1000)


def nanoseconds(moment: datetime) -> int:
    """UTC ns since 1970 of an aware instant, exact to its microsecond."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000

"""Keeps simulated instants to the demo's clock: sleeps in small slices, never sleeps when late."""

from __future__ import annotations

import time
from collections.abc import Callable

from messages.clock import TimeScale

_LONGEST_SLEEP_S = 0.02


class Pacing:
    """Waits until an instant of a time scale has come on the machine's clock."""

    def __init__(
        self,
        scale: TimeScale,
        *,
        machine_ns: Callable[[], int] = time.time_ns,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.scale = scale
        self._machine_ns = machine_ns
        self._sleep = sleep
        self.latest_ns = 0
        """By how much demo time the last instant was missed; 0 when it was waited for."""

    def now_ns(self) -> int:
        """The demo's time."""
        return self.scale.at(self._machine_ns())

    def wait_until(self, time_ns: int) -> None:
        """Return when that instant has come; at once if it is past."""
        due = self.scale.machine_ns_at(time_ns)
        while (left_ns := due - self._machine_ns()) > 0:
            self._sleep(min(left_ns / 1e9, _LONGEST_SLEEP_S))
        self.latest_ns = max(0, self.now_ns() - time_ns)

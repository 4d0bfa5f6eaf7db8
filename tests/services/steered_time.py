"""Simulated time that the test process moves on: it stands still while the machine keeps the tests from running."""

from __future__ import annotations

import threading
from pathlib import Path

from messages.clock import TimeScale
from messages.steered_clock import lay_out, machine_clock
from simulators.pacing import Steering

_STEP_MACHINE_S = 0.004
_LOOK_EVERY_S = 0.005


class SteeredTime:
    """A clock in a file, moved by a thread until ``stop``."""

    def __init__(self, path: Path, start_ns: int, rate: float) -> None:
        lay_out(path, start_ns)
        self.scale = TimeScale(start_ns, 0, rate, str(path))
        self.now_ns = machine_clock(self.scale)
        self.not_beyond_ns: int | None = None
        """Time waits there for whoever has more to say, as it waits for the simulators on a slow machine."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="steered time", daemon=True)
        self._thread.start()

    def wait_until(self, time_ns: int, stopping: threading.Event | None = None) -> bool:
        """Return when that instant has come; False if it was not waited for because of ``stopping``."""
        while self.now_ns() < time_ns:
            if (stopping or self._stopping).wait(_LOOK_EVERY_S):
                return False
        return True

    def stop(self) -> None:
        """Let time stand still for good."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        steering = Steering(self.scale)
        step_ns = round(_STEP_MACHINE_S * self.scale.rate * 1e9)
        time_ns = self.scale.start_utc_ns
        while not self._stopping.is_set():
            bound_ns = self.not_beyond_ns
            if bound_ns is not None and time_ns + step_ns > bound_ns:
                self._stopping.wait(_LOOK_EVERY_S)
                continue
            time_ns += step_ns
            steering.wait_until(time_ns)

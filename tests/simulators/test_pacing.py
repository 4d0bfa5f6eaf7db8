"""Pacing waits by the demo's clock and never when it is late."""

from __future__ import annotations

import pytest

from messages.clock import TimeScale
from simulators.pacing import Pacing

SECOND = 1_000_000_000


class Clock:
    def __init__(self) -> None:
        self.now_ns = 0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_ns += round(seconds * 1e9)


def test_it_waits_in_small_slices_of_the_machines_time() -> None:
    clock = Clock()
    pacing = Pacing(TimeScale(5 * SECOND, 0, 10.0), machine_ns=lambda: clock.now_ns, sleep=clock.sleep)
    pacing.wait_until(6 * SECOND)
    assert sum(clock.slept) == pytest.approx(0.1)
    assert max(clock.slept) <= 0.02
    assert pacing.latest_ns == 0


def test_late_it_does_not_wait_and_says_by_how_much() -> None:
    clock = Clock()
    clock.now_ns = SECOND
    pacing = Pacing(TimeScale(0, 0, 10.0), machine_ns=lambda: clock.now_ns, sleep=clock.sleep)
    pacing.wait_until(4 * SECOND)
    assert clock.slept == []
    assert pacing.latest_ns == 6 * SECOND

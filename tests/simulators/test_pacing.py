"""Pacing waits by the demo's clock and never when it is late; steering moves that clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from messages.clock import TimeScale
from messages.steered_clock import lay_out, machine_clock
from simulators.pacing import Pacing, Steering

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


class Steered:
    """A machine whose real clock the test moves, and the demo's clock as other processes see it."""

    def __init__(self, folder: Path, rate: float = 10.0, lines: Sequence[FakeLine] = ()) -> None:
        self.machine = Clock()
        lay_out(folder / "clock", 5000 * SECOND)
        self.scale = TimeScale(5000 * SECOND, 0, rate, str(folder / "clock"))
        self._shown_ns = machine_clock(self.scale)
        self.lines = lines
        self.steering = Steering(self.scale, lines, real_ns=lambda: self.machine.now_ns, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.machine.sleep(seconds)
        for line in self.lines:
            line.pass_time()

    @property
    def now_s(self) -> float:
        """Since the beginning, in the demo's time."""
        return (self._shown_ns() - 5000 * SECOND) / SECOND


@dataclass
class FakeLine:
    """Its reader takes a share of the bytes each time that somebody sleeps."""

    unread_bytes: int = 0
    takes: int = 0

    def pass_time(self) -> None:
        self.unread_bytes = max(0, self.unread_bytes - self.takes)


def test_steered_time_runs_at_its_rate_and_is_seen_by_all(tmp_path: Path) -> None:
    steered = Steered(tmp_path)
    for second in range(1, 21):
        steered.steering.wait_until((5000 + second) * SECOND)
        assert steered.now_s == second
    assert steered.machine.now_ns == pytest.approx(2 * SECOND)


def test_steered_time_stands_still_while_nobody_moves_it(tmp_path: Path) -> None:
    steered = Steered(tmp_path)
    steered.steering.wait_until(5001 * SECOND)
    steered.machine.now_ns += 30 * SECOND
    assert steered.now_s == 1.0


def test_what_a_stall_took_is_not_made_good_but_for_a_moment(tmp_path: Path) -> None:
    steered = Steered(tmp_path)
    steered.steering.wait_until(5001 * SECOND)
    steered.machine.now_ns += 30 * SECOND
    began = steered.machine.now_ns
    for second in range(2, 12):
        steered.steering.wait_until((5000 + second) * SECOND)
    assert (steered.machine.now_ns - began) / 1e9 == pytest.approx(1.0 - 0.1 - 0.05, abs=0.01)


def test_a_reader_that_is_behind_is_waited_for(tmp_path: Path) -> None:
    line = FakeLine(unread_bytes=50)
    steered = Steered(tmp_path, lines=[line])
    steered.steering.wait_until(5001 * SECOND)  # seen for the first time: whether anybody reads is not known yet
    line.unread_bytes, line.takes = 40, 10
    began = steered.machine.now_ns
    steered.steering.wait_until(round(5001.001 * SECOND))
    assert line.unread_bytes == 0
    assert steered.machine.now_ns > began


def test_a_reader_that_died_is_not_waited_for_again(tmp_path: Path) -> None:
    line = FakeLine(unread_bytes=400, takes=100)
    steered = Steered(tmp_path, lines=[line])
    steered.steering.wait_until(5001 * SECOND)
    line.unread_bytes = 200
    steered.steering.wait_until(5002 * SECOND)
    line.takes, line.unread_bytes = 0, 4000
    steered.steering.wait_until(5003 * SECOND)
    waited = steered.machine.now_ns
    assert steered.now_s == 3.0
    steered.steering.wait_until(5004 * SECOND)
    assert steered.machine.now_ns - waited <= 0.11 * SECOND


def test_a_line_that_nobody_ever_read_is_not_waited_for(tmp_path: Path) -> None:
    line = FakeLine(unread_bytes=400)
    steered = Steered(tmp_path, lines=[line])
    for second in range(1, 11):
        line.unread_bytes += 400
        steered.steering.wait_until((5000 + second) * SECOND)
    assert steered.machine.now_ns <= 1.01 * SECOND

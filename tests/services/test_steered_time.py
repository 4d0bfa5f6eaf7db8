"""The tests' own simulated time runs at its rate, and never faster."""

from __future__ import annotations

import time
from pathlib import Path

from tests.services.steered_time import SteeredTime

SECOND = 1_000_000_000


def test_it_runs_at_most_at_its_rate_and_stops(tmp_path: Path) -> None:
    began = time.monotonic()
    steered = SteeredTime(tmp_path / "clock", 100 * SECOND, 50.0)
    assert steered.wait_until(110 * SECOND)
    assert time.monotonic() - began > 0.15
    steered.stop()
    stood = steered.now_ns()
    time.sleep(0.02)
    assert steered.now_ns() == stood
    assert not steered.wait_until(stood + SECOND)


def test_it_waits_for_whoever_has_more_to_say(tmp_path: Path) -> None:
    steered = SteeredTime(tmp_path / "clock", 100 * SECOND, 50.0)
    steered.not_beyond_ns = 105 * SECOND
    assert steered.wait_until(104 * SECOND)
    time.sleep(0.1)
    assert steered.now_ns() <= 105 * SECOND
    steered.not_beyond_ns = None
    assert steered.wait_until(110 * SECOND)
    steered.stop()

"""Standstill and movement, with hysteresis and with the uncertainty of both ends."""

from __future__ import annotations

import pytest

from center.driving_track.scoring.motion import Motion, Stop
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.signals import NS_PER_S, Stretch

STEP_NS = 50_000_000


def moved(speeds: list[float], sigma: float = 0.01) -> Motion:
    motion = Motion()
    for index, speed in enumerate(speeds):
        motion.feed(point(index * STEP_NS + NS_PER_S, speed, sigma))
    return motion


def point(time_ns: int, speed: float, sigma: float) -> PathPoint:
    return PathPoint(time_ns, 0, 0, 0, 1, -1, 0, speed, sigma, 0, 0, 0, 0, 0, 0, True)


def ramp(begin: float, end: float, steps: int) -> list[float]:
    return [begin + (end - begin) * step / steps for step in range(steps)]


def test_a_stop_begins_and_ends_where_the_thresholds_are_crossed_between_two_poses() -> None:
    motion = moved([*ramp(2, 0, 20), *[0.0] * 40, *ramp(0, 2, 20), 2.0])
    (stop,) = motion.stops(0, 1 << 62)
    assert stop.stretch.since_ns == pytest.approx(NS_PER_S + 0.975 * NS_PER_S, abs=2e6)
    assert stop.stretch.until_ns == pytest.approx(NS_PER_S + 3.05 * NS_PER_S, abs=2e6)
    assert stop.stretch.sigma_s < 0.04
    assert len(motion.moving(0, 1 << 62)) == 2


def test_between_the_thresholds_nothing_changes() -> None:
    assert moved([1.0, 0.5, 0.07, 0.06, 0.09, 0.5]).stops(0, 1 << 62) == []
    assert moved([0.0, 0.07, 0.09, 0.06, 0.0]).moving(0, 1 << 62) == []


def test_rolling_backwards_is_moving() -> None:
    assert moved([0.0, -0.3, -0.4, -0.3]).is_moving


def test_a_wheel_that_reads_nothing_below_a_quarter_metre_a_second_makes_the_stop_uncertain_not_early() -> None:
    motion = Motion()
    for index, (speed, sigma) in enumerate([(0.6, 0.01), (0.3, 0.01), *[(0.0, 0.145)] * 16, *[(0.0, 0.02)] * 20]):
        motion.feed(point(index * STEP_NS + NS_PER_S, speed, sigma))
    (stop,) = motion.stops(0, 1 << 62)
    assert NS_PER_S + 2 * STEP_NS < stop.stretch.since_ns < NS_PER_S + 18 * STEP_NS
    assert stop.stretch.since_sigma_s > 0.2


@pytest.mark.parametrize(
    ("seconds", "definite", "possible"), [(0.3, False, False), (0.5, False, True), (0.8, True, True)]
)
def test_a_stop_is_definite_only_clear_of_half_a_second(seconds: float, definite: bool, possible: bool) -> None:
    stop = Stop(Stretch(0, int(seconds * NS_PER_S), 0.02, 0.02), is_over=True)
    assert (stop.is_definite(5.0), stop.is_possible(5.0)) == (definite, possible)


def test_a_hole_in_the_poses_may_hide_a_stop() -> None:
    motion = moved([1.0, 1.0])
    motion.feed(point(3 * NS_PER_S, 1.0, 0.01))
    assert motion.is_blind(0, 5 * NS_PER_S)
    assert not motion.is_blind(4 * NS_PER_S, 5 * NS_PER_S)


def test_the_stretch_that_still_lasts_is_told_too() -> None:
    motion = moved([1.0, 1.0, 1.0])
    assert motion.moving(0, 1 << 62) == [Stretch(NS_PER_S, NS_PER_S + 2 * STEP_NS)]
    assert motion.first_moving(0) is not None

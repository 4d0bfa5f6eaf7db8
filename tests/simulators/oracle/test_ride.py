"""Stops, moving, and the exercises in the order in which they begin."""

from __future__ import annotations

import numpy as np
import pytest

from simulators.oracle.ride import Ride
from tests.simulators.oracle.ridden import CAR, FRONT_M, SITE, ride, stop_and_go, truth_along


def test_a_stop_counts_from_half_a_second_on() -> None:
    east = stop_and_go([(20.0, 1.0), (24.0, 0.3), (26.0, 0.8), (28.0, 2.0), (30.0, 0.1)])
    stops = ride(truth_along(east, 0.0, 0.0)).stops
    assert len(stops) == 2, "neither the standing before the first moving nor the 0.3 s"
    assert ride(truth_along(east, 0.0, 0.0)).duration(stops[1]) == pytest.approx(2.0, abs=0.05)


def test_moving_has_hysteresis() -> None:
    speed = np.array([0.0, 0.07, 0.11, 0.07, 0.06, 0.04, 0.07])
    moving = ride(truth_along(np.zeros(7), 0.0, 0.0, speed=speed)).moving
    assert moving.tolist() == [False, False, True, True, True, False, False]


def test_exercises_begin_with_the_front_and_end_with_the_tail() -> None:
    one = ride(truth_along(np.arange(2.0, 75.0, 0.02), 0.0, 0.0))
    start, hill = one.attempts
    assert [start.exercise.id, hill.exercise.id] == ["start", "hill"]
    assert one.front[hill.first, 0] == pytest.approx(26.0, abs=0.03)
    assert start.completed
    assert one.truth.east[start.last] - 0.959 == pytest.approx(16.0, abs=0.03)
    assert one.truth.east[hill.last] - 0.959 == pytest.approx(64.0, abs=0.03)


def test_a_later_exercise_ends_the_one_before() -> None:
    east = np.concatenate([np.full(10, 112.0)])
    north = np.linspace(20.0, 24.5, 10)
    one = ride(truth_along(east, north, 90.0), "crossroads")
    assert [attempt.exercise.id for attempt in one.attempts] == ["crossroads", "snake"]


@pytest.mark.parametrize("by_order", [True, False])
def test_the_stop_order_ends_the_exercise_under_way(by_order: bool) -> None:
    one = Ride(truth_along(np.arange(20.0, 40.0, 0.02), 0.0, 0.0), SITE, CAR, "hill", ended_by_order=by_order)
    assert [attempt.completed for attempt in one.attempts] == [by_order]


def test_the_front_crosses_a_line_at_the_edge_it_meets_first() -> None:
    one = ride(truth_along(np.arange(38.0, 50.0, 0.01), 0.0, 0.0), "hill")
    crossed = one.crossing("hill-stop", 0, len(one.t) - 1)
    assert crossed is not None
    assert one.truth.east[crossed] + FRONT_M == pytest.approx(45.8, abs=0.011)

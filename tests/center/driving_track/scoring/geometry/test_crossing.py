"""Crossing a stop line: the instant, the direction, and the distance that is left."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.scoring.geometry.crossing import crossings, distance_before
from center.driving_track.scoring.geometry.outline import front_middle
from center.driving_track.scoring.path import PathPoint
from messages.site import Line, LineKind, Side
from tests.center.driving_track.scoring.drives import CAR

STOP = Line("stop", LineKind.STOP, ((10.0, 1.75), (10.0, -1.75)), 0.4, 0.0025, Side.RIGHT, Side.LEFT)
FRONT = [front_middle(CAR)]


def at(east: float, north: float = 0.0, time_ns: int = 0, speed: float = 1.0) -> PathPoint:
    return PathPoint(
        time_ns, east, north, 1.0, 0.0, 0.0, 1.0, speed, 0.01, 1.6e-5, 0.0, 1.6e-5, 0.0, 0.0, 2e-7, exam_grade=True
    )


def test_the_bumper_is_foremost() -> None:
    assert FRONT == [(3.52, 0.0)]


@given(st.floats(-5.0, 12.0), st.floats(-1.7, 1.7))
def test_what_is_left_is_measured_to_the_edge_that_is_met_first(east: float, north: float) -> None:
    found = distance_before(at(east, north), FRONT, STOP, CAR)
    assert found is not None
    assert found[0] == pytest.approx(10.0 - 0.2 - 3.52 - east)
    assert found[1] == pytest.approx(math.sqrt(1.6e-5 + 3 * 0.0025**2))


def test_a_line_of_another_lane_is_not_ahead() -> None:
    assert distance_before(at(0.0, 3.0), FRONT, STOP, CAR) is None


@pytest.mark.parametrize("speed", [0.5, 2.0, 8.0])
def test_the_instant_is_found_between_epochs(speed: float) -> None:
    path = [at(speed * i * 0.05, 0.0, i * 50_000_000, speed) for i in range(400)]
    (found,) = crossings(path, FRONT, STOP, CAR)
    assert found.time_ns == pytest.approx((10.0 - 0.2 - 3.52) / speed * 1e9, abs=2)
    assert found.sigma_ns == pytest.approx(math.sqrt(1.6e-5 + 3 * 0.0025**2) / speed * 1e9, rel=1e-3)
    assert found.is_forwards
    assert found.exam_grade


def test_rolling_back_over_the_line_is_a_crossing_backwards() -> None:
    there = [at(6.0 + 0.05 * i, 0.0, i * 50_000_000) for i in range(12)]
    back = [at(6.6 - 0.05 * i, 0.0, (12 + i) * 50_000_000) for i in range(12)]
    assert [one.is_forwards for one in crossings([*there, *back], FRONT, STOP, CAR)] == [True, False]


def test_driving_past_beside_the_line_is_no_crossing() -> None:
    path = [at(i * 0.1, 2.5, i * 50_000_000) for i in range(200)]
    assert crossings(path, FRONT, STOP, CAR) == []

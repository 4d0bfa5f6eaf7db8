"""Paths: they begin and end where they should and bend as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.driver.path import (
    Pose,
    corner,
    from_curvature,
    from_points,
    join,
    sideways_pieces,
    spline,
    straight,
    turn_pieces,
)


@given(st.floats(-3.0, 3.0).filter(lambda left: abs(left) > 0.1), st.floats(-math.pi, math.pi))
def test_an_s_ends_parallel_and_so_far_aside(left: float, heading: float) -> None:
    start = Pose(3.0, -2.0, heading)
    end = from_curvature(start, sideways_pieces(left, 0.22, 1.2)).end
    c, s = math.cos(heading), math.sin(heading)
    assert (end.north_m + 2.0) * c - (end.east_m - 3.0) * s == pytest.approx(left, abs=1e-4)
    assert end.heading_rad == pytest.approx(heading, abs=1e-9)


@given(st.floats(0.3, 3.1), st.floats(0.05, 0.24), st.floats(0.3, 3.0))
def test_a_turn_turns_by_its_angle_and_no_sharper_than_asked(angle: float, curvature: float, ramp: float) -> None:
    path = from_curvature(Pose(0, 0, 0), turn_pieces(-angle, curvature, ramp))
    assert path.end.heading_rad == pytest.approx(-angle, abs=1e-9)
    assert np.abs(path.curvature).max() <= curvature + 1e-12


@pytest.mark.parametrize("side", [1, -1])
def test_a_corner_joins_two_straights(side: int) -> None:
    path = corner(Pose(-20.0, 0.0, 0.0), Pose(0.0, side * 20.0, side * math.pi / 2), 8.0, 3.0)
    assert (path.start.east_m, path.start.north_m) == pytest.approx((-8.0, 0.0))
    assert (path.end.east_m, path.end.north_m) == pytest.approx((0.0, side * 8.0), abs=1e-3)


def test_a_reversed_path_bends_the_other_way_through_the_same_points() -> None:
    path = from_curvature(Pose(1.0, 2.0, 0.3), [(2.0, 0.0, 0.2), (3.0, 0.2, 0.2)])
    back = path.reversed()
    assert back.start.heading_rad == pytest.approx(path.end.heading_rad + math.pi)
    assert back.curvature[0] == -path.curvature[-1]
    assert (back.end.east_m, back.end.north_m) == (1.0, 2.0)


def test_joined_paths_have_one_growing_station() -> None:
    first = straight(Pose(0, 0, 0), 3.0)
    path = join([first, from_curvature(first.end, [(2.0, 0.0, 0.1)])])
    assert path.length_m == pytest.approx(5.0)
    assert (np.diff(path.station) > 0).all()


def test_points_of_a_circle_give_its_curvature() -> None:
    angles = np.linspace(0.0, 2.0, 400)
    path = from_points(5.0 * np.sin(angles), 5.0 * (1 - np.cos(angles)))
    assert path.curvature[5:-5] == pytest.approx(0.2, rel=1e-3)


def test_a_spline_passes_its_knots_and_is_flat_at_its_ends() -> None:
    along = np.linspace(0.0, 30.0, 301)
    values = spline([(0.0, 0.0), (10.0, 1.4), (20.0, -1.4), (30.0, 0.0)], along)
    assert values[[0, 100, 200, 300]] == pytest.approx([0.0, 1.4, -1.4, 0.0])
    assert abs(values[1]) < 1e-3
    assert abs(values[-2]) < 1e-3


def test_cutting_a_path_ends_it_at_the_station() -> None:
    path = straight(Pose(0, 0, 0), 10.0).until(4.321)
    assert path.end.east_m == pytest.approx(4.321)

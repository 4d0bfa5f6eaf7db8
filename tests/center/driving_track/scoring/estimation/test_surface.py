"""The ground's height and tilt agree with numerical integration of the survey's grades."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.scoring.estimation.attitude import Antenna
from center.driving_track.scoring.estimation.surface import SurfaceModel
from messages.site import GradeProfile, Surface
from tests.center.driving_track.scoring import drives

HILL = Surface(
    -0.004,
    0.015,
    (
        GradeProfile(
            "hill",
            ((26, -4), (90, -4), (90, 8), (26, 8)),
            (28, 0),
            90.0,
            ((0, 0), (3, 0.11), (21, 0.11), (24, 0), (32, 0), (35, -0.11), (53, -0.11), (56, 0)),
        ),
    ),
)


@given(st.floats(27.0, 89.0), st.floats(-3.9, 7.9))
def test_height_on_a_ramp_is_the_integral_of_its_grade(east: float, north: float) -> None:
    assert SurfaceModel(HILL).height(east, north) == pytest.approx(drives.height(HILL, east, north), abs=1e-9)


def test_a_ramp_ends_where_its_polygon_does() -> None:
    assert SurfaceModel(HILL).height(60.0, 8.5) == pytest.approx(-0.004 * 60.0 + 0.015 * 8.5)


@given(st.floats(-math.pi, math.pi))
def test_a_plane_tilts_a_car_by_its_heading(heading: float) -> None:
    c, s = math.cos(heading), math.sin(heading)
    along, across, twist = SurfaceModel(drives.CROSS_FALL).tilt(3.0, 4.0, (c, s), 2.62, 0.755)
    assert along == pytest.approx(0.004 * c + 0.02 * s)
    assert across == pytest.approx(0.02 * c - 0.004 * s)
    assert twist == 0.0


def test_a_car_bridges_a_vertical_curve_with_its_wheels() -> None:
    surface = SurfaceModel(Surface(0.0, 0.0, HILL.ramps))
    along, across, _ = surface.tilt(28.0, 0.0, (1.0, 0.0), 2.62, 0.755)
    assert along == pytest.approx((surface.height(30.62, 0.0) - surface.height(28.0, 0.0)) / 2.62)
    assert across == pytest.approx(0.0)


@given(st.floats(-math.pi, math.pi), st.floats(-0.12, 0.12), st.floats(-0.05, 0.05), st.floats(-4, 4), st.floats(-3, 3))
def test_the_antenna_stands_where_three_dimensional_rotations_put_it(
    heading: float, grade_east: float, grade_north: float, forward: float, left: float
) -> None:
    ground = Surface(grade_east, grade_north)
    c, s = math.cos(heading), math.sin(heading)
    along, across, _ = SurfaceModel(ground).tilt(0.0, 0.0, (c, s), drives.CAR.wheelbase_m, 0.755)
    x, y = Antenna(drives.CAR).offset(along, across, forward, left)
    place = (x * c - y * s, x * s + y * c)
    # Pitch and roll of the body one after the other differ from both at once by their product; a millimetre at most.
    assert place == pytest.approx(drives.true_antenna(ground, 0.0, 0.0, heading, forward, left), abs=1.5e-3)

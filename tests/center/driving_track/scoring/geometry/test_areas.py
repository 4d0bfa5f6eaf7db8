"""The car in bays and zones, as shapely sees it."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from center.driving_track.scoring.geometry.areas import has_left, outside_polygon, touches
from center.driving_track.scoring.geometry.outline import outline_at, placed, tyre_patches
from center.driving_track.scoring.path import PathPoint
from tests.center.driving_track.scoring.drives import CAR

BAY = ((0.0, 0.0), (5.2, 0.0), (5.2, 2.4), (0.0, 2.4))
HOLLOW = ((0.0, 0.0), (12.0, 0.0), (12.0, 3.0), (4.0, 3.0), (4.0, 8.0), (0.0, 8.0))


def at(east: float, north: float, heading: float) -> PathPoint:
    c, s = math.cos(heading), math.sin(heading)
    return PathPoint(0, east, north, c, s, -s, c, 0.0, 0.01, 1.6e-5, 0.0, 1.6e-5, 0.0, 0.0, 0.0, exam_grade=True)


poses = st.builds(at, st.floats(-6, 12), st.floats(-6, 10), st.floats(-3.14, 3.14))


@given(poses, st.booleans())
def test_how_far_the_car_sticks_out_of_a_bay(point: PathPoint, reverse: bool) -> None:
    outline = outline_at(point, CAR)
    most = max(max(-e, e - 5.2, -n, n - 2.4) for e, n in outline)
    found = outside_polygon(point, CAR.outline, BAY[::-1] if reverse else BAY, CAR)
    assert found == pytest.approx((most, math.sqrt(1.6e-5 + 3 * 0.0025**2)))


@given(poses, st.sampled_from([BAY, HOLLOW]))
def test_outside_is_as_shapely_sees_them(point: PathPoint, zone: tuple[tuple[float, float], ...]) -> None:
    car, area = shapely.Polygon(outline_at(point, CAR)), shapely.Polygon(zone)
    assume(car.boundary.distance(area.boundary) > 1e-6 or car.boundary.crosses(area.boundary))
    assert has_left(point, CAR, zone) == car.disjoint(area)


@given(poses)
def test_a_tyre_on_a_strip_is_as_shapely_sees_it(point: PathPoint) -> None:
    strip = ((-2.0, 1.0), (3.0, 1.0), (5.0, 3.0))
    for patch in tyre_patches(CAR):
        ring = placed(point, patch)
        area, line = shapely.Polygon(ring), shapely.LineString(strip)
        assume(area.boundary.distance(line) > 1e-6 or area.intersection(line).length > 1e-6)
        assert touches(ring, strip) == area.intersects(line)

"""Excess over lines against shapely, at lines' ends and bends, between epochs, and behind the whole estimator."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from center.driving_track.scoring.estimation.noise import HEALTHY, MODEST
from center.driving_track.scoring.geometry.lines import DEPTH_M, LineExcess, body_excess, wheel_excess
from center.driving_track.scoring.geometry.outline import outline_at, tyre_patches, variance_towards
from center.driving_track.scoring.path import PathPoint
from messages.site import Line, LineKind, Point, Side, Surface
from tests.center.driving_track.scoring import drives
from tests.center.driving_track.scoring.drives import CAR, CROSS_FALL, FLAT, GOOD, STEEP, WORSE, Sensors
from tests.sampling import SOAK, amount


def at(east: float, north: float, heading: float, time_ns: int = 0, speed: float = 1.0) -> PathPoint:
    c, s = math.cos(heading), math.sin(heading)
    variances = (1.6e-5, 2e-6, 1.2e-5, 1e-7, -2e-7, 2e-7)
    return PathPoint(time_ns, east, north, c, s, -s, c, speed, 0.01, *variances, True)


def line(*points: Point, width: float = 0.1, edge: Side = Side.LEFT, forbidden: Side = Side.LEFT) -> Line:
    return Line("line", LineKind.EDGE, points, width, 0.0025, edge, forbidden)


def band(points: Sequence[Point], shift: float, forbidden: Side) -> shapely.Geometry:
    """The ground beyond the reference edge, by shapely's own buffer (square ends, mitred bends)."""
    edge = shapely.offset_curve(shapely.LineString(points), shift, join_style="mitre", mitre_limit=100)
    depth = DEPTH_M if forbidden is Side.LEFT else -DEPTH_M
    return shapely.buffer(edge, depth, cap_style="flat", join_style="mitre", single_sided=True, mitre_limit=100)


poses = st.builds(at, st.floats(-9, 9), st.floats(-3, 3), st.floats(-3.14, 3.14))


@given(poses, st.sampled_from([Side.LEFT, Side.RIGHT]), st.sampled_from([Side.LEFT, Side.RIGHT]))
def test_the_excess_is_the_depth_to_which_shapely_sees_the_outline_in_the_band(
    point: PathPoint, edge: Side, forbidden: Side
) -> None:
    points = ((-6.0, 0.0), (6.0, 0.0))
    shift = 0.05 if edge is Side.LEFT else -0.05
    overlap = shapely.intersection(shapely.Polygon(outline_at(point, CAR)), band(points, shift, forbidden))
    found = body_excess([point], CAR, line(*points, edge=edge, forbidden=forbidden))
    if overlap.is_empty or overlap.area < 1e-9:
        assert not found or found[0].excess_m <= 1e-9 or found[0].excess_m == DEPTH_M
        return
    heights = shapely.get_coordinates(overlap)[:, 1] - shift
    deepest = heights.max() if forbidden is Side.LEFT else -heights.min()
    assert found[0].excess_m == pytest.approx(deepest, abs=1e-9)


@given(poses)
def test_at_a_bend_every_point_is_measured_from_its_own_side_of_the_bisector(point: PathPoint) -> None:
    start, bend, end = np.array([-8.0, 2.0]), np.array([0.0, 0.0]), np.array([7.0, 4.0])
    unit = [(bend - start) / np.linalg.norm(bend - start), (end - bend) / np.linalg.norm(end - bend)]
    left = [np.array([-along[1], along[0]]) for along in unit]
    bisector = (left[0] + left[1]) / np.linalg.norm(left[0] + left[1])
    car = shapely.Polygon(outline_at(point, CAR))
    deepest = -math.inf
    for free, normal in ((start, left[0]), (end, left[1])):
        stretch = [free + 9 * normal, bend + 9 * bisector, bend - 9 * bisector, free - 9 * normal]
        part = shapely.intersection(car, shapely.Polygon(stretch))
        if part.area > 1e-9:
            heights = (shapely.get_coordinates(part) - bend) @ normal - 0.05
            deepest = max(deepest, float(heights.max()))
    found = body_excess([point], CAR, line(tuple(start), tuple(bend), tuple(end)))
    if -0.5 <= deepest <= DEPTH_M:
        assert found[0].excess_m == pytest.approx(deepest, abs=1e-7)


@given(poses, st.floats(-3.14, 3.14), st.floats(-50, 50), st.floats(-50, 50))
def test_turning_and_moving_the_world_changes_nothing(point: PathPoint, turn: float, east: float, north: float) -> None:
    c, s = math.cos(turn), math.sin(turn)

    def moved(p: Point) -> Point:
        return (c * p[0] - s * p[1] + east, s * p[0] + c * p[1] + north)

    fe, fn = point.forward_east, point.forward_north
    e, n = moved((point.east_m, point.north_m))
    there = replace(
        at(e, n, math.atan2(fn, fe) + turn),
        var_east_m2=1e-5, var_north_m2=1e-5, cov_east_north_m2=0.0,
        cov_east_heading_mrad=0.0, cov_north_heading_mrad=0.0,
    )  # fmt: skip
    here = replace(
        point,
        var_east_m2=1e-5, var_north_m2=1e-5, cov_east_north_m2=0.0,
        cov_east_heading_mrad=0.0, cov_north_heading_mrad=0.0,
    )  # fmt: skip
    points = ((-6.0, 0.0), (1.0, 0.4), (6.0, 0.0))
    one = body_excess([here], CAR, line(*points))
    other = body_excess([there], CAR, line(*map(moved, points)))
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert (a.excess_m, a.sigma_m) == pytest.approx((b.excess_m, b.sigma_m), abs=1e-7)


@given(poses, st.floats(0.0, 0.3))
def test_a_line_farther_away_is_never_exceeded_by_more(point: PathPoint, clearance: float) -> None:
    near = body_excess([point], CAR, line((-6, 0), (6, 0)))
    far = body_excess([point], CAR, line((-6, clearance), (6, clearance)))
    if near and far and near[0].excess_m < DEPTH_M:
        assert far[0].excess_m <= near[0].excess_m + 1e-9


def passing(north: float, speed: float, hz: int, heading: float = 0.0) -> list[PathPoint]:
    step = speed / hz
    c, s = math.cos(heading), math.sin(heading)
    return [
        at((i - 100) * step * c, north + (i - 100) * step * s, heading, i * 1_000_000_000 // hz, speed)
        for i in range(220)
    ]


def test_the_corner_of_a_line_is_met_between_two_epochs() -> None:
    """A car that crosses a line's end at a slant is deepest at the very end, which no epoch shows."""
    ends = line((-40.0, 0.0), (0.0, 0.0))
    slow = body_excess(passing(-1.2, 2.0, 400, 0.35), CAR, ends)[0].excess_m
    fast = body_excess(passing(-1.2, 5.0, 20, 0.35), CAR, ends)[0].excess_m
    assert fast == pytest.approx(slow, abs=0.002)


def test_a_car_that_comes_back_makes_a_second_passage() -> None:
    there = passing(-0.95, 2.0, 20)
    away = [at(p.east_m, -5.0, 0.0, p.time_ns + 20_000_000_000, 2.0) for p in there]
    back = [replace(p, time_ns=p.time_ns + 40_000_000_000) for p in there]
    found = body_excess([*there, *away, *back], CAR, line((-60, 0), (60, 0)))
    assert len(found) == 2
    assert found[0].excess_m == found[1].excess_m == pytest.approx(0.8675 - 0.95 - 0.05)
    assert found[0].until_ns < found[1].since_ns


def test_each_wheel_has_its_own_passage() -> None:
    found = wheel_excess([at(0.0, -0.75, 0.0)], CAR, line((-60, 0), (60, 0)))
    assert {one.place: round(one.excess_m, 6) for one in found} == {
        0: round(0.755 + 0.0925 - 0.75 - 0.05, 6),
        2: round(0.755 + 0.0925 - 0.75 - 0.05, 6),
    }


def test_a_car_behind_the_band_is_elsewhere() -> None:
    assert body_excess([at(0.0, DEPTH_M + 1.0, 0.0)], CAR, line((-60, 0), (60, 0))) == []
    assert body_excess([at(0.0, 1.0, 0.0)], CAR, line((-60, 0), (60, 0)))[0].excess_m == DEPTH_M


def test_a_path_that_is_not_exam_grade_says_so_where_it_matters() -> None:
    path = passing(-0.95, 2.0, 20)
    path[50] = replace(path[50], exam_grade=False)
    path[100] = replace(path[100], north_m=path[100].north_m + 0.02)
    (found,) = body_excess(path, CAR, line((-60, 0), (60, 0)))
    assert found.exam_grade
    assert not found.whole_exam_grade
    path[100] = replace(path[100], exam_grade=False)
    assert not body_excess(path, CAR, line((-60, 0), (60, 0)))[0].exam_grade


def test_reading_a_path_twice_over_changes_nothing() -> None:
    path = passing(-0.95, 2.0, 20, 0.01)
    twice = [point for point in path for _ in range(2)]
    assert body_excess(twice, CAR, line((-60, 0), (3, 0))) == body_excess(path, CAR, line((-60, 0), (3, 0)))


@given(poses, st.floats(-3.14, 3.14))
def test_the_variance_along_a_normal_is_that_of_the_full_matrices(point: PathPoint, angle: float) -> None:
    normal = (math.cos(angle), math.sin(angle))
    x, y = 3.2, -0.7
    covariance = np.array(
        [
            [point.var_east_m2, point.cov_east_north_m2, point.cov_east_heading_mrad],
            [point.cov_east_north_m2, point.var_north_m2, point.cov_north_heading_mrad],
            [point.cov_east_heading_mrad, point.cov_north_heading_mrad, point.var_heading_rad2],
        ]
    )
    east = x * point.forward_east + y * point.left_east
    north = x * point.forward_north + y * point.left_north
    h = np.array([normal[0], normal[1], normal[1] * east - normal[0] * north])
    assert variance_towards(point, normal, (x, y)) == pytest.approx(float(h @ covariance @ h))


def touched(moments: Sequence[drives.Moment], middle: int) -> tuple[Line, int, int] | None:
    """A long line along the car that its outline touches in truth, near one moment, and goes nowhere beyond.

    With the window in time; None if the outline comes nearest at the window's end.
    """
    window = moments[max(0, middle - 200) : middle + 200]
    side = Side.RIGHT if moments[middle].wheel_angle >= 0.0 else Side.LEFT
    c, s = math.cos(moments[middle].heading), math.sin(moments[middle].heading)
    outline = np.array(CAR.outline)
    sign = 1.0 if side is Side.LEFT else -1.0
    reaches = []
    for m in window:
        cos, sin = math.cos(m.heading), math.sin(m.heading)
        east = m.east + outline[:, 0] * cos - outline[:, 1] * sin
        north = m.north + outline[:, 0] * sin + outline[:, 1] * cos
        reaches.append(float((sign * (north * c - east * s)).max()))
    most = max(reaches)
    if max(reaches[:20] + reaches[-20:]) > most - 0.001:
        return None
    m = moments[middle]
    along = m.east * c + m.north * s
    ends = [((along + far) * c - sign * most * s, (along + far) * s + sign * most * c) for far in (-80.0, 80.0)]
    return line(*ends, width=0.0, edge=side, forbidden=side), window[0].time_ns, window[-1].time_ns


@pytest.mark.parametrize(
    ("manoeuvre", "surface", "receiver", "hz"),
    [("box", FLAT, GOOD, 20), ("parallel", CROSS_FALL, GOOD, 20), ("snake", FLAT, GOOD, 10), ("lane", FLAT, GOOD, 20),
     ("box", FLAT, WORSE, 20)],
)  # fmt: skip
def test_the_largest_excess_of_a_drive_is_unbiased_and_as_sure_as_stated(
    manoeuvre: str, surface: Surface, receiver: drives.Receiver, hz: int
) -> None:
    """Edges touched at exactly 0: what is measured is within its uncertainty, and never far beyond."""
    truth = drives.truth(manoeuvre, surface)
    noise = HEALTHY if receiver is GOOD else MODEST
    errors: list[float] = []
    sigmas: list[float] = []
    places = [touched(truth, len(truth) * tenth // 20) for tenth in range(8, 20)]
    touches = [place for place in places if place is not None]
    assert len(touches) >= 3
    for seed in range(amount(300, 8, name="draws of the noise at edges touched")):
        draw = random.Random(f"{manoeuvre}{hz}{seed}")
        sensors = Sensors(draw, receiver=receiver, pose_hz=hz, lever_sigma=0.0025)
        estimator, _ = drives.drive(truth, sensors, surface, noise)
        for place in touches:
            edge, since, until = place
            found = body_excess(estimator.smoothed(since, until), CAR, edge)
            largest: LineExcess = max(found, key=lambda one: one.excess_m)
            errors.append(largest.excess_m + draw.gauss(0, 0.0025) + draw.gauss(0, 0.0025))
            sigmas.append(largest.sigma_m)
    z = np.array(errors) / np.array(sigmas)
    assert z.max() < 5.0, "a car that only touches the edge is charged"
    assert np.mean(np.abs(z) < 2) > (0.93 if SOAK else 0.87)
    assert abs(np.mean(errors)) < (0.001 if SOAK and receiver is GOOD else 0.003)
    receiver_alone = math.sqrt(float(np.mean(np.square(sigmas))) - 3 * 0.0025**2)
    assert 0.0035 < receiver_alone < 0.0055 if receiver is GOOD else 0.0065 < receiver_alone < 0.009


def test_on_a_steep_hill_the_antennas_lean_is_taken_into_account() -> None:
    truth = drives.truth("lane", STEEP)
    errors = []
    for seed in range(amount(300, 8, name="draws of the noise on a steep hill")):
        estimator, _ = drives.drive(truth, Sensors(random.Random(seed)), STEEP)
        moment = truth[-1]
        point = estimator.smoothed(moment.time_ns - 200_000_000, moment.time_ns)[-1]
        along = (point.east_m - moment.east) * math.cos(moment.heading)
        errors.append(along + (point.north_m - moment.north) * math.sin(moment.heading))
    assert abs(np.mean(errors)) < 0.005


def test_contact_patches_are_as_wide_as_the_tyres() -> None:
    for patch, (x, y) in zip(tyre_patches(CAR), CAR.tyres, strict=True):
        assert shapely.Polygon(patch).centroid.coords[0] == pytest.approx((x, y))
        assert shapely.Polygon(patch).area == pytest.approx(0.185 * 0.16)

"""Readings that are wrong, wide, late, missing or absurd: counted, never trusted, never a reason to fail."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from center.driving_track.scoring.estimation.estimator import PathEstimator
from center.driving_track.scoring.estimation.noise import HEALTHY
from center.driving_track.scoring.estimation.surface import SurfaceModel
from messages.readings import CarState, FixQuality, SatellitePose
from tests.center.driving_track.scoring import drives
from tests.center.driving_track.scoring.drives import CAR, FLAT, Moment, Sensors

Pose = tuple[float, float, SatellitePose]
Bend = Callable[[float, Pose], Pose | None]


def driven(bend: Bend, *, bus: bool = True, seconds: float = 45.0) -> tuple[PathEstimator, tuple[Moment, ...]]:
    """A drive whose poses are bent (time in seconds, pose); None loses one."""
    truth = drives.truth("box", FLAT)[: round(seconds * drives.TICK_HZ)]
    estimator = PathEstimator(CAR, SurfaceModel(FLAT), HEALTHY)
    for moment, reading in Sensors(random.Random(5)).readings(truth):
        if isinstance(reading, CarState):
            if bus:
                estimator.on_car_state(moment.time_ns, reading)
        else:
            bent = bend(moment.time_ns * 1e-9, reading)
            if bent is not None:
                estimator.on_pose(moment.time_ns, *bent)
    return estimator, truth


def with_(pose: Pose, **fields: object) -> Pose:
    return pose[0], pose[1], msgspec.structs.replace(pose[2], **fields)


def during(since: float, until: float, change: Callable[[Pose], Pose | None]) -> Bend:
    return lambda time, pose: change(pose) if since <= time < until else pose


def misses(
    estimator: PathEstimator, truth: tuple[Moment, ...], since: float, until: float
) -> Iterator[tuple[float, float, bool]]:
    """Distance from the truth in metres and in sigmas, and the grade, of smoothed points."""
    at = {moment.time_ns: moment for moment in truth}
    for point in estimator.smoothed(round(since * 1e9), round(until * 1e9)):
        moment = at[point.time_ns]
        miss = math.hypot(point.east_m - moment.east, point.north_m - moment.north)
        yield miss, miss / math.sqrt(point.var_east_m2 + point.var_north_m2), point.exam_grade


def test_a_healthy_drive_is_exam_grade_throughout() -> None:
    estimator, truth = driven(lambda _, pose: pose)
    assert all(grade for _, _, grade in misses(estimator, truth, 0, 60))
    assert estimator.rejected == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"fix_quality": FixQuality.NONE}, "pose_without_fix"),
        ({"fix_quality": FixQuality.ESTIMATED}, "pose_without_fix"),
        ({"fix_quality": FixQuality.SIMULATOR}, "pose_without_fix"),
        ({"east_variance_m2": math.nan}, "pose_variance_absurd"),
        ({"north_variance_m2": -1.0}, "pose_variance_absurd"),
    ],
)
def test_a_pose_that_is_none_is_counted_by_reason(change: dict[str, object], reason: str) -> None:
    estimator, _ = driven(during(20.0, 20.49, lambda pose: with_(pose, **change)))
    assert estimator.rejected == {reason: 10}


@pytest.mark.parametrize("place", [(math.nan, 0.0), (0.0, math.inf), (1e9, 0.0)])
def test_a_place_that_is_no_number_changes_nothing(place: tuple[float, float]) -> None:
    estimator, truth = driven(during(20.0, 20.4, lambda pose: (*place, pose[2])))
    assert estimator.rejected == {"pose_absurd": 8}
    assert max(sigmas for _, sigmas, _ in misses(estimator, truth, 19, 22)) < 5


@pytest.mark.parametrize(
    "change",
    [
        {"fix_quality": FixQuality.RTK_FLOAT},
        {"fix_quality": FixQuality.DIFFERENTIAL},
        {"fix_quality": FixQuality.SINGLE},
        {"heading_deg": None},
        {"heading_deg": math.nan},
        {"correction_age_s": 10.5},
        {"correction_age_s": math.nan},
    ],
)
def test_what_is_not_fixed_fresh_and_headed_is_not_exam_grade(change: dict[str, object]) -> None:
    estimator, truth = driven(during(20.0, 24.0, lambda pose: with_(pose, **change)))
    assert not any(grade for _, _, grade in misses(estimator, truth, 20.0, 23.95))
    assert all(grade for _, _, grade in misses(estimator, truth, 24.05, 52))


def test_float_epochs_do_not_drag_the_path() -> None:
    def floating(pose: Pose) -> Pose:
        east, north, body = with_(pose, fix_quality=FixQuality.RTK_FLOAT)
        return east + 0.4, north - 0.3, body

    estimator, truth = driven(during(26.0, 36.0, floating))
    for miss, sigmas, _ in misses(estimator, truth, 20, 50):
        assert miss < 0.15
        assert sigmas < 5


def test_a_dropout_is_bridged_by_the_bus_with_growing_uncertainty_and_no_grade_after_a_second() -> None:
    estimator, truth = driven(during(26.0, 31.0, lambda _: None))
    points = estimator.smoothed(25_000_000_000, 32_000_000_000)
    assert max(b.time_ns - a.time_ns for a, b in pairwise(points)) <= 300_000_000
    lone = [point for point in points if 27_100_000_000 < point.time_ns < 30_900_000_000]
    assert lone
    assert not any(point.exam_grade for point in lone)
    assert max(point.var_east_m2 for point in lone) > 1.5 * points[0].var_east_m2
    assert max(sigmas for _, sigmas, _ in misses(estimator, truth, 25, 32)) < 5
    assert estimator.smoothed(31_100_000_000, 31_200_000_000)[0].exam_grade


def test_a_lone_jump_is_left_out() -> None:
    estimator, truth = driven(during(20.0, 20.1, lambda pose: (pose[0] + 0.5, pose[1], pose[2])))
    assert estimator.rejected == {"pose_outlier": 2}
    for miss, sigmas, grade in misses(estimator, truth, 18, 24):
        assert grade
        assert miss < 0.02
        assert sigmas < 5


def test_a_receiver_that_stays_elsewhere_takes_the_grade_away_and_then_begins_anew() -> None:
    estimator, truth = driven(during(20.0, 99.0, lambda pose: (pose[0] + 0.5, pose[1], pose[2])))
    assert estimator.rejected["path_begun_again"] == 1
    assert not any(grade for _, _, grade in misses(estimator, truth, 20.0, 22.9))
    assert all(miss < 0.05 for miss, _, _ in misses(estimator, truth, 18.0, 20.9))
    assert all(abs(miss - 0.5) < 0.05 for miss, _, _ in misses(estimator, truth, 21.1, 50.0))
    assert estimator.displacement(19_000_000_000, 23_000_000_000) is None


def test_without_a_heading_there_is_no_path() -> None:
    estimator, _ = driven(lambda _, pose: with_(pose, heading_deg=None))
    assert estimator.smoothed(0, 10**18) == []
    assert set(estimator.rejected) == {"pose_without_heading_at_start"}


def test_without_a_bus_the_path_is_the_receivers() -> None:
    estimator, truth = driven(lambda _, pose: pose, bus=False)
    assert max(sigmas for _, sigmas, _ in misses(estimator, truth, 0, 52)) < 6


def test_reading_everything_twice_changes_nothing() -> None:
    truth = drives.truth("parallel", FLAT)
    once = PathEstimator(CAR, SurfaceModel(FLAT), HEALTHY)
    twice = PathEstimator(CAR, SurfaceModel(FLAT), HEALTHY)
    for moment, reading in Sensors(random.Random(8)).readings(truth):
        for estimator, times in ((once, 1), (twice, 2)):
            for _ in range(times):
                if isinstance(reading, CarState):
                    estimator.on_car_state(moment.time_ns, reading)
                else:
                    estimator.on_pose(moment.time_ns, *reading)
    assert once.smoothed(0, 10**18) == twice.smoothed(0, 10**18)
    assert set(twice.rejected) == {"pose_repeated", "car_state_repeated"}


def test_what_comes_late_is_counted() -> None:
    estimator, _ = driven(lambda _, pose: pose, seconds=2.0)
    estimator.on_car_state(1, CarState(speed_mps=1.0))
    assert estimator.on_pose(1, 0.0, 0.0, SatellitePose(0.0, 0.0, 0.0, FixQuality.RTK_FIXED, heading_deg=0.0)) is None
    assert estimator.rejected == {"car_state_late": 1, "pose_late": 1}


def test_what_is_forgotten_is_gone_and_the_rest_is_as_before() -> None:
    estimator, _ = driven(lambda _, pose: pose)
    before = estimator.smoothed(30_000_000_000, 40_000_000_000)
    estimator.forget(29_000_000_000)
    assert estimator.smoothed(0, 28_900_000_000) == []
    assert estimator.smoothed(30_000_000_000, 40_000_000_000) == before


numbers = st.one_of(st.none(), st.floats(), st.sampled_from([0.0, 1.0, -1.0, 5e-324, 1e308]))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10**10), numbers, numbers, numbers, numbers), max_size=60))
def test_no_reading_makes_it_raise_or_tell_of_places_that_are_no_numbers(
    readings: list[tuple[bool, int, float | None, float | None, float | None, float | None]],
) -> None:
    estimator, _ = driven(lambda _, pose: pose, bus=False, seconds=1.0)
    now = 10**11
    for is_pose, step, a, b, c, d in readings:
        now += step
        if is_pose:
            pose = SatellitePose(
                0.0, 0.0, 0.0, FixQuality.RTK_FIXED, heading_deg=a, speed_mps=b, east_variance_m2=c, north_variance_m2=d
            )
            estimator.on_pose(now, d or 0.0, c or 0.0, pose)
        else:
            estimator.on_car_state(now, CarState(speed_mps=a, steering_wheel_deg=b))
    for point in estimator.smoothed(0, 10**18):
        assert math.isfinite(point.east_m + point.north_m + point.forward_east + point.forward_north)
        assert point.var_east_m2 >= 0.0

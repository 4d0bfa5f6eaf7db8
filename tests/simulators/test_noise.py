"""Sensors' noise: as large and as correlated as the description says, and the same for the same seed."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from messages.geodesy import LocalFrame
from messages.readings import FixQuality, SatellitePose
from messages.site import load
from simulators.noise import Delivery, NoiseSource, antenna_place
from simulators.noise_spec import NoiseSpec, load_noise
from simulators.samples import TruthSample
from simulators.survey_error import perturbed

SITE = load(Path(__file__).parents[2] / "sites" / "sarytau")
FRAME = LocalFrame(SITE.anchor)
STILL = TruthSample(
    time_s=0.0,
    east_m=50.0,
    north_m=100.0,
    ground_height_m=1.3,
    heading_rad=0.4,
    speed_mps=0.0,
    accel_mps2=0.0,
    yaw_rate_rad_s=0.0,
    front_wheel_rad=0.0,
    steering_wheel_deg=12.345,
    ground_pitch_rad=0.0,
    ground_roll_rad=0.0,
    body_pitch_rad=0.0,
    body_roll_rad=0.0,
    gear=1,
    engine_rpm=850.0,
    engine_running=True,
    clutch_pressed=False,
    brake_pressed=False,
    handbrake_on=False,
    belt_fastened=True,
    doors_closed=True,
    left_indicator_on=False,
    right_indicator_on=False,
    dipped_beam_on=True,
)


def _errors(spec: NoiseSpec, seed: int, epochs: int) -> np.ndarray:
    """Columns: east and north error in m, heading error in degrees, at 20 Hz."""
    source = NoiseSource(SITE, "car-1", spec, seed)
    east, north, _ = antenna_place(SITE.car("car-1"), STILL)
    rows = []
    for i in range(epochs):
        for one in source.satellite(dataclasses.replace(STILL, time_s=i * 0.05)):
            pose = one.reading
            e, n, _ = FRAME.enu(pose.latitude_deg, pose.longitude_deg, pose.height_m)
            assert pose.heading_deg is not None
            turn = pose.heading_deg - (90.0 - math.degrees(STILL.heading_rad))
            rows.append((e - east, n - north, math.remainder(turn, 360.0)))
    return np.array(rows)


@pytest.mark.parametrize("name", ["healthy", "modest"])
def test_white_and_slow_noise_are_as_large_as_described(name: str) -> None:
    spec = load_noise(name)
    runs = [_errors(spec, seed, 600) for seed in range(60)]
    receiver = spec.receiver
    for column, white, slow in (
        (0, receiver.position_white_m, receiver.position_walk_m),
        (1, receiver.position_white_m, receiver.position_walk_m),
        (2, receiver.heading_white_deg, receiver.heading_walk_deg),
    ):
        # Neighbours in time share the slow part, so that half of their squared difference is the white variance.
        seen_white = math.sqrt(np.mean([np.mean(np.diff(run[:, column]) ** 2) / 2 for run in runs]))
        assert seen_white == pytest.approx(white, rel=0.03)
        total = math.sqrt(np.mean([run[0, column] ** 2 + run[-1, column] ** 2 for run in runs]) / 2)
        assert total == pytest.approx(math.hypot(white, slow), rel=0.25)


def test_the_slow_noise_decays_with_its_time_constant() -> None:
    spec = load_noise("healthy")
    run = _errors(spec, 3, 40_000)[:, 0]
    means = run[: len(run) // 20 * 20].reshape(-1, 20).mean(axis=1)
    slow = np.mean(means**2)
    after_tau = np.mean(means[:-30] * means[30:])
    within_a_second = spec.receiver.position_white_m**2 / 20
    assert slow - within_a_second == pytest.approx(spec.receiver.position_walk_m**2, rel=0.35)
    assert after_tau / (slow - within_a_second) == pytest.approx(math.exp(-1), abs=0.2)


def test_without_noise_the_readings_are_the_truth() -> None:
    assert np.abs(_errors(load_noise("perfect"), 1, 20)).max() < 1e-6


def test_the_same_seed_gives_the_same_readings_and_another_gives_others() -> None:
    spec = load_noise("healthy")
    assert (_errors(spec, 5, 50) == _errors(spec, 5, 50)).all()
    assert (_errors(spec, 5, 50) != _errors(spec, 6, 50)).any()


def test_the_antenna_leans_downhill_and_to_the_outside() -> None:
    car = SITE.car("car-1")
    flat = antenna_place(car, STILL)
    uphill = antenna_place(car, dataclasses.replace(STILL, heading_rad=0.0, ground_pitch_rad=math.atan(0.10)))
    level = antenna_place(car, dataclasses.replace(STILL, heading_rad=0.0))
    assert level[0] - uphill[0] == pytest.approx(0.146 + 1.28 * 0.005, abs=0.003)
    leaning = antenna_place(car, dataclasses.replace(STILL, heading_rad=0.0, body_roll_rad=math.radians(0.5)))
    assert leaning[1] - level[1] == pytest.approx(-1.47 * math.radians(0.5), abs=1e-4)
    assert flat[2] == pytest.approx(1.3 + 1.47)


def test_wheels_read_zero_when_slow_and_in_steps_else() -> None:
    source = NoiseSource(SITE, "car-1", load_noise("healthy"), 1)
    slow = source.car_state(dataclasses.replace(STILL, speed_mps=-0.2)).reading
    fast = source.car_state(dataclasses.replace(STILL, speed_mps=3.3333)).reading
    assert slow.speed_mps == 0.0
    assert fast.speed_mps is not None
    assert round(fast.speed_mps * 100) == pytest.approx(fast.speed_mps * 100)
    assert fast.speed_mps == pytest.approx(3.33, abs=0.1)
    assert fast.steering_wheel_deg is not None
    assert round(fast.steering_wheel_deg * 10) == pytest.approx(fast.steering_wheel_deg * 10)


def _delivered(name: str, seconds: float = 300.0) -> list[list[Delivery[SatellitePose]]]:
    source = NoiseSource(SITE, "car-1", load_noise(name), 2)
    return [source.satellite(dataclasses.replace(STILL, time_s=i * 0.05)) for i in range(int(seconds * 20))]


def test_dropouts_are_epochs_that_never_come() -> None:
    missing = sum(not one for one in _delivered("dropouts")) * 0.05
    assert 1.0 < missing < 30.0


def test_float_epochs_say_that_they_are_and_are_wide() -> None:
    source = NoiseSource(SITE, "car-1", load_noise("float_epochs"), 2)
    poses = [one.reading for i in range(6000) for one in source.satellite(dataclasses.replace(STILL, time_s=i * 0.05))]
    wide = [one for one in poses if one.fix_quality is FixQuality.RTK_FLOAT]
    assert 0 < len(wide) < len(poses) / 2
    assert all(one.east_variance_m2 == pytest.approx(0.06**2) for one in wide)


def test_a_lost_heading_is_none_and_not_an_old_one() -> None:
    source = NoiseSource(SITE, "car-1", load_noise("lost_heading"), 2)
    poses = [one.reading for i in range(6000) for one in source.satellite(dataclasses.replace(STILL, time_s=i * 0.05))]
    assert any(one.heading_deg is None and one.heading_sigma_deg is None for one in poses)
    assert any(one.heading_deg is not None for one in poses)


def test_duplicates_reordering_stale_corrections_and_a_wrong_clock_are_as_described() -> None:
    doubled = sum(len(one) == 2 for one in _delivered("duplicates"))
    assert doubled / 6000 == pytest.approx(0.1, abs=0.02)
    source = NoiseSource(SITE, "car-1", load_noise("reordering"), 2)
    late = [source.satellite(dataclasses.replace(STILL, time_s=i * 0.05))[0].delay_s > 0.1 for i in range(4000)]
    assert sum(late) / 4000 == pytest.approx(0.05, abs=0.015)
    stale = NoiseSource(SITE, "car-1", load_noise("stale_corrections"), 2)
    ages = [
        stale.satellite(dataclasses.replace(STILL, time_s=t))[0].reading.correction_age_s for t in (59.0, 100.0, 151.0)
    ]
    assert ages == [1.0, 41.0, 1.0]
    clock = NoiseSource(SITE, "car-1", load_noise("clock_offset"), 2)
    assert clock.satellite(dataclasses.replace(STILL, time_s=7.0))[0].stamp_s == 8.0


def test_survey_errors_have_their_sigmas_and_shift_a_line_as_a_whole() -> None:
    spec = load_noise("healthy")
    nominal = SITE.line("a-right").points
    shifts, fronts, arms = [], [], []
    for seed in range(400):
        true = perturbed(SITE, spec, seed)
        first, last = true.line("a-right").points
        shifts.append(first[1] - nominal[0][1])
        assert first[1] - nominal[0][1] == pytest.approx(last[1] - nominal[1][1])
        fronts.append(max(x for x, _ in true.car("car-1").outline) - 3.52)
        arms.append(true.car("car-1").antenna.left_m - 0.02)
    for errors in (shifts, fronts, arms):
        assert np.std(errors) == pytest.approx(0.0025, rel=0.12)
        assert abs(np.mean(errors)) < 0.0005


def test_a_perfect_survey_changes_nothing() -> None:
    assert perturbed(SITE, load_noise("perfect"), 3) == SITE

"""The car: how it turns, stops, rolls back and stalls."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.site import load
from simulators.car import GRAVITY_MPS2, STEP_S, CarModel, CarMotion, Controls, advance

SITE = load(Path(__file__).parents[2] / "sites" / "sarytau")
MODEL = CarModel.of(SITE.car("car-1"))


def _rolling(speed_mps: float) -> CarMotion:
    return CarMotion(0.0, 0.0, 0.0, speed_mps=speed_mps, engine_running=True, engine_rpm=900.0)


def _drive(motion: CarMotion, controls: Controls, seconds: float, pitch_rad: float = 0.0) -> None:
    for _ in range(round(seconds / STEP_S)):
        advance(MODEL, motion, controls, pitch_rad)


@given(st.floats(2.0, 10.0), st.floats(1.0, 7.0))
def test_the_stopping_distance_is_that_of_the_brakes_and_the_rolling_friction(speed: float, braking: float) -> None:
    motion = _rolling(speed)
    _drive(motion, Controls(brake_mps2=braking, clutch_pressed=True, handbrake_on=False), 12.0)
    assert motion.speed_mps == 0.0
    assert motion.east_m == pytest.approx(speed**2 / (2 * (braking + 0.12)), abs=0.05)


@given(st.floats(-33.0, 33.0).filter(lambda angle: abs(angle) > 3.0))
def test_the_rear_axle_turns_on_the_radius_of_the_bicycle(angle_deg: float) -> None:
    motion = _rolling(1.0)
    wheel = math.radians(angle_deg)
    motion.front_wheel_rad = wheel
    controls = Controls(front_wheel_rad=wheel, drive_mps2=0.12, gear=1, clutch_pressed=True, handbrake_on=False)
    radius = MODEL.wheelbase_m / math.tan(wheel)
    _drive(motion, controls, abs(math.pi * radius))
    assert abs(motion.heading_rad) == pytest.approx(math.pi, abs=0.02)
    assert math.hypot(motion.east_m, motion.north_m) == pytest.approx(2 * abs(radius), rel=0.01)


def test_the_front_wheel_turns_no_faster_than_the_steering_allows_and_no_further() -> None:
    motion = _rolling(0.0)
    controls = Controls(front_wheel_rad=1.5)
    advance(MODEL, motion, controls, 0.0)
    assert motion.front_wheel_rad == pytest.approx(MODEL.max_front_wheel_rate * STEP_S)
    _drive(motion, controls, 3.0)
    assert motion.front_wheel_rad == MODEL.max_front_wheel_rad


def test_a_car_held_by_nothing_rolls_back_on_the_upgrade() -> None:
    pitch = math.atan(0.11)
    motion = _rolling(0.0)
    _drive(motion, Controls(clutch_pressed=True, gear=1, handbrake_on=False), 2.0, pitch)
    pull = GRAVITY_MPS2 * math.sin(pitch) - 0.12
    assert motion.speed_mps == pytest.approx(-2 * pull, rel=0.01)
    assert motion.east_m == pytest.approx(-2 * pull * math.cos(pitch), rel=0.02)


@pytest.mark.parametrize("held", [Controls(), Controls(handbrake_on=False, brake_mps2=1.5)])
def test_handbrake_or_brake_hold_it_there(held: Controls) -> None:
    motion = _rolling(0.0)
    _drive(motion, held, 5.0, math.atan(0.11))
    assert (motion.speed_mps, motion.east_m) == (0.0, 0.0)


def test_the_brakes_stop_a_car_and_never_push_it() -> None:
    motion = _rolling(0.05)
    _drive(motion, Controls(brake_mps2=8.0, clutch_pressed=True), 1.0)
    assert motion.speed_mps == 0.0
    assert 0.0 < motion.east_m < 0.01


def test_letting_the_clutch_go_without_throttle_stalls_the_engine() -> None:
    motion = _rolling(0.0)
    _drive(motion, Controls(gear=1, brake_mps2=3.0), 0.1)
    assert not motion.engine_running
    assert motion.engine_rpm == 0.0
    _drive(motion, Controls(gear=1, starter_on=True, brake_mps2=3.0), 0.1)
    assert not motion.engine_running, "a starter turns nothing with a gear in and the clutch out"
    _drive(motion, Controls(gear=1, starter_on=True, clutch_pressed=True, brake_mps2=3.0), 0.5)
    assert motion.engine_running


def test_the_engine_turns_with_the_wheels_when_the_clutch_is_out() -> None:
    motion = _rolling(5.0)
    _drive(motion, Controls(gear=2, drive_mps2=0.12, handbrake_on=False), 1.0)
    assert motion.engine_rpm == pytest.approx(5.0 / MODEL.tyre_circumference_m * MODEL.ratio_of(2) * 60, rel=0.01)


def test_a_revved_engine_that_drives_nothing_reaches_its_speed() -> None:
    motion = _rolling(0.0)
    _drive(motion, Controls(gear=0, rev_rpm=4600.0), 1.5)
    assert motion.engine_rpm == 4600.0


def test_reverse_gear_drives_backwards() -> None:
    motion = _rolling(0.0)
    _drive(motion, Controls(gear=-1, drive_mps2=1.0, clutch_pressed=True, handbrake_on=False), 2.0)
    assert motion.speed_mps < -1.5
    assert motion.east_m < -1.5

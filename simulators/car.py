"""A car as a bicycle with an engine, a clutch and brakes, advanced in steps of 10 ms; knows nothing of any track."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from messages.site import Car

STEP_S: Final = 0.01
GRAVITY_MPS2: Final = 9.81
_ROLLING_MPS2: Final = 0.12
_HANDBRAKE_MPS2: Final = 2.2
_FREE_REV_RPM_PER_S: Final = 6000.0


@dataclass(frozen=True, slots=True)
class CarModel:
    """What decides how a car moves; angles of the front wheel are those of the bicycle model's one wheel."""

    wheelbase_m: float
    track_m: float
    max_front_wheel_rad: float
    max_front_wheel_rate: float = math.radians(28.0)
    """rad/s: about 430° of steering wheel a second."""
    rear_slip_rad_per_mps2: float = 0.002
    """Slip angle of the rear axle to the outside per lateral acceleration."""
    overall_ratios: tuple[float, ...] = (14.1, 7.8, 5.2, 3.9, 3.1)
    reverse_ratio: float = 13.6
    tyre_circumference_m: float = 1.87
    idle_rpm: float = 800.0
    stall_rpm: float = 420.0
    max_drive_mps2: float = 4.0
    max_brake_mps2: float = 8.0

    @classmethod
    def of(cls, car: Car) -> CarModel:
        """The model of a surveyed car."""
        return cls(
            wheelbase_m=car.wheelbase_m,
            track_m=abs(car.tyres[2][1] - car.tyres[3][1]),
            max_front_wheel_rad=math.radians(car.max_front_wheel_deg),
        )

    def ratio_of(self, gear: int) -> float:
        """Engine turns per turn of a driven wheel."""
        if gear < 0:
            return self.reverse_ratio
        return self.overall_ratios[gear - 1] if gear else 0.0


@dataclass(slots=True)
class Controls:
    """What the driver does with hands and feet; stays as it is until changed."""

    front_wheel_rad: float = 0.0
    """The angle the driver is turning to; the wheel follows at its limited rate."""
    drive_mps2: float = 0.0
    """What the engine may push with, along the gear's direction; 0 or more."""
    brake_mps2: float = 0.0
    gear: int = 0
    clutch_pressed: bool = False
    handbrake_on: bool = True
    ignition_on: bool = True
    starter_on: bool = False
    rev_rpm: float = 0.0
    """Where the throttle holds an engine that drives nothing; 0: idle."""
    belt_fastened: bool = True
    doors_closed: bool = True
    left_indicator_on: bool = False
    right_indicator_on: bool = False
    dipped_beam_on: bool = True


@dataclass(slots=True)
class CarMotion:
    """Where the car is and how it moves: the rear axle's middle on the ground, heading anticlockwise from east."""

    east_m: float
    north_m: float
    heading_rad: float
    speed_mps: float = 0.0
    """Along the body and the ground; negative backwards."""
    accel_mps2: float = 0.0
    yaw_rate: float = 0.0
    """rad/s, anticlockwise."""
    front_wheel_rad: float = 0.0
    """Positive to the left."""
    engine_rpm: float = 0.0
    engine_running: bool = False


def advance(model: CarModel, motion: CarMotion, controls: Controls, pitch_rad: float) -> None:
    """Move the car by one step on ground that climbs ``pitch_rad`` along the body.

    Kinematic bicycle over the rear axle; the ground distance is shortened to the plan by the pitch's cosine.
    """
    _steer(model, motion, controls.front_wheel_rad)
    _run_engine(model, motion, controls)
    speed_before = motion.speed_mps
    motion.speed_mps = _next_speed(model, motion, controls, pitch_rad)
    motion.accel_mps2 = (motion.speed_mps - speed_before) / STEP_S
    speed = (speed_before + motion.speed_mps) / 2
    if speed == 0.0:
        motion.yaw_rate = 0.0
        return
    motion.yaw_rate = speed * math.tan(motion.front_wheel_rad) / model.wheelbase_m
    slip = -model.rear_slip_rad_per_mps2 * motion.speed_mps * motion.yaw_rate
    turned = motion.yaw_rate * STEP_S
    direction = motion.heading_rad + turned / 2 + (slip if speed > 0 else -slip)
    run = speed * STEP_S * math.cos(pitch_rad)
    motion.east_m += run * math.cos(direction)
    motion.north_m += run * math.sin(direction)
    motion.heading_rad += turned


def _steer(model: CarModel, motion: CarMotion, wanted_rad: float) -> None:
    most = model.max_front_wheel_rad
    wanted = -most if wanted_rad < -most else most if wanted_rad > most else wanted_rad
    step = model.max_front_wheel_rate * STEP_S
    change = wanted - motion.front_wheel_rad
    motion.front_wheel_rad += -step if change < -step else step if change > step else change


def _run_engine(model: CarModel, motion: CarMotion, controls: Controls) -> None:
    """Engine speed from the wheels with the clutch out, else towards idle or throttle; stalls when forced too low."""
    if controls.starter_on and controls.ignition_on and (controls.clutch_pressed or controls.gear == 0):
        motion.engine_running = True
    if not controls.ignition_on:
        motion.engine_running = False
    if not motion.engine_running:
        motion.engine_rpm = 0.0
        return
    if controls.gear != 0 and not controls.clutch_pressed:
        turned_by_wheels = abs(motion.speed_mps) / model.tyre_circumference_m * model.ratio_of(controls.gear) * 60
        if turned_by_wheels < model.stall_rpm and controls.drive_mps2 <= 0.0:
            motion.engine_running = False
            motion.engine_rpm = 0.0
            return
        wanted = max(turned_by_wheels, model.idle_rpm)
    else:
        wanted = controls.rev_rpm or model.idle_rpm + 250.0 * min(controls.drive_mps2, 3.0)
    step = _FREE_REV_RPM_PER_S * STEP_S
    motion.engine_rpm += max(-step, min(step, wanted - motion.engine_rpm))


def _next_speed(model: CarModel, motion: CarMotion, controls: Controls, pitch_rad: float) -> float:
    """Speed one step later: push of the engine and of the slope against brakes and friction, which never push."""
    push = -GRAVITY_MPS2 * math.sin(pitch_rad)
    if motion.engine_running and controls.gear:
        drive = min(controls.drive_mps2, model.max_drive_mps2)
        push += drive if controls.gear > 0 else -drive
    hold = _ROLLING_MPS2 + min(controls.brake_mps2, model.max_brake_mps2)
    if controls.handbrake_on:
        hold += _HANDBRAKE_MPS2
    speed = motion.speed_mps
    if speed == 0.0:
        if abs(push) <= hold:
            return 0.0
        return (push - math.copysign(hold, push)) * STEP_S
    next_speed = speed + (push - math.copysign(hold, speed)) * STEP_S
    if next_speed * speed < 0.0:
        # The brakes stop the car; what is left of the slope's push moves it again only in the next step.
        return 0.0
    return next_speed

"""A car of our own for these tests: truth on any ground, and what sensors with correlated noise would say of it.

Written apart from the estimator (numpy, three-dimensional rotations) so that both cannot be wrong together.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from center.driving_track.scoring.estimation.estimator import PathEstimator
from center.driving_track.scoring.estimation.noise import HEALTHY, NoiseModel
from center.driving_track.scoring.estimation.surface import SurfaceModel
from messages.readings import CarState, FixQuality, SatellitePose
from messages.site import Car, GradeProfile, LeverArm, Surface

OUTLINE = (
    (3.1075, -0.8675), (3.355, -0.8068), (3.46, -0.6246), (3.52, -0.3123), (3.52, 0.0), (3.52, 0.3123), (3.46, 0.6246),
    (3.355, 0.8068), (3.1075, 0.8675), (2.3542, 0.8675), (1.6009, 0.8675), (0.8476, 0.8675), (0.0943, 0.8675),
    (-0.659, 0.8675), (-0.851, 0.8068), (-0.919, 0.6072), (-0.959, 0.3036), (-0.959, 0.0), (-0.959, -0.3036),
    (-0.919, -0.6072), (-0.851, -0.8068), (-0.659, -0.8675), (0.0943, -0.8675), (0.8476, -0.8675), (1.6009, -0.8675),
    (2.3542, -0.8675),
)  # fmt: skip
CAR = Car(
    id="car-1", model="", plate="", outline=OUTLINE, outline_survey_sigma_m=0.0025,
    tyres=((2.62, 0.755), (2.62, -0.755), (0.0, 0.755), (0.0, -0.755)), tyre_width_m=0.185, wheelbase_m=2.62,
    steering_ratio=15.5, max_front_wheel_deg=33.0, antenna=LeverArm(1.28, 0.02, 1.47, 0.0025), roll_deg_per_mps2=0.5,
    pitch_deg_per_mps2=0.4, roof_markers=(), gearbox="manual", max_engine_speed_rpm=4000.0, satellite_device="g",
    bus_device="c",
)  # fmt: skip

FLAT = Surface(0.0, 0.0)
CROSS_FALL = Surface(0.004, 0.02)
_SQUARE = ((-300.0, -300.0), (300.0, -300.0), (300.0, 300.0), (-300.0, 300.0))
STEEP = Surface(
    -0.004, 0.015, (GradeProfile("hill", _SQUARE, (12.0, 0.0), 90.0, ((0, 0), (3, 0.1), (80, 0.1), (83, 0))),)
)

Leg = tuple[float, float, float]
"""Seconds, speed at the end (m/s) and front-wheel angle at the end (degrees); both change linearly."""

_WARM: tuple[Leg, ...] = (
    (2, 0, 0), (2, 3, 0), (3, 4, 15), (2, 4, -12), (3, 4, -12), (2, 3, 0), (3, 3, 10), (3, 2, -8),
    (1.5, 0, 0), (1.5, 0, 0),
)  # fmt: skip
MANOEUVRES: dict[str, tuple[Leg, ...]] = {
    "box": (
        *_WARM, (1.5, 1.2, 5), (4, 1.2, -10), (1.5, 0, 0), (1, 0, 30), (1, -0.7, 30), (3.5, -0.7, 30), (1.5, -0.6, 5),
        (3, -0.6, 0), (1, 0, 0), (3, 0, 0), (1, 1, 0), (3, 1, 0), (2, 1, -25), (1.5, 0, 0), (1, 0, 0),
    ),
    "parallel": (
        *_WARM, (1.5, 1, 0), (4, 1, 0), (1, 0, 0), (1, 0, -28), (1, -0.6, -28), (2.2, -0.6, -28), (1.2, -0.6, 28),
        (2.5, -0.6, 28), (1, 0, 5), (2, 0, -28), (1, 0.7, -28), (2, 0.7, -20), (2, 0.8, 25), (3, 1, 0),
        (1, 0, 0), (1, 0, 0),
    ),
    "snake": (
        *_WARM, (2, 2.5, 0), (1.5, 2.5, 16), (2, 2.5, 16), (2, 2.5, -16), (2, 2.5, -16), (2, 2.5, 16), (2, 2.5, 16),
        (2, 2.5, -16), (1, 2, 0), (1.5, 0, 0), (1, 0, 0),
    ),
    "rollback": (
        *_WARM, (2, 2, 0), (4, 2, 0), (1.5, 0, 0), (3, 0, 0), (0.8, -0.4, 0), (0.5, -0.4, 0), (0.3, 0, 0), (1.5, 0, 0),
        (1.5, 1.5, 0), (2, 1.5, 0), (1, 0, 0), (1, 0, 0),
    ),
    "lane": (*_WARM, (4, 7, 0), (2, 8, 1), (2, 8, -1), (2, 7, 0), (2, 5, 0.5), (2, 6, 0), (2, 0, 0), (2, 0, 0)),
}  # fmt: skip
TICK_HZ = 100


@dataclass(frozen=True)
class Moment:
    """The truth at one instant; ``antenna`` in the plan."""

    time_ns: int
    east: float
    north: float
    heading: float
    speed: float
    wheel_angle: float
    antenna: tuple[float, float]


@dataclass(frozen=True)
class Receiver:
    position_white: float = 0.008
    position_bias: float = 0.004
    heading_white: float = math.radians(0.12)
    heading_bias: float = math.radians(0.08)
    tau: float = 30.0


GOOD = Receiver()
WORSE = Receiver(0.012, 0.008, math.radians(0.2), math.radians(0.15))


def height(surface: Surface, east: float, north: float) -> float:
    """By numerical integration of the grades, for ramps that reach as far as the drive."""
    z = surface.grade_east * east + surface.grade_north * north
    for ramp in surface.ramps:
        along = math.radians(ramp.direction_deg)
        distance = (east - ramp.origin[0]) * math.sin(along) + (north - ramp.origin[1]) * math.cos(along)
        places = [place for place, _ in ramp.knots]
        grades = [grade for _, grade in ramp.knots]
        if distance > places[0]:
            stops = [place for place in places if place < distance] + [min(distance, places[-1])]
            at = np.interp(stops, places, grades)
            z += float(np.sum(np.diff(stops) * (at[1:] + at[:-1]) / 2.0))
    return z


def true_antenna(
    surface: Surface, east: float, north: float, heading: float, forward_mps2: float, left_mps2: float
) -> tuple[float, float]:
    """Where the antenna stands in the plan: contact plane through the axles, then the body's pitch and roll."""
    c, s = math.cos(heading), math.sin(heading)
    rear = height(surface, east, north)
    run = CAR.wheelbase_m
    for _ in range(3):
        rise = height(surface, east + run * c, north + run * s) - rear
        run = math.sqrt(CAR.wheelbase_m**2 - rise**2)
    forward = np.array([run * c, run * s, rise]) / CAR.wheelbase_m
    half = 0.755
    across = 0.0
    for axle in (0.0, run):
        e, n = east + axle * c, north + axle * s
        left = height(surface, e - half * s, n + half * c)
        across += (left - height(surface, e + half * s, n - half * c)) / 2
    side = np.array([-2 * half * s, 2 * half * c, across])
    up = np.cross(forward, side)
    up /= np.linalg.norm(up)
    leftward = np.cross(up, forward)
    pitch = math.radians(CAR.pitch_deg_per_mps2) * forward_mps2
    roll = math.radians(CAR.roll_deg_per_mps2) * left_mps2
    arm = CAR.antenna
    nose_up = np.array([[math.cos(pitch), 0, -math.sin(pitch)], [0, 1, 0], [math.sin(pitch), 0, math.cos(pitch)]])
    outward = np.array([[1, 0, 0], [0, math.cos(roll), -math.sin(roll)], [0, math.sin(roll), math.cos(roll)]])
    x, y, z = nose_up @ outward @ np.array([arm.forward_m, arm.left_m, arm.up_m])
    place = x * forward + y * leftward + z * up
    return east + float(place[0]), north + float(place[1])


@functools.cache
def truth(manoeuvre: str, surface: Surface, start_heading: float = 0.3) -> tuple[Moment, ...]:
    """The noise-free drive, 100 moments a second."""
    east = north = 0.0
    heading, speed, angle = start_heading, 0.0, 0.0
    moments: list[Moment] = []
    leant = (0.0, 0.0)
    dt = 1.0 / TICK_HZ
    for seconds, speed_end, angle_end in MANOEUVRES[manoeuvre]:
        ticks = round(seconds * TICK_HZ)
        acceleration = (speed_end - speed) / seconds
        rate = (math.radians(angle_end) - angle) / seconds
        for _ in range(ticks):
            for _ in range(4):
                small = dt / 4
                middle = speed + acceleration * small / 2
                turn = middle * small * math.tan(angle + rate * small / 2) / CAR.wheelbase_m
                slip = -0.0025 * abs(middle) * turn / small
                c, s = math.cos(heading + turn / 2), math.sin(heading + turn / 2)
                away = slip if middle > 0 else -slip
                ahead = height(surface, east + CAR.wheelbase_m * c, north + CAR.wheelbase_m * s)
                run = math.sqrt(1 - ((ahead - height(surface, east, north)) / CAR.wheelbase_m) ** 2)
                east += middle * small * (c - away * s) * run
                north += middle * small * (s + away * c) * run
                heading += turn
                speed += acceleration * small
                angle += rate * small
            left = speed * speed * math.tan(angle) / CAR.wheelbase_m
            leant = leant[0] + 0.1 * (acceleration - leant[0]), leant[1] + 0.1 * (left - leant[1])
            moments.append(
                Moment(
                    (len(moments) + 1) * 10_000_000, east, north, heading, speed, angle,
                    true_antenna(surface, east, north, heading, *leant),
                )
            )  # fmt: skip
    return tuple(moments)


@dataclass
class Sensors:
    """One exam's draw of everything that is not known."""

    random: random.Random
    receiver: Receiver = GOOD
    pose_hz: int = 20
    dead_band: float = 0.0
    lever_sigma: float = 0.0
    blind_to_direction: bool = False

    def readings(
        self, moments: tuple[Moment, ...]
    ) -> Iterator[tuple[Moment, CarState | tuple[float, float, SatellitePose]]]:
        """What the bus (50 Hz) and the receiver say, with antenna places in the local frame."""
        draw = self.random.gauss
        r = self.receiver
        biases = [draw(0, r.position_bias), draw(0, r.position_bias), draw(0, r.heading_bias)]
        scale, offset, ratio = draw(0, 0.005), draw(0, math.radians(0.2)), draw(0, 0.015)
        lever = draw(0, 1) * self.lever_sigma, draw(0, 1) * self.lever_sigma
        step = TICK_HZ // self.pose_hz
        keep = math.exp(-1.0 / (self.pose_hz * r.tau))
        for at, m in enumerate(moments):
            if at % 2 == 0:
                speed = m.speed / (1 + scale)
                speed = 0.0 if abs(speed) < max(self.dead_band, 0.005) else round((speed + draw(0, 0.005)) * 100) / 100
                steering = math.degrees((m.wheel_angle + offset) / (1 + ratio)) * CAR.steering_ratio
                if self.blind_to_direction:
                    speed = abs(speed)
                yield m, CarState(speed_mps=speed, steering_wheel_deg=round((steering + draw(0, 0.1)) * 10) / 10)
            if at % step == 0:
                for i, sigma in enumerate((r.position_bias, r.position_bias, r.heading_bias)):
                    biases[i] = keep * biases[i] + draw(0, sigma * math.sqrt(1 - keep * keep))
                c, s = math.cos(m.heading), math.sin(m.heading)
                east = m.antenna[0] + lever[0] * c - lever[1] * s + biases[0] + draw(0, r.position_white)
                north = m.antenna[1] + lever[0] * s + lever[1] * c + biases[1] + draw(0, r.position_white)
                heading = math.degrees(math.pi / 2 - m.heading - biases[2] - draw(0, r.heading_white)) % 360
                pose = SatellitePose(
                    0.0, 0.0, 0.0, FixQuality.RTK_FIXED, heading_deg=heading, correction_age_s=1.0,
                    speed_mps=abs(abs(m.speed) + draw(0, 0.02)), east_variance_m2=4e-6, north_variance_m2=4e-6,
                )  # fmt: skip
                yield m, (east, north, pose)


def drive(
    moments: tuple[Moment, ...], sensors: Sensors, surface: Surface, noise: NoiseModel = HEALTHY
) -> tuple[PathEstimator, list[Moment]]:
    """Run the estimator over one draw; also returns the truth at the poses."""
    estimator = PathEstimator(CAR, SurfaceModel(surface), noise)
    at_poses: list[Moment] = []
    for moment, reading in sensors.readings(moments):
        if isinstance(reading, CarState):
            estimator.on_car_state(moment.time_ns, reading)
        else:
            east, north, pose = reading
            if estimator.on_pose(moment.time_ns, east, north, pose) is not None:
                at_poses.append(moment)
    return estimator, at_poses

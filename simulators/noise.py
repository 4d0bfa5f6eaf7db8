"""What a car's sensors say of the truth: satellite epochs and bus states with their errors, delays and sicknesses."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from messages.geodesy import LocalFrame
from messages.readings import CarState, FixQuality, SatellitePose
from messages.site import Car, Site
from simulators.noise_spec import Delay, NoiseSpec, Spells
from simulators.samples import TruthSample

_FRESH_CORRECTIONS_S: Final = 1.0
_LEAST_COURSE_MPS: Final = 0.15

_Reading = TypeVar("_Reading", SatellitePose, CarState)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[_Reading]):
    """A reading, the time its source gives it (s of the drive), and when its bytes leave (s after the true time)."""

    stamp_s: float
    delay_s: float
    reading: _Reading


class GaussMarkov:
    """First-order Gauss–Markov noise, stationary from its first value on."""

    def __init__(self, sigma: float, time_constant_s: float, source: random.Random) -> None:
        self._sigma, self._time_constant_s, self._source = sigma, time_constant_s, source
        self._value = source.gauss(0.0, sigma)
        self._at_s: float | None = None

    def at(self, time_s: float) -> float:
        """The value at a time not before the last one."""
        if self._at_s is not None and time_s > self._at_s:
            keep = math.exp(-(time_s - self._at_s) / self._time_constant_s)
            self._value = keep * self._value + self._source.gauss(0.0, self._sigma * math.sqrt(1.0 - keep * keep))
        self._at_s = time_s
        return self._value


class SpellClock:
    """Whether a spell is on; gaps and lengths are drawn exponentially."""

    def __init__(self, spells: Spells, source: random.Random) -> None:
        self._spells, self._source = spells, source
        self._begins_s = source.expovariate(1.0 / spells.every_s)
        self._ends_s = self._begins_s + source.expovariate(1.0 / spells.for_s)

    def is_on(self, time_s: float) -> bool:
        """Whether a time not before the last one lies in a spell."""
        while time_s >= self._ends_s:
            self._begins_s = self._ends_s + self._source.expovariate(1.0 / self._spells.every_s)
            self._ends_s = self._begins_s + self._source.expovariate(1.0 / self._spells.for_s)
        return time_s >= self._begins_s


class NoiseSource:
    """One exam's sensors of one car; the same seed and truth give the same readings.

    ``site`` is the true one (``survey_error.perturbed``): the antenna stands where its true lever arm puts it.
    """

    def __init__(self, site: Site, car_id: str, spec: NoiseSpec, seed: int) -> None:
        self.spec = spec
        self._car: Car = site.car(car_id)
        self._frame = LocalFrame(site.anchor)
        self._source = random.Random(f"{seed}:receiver")
        self._bus_source = random.Random(f"{seed}:bus")
        self._track_source = random.Random(f"{seed}:track")
        receiver, tau = spec.receiver, spec.receiver.time_constant_s
        sick = spec.sickness
        self._walks = [GaussMarkov(receiver.position_walk_m, tau, self._source) for _ in range(2)]
        self._heading_walk = GaussMarkov(receiver.heading_walk_deg, tau, self._source)
        wide = sick.float_epochs.walk_m if sick.float_epochs else 0.0
        self._float_walks = [GaussMarkov(wide, tau, self._source) for _ in range(2)]
        self._floats = self._clock(sick.float_epochs)
        self._dropouts = self._clock(sick.dropouts)
        self._headless = self._clock(sick.lost_heading)
        self._wheel_scale = 1.0 + self._bus_source.gauss(0.0, spec.car_bus.wheel_scale)
        self._steering_offset_deg = self._bus_source.gauss(0.0, spec.car_bus.steering_offset_deg)

    def satellite(self, truth: TruthSample) -> list[Delivery[SatellitePose]]:
        """What the receiver gives for one epoch: nothing in a dropout, twice the same if the link doubles it."""
        time_s, sick = truth.time_s, self.spec.sickness
        pose = self._epoch(truth)
        if self._dropouts is not None and self._dropouts.is_on(time_s):
            return []
        delay = self._delay(self.spec.receiver.delay, self._source)
        if sick.reordering is not None and self._source.random() < sick.reordering.share:
            delay += sick.reordering.delay_s
        delivery = Delivery(time_s + sick.clock_offset_s, delay, pose)
        return [delivery, delivery] if sick.duplicates and self._source.random() < sick.duplicates else [delivery]

    def car_state(self, truth: TruthSample) -> Delivery[CarState]:
        """What the car's bus says at one instant."""
        bus = self.spec.car_bus
        speed = _quantised(truth.speed_mps * self._wheel_scale, bus.wheel_quantum_mps)
        wheel = _quantised(truth.steering_wheel_deg + self._steering_offset_deg, bus.steering_quantum_deg)
        state = CarState(
            speed_mps=speed if abs(speed) >= bus.wheel_zero_below_mps else 0.0,
            engine_speed_rpm=round(truth.engine_rpm * 4) / 4,
            gear=truth.gear,
            steering_wheel_deg=wheel,
            brake_pressed=truth.brake_pressed,
            clutch_pressed=truth.clutch_pressed,
            handbrake_on=truth.handbrake_on,
            belt_fastened=truth.belt_fastened,
            doors_closed=truth.doors_closed,
            left_indicator_on=truth.left_indicator_on,
            right_indicator_on=truth.right_indicator_on,
            dipped_beam_on=truth.dipped_beam_on,
            engine_running=truth.engine_running,
        )
        return Delivery(truth.time_s, self._delay(bus.delay, self._bus_source), state)

    def track_delay_s(self) -> float:
        """From a change of a track sensor to its message."""
        return self._delay(self.spec.track, self._track_source)

    def _clock(self, spells: Spells | None) -> SpellClock | None:
        return None if spells is None else SpellClock(spells, self._source)

    def _delay(self, delay: Delay, source: random.Random) -> float:
        return max(0.0, source.gauss(delay.latency_s, delay.jitter_s))

    def _epoch(self, truth: TruthSample) -> SatellitePose:
        receiver, source, time_s = self.spec.receiver, self._source, truth.time_s
        white, quality = receiver.position_white_m, FixQuality.RTK_FIXED
        errors = [walk.at(time_s) for walk in self._walks]
        if self._floats is not None and self.spec.sickness.float_epochs and self._floats.is_on(time_s):
            white, quality = self.spec.sickness.float_epochs.white_m, FixQuality.RTK_FLOAT
            errors = [walk.at(time_s) for walk in self._float_walks]
        east, north, up = antenna_place(self._car, truth)
        east += errors[0] + source.gauss(0.0, white)
        north += errors[1] + source.gauss(0.0, white)
        up += source.gauss(0.0, white * receiver.height_factor)
        latitude, longitude, height = self._frame.geodetic(east, north, up)
        speed, course = self._velocity(truth)
        headless = self._headless is not None and self._headless.is_on(time_s)
        heading = 90.0 - math.degrees(truth.heading_rad) + self._heading_walk.at(time_s)
        heading += source.gauss(0.0, receiver.heading_white_deg)
        return SatellitePose(
            latitude_deg=latitude,
            longitude_deg=longitude,
            height_m=height,
            fix_quality=quality,
            heading_deg=None if headless else heading % 360.0,
            speed_mps=speed,
            course_deg=course,
            east_variance_m2=white**2,
            north_variance_m2=white**2,
            east_north_covariance_m2=0.0,
            height_variance_m2=(white * receiver.height_factor) ** 2,
            heading_sigma_deg=None if headless else receiver.heading_white_deg,
            correction_age_s=self._correction_age(time_s),
            satellites=24,
            hdop=0.6,
        )

    def _correction_age(self, time_s: float) -> float:
        stale = self.spec.sickness.stale_corrections
        age = _FRESH_CORRECTIONS_S
        if stale is not None and stale.from_s <= time_s < stale.until_s:
            age += time_s - stale.from_s
        return round(age, 1)

    def _velocity(self, truth: TruthSample) -> tuple[float, float | None]:
        """Speed and course over ground of the antenna, which swings with the yaw rate."""
        along = truth.speed_mps * math.cos(truth.ground_pitch_rad) - truth.yaw_rate_rad_s * self._car.antenna.left_m
        across = truth.yaw_rate_rad_s * self._car.antenna.forward_m
        speed = abs(math.hypot(along, across) + self._source.gauss(0.0, self.spec.receiver.speed_mps))
        if speed < _LEAST_COURSE_MPS:
            return speed, None
        return speed, (90.0 - math.degrees(truth.heading_rad + math.atan2(across, along))) % 360.0


def antenna_place(car: Car, truth: TruthSample) -> tuple[float, float, float]:
    """East, north and up (m) of the antenna: its lever arm leans with the body on its springs and the ground below."""
    arm, pitch, roll = car.antenna, truth.body_pitch_rad, truth.body_roll_rad
    ahead = arm.forward_m * math.cos(pitch) - arm.up_m * math.sin(pitch)
    above = arm.up_m * math.cos(pitch) + arm.forward_m * math.sin(pitch)
    aside = arm.left_m * math.cos(roll) - above * math.sin(roll)
    above = above * math.cos(roll) + arm.left_m * math.sin(roll)
    slope, bank = truth.ground_pitch_rad, truth.ground_roll_rad
    along = ahead * math.cos(slope) - above * math.sin(slope)
    across = aside * math.cos(bank) - above * math.cos(slope) * math.sin(bank)
    up = ahead * math.sin(slope) + aside * math.sin(bank) + above * math.cos(slope) * math.cos(bank)
    c, s = math.cos(truth.heading_rad), math.sin(truth.heading_rad)
    return (
        truth.east_m + along * c - across * s,
        truth.north_m + along * s + across * c,
        truth.ground_height_m + up,
    )


def _quantised(value: float, quantum: float) -> float:
    return value if quantum == 0.0 else round(value / quantum) * quantum

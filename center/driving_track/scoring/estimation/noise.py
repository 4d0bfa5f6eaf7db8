"""What the sensors are held to be: the design values of a healthy receiver and car, and those of a worse receiver."""

from __future__ import annotations

from dataclasses import dataclass

from center.driving_track.scoring.estimation.angles import radians
from messages.readings import FixQuality


@dataclass(frozen=True, slots=True)
class NoiseModel:
    """Standard deviations of the noise, and of what is not known beforehand.

    A receiver's error is white noise plus a Gauss–Markov one with time constant ``bias_tau_s``; where the receiver
    itself states a larger white noise (GST), that counts.
    """

    position_white_m: float = 0.008
    position_bias_m: float = 0.004
    heading_white_rad: float = radians(0.12)
    heading_bias_rad: float = radians(0.08)
    bias_tau_s: float = 30.0
    receiver_speed_mps: float = 0.03
    wheel_speed_mps: float = 0.01
    wheel_dead_band_mps: float = 0.25
    """At worst a wheel sensor reads 0 below this; a smaller value that is read shows that it does not."""
    wheel_scale: float = 0.01
    wheel_slip: float = 0.002
    """Share of the way between two epochs that the wheels may slip."""
    steering_offset_rad: float = radians(0.4)
    """Of the front wheels."""
    steering_ratio: float = 0.03
    steering_rad: float = 0.0005
    """Noise and resolution at the front wheels."""
    heading_walk_rad: float = 0.0003
    """Heading's departure from the bicycle model per square root of a metre."""
    sideways_walk_m: float = 0.0003
    """The rear axle's sideways slip per square root of a metre."""
    rear_slip_rad_per_mps2: float = 0.002
    """Slip angle of the rear axle to the outside per lateral acceleration, known within itself."""
    bus_latency_s: float = 0.004
    """How far the bus and the receiver may be apart in time."""
    body_tilt: float = 0.1
    """Share by which the body's roll and pitch may differ from the car's file."""
    body_lag_s: float = 0.08
    """How long the body takes to lean on its springs."""


HEALTHY = NoiseModel()
MODEST = NoiseModel(
    position_white_m=0.012, position_bias_m=0.008, heading_white_rad=radians(0.2), heading_bias_rad=radians(0.15)
)

WIDE_SIGMA_M = {
    FixQuality.RTK_FLOAT: 0.3,
    FixQuality.DIFFERENTIAL: 1.0,
    FixQuality.PPS: 3.0,
    FixQuality.SINGLE: 3.0,
}
"""Least standard deviation of a position that is not RTK fixed; qualities that are not here are no measurement."""
MAX_CORRECTION_AGE_S = 10.0

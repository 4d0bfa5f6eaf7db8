"""What the filter begins with, and how much less it knows after each epoch."""

from __future__ import annotations

from center.driving_track.scoring.estimation.intake import Fix
from center.driving_track.scoring.estimation.kalman import (
    BIAS_EAST,
    BIAS_HEADING,
    BIAS_NORTH,
    EAST,
    HEADING,
    NORTH,
    OFFSET,
    RATIO,
    SCALE,
    Noise,
    Packed,
    packed,
)
from center.driving_track.scoring.estimation.noise import NoiseModel
from center.driving_track.scoring.estimation.odometry import Odometry

_SCALE_WALK = 4e-10
_OFFSET_WALK_RAD2 = 1e-9
"""Variances a second: tyres warm, a steering column is not the same on both sides."""
_TILT_M2 = 0.01 * 0.01


def first_covariance(fix: Fix, offset: tuple[float, float], noise: NoiseModel, old: Packed | None) -> Packed:
    """Covariance after a first fix; what had been learnt of wheels and steering (``old``) stays.

    The place is the antenna's less the lever arm turned by the heading, so that the errors of all three hang together.
    """
    p = [[0.0] * 9 for _ in range(9)]
    if old is None:
        p[SCALE][SCALE] = noise.wheel_scale**2
        p[OFFSET][OFFSET] = noise.steering_offset_rad**2
        p[RATIO][RATIO] = noise.steering_ratio**2
    else:
        p[SCALE][SCALE:], p[OFFSET][OFFSET:], p[RATIO][RATIO:] = list(old[39:42]), list(old[42:44]), list(old[44:])
    c, s = fix.forward if fix.forward is not None else (1.0, 0.0)
    lever = (-(offset[0] * s + offset[1] * c), offset[0] * c - offset[1] * s)
    sway = _TILT_M2 if not fix.is_fixed else 0.25 * _TILT_M2
    bias = noise.position_bias_m**2
    turn_bias = noise.heading_bias_rad**2
    turn = fix.var_heading_rad2 + turn_bias
    p[HEADING][HEADING] = turn
    p[BIAS_HEADING][BIAS_HEADING] = turn_bias
    p[HEADING][BIAS_HEADING] = p[BIAS_HEADING][HEADING] = -turn_bias
    for state, its_bias, white, arm in (
        (EAST, BIAS_EAST, fix.var_east_m2, lever[0]),
        (NORTH, BIAS_NORTH, fix.var_north_m2, lever[1]),
    ):
        p[state][state] = white + sway + bias + arm * arm * turn
        p[its_bias][its_bias] = bias
        p[state][its_bias] = p[its_bias][state] = -bias
        p[state][HEADING] = p[HEADING][state] = -arm * turn
        p[state][BIAS_HEADING] = p[BIAS_HEADING][state] = arm * turn_bias
    p[EAST][NORTH] = p[NORTH][EAST] = lever[0] * lever[1] * turn
    return packed(p)


def process_noise(noise: NoiseModel, dt: float, decay: float, odometry: Odometry) -> Noise:
    """What an epoch of ``dt`` seconds adds: slip, an unsure way and the drift of slow errors."""
    along, across, heading, turn_per_m = odometry.spread()
    c, s = odometry.cosine, odometry.sine
    turn = along * turn_per_m
    drift = 1.0 - decay * decay
    return (
        along * c * c + across * s * s,
        (along - across) * c * s,
        turn * c,
        along * s * s + across * c * c,
        turn * s,
        heading + turn * turn_per_m,
        noise.position_bias_m * noise.position_bias_m * drift,
        noise.heading_bias_rad * noise.heading_bias_rad * drift,
        _SCALE_WALK * dt,
        _OFFSET_WALK_RAD2 * dt,
    )

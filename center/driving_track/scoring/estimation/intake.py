"""What of a reading can be used at all, and how surely; whatever cannot be is refused by reason, never mended."""

from __future__ import annotations

from math import isfinite

import msgspec

from center.driving_track.scoring.estimation.angles import forward_of, radians
from center.driving_track.scoring.estimation.noise import MAX_CORRECTION_AGE_S, WIDE_SIGMA_M, NoiseModel
from messages.readings import CarState, FixQuality, SatellitePose

_FAR_M = 100_000.0
_FAST_MPS = 70.0
_STEEP_DEG = 2000.0
_WIDE_HEADING_RAD = radians(1.0)


class Fix(msgspec.Struct, gc=False):
    """A satellite pose that can be used: the antenna's place with the variances of its white noise."""

    time_ns: int
    east_m: float
    north_m: float
    var_east_m2: float
    var_north_m2: float
    forward: tuple[float, float] | None
    """Unit vector of the heading, or None."""
    var_heading_rad2: float
    speed_mps: float | None
    is_fixed: bool
    is_exam_grade: bool


def usable_fix(time_ns: int, east_m: float, north_m: float, pose: SatellitePose, noise: NoiseModel) -> Fix | str:
    """What to use of a pose, or the reason why nothing."""
    least = noise.position_white_m if pose.fix_quality is FixQuality.RTK_FIXED else WIDE_SIGMA_M.get(pose.fix_quality)
    if least is None:
        return "pose_without_fix"
    if not (abs(east_m) < _FAR_M and abs(north_m) < _FAR_M):
        return "pose_absurd"
    var_east = least * least
    var_north = var_east
    if pose.east_variance_m2 is not None and pose.north_variance_m2 is not None:
        if not (0.0 <= pose.east_variance_m2 < 1e8 and 0.0 <= pose.north_variance_m2 < 1e8):
            return "pose_variance_absurd"
        # A covariance between the two is covered by the larger variance for both.
        stated = pose.east_north_covariance_m2
        extra = abs(stated) if stated is not None and isfinite(stated) else 0.0
        var_east = max(var_east, pose.east_variance_m2 + extra)
        var_north = max(var_north, pose.north_variance_m2 + extra)
    fixed = pose.fix_quality is FixQuality.RTK_FIXED
    forward, var_heading = _heading(pose, noise, fixed)
    age = pose.correction_age_s
    fresh = age is None or 0.0 <= age <= MAX_CORRECTION_AGE_S
    speed = pose.speed_mps
    if speed is not None and not 0.0 <= speed < _FAST_MPS:
        speed = None
    return Fix(
        time_ns, east_m, north_m, var_east, var_north, forward, var_heading, speed, fixed,
        fixed and fresh and forward is not None,
    )  # fmt: skip


def _heading(pose: SatellitePose, noise: NoiseModel, fixed: bool) -> tuple[tuple[float, float] | None, float]:
    if pose.heading_deg is None or not -360.0 <= pose.heading_deg <= 720.0:
        return None, 0.0
    sigma = noise.heading_white_rad if fixed else _WIDE_HEADING_RAD
    if pose.heading_sigma_deg is not None:
        if not 0.0 <= pose.heading_sigma_deg < 180.0:
            return None, 0.0
        sigma = max(sigma, radians(pose.heading_sigma_deg))
    return forward_of(pose.heading_deg), sigma * sigma


def usable_motion(state: CarState) -> tuple[float | None, float | None, str | None]:
    """Wheel speed and steering-wheel angle, each None if it tells nothing, and the reason if one was refused."""
    speed, steering = state.speed_mps, state.steering_wheel_deg
    reason = None
    if speed is not None and not -_FAST_MPS < speed < _FAST_MPS:
        speed, reason = None, "wheel_speed_absurd"
    if steering is not None and not -_STEEP_DEG < steering < _STEEP_DEG:
        steering, reason = None, "steering_absurd"
    return speed, steering, reason

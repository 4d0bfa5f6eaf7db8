"""Sine, cosine and tangent by polynomials of our own, so that the last bit is the same on every processor."""

from __future__ import annotations

_RAD_PER_DEG = 0.017453292519943295
_HALF_PI_HIGH = 1.5707963267341256
_HALF_PI_LOW = 6.077100506506192e-11


def radians(degrees: float) -> float:
    """Degrees as radians."""
    return degrees * _RAD_PER_DEG


def cos_sin(angle_rad: float) -> tuple[float, float]:
    """Cosine and sine within 2e-15, for angles below 1e6 rad (Taylor on ±π/4 after a two-part reduction)."""
    turns = float(int(angle_rad / _HALF_PI_HIGH + (0.5 if angle_rad >= 0.0 else -0.5)))
    x = (angle_rad - turns * _HALF_PI_HIGH) - turns * _HALF_PI_LOW
    y = x * x
    sine = x * (1 - y / 6 * (1 - y / 20 * (1 - y / 42 * (1 - y / 72 * (1 - y / 110 * (1 - y / 156 * (1 - y / 210)))))))
    cosine = 1 - y / 2 * (1 - y / 12 * (1 - y / 30 * (1 - y / 56 * (1 - y / 90 * (1 - y / 132 * (1 - y / 182))))))
    quarter = int(turns) % 4
    if quarter == 0:
        return cosine, sine
    if quarter == 1:
        return -sine, cosine
    if quarter == 2:
        return -cosine, -sine
    return sine, -cosine


def tangent(angle_rad: float) -> float:
    """Tangent of a steering angle, within 1e-8 up to ±0.7 rad (Padé approximant of order 5/4)."""
    y = angle_rad * angle_rad
    return angle_rad * (945.0 + y * (y - 105.0)) / (945.0 + y * (15.0 * y - 420.0))


def forward_of(heading_deg: float) -> tuple[float, float]:
    """The unit vector (east, north) of a heading in degrees clockwise from true north."""
    cosine, sine = cos_sin(heading_deg * _RAD_PER_DEG)
    return sine, cosine


def turn_between(c_from: float, s_from: float, c_to: float, s_to: float) -> float:
    """Angle in rad, anticlockwise, from one unit vector to another: within 1e-6 to ±0.35, then a large one."""
    cross = c_from * s_to - s_from * c_to
    if c_from * c_to + s_from * s_to < 0.0:
        return 3.0 if cross >= 0.0 else -3.0
    y = cross * cross
    return cross * (1.0 + y * (1 / 6 + y * (3 / 40 + y * (15 / 336 + y * (105 / 3456)))))


def rotated(c: float, s: float, angle_rad: float) -> tuple[float, float]:
    """A unit vector turned anticlockwise by an angle of at most about 0.5 rad, and of length 1 again."""
    y = angle_rad * angle_rad
    cosine = 1.0 - y * (0.5 - y * (1 / 24 - y / 720))
    sine = angle_rad * (1.0 - y * (1 / 6 - y * (1 / 120 - y / 5040)))
    c_new = c * cosine - s * sine
    s_new = s * cosine + c * sine
    correction = 1.5 - 0.5 * (c_new * c_new + s_new * s_new)
    return c_new * correction, s_new * correction

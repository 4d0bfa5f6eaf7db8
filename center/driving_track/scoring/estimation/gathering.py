"""The poses of one epoch, gathered into one measurement of east, north and heading.

Errors of poses a few tenths of a second apart differ by white noise only, so their mean with its smaller variance
says all that they say, at a fraction of the cost. Each antenna place stays where it was seen: by dead reckoning it is a
point of the car as it stands at the epoch's end, and the mean of such points is the lever arm.
"""

from __future__ import annotations

from center.driving_track.scoring.estimation.angles import turn_between
from center.driving_track.scoring.estimation.attitude import Antenna
from center.driving_track.scoring.estimation.intake import Fix
from center.driving_track.scoring.estimation.kalman import (
    EAST,
    HEADING,
    NORTH,
    NOTHING,
    Packed,
    Scalar,
    Vector,
    measured,
    spread,
)
from center.driving_track.scoring.estimation.noise import NoiseModel
from center.driving_track.scoring.estimation.odometry import Odometry

Bias = tuple[float, float, float]
"""The receiver's slow errors as they are held to be: east, north (m), heading (rad)."""

_GATE = 36.0
"""Square of how many standard deviations a pose may be off."""
_WIDE_PERIOD_S = 30.0
_POSE_S = 0.05


class Gathering:
    """Residuals of the running epoch's poses."""

    def __init__(self, antenna: Antenna, noise: NoiseModel) -> None:
        self._antenna = antenna
        self._upright = antenna.offset(0.0, 0.0, 0.0, 0.0)
        self._noise = noise
        self._expected = (0.0, 0.0, 0.0)
        self._is_fixed = True
        self._clear()

    def _clear(self) -> None:
        self._count = 0
        self._headings = 0
        self._east = self._north = self._turn = 0.0
        self._var_east = self._var_north = self._var_turn = 0.0
        self._at_east = self._at_north = 0.0
        self._sway_along = self._sway_across = 0.0

    def begin(self, p: Packed, odometry: Odometry) -> None:
        """Forget what was gathered; expect poses as sure as this covariance says."""
        self._clear()
        self._expect(p, odometry)

    def _expect(self, p: Packed, odometry: Odometry) -> None:
        x, y = self._upright
        c, s = odometry.cosine, odometry.sine
        self._expected = spread(p, -(x * s + y * c), x * c - y * s)

    def suits(self, fix: Fix) -> bool:
        """Whether a fix can be averaged with what is gathered: fixed with fixed, wide with wide."""
        return not self._count or self._is_fixed == fix.is_fixed

    def add(self, fix: Fix, odometry: Odometry, offset: tuple[float, float], bias: Bias, twist: float) -> bool:
        """Gather one fix against the predicted place; False if it is more than 6 σ off and was left out."""
        c, s = odometry.cosine, odometry.sine
        at_east = odometry.east_m + offset[0] * c - offset[1] * s
        at_north = odometry.north_m + offset[0] * s + offset[1] * c
        east, north = fix.east_m - at_east, fix.north_m - at_north
        along, across = self._sway(odometry, twist)
        unsure = odometry.unsure_m
        room = unsure * unsure + along * along + across * across
        near_e = (east - bias[0]) ** 2 <= _GATE * (self._expected[0] + fix.var_east_m2 + room)
        near_n = (north - bias[1]) ** 2 <= _GATE * (self._expected[1] + fix.var_north_m2 + room)
        turn = 0.0
        if fix.forward is not None:
            turn = turn_between(c, s, *fix.forward)
            turning = odometry.turn_unsure_rad
            if (turn - bias[2]) ** 2 > _GATE * (self._expected[2] + fix.var_heading_rad2 + turning * turning):
                near_e = False
        if not (near_e and near_n):
            return False
        if odometry.is_unsure:
            self._clear()
        self._is_fixed = fix.is_fixed
        self._count += 1
        self._east += east
        self._north += north
        self._at_east += at_east
        self._at_north += at_north
        self._var_east += fix.var_east_m2
        self._var_north += fix.var_north_m2
        self._sway_along = max(self._sway_along, along)
        self._sway_across = max(self._sway_across, across)
        if fix.forward is not None:
            self._headings += 1
            self._turn += turn
            self._var_turn += fix.var_heading_rad2
        return True

    def _sway(self, odometry: Odometry, twist: float) -> tuple[float, float]:
        """How far the body's pitch and roll may have moved the antenna otherwise than taken."""
        # While it is open whether the car goes forwards, so is whether it pitches up or down.
        share = 2.0 if odometry.is_direction_open else self._noise.body_tilt
        left = abs(odometry.speed_mps * odometry.turn_rate)
        along = self._antenna.sway_along_m * (share * abs(odometry.lean_mps2) + 0.5 * odometry.jolt_mps2)
        return along, self._antenna.sway_across_m * self._noise.body_tilt * left + 0.5 * self._antenna.up_m * twist

    def taken_in(self, p: Packed, odometry: Odometry, bias: Bias) -> tuple[Packed, tuple[Scalar, ...], Vector]:
        """The covariance after the gathered poses, what the smoother needs of them, and the states' correction."""
        correction = NOTHING
        scalars: tuple[Scalar, ...] = ()
        count = self._count
        if count:
            # Errors of a position that is not fixed are slow: many epochs are worth hardly more than one.
            slow = 1.0 if self._is_fixed else _WIDE_PERIOD_S / _POSE_S
            room_e, room_n = self._room(odometry.cosine, odometry.sine)
            lever_e = odometry.north_m - self._at_north / count
            lever_n = self._at_east / count - odometry.east_m
            p, of_east, correction = measured(
                p, EAST, lever_e, self._east / count - bias[0],
                slow * self._var_east / (count * count) + room_e, correction,
            )  # fmt: skip
            p, of_north, correction = measured(
                p, NORTH, lever_n, self._north / count - bias[1],
                slow * self._var_north / (count * count) + room_n, correction,
            )  # fmt: skip
            scalars = of_east, of_north
        if self._headings:
            p, of_heading, correction = measured(
                p, HEADING, 0.0, self._turn / self._headings - bias[2],
                self._var_turn / (self._headings * self._headings), correction,
            )  # fmt: skip
            scalars = *scalars, of_heading
        self._clear()
        self._expect(p, odometry)
        return p, scalars, correction

    def _room(self, c: float, s: float) -> tuple[float, float]:
        """Variances to east and north that cover the sway in every direction (a diagonal above the full matrix)."""
        along, across = self._sway_along**2, self._sway_across**2
        mixed = abs((along - across) * c * s)
        return along * c * c + across * s * s + mixed, along * s * s + across * c * c + mixed

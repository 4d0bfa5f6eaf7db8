"""The car's path with an honest covariance, from the readings of one car in source order."""

from __future__ import annotations

from math import sqrt

from center.driving_track.scoring.estimation import intake
from center.driving_track.scoring.estimation.angles import rotated
from center.driving_track.scoring.estimation.attitude import Antenna, ground_axes
from center.driving_track.scoring.estimation.gathering import Gathering
from center.driving_track.scoring.estimation.history import History, Mean
from center.driving_track.scoring.estimation.kalman import Motion, Packed, Six, Vector, dot, moved, six
from center.driving_track.scoring.estimation.noise import NoiseModel
from center.driving_track.scoring.estimation.odometry import Odometry
from center.driving_track.scoring.estimation.prior import first_covariance, process_noise
from center.driving_track.scoring.estimation.smoother import Epoch, covariance_between
from center.driving_track.scoring.estimation.surface import SurfaceModel
from center.driving_track.scoring.path import PathPoint
from messages.readings import CarState, SatellitePose
from messages.site import Car

_EPOCH_NS = 180_000_000
"""Poses of this long are taken in at once: their errors differ by white noise only."""
_LONELY_NS = 250_000_000
"""Without a pose for so long the path is carried on by the car's bus alone."""
_GRADE_LASTS_NS = 1_000_000_000
_LOST_NS = 20_000_000_000
_OUTLIER_NS = 1_000_000_000
_SETTLING_NS = 2_000_000_000
_PERSISTING = 3
_STANDING = Motion(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, True)


class PathEstimator:
    """Fuses satellite poses, wheel speed and steering of one car; times in ns, places in the site's local frame (m)."""

    def __init__(self, car: Car, surface: SurfaceModel, noise: NoiseModel) -> None:
        self.rejected: dict[str, int] = {}
        """Readings, or parts of one, that were not used, counted by reason."""
        self._car = car
        self._surface = surface
        self._noise = noise
        self._half_track = abs(car.tyres[2][1] - car.tyres[3][1]) / 2.0 or 0.7
        self._antenna = Antenna(car)
        self._odometry = Odometry(car, noise)
        self._gathering = Gathering(self._antenna, noise)
        self._history = History()
        self._covariance: Packed | None = None
        self._bias = (0.0, 0.0, 0.0)
        self._grades = (0.0, 0.0)
        self._axes = ground_axes(0.0, 0.0)
        self._twist = 0.0
        self._last_bus_ns = -1
        self._last_pose_ns = -1
        self._graded_ns = -_GRADE_LASTS_NS - 1
        self._settled_ns = 0
        self._outliers = 0
        self._outlier_since_ns = 0
        self._advanced_m: float | None = None
        self._advanced_axes = (1.0, 0.0)

    def on_car_state(self, time_ns: int, state: CarState) -> None:
        """Take in what the car's bus said; must not be older than anything taken in before."""
        odometry = self._odometry
        if time_ns <= self._last_bus_ns or time_ns < odometry.time_ns:
            self._reject("car_state_repeated" if time_ns == self._last_bus_ns else "car_state_late")
            return
        speed, steering, reason = intake.usable_motion(state)
        if reason is not None:
            self._reject(reason)
        self._last_bus_ns = time_ns
        odometry.hear(time_ns, speed, steering)
        if self._covariance is not None and time_ns - self._history.epochs[-1].time_ns >= _LONELY_NS:
            odometry.reckon(time_ns)
            self._tilt()
            self._keep_mean(time_ns - self._graded_ns <= _GRADE_LASTS_NS)
            self._close_epoch()

    def on_pose(self, time_ns: int, east_m: float, north_m: float, pose: SatellitePose) -> PathPoint | None:
        """Take in a pose whose antenna stands at that place; None before the first usable one, and for one refused.

        The point is the filter's: what it knows now. Findings rest on ``smoothed``.
        """
        if time_ns <= self._last_pose_ns or time_ns < self._odometry.newest_ns:
            self._reject("pose_repeated" if time_ns == self._last_pose_ns else "pose_late")
            return None
        fix = intake.usable_fix(time_ns, east_m, north_m, pose, self._noise)
        if isinstance(fix, str):
            self._reject(fix)
            return None
        if self._covariance is None or time_ns - self._odometry.time_ns > _LOST_NS:
            return self._begin(fix)
        odometry = self._odometry
        self._advance_to(fix)
        self._last_pose_ns = time_ns
        if self._outliers and fix.is_fixed and time_ns - self._outlier_since_ns >= _OUTLIER_NS:
            return self._begin_again(fix)
        grade = fix.is_exam_grade and time_ns >= self._settled_ns and self._outliers < _PERSISTING
        if grade and not self._outliers:
            self._graded_ns = time_ns
        mean = self._keep_mean(grade)
        if time_ns - self._history.epochs[-1].time_ns < _EPOCH_NS and not odometry.is_unsure:
            return mean.point((0.0, 0.0, 0.0), self._reckoned_covariance())
        self._close_epoch()
        after = self._history.epochs[-1]
        return mean.point(after.step, six(after.covariance))

    def smoothed(self, since_ns: int, until_ns: int) -> list[PathPoint]:
        """The points of the kept stretch between two instants, both inclusive, in the light of what followed them."""
        return self._history.smoothed(since_ns, until_ns)

    def displacement(self, since_ns: int, until_ns: int) -> tuple[float, float] | None:
        """How far the car went between two instants along its heading at the first, on the ground, and the uncertainty.

        In metres, positive forwards. What the receiver errs slowly cancels, so the uncertainty is far below that of a
        place. None if the stretch is not kept, or the path starts anew within it.
        """
        points = self._history.smoothed(since_ns, until_ns)
        if not points or until_ns <= since_ns:
            return None
        start, end = points[0], points[-1]
        length = sqrt(start.forward_east**2 + start.forward_north**2)
        c, s = start.forward_east / length, start.forward_north / length
        east, north = end.east_m - start.east_m, end.north_m - start.north_m
        variance = self._displacement_variance(start, end, c, s)
        if variance is None:
            return None
        across = north * c - east * s
        variance += across * across * start.var_heading_rad2
        return (east * c + north * s) / length, sqrt(max(variance, 1e-8)) / length

    def forget(self, before_ns: int) -> None:
        """Drop the history before an instant; smoothing reaches no farther back from then on."""
        self._history.forget(before_ns)

    def _displacement_variance(self, start: PathPoint, end: PathPoint, c: float, s: float) -> float | None:
        epochs = self._history.epochs_until(end.time_ns)
        first = self._history.epoch_near(start.time_ns)
        last = min(len(epochs) - 1, max(self._history.epoch_near(end.time_ns), first + 1))
        if last <= first:
            return None
        along = (c, s, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        between = covariance_between(epochs, first, last, along)
        if between is None:
            return None
        ends = sum(
            c * c * p.var_east_m2 + 2.0 * c * s * p.cov_east_north_m2 + s * s * p.var_north_m2 for p in (start, end)
        )
        return ends - 2.0 * dot(along, between)

    def _advance_to(self, fix: intake.Fix) -> None:
        """Predict up to the fix and gather it for the running epoch, unless it is absurdly far off."""
        odometry = self._odometry
        if not self._gathering.suits(fix):
            self._close_epoch()
        dt = (fix.time_ns - max(self._last_pose_ns, fix.time_ns - 200_000_000)) * 1e-9
        odometry.note_receiver_speed(fix.speed_mps, dt)
        odometry.reckon(fix.time_ns)
        self._tilt()
        offset = self._antenna.offset(*self._grades, odometry.lean_mps2, odometry.speed_mps * odometry.turn_rate)
        if fix.is_fixed:
            self._settle_direction(fix, offset)
        if self._gathering.add(fix, odometry, offset, self._bias, self._twist):
            self._outliers = 0
            return
        self._reject("pose_outlier")
        if not self._outliers:
            self._outlier_since_ns = fix.time_ns
        self._outliers += 1
        if self._outliers == _PERSISTING:
            self._history.disown(self._outlier_since_ns)

    def _settle_direction(self, fix: intake.Fix, offset: tuple[float, float]) -> None:
        c, s = self._odometry.cosine, self._odometry.sine
        old_c, old_s = self._advanced_axes
        along = fix.east_m * c + fix.north_m * s - offset[0]
        if self._advanced_m is not None:
            # Both places along the same axes, or the turn of the axes would count as way.
            here = fix.east_m * old_c + fix.north_m * old_s - offset[0] - offset[1] * (c * old_s - s * old_c)
            if self._odometry.settle_direction(here - self._advanced_m):
                self._history.way_is_sure(self._odometry.open_since_ns)
        self._advanced_m, self._advanced_axes = along, (c, s)

    def _tilt(self) -> None:
        odometry = self._odometry
        along, across, self._twist = self._surface.tilt(
            odometry.east_m,
            odometry.north_m,
            (odometry.cosine, odometry.sine),
            self._car.wheelbase_m,
            self._half_track,
        )
        self._grades = (along, across)
        self._axes = ground_axes(along, across)
        odometry.ground = self._axes[0]

    def _keep_mean(self, grade: bool) -> Mean:
        odometry = self._odometry
        speed, sigma = odometry.fused_speed()
        mean = Mean(
            odometry.time_ns, odometry.east_m, odometry.north_m, odometry.cosine, odometry.sine,
            *self._axes, speed, sigma, grade,
        )  # fmt: skip
        self._history.means.append(mean)
        return mean

    def _close_epoch(self) -> None:
        """Carry the covariance to the present and take in what was gathered."""
        odometry, history = self._odometry, self._history
        covariance = self._covariance
        if covariance is None or odometry.time_ns <= history.epochs[-1].time_ns:
            return
        dt = (odometry.time_ns - history.epochs[-1].time_ns) * 1e-9
        decay = max(0.0, 1.0 - dt / self._noise.bias_tau_s)
        motion = odometry.motion(decay)
        predicted = moved(covariance, motion, process_noise(self._noise, dt, decay, odometry))
        east, north, heading = self._bias
        self._bias = decay * east, decay * north, decay * heading
        self._covariance, scalars, correction = self._gathering.taken_in(predicted, odometry, self._bias)
        self._correct(correction)
        history.epochs.append(
            Epoch(
                odometry.time_ns,
                motion,
                scalars,
                self._covariance,
                (correction[0], correction[1], correction[2]),
                False,
                odometry.unsure_axes(),
            )
        )
        odometry.begin_epoch()

    def _correct(self, correction: Vector) -> None:
        odometry = self._odometry
        east, north, heading, bias_east, bias_north, bias_heading, scale, offset, ratio = correction
        odometry.east_m += east
        odometry.north_m += north
        odometry.cosine, odometry.sine = rotated(odometry.cosine, odometry.sine, heading)
        bias = self._bias
        self._bias = bias[0] + bias_east, bias[1] + bias_north, bias[2] + bias_heading
        odometry.scale += scale
        odometry.offset += offset
        odometry.ratio += ratio

    def _begin_again(self, fix: intake.Fix) -> PathPoint | None:
        """The receiver stays with another place: nothing before it is trusted, nor the first seconds after."""
        self._history.disown(self._outlier_since_ns)
        self._settled_ns = fix.time_ns + _SETTLING_NS
        self._reject("path_begun_again")
        return self._begin(fix)

    def _begin(self, fix: intake.Fix) -> PathPoint | None:
        if fix.forward is None:
            self._reject("pose_without_heading_at_start")
            return None
        odometry = self._odometry
        odometry.reckon(fix.time_ns)
        odometry.time_ns = fix.time_ns
        odometry.cosine, odometry.sine = fix.forward
        odometry.east_m, odometry.north_m = fix.east_m, fix.north_m
        self._tilt()
        offset = self._antenna.offset(*self._grades, 0.0, 0.0)
        c, s = fix.forward
        odometry.east_m -= offset[0] * c - offset[1] * s
        odometry.north_m -= offset[0] * s + offset[1] * c
        odometry.begin_epoch()
        self._bias = (0.0, 0.0, 0.0)
        self._covariance = first_covariance(fix, offset, self._noise, self._covariance)
        self._last_pose_ns = fix.time_ns
        self._outliers = 0
        self._advanced_m = None
        grade = fix.is_exam_grade and fix.time_ns >= self._settled_ns
        if grade:
            self._graded_ns = fix.time_ns
        self._history.epochs.append(
            Epoch(fix.time_ns, _STANDING, (), self._covariance, (0.0, 0.0, 0.0), True, (0.0, 0.0, 0.0))
        )
        self._gathering.begin(self._covariance, odometry)
        return self._keep_mean(grade).point((0.0, 0.0, 0.0), six(self._covariance))

    def _reckoned_covariance(self) -> Six:
        """The last epoch's covariance, carried on by the way gone since."""
        e, en, n, eh, nh, h = six(self._history.epochs[-1].covariance)
        de, dn = self._odometry.way_m
        unsure = self._odometry.unsure_m
        c, s = self._odometry.cosine * unsure, self._odometry.sine * unsure
        return (
            e + dn * (dn * h - 2.0 * eh) + c * c,
            en - dn * nh + de * eh - de * dn * h + c * s,
            n + de * (de * h + 2.0 * nh) + s * s,
            eh - dn * h,
            nh + de * h,
            h,
        )

    def _reject(self, reason: str) -> None:
        self.rejected[reason] = self.rejected.get(reason, 0) + 1

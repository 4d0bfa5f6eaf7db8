"""The car's motion by its own bus: wheel speed and steering through a bicycle model, and how far that may be off."""

from __future__ import annotations

from math import sqrt

from center.driving_track.scoring.estimation.angles import radians, rotated, tangent
from center.driving_track.scoring.estimation.kalman import Motion
from center.driving_track.scoring.estimation.noise import NoiseModel
from messages.site import Car

_STILL_MPS = 0.05
"""Wheels slower than this may turn the other way next."""
_SILENT_S = 0.25
_SILENT_NS = 250_000_000
"""A bus that is silent for longer tells nothing."""
_SURE_AFTER_M = 0.1
"""Way after which the satellite receiver has shown in which direction the wheels turn."""
_WINDOW_NS = 90_000_000
_UNSURE_M = 0.002
_MOST_CHANGE_MPS2 = 10.0
"""No car on a track brakes or speeds up more."""
_MOST_TURN = 0.5
_MOST_FRONT_WHEEL_RAD = 0.8

Sample = tuple[int, float | None, float | None]
"""Time (ns), wheel speed (m/s) and steering-wheel angle (rad); what the bus does not tell is None."""


class Odometry:
    """Dead reckoning of the rear axle's middle, and the sums that the covariance needs since the last epoch.

    The speed's sign comes from the gear, and a car that rolls back in first gear says that it drives forwards. So after
    each standstill the direction is open until the satellite receiver has shown it (``settle_direction``).
    """

    def __init__(self, car: Car, noise: NoiseModel) -> None:
        self._wheelbase = car.wheelbase_m
        self._per_steering = 1.0 / car.steering_ratio
        self._noise = noise
        self._wheel_speed_mps = noise.wheel_speed_mps
        self._bus_latency_s = noise.bus_latency_s
        self._body_lag_s = noise.body_lag_s
        self._samples: list[Sample] = []
        self._window: list[tuple[int, float]] = []
        self._heard_ns = 0
        self._gear_speed = 0.0
        self._direction: int | None = None
        self._seen_forward_m = 0.0
        self._open_way_m = 0.0
        self.open_since_ns = 0
        """Since when the direction is, or was last, open."""
        self.dead_band_mps = noise.wheel_dead_band_mps
        self.receiver_speed_mps: float | None = None
        self.calm_s = 0.0
        self.time_ns = 0
        self._lapse_s = self._run_m = self._swing = 0.0
        self.east_m = self.north_m = 0.0
        self.cosine, self.sine = 1.0, 0.0
        self.ground = 1.0
        self.speed_mps = self.speed_sigma_mps = 0.0
        self.front_wheel_rad: float | None = 0.0
        self.acceleration_mps2 = self.jolt_mps2 = 0.0
        self.lean_mps2 = 0.0
        """Forward acceleration as the body has followed it by now."""
        self.turn_rate = 0.0
        self.scale = self.offset = self.ratio = 0.0
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """Start the sums anew."""
        self._since_ns = self.time_ns
        self._east = self._north = self._by_scale = self._by_offset = self._by_ratio = 0.0
        self._way = self._slip_m = self._unsure_m = self._open_m = self._turn_unsure = self._rush_m = 0.0

    def hear(self, time_ns: int, speed_mps: float | None, steering_wheel_deg: float | None) -> None:
        """Keep what the bus said until it is needed."""
        steering = None if steering_wheel_deg is None else radians(steering_wheel_deg)
        self._samples.append((time_ns, speed_mps, steering))
        self._heard_ns = time_ns

    @property
    def newest_ns(self) -> int:
        """Time of the newest thing heard or reckoned."""
        return max(self._heard_ns, self.time_ns)

    def reckon(self, until_ns: int) -> None:
        """Move the mean to that instant, by all samples up to it and the last one's speed and acceleration beyond."""
        samples = self._samples
        if samples:
            self._samples = [sample for sample in samples if sample[0] > until_ns]
            for time_ns, speed, steering in samples:
                if time_ns <= until_ns:
                    self._hear_one(time_ns, speed, steering)
        if until_ns > self.time_ns:
            dt = (until_ns - self.time_ns) * 1e-9
            ahead = self.speed_mps + self.acceleration_mps2 * dt if dt < 0.05 and self.speed_mps else self.speed_mps
            if ahead * self.speed_mps < 0.0:
                ahead = 0.0
            steering = self.front_wheel_rad
            self._step(dt, (self.speed_mps + ahead) / 2.0, steering, until_ns - self._heard_ns > _SILENT_NS)
            self.speed_mps = ahead
            self.time_ns = until_ns
        self._move_on()

    def _hear_one(self, time_ns: int, speed: float | None, steering: float | None) -> None:
        dt = (time_ns - self.time_ns) * 1e-9
        before, angle_before = self.speed_mps, self.front_wheel_rad
        angle = None
        if steering is not None:
            angle = steering * self._per_steering
            if not -_MOST_FRONT_WHEEL_RAD <= angle <= _MOST_FRONT_WHEEL_RAD:
                angle = _MOST_FRONT_WHEEL_RAD if angle > 0.0 else -_MOST_FRONT_WHEEL_RAD
        self._read_speed(time_ns, speed)
        if dt > 0.0:
            middle = angle if angle is None or angle_before is None else (angle + angle_before) / 2.0
            self._step(dt, (before + self.speed_mps) / 2.0, middle, dt > _SILENT_S or speed is None)
            if angle is not None and angle_before is not None:
                late = abs(angle - angle_before) * self._bus_latency_s / dt
                self._turn_unsure += late * abs(self.speed_mps) * dt / self._wheelbase
            self.time_ns = time_ns
        self.front_wheel_rad = angle

    def _read_speed(self, time_ns: int, speed: float | None) -> None:
        if speed is None:
            self.speed_sigma_mps = 1.0
            return
        size = abs(speed)
        if size < _STILL_MPS:
            self._direction, self._seen_forward_m, self._open_way_m = None, 0.0, 0.0
            self.open_since_ns = time_ns
        if 0.0 < size < self.dead_band_mps:
            self.dead_band_mps = size
        signed = speed if self._direction is None else self._direction * size
        self._gear_speed = speed
        self.speed_mps = signed
        self.speed_sigma_mps = self._wheel_speed_mps + 0.003 * size if size > 0.0 else self._sigma_of_zero()
        self._differentiate(time_ns, signed)

    def _sigma_of_zero(self) -> float:
        if self.dead_band_mps <= _STILL_MPS:
            return self.dead_band_mps / 2.0
        return 0.02 if self.calm_s >= 0.4 else self.dead_band_mps * 0.8

    def _differentiate(self, time_ns: int, speed: float) -> None:
        window = self._window
        now = 0.0
        # A wheel sensor jumps to 0, and from it: that is no acceleration.
        if speed == 0.0 or not window or time_ns - window[-1][0] > 200_000_000:
            self._window = [(time_ns, speed)]
        else:
            window.append((time_ns, speed))
            if window[0][1] == 0.0:
                window.pop(0)
            while len(window) > 2 and time_ns - window[1][0] >= _WINDOW_NS:
                window.pop(0)
            first_ns, first = window[0]
            span = (time_ns - first_ns) * 1e-9
            if span > 0.03:
                now = (speed - first) / span
        dt = (time_ns - self.time_ns) * 1e-9
        if dt > 0.1:
            dt = 0.1
        change = now - self.lean_mps2
        if dt > 0.0:
            self.lean_mps2 += dt / (dt + self._body_lag_s) * change
        self.acceleration_mps2 = now
        jolt, fading = 0.5 * abs(change), 0.9 * self.jolt_mps2
        self.jolt_mps2 = jolt if jolt > fading else fading

    def _step(self, dt: float, speed: float, angle: float | None, is_silent: bool) -> None:
        """Add to the move that is made at once up to the next pose: in so short a time the car bends evenly."""
        if angle is None or is_silent:
            self._move_on()
            self._move(dt, speed, angle, is_silent)
            return
        if self._lapse_s and (speed == 0.0) != (self._run_m == 0.0):
            self._move_on()
        self._lapse_s += dt
        self._run_m += speed * dt
        self._swing += angle * dt

    def _move_on(self) -> None:
        lapse = self._lapse_s
        if lapse:
            self._move(lapse, self._run_m / lapse, self._swing / lapse, False)
            self._lapse_s = self._run_m = self._swing = 0.0

    def _move(self, dt: float, speed: float, angle: float | None, is_silent: bool) -> None:
        way = speed * (1.0 + self.scale) * dt
        if is_silent:
            self._unsure_m += (0.5 + abs(speed) + (self.receiver_speed_mps or 0.0)) * dt
            self._turn_unsure += 0.5 * dt
        elif self._direction is None:
            if speed != 0.0:
                self._open_m += 2.0 * abs(speed) * dt
            elif not self.is_still:
                self._unsure_m += self.speed_sigma_mps * dt
        if angle is None:
            self._turn_unsure += 0.3 * abs(way)
            angle = 0.0
        if way == 0.0:
            self.turn_rate = 0.0
            return
        tan = tangent(angle * (1.0 + self.ratio) - self.offset)
        share = way / self._wheelbase
        turn = share * tan
        if not -_MOST_TURN < turn < _MOST_TURN:
            # No car does that between two readings: nothing is known of where it points.
            self._turn_unsure += 3.0
            turn = _MOST_TURN if turn > 0.0 else -_MOST_TURN
        by_angle = share * (1.0 + tan * tan)
        c, s = rotated(self.cosine, self.sine, turn / 2.0)
        plan = way * self.ground
        # Forwards or backwards, the rear axle slips away from the centre of the turn.
        slip = self._noise.rear_slip_rad_per_mps2 * turn * abs(speed) / dt
        east, north = plan * c + abs(plan) * slip * s, plan * s - abs(plan) * slip * c
        self.east_m += east
        self.north_m += north
        self._east += east
        self._north += north
        self._slip_m += abs(plan * slip)
        self.cosine, self.sine = rotated(c, s, turn / 2.0)
        self._by_scale += turn
        self._by_offset -= by_angle
        self._by_ratio += by_angle * angle
        self._way += abs(way)
        self._rush_m += abs(self.acceleration_mps2) * self._bus_latency_s * dt
        self._open_way_m += abs(way)
        self.turn_rate = turn / dt

    @property
    def is_still(self) -> bool:
        """Whether both wheels and receiver say that the car stands."""
        return self.speed_mps == 0.0 and (self.calm_s >= 0.4 or self.dead_band_mps <= _STILL_MPS)

    def note_receiver_speed(self, speed_mps: float | None, dt: float) -> None:
        """Take the receiver's own ground speed: it shows whether the car stands where the wheels cannot."""
        self.receiver_speed_mps = speed_mps
        if speed_mps is None or speed_mps > 0.05 + 2.0 * self._noise.receiver_speed_mps:
            self.calm_s = 0.0
        else:
            self.calm_s += dt

    def settle_direction(self, advance_m: float) -> bool:
        """Decide the direction by how far the receiver saw the car advance along its heading since the last pose.

        True if that has just shown that the gear had told it rightly all the time.
        """
        if self._direction is not None:
            return False
        self._seen_forward_m += advance_m
        if self._open_way_m < _SURE_AFTER_M or abs(self._seen_forward_m) < 0.5 * self._open_way_m:
            return False
        self._direction = 1 if self._seen_forward_m > 0.0 else -1
        if self.speed_mps * self._direction < 0.0:
            self.speed_mps = -self.speed_mps
            self.acceleration_mps2 = -self.acceleration_mps2
            self.lean_mps2 = -self.lean_mps2
            self._window = [(time_ns, -speed) for time_ns, speed in self._window]
            return False
        self._open_m = 0.0
        return True

    @property
    def way_m(self) -> tuple[float, float]:
        """The way gone since the last epoch, to the east and to the north."""
        return self._east, self._north

    def motion(self, decay: float) -> Motion:
        """The transition since the last epoch."""
        return Motion(self._east, self._north, self._by_scale, self._by_offset, self._by_ratio, decay, self._way == 0.0)

    def spread(self) -> tuple[float, float, float, float]:
        """Process noise since the last epoch: variances along and across (m²) and in heading (rad²); turn per metre.

        The last couples an unsure way with the heading it would have turned.
        """
        noise, way = self._noise, self._way
        span = (self.time_ns - self._since_ns) * 1e-9
        along = self._unsure_m + self._open_m + self._rush_m
        slip = noise.wheel_slip * way
        reading = noise.wheel_speed_mps * sqrt(0.02 * span) if way else 0.0
        steering = noise.steering_rad * way / self._wheelbase
        still = self._creep_m2 if way == 0.0 else 0.0
        angle = self.front_wheel_rad or 0.0
        return (
            along * along + slip * slip + reading * reading + still,
            noise.sideways_walk_m * noise.sideways_walk_m * way
            + self._slip_m * self._slip_m
            + (1e-8 if way == 0.0 else 0.0),
            noise.heading_walk_rad * noise.heading_walk_rad * way
            + steering * steering
            + self._turn_unsure * self._turn_unsure,
            tangent(angle * (1.0 + self.ratio) - self.offset) / self._wheelbase,
        )

    @property
    def _creep_m2(self) -> float:
        """Variance of a standing car's way in an epoch: within a dead band it starts before anything feels it."""
        return 1e-8 if self.dead_band_mps <= _STILL_MPS else 1.6e-5

    def fused_speed(self) -> tuple[float, float]:
        """Speed and its standard uncertainty by wheels and receiver together.

        Within the wheels' dead band the receiver's, and where the bus is silent too: what it said last tells nothing.
        """
        if self.time_ns - self._heard_ns > _SILENT_NS:
            return self._speed_in_silence()
        if self.speed_mps != 0.0 or self.is_still:
            return self.speed_mps * (1.0 + self.scale), self.speed_sigma_mps
        if self.receiver_speed_mps is None:
            return 0.0, self.speed_sigma_mps
        size = min(self.receiver_speed_mps, self.dead_band_mps)
        return (-size if self._gear_speed < 0.0 else size), self._noise.receiver_speed_mps

    def _speed_in_silence(self) -> tuple[float, float]:
        if self.receiver_speed_mps is None:
            return self.speed_mps, self.speed_sigma_mps + _MOST_CHANGE_MPS2 * (self.time_ns - self._heard_ns) * 1e-9
        size = self.receiver_speed_mps
        return (-size if self._gear_speed < 0.0 else size), self._noise.receiver_speed_mps

    def unsure_axes(self) -> tuple[float, float, float]:
        """East, north (m) and heading (rad) by which the way since the last epoch may be off."""
        turn = tangent((self.front_wheel_rad or 0.0) * (1.0 + self.ratio) - self.offset) / self._wheelbase
        unsure = self._unsure_m + self._open_m
        return unsure * self.cosine, unsure * self.sine, unsure * turn

    @property
    def is_direction_open(self) -> bool:
        """Whether the car moves and nothing has shown yet whether forwards or backwards."""
        return self._direction is None and self.speed_mps != 0.0

    @property
    def is_unsure(self) -> bool:
        """Whether poses of this epoch cannot be carried to one instant: the way between them is not known."""
        return self._unsure_m + self._open_m > _UNSURE_M

    @property
    def turn_unsure_rad(self) -> float:
        """How far the heading reckoned since the last epoch may be off (one standard deviation)."""
        return self._turn_unsure + self.unsure_m * 0.25

    @property
    def unsure_m(self) -> float:
        """How far along the heading the way since the last epoch may be off, roughly (one standard deviation)."""
        return self._unsure_m + self._open_m + self._rush_m

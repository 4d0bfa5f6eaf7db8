"""Standstill and movement by the fused speed: stops, how surely they began and ended, and the stretches between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.signals import NS_PER_S, Stretch

STOPPED_BELOW_MPS = 0.05
MOVING_ABOVE_MPS = 0.10
STOP_FROM_S = 0.5
"""A standstill counts as a stop from so long on (docs/observations.md)."""
_EDGE_SIGMA_S = 0.016
"""Of a threshold's crossing that was interpolated between clear readings (estimation trial: 12 ± 16 ms)."""
_CLEAR_SIGMA_MPS = 0.03
"""A speed surer than this is taken at its word."""
_BLIND_NS = 300_000_000
"""Without a speed for so long, a stop may have come and gone unseen."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A standstill; ``stretch.until_ns`` is that of the newest reading while it lasts (``is_over`` False)."""

    stretch: Stretch
    is_over: bool

    @property
    def middle_ns(self) -> int:
        """Its middle instant."""
        return (self.stretch.since_ns + self.stretch.until_ns) // 2

    def is_definite(self, k: float) -> bool:
        """Whether it surely lasted long enough to be a stop."""
        return self.stretch.length_s - STOP_FROM_S > k * self.stretch.sigma_s

    def is_possible(self, k: float) -> bool:
        """Whether it may have lasted long enough to be a stop."""
        return self.stretch.length_s - STOP_FROM_S > -k * self.stretch.sigma_s


class Motion:
    """A fold over the forward filter's poses: a chain of standstills and stretches of movement, the last one open."""

    def __init__(self) -> None:
        self.is_moving = False
        self.blind: list[Stretch] = []
        self.newest_ns = 0
        self._over: list[tuple[bool, Stretch]] = []
        self._speed = 0.0
        self._sigma = 0.0
        self._since: Stretch | None = None
        self._doubt_ns = 0
        """From when on the other state was possible."""

    def feed(self, point: PathPoint) -> None:
        """Take in one pose's speed; poses come in order."""
        time_ns, speed, sigma = point.time_ns, abs(point.speed_mps), point.speed_sigma_mps
        if self._since is None:
            self._since = Stretch(time_ns, time_ns)
            self._doubt_ns = time_ns
            self.is_moving = speed > MOVING_ABOVE_MPS
        elif time_ns - self.newest_ns > _BLIND_NS:
            self.blind.append(Stretch(self.newest_ns, time_ns))
        if self.is_moving:
            if speed - sigma >= STOPPED_BELOW_MPS:
                if self._is_in_doubt(time_ns):
                    self.blind.append(Stretch(self._doubt_ns, time_ns))
                self._doubt_ns = time_ns
            elif speed < STOPPED_BELOW_MPS and (sigma < _CLEAR_SIGMA_MPS or speed + sigma < STOPPED_BELOW_MPS):
                self._turn_over(time_ns, speed, sigma, STOPPED_BELOW_MPS)
        elif speed + sigma <= MOVING_ABOVE_MPS:
            self._doubt_ns = time_ns
        elif speed > MOVING_ABOVE_MPS and (sigma < _CLEAR_SIGMA_MPS or speed - sigma > MOVING_ABOVE_MPS):
            self._turn_over(time_ns, speed, sigma, MOVING_ABOVE_MPS)
        self.newest_ns, self._speed, self._sigma = time_ns, speed, sigma

    def stops(self, since_ns: int, until_ns: int) -> list[Stop]:
        """Standstills of any length that overlap two instants, the one that still lasts too, not cut."""
        found = [Stop(one, is_over=True) for moved, one in self._over if not moved]
        if not self.is_moving and self._since is not None:
            found.append(Stop(replace(self._since, until_ns=self.newest_ns), is_over=False))
        return [one for one in found if one.stretch.since_ns < until_ns and one.stretch.until_ns > since_ns]

    def moving(self, since_ns: int, until_ns: int) -> list[Stretch]:
        """The stretches of movement that overlap two instants, the one that still lasts too, not cut."""
        found = [one for moved, one in self._over if moved]
        if self.is_moving and self._since is not None:
            found.append(replace(self._since, until_ns=self.newest_ns))
        return [one for one in found if one.since_ns < until_ns and one.until_ns > since_ns]

    def first_moving(self, after_ns: int) -> Stretch | None:
        """The first stretch of movement that ends after an instant."""
        return next(iter(self.moving(after_ns, self.newest_ns + 1)), None)

    def is_blind(self, since_ns: int, until_ns: int) -> bool:
        """Whether a stop between two instants may have been missed."""
        if self._is_in_doubt(self.newest_ns) and self._doubt_ns < until_ns:
            return True
        return any(one.since_ns < until_ns and one.until_ns > since_ns for one in self.blind)

    def _is_in_doubt(self, time_ns: int) -> bool:
        """Whether the car, taken to move, was for the length of a stop not surely faster than one that stands."""
        return self.is_moving and time_ns - self._doubt_ns > STOP_FROM_S * NS_PER_S

    def _turn_over(self, time_ns: int, speed: float, sigma: float, threshold: float) -> None:
        since = self._since
        assert since is not None, "set by the first pose"
        instant_ns, sigma_s = self._instant(time_ns, speed, sigma, threshold)
        instant_ns = max(instant_ns, since.since_ns + 1)
        self._over.append((self.is_moving, Stretch(since.since_ns, instant_ns, since.since_sigma_s, sigma_s)))
        self._since = Stretch(instant_ns, instant_ns, sigma_s)
        self.is_moving = not self.is_moving
        self._doubt_ns = time_ns

    def _instant(self, time_ns: int, speed: float, sigma: float, threshold: float) -> tuple[int, float]:
        """When the threshold was crossed, and how surely."""
        doubt_s = (time_ns - max(self._doubt_ns, self._since.since_ns if self._since else 0)) / NS_PER_S
        is_blind = time_ns - self.newest_ns > _BLIND_NS
        if is_blind or sigma >= _CLEAR_SIGMA_MPS or self._sigma >= _CLEAR_SIGMA_MPS:
            half = doubt_s / 2.0
            return time_ns - int(half * NS_PER_S), sqrt(half * half / 3.0 + _EDGE_SIGMA_S * _EDGE_SIGMA_S)
        step, change = time_ns - self.newest_ns, speed - self._speed
        share = (threshold - self._speed) / change if change else 1.0
        instant = self.newest_ns + int(step * min(max(share, 0.0), 1.0))
        slow = min(abs(sigma / change) * step / NS_PER_S if change else doubt_s, doubt_s)
        return instant, sqrt(slow * slow + _EDGE_SIGMA_S * _EDGE_SIGMA_S)

"""What the estimator keeps: the means at every pose, the epochs between them, and the points that come of both."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import msgspec

from center.driving_track.scoring.estimation.angles import rotated
from center.driving_track.scoring.estimation.kalman import Six
from center.driving_track.scoring.estimation.smoother import Epoch, Smoothed, Three, smooth
from center.driving_track.scoring.path import PathPoint

_WHILE_STARTING_NS = 200_000_000
"""The epoch in which a car starts may have gone a way that the wheels did not feel."""
_LOOK_AHEAD_NS = 15_000_000_000
"""What comes later than this says next to nothing about a point."""


class Mean(msgspec.Struct, gc=False):
    """Where the filter predicted the car at one instant, before the measurements of the running epoch were taken in."""

    time_ns: int
    east_m: float
    north_m: float
    cosine: float
    sine: float
    length: float
    """Of the forward axis in the plan; then left's parts along and across the heading."""
    left_along: float
    left_across: float
    speed_mps: float
    speed_sigma_mps: float
    exam_grade: bool

    def point(self, correction: Three, covariance: Six) -> PathPoint:
        """The point after a correction of east, north and heading."""
        c, s = rotated(self.cosine, self.sine, correction[2])
        var_e, cov_en, var_n, cov_eh, cov_nh, var_h = covariance
        return PathPoint(
            self.time_ns,
            self.east_m + correction[0],
            self.north_m + correction[1],
            self.length * c,
            self.length * s,
            self.left_along * c - self.left_across * s,
            self.left_along * s + self.left_across * c,
            self.speed_mps,
            self.speed_sigma_mps,
            var_e,
            cov_en,
            var_n,
            cov_eh,
            cov_nh,
            var_h,
            self.exam_grade,
        )


class History:
    """Means and epochs in order of time."""

    def __init__(self) -> None:
        self.means: list[Mean] = []
        self.epochs: list[Epoch] = []

    def forget(self, before_ns: int) -> None:
        """Drop what is older, but for the one epoch that the oldest kept mean stands on."""
        first = max(0, bisect_right(self.epochs, before_ns, key=_epoch_time) - 1)
        del self.epochs[:first]
        del self.means[: bisect_left(self.means, before_ns, key=_mean_time)]

    def disown(self, since_ns: int) -> None:
        """Mark all means from that instant on as not exam-grade."""
        for mean in self.means[bisect_left(self.means, since_ns, key=_mean_time) :]:
            mean.exam_grade = False

    def way_is_sure(self, since_ns: int) -> None:
        """Take back the doubt in which direction the car went after that instant."""
        for epoch in reversed(self.epochs):
            if epoch.time_ns <= since_ns + _WHILE_STARTING_NS:
                break
            epoch.unsure = (0.0, 0.0, 0.0)

    def epochs_until(self, until_ns: int) -> list[Epoch]:
        """The epochs that tell about points up to that instant."""
        return self.epochs[: bisect_right(self.epochs, until_ns + _LOOK_AHEAD_NS, key=_epoch_time)]

    def smoothed(self, since_ns: int, until_ns: int) -> list[PathPoint]:
        """The points from ``since_ns`` to ``until_ns``, both inclusive."""
        means = self.means[
            bisect_left(self.means, since_ns, key=_mean_time) : bisect_right(self.means, until_ns, key=_mean_time)
        ]
        if not means:
            return []
        epochs = self.epochs_until(until_ns)
        first = max(0, bisect_left(epochs, means[0].time_ns, key=_epoch_time) - 1)
        last = min(len(epochs), bisect_left(epochs, means[-1].time_ns, key=_epoch_time) + 1)
        return list(_between(means, epochs[first:last], smooth(epochs, first, last)))

    def epoch_near(self, time_ns: int) -> int:
        """Index of the epoch nearest in time."""
        at = bisect_left(self.epochs, time_ns, key=_epoch_time)
        if at == len(self.epochs):
            return at - 1
        if at and time_ns - self.epochs[at - 1].time_ns < self.epochs[at].time_ns - time_ns:
            return at - 1
        return at


def _between(means: list[Mean], epochs: list[Epoch], smoothed: list[Smoothed]) -> list[PathPoint]:
    points: list[PathPoint] = []
    at = 0
    for mean in means:
        while at < len(epochs) and epochs[at].time_ns < mean.time_ns:
            at += 1
        if at == len(epochs):
            points.append(mean.point(smoothed[-1].after, smoothed[-1].covariance))
        elif at == 0 or epochs[at].starts_anew:
            points.append(mean.point(smoothed[at].before, smoothed[at].covariance))
        else:
            start, end = epochs[at - 1].time_ns, epochs[at].time_ns
            share = (mean.time_ns - start) / (end - start)
            points.append(_blend(mean, smoothed[at - 1], smoothed[at], share, epochs[at].unsure))
    return points


def _blend(mean: Mean, start: Smoothed, end: Smoothed, share: float, unsure: Three) -> PathPoint:
    rest = 1.0 - share
    a0, a1, a2 = start.after
    b0, b1, b2 = end.before
    v0, v1, v2, v3, v4, v5 = start.covariance
    w0, w1, w2, w3, w4, w5 = end.covariance
    # A way that is unsure need not be gone evenly: both ends are known, the middle is not.
    u0, u1, u2 = unsure
    room = 4.0 * share * rest
    return mean.point(
        (rest * a0 + share * b0, rest * a1 + share * b1, rest * a2 + share * b2),
        (
            rest * v0 + share * w0 + room * u0 * u0,
            rest * v1 + share * w1 + room * u0 * u1,
            rest * v2 + share * w2 + room * u1 * u1,
            rest * v3 + share * w3 + room * u0 * u2,
            rest * v4 + share * w4 + room * u1 * u2,
            rest * v5 + share * w5 + room * u2 * u2,
        ),
    )


def _epoch_time(epoch: Epoch) -> int:
    return epoch.time_ns


def _mean_time(mean: Mean) -> int:
    return mean.time_ns

"""Backward smoothing of the kept epochs (modified Bryson–Frazier form: no matrix is inverted)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from center.driving_track.scoring.estimation.adjoint import moved_back, taken_back, vector_moved_back, vector_taken_back
from center.driving_track.scoring.estimation.kalman import NOTHING, Motion, Packed, Scalar, Six, Vector, dot, times

Three = tuple[float, float, float]


class Epoch(msgspec.Struct, gc=False):
    """What the filter keeps of one epoch: how it got there, what it took in, and its covariance after that."""

    time_ns: int
    motion: Motion
    scalars: tuple[Scalar, ...]
    covariance: Packed
    step: Three
    """Correction of east, north and heading by this epoch's measurements."""
    starts_anew: bool
    """Nothing before this epoch is known to belong to the same path."""
    unsure: Three
    """How far east, north and heading may be off between the epoch before and this one, though not at either (1 σ)."""


class Smoothed(msgspec.Struct, gc=False):
    """One epoch in the light of all that followed: corrections (east, north, heading) and covariance."""

    before: Three
    """To the mean that had been predicted for the epoch."""
    after: Three
    """To the filter's mean after the epoch's own measurements."""
    covariance: Six


class Adjoint:
    """The backward state: what later measurements say about an epoch."""

    def __init__(self) -> None:
        self.vector = NOTHING
        self.matrix: Packed = (0.0,) * 45

    def smoothed(self, epoch: Epoch) -> Smoothed:
        """The epoch's corrections and covariance; the adjoint must have come back to just after the epoch."""
        p, vector, matrix = epoch.covariance, self.vector, self.matrix
        p_east = p[:9]
        p_north = p[1], *p[9:17]
        p_heading = p[2], p[10], *p[17:24]
        known_east = times(matrix, p_east)
        known_north = times(matrix, p_north)
        known_heading = times(matrix, p_heading)
        east, north, heading = -dot(p_east, vector), -dot(p_north, vector), -dot(p_heading, vector)
        step_east, step_north, step_heading = epoch.step
        return Smoothed(
            (east + step_east, north + step_north, heading + step_heading),
            (east, north, heading),
            (
                p_east[0] - dot(p_east, known_east),
                p_east[1] - dot(p_north, known_east),
                p_north[1] - dot(p_north, known_north),
                p_east[2] - dot(p_heading, known_east),
                p_north[2] - dot(p_heading, known_north),
                p_heading[2] - dot(p_heading, known_heading),
            ),
        )

    def step_back(self, epoch: Epoch) -> None:
        """Go back over an epoch's measurements and motion, to just after the epoch before."""
        vector, matrix = self.vector, self.matrix
        for scalar in reversed(epoch.scalars):
            vector = vector_taken_back(vector, scalar, scalar.innovation / scalar.variance)
            matrix = taken_back(matrix, scalar)
        self.vector = vector_moved_back(vector, epoch.motion)
        self.matrix = moved_back(matrix, epoch.motion)


def smooth(epochs: Sequence[Epoch], since: int, until: int) -> list[Smoothed]:
    """The epochs ``since`` (inclusive) to ``until`` (exclusive), smoothed with all epochs that follow."""
    adjoint = Adjoint()
    found: list[Smoothed] = []
    for at in range(len(epochs) - 1, since - 1, -1):
        epoch = epochs[at]
        if at < until:
            found.append(adjoint.smoothed(epoch))
        if epoch.starts_anew:
            adjoint = Adjoint()
        else:
            adjoint.step_back(epoch)
    found.reverse()
    return found


def covariance_between(epochs: Sequence[Epoch], since: int, until: int, weights: Vector) -> Vector | None:
    """Covariance of the nine smoothed states at epoch ``since`` with a weighted sum of those at the later ``until``.

    None if the path starts anew between them. Cov(x_i, wᵀx_j) = P_i Ψᵀ (w − Λ_j P_j w), where Ψ is the product of
    (I − K H) and F from i to j.
    """
    if any(epoch.starts_anew for epoch in epochs[since + 1 : until + 1]):
        return None
    adjoint = Adjoint()
    for at in range(len(epochs) - 1, until, -1):
        if epochs[at].starts_anew:
            adjoint = Adjoint()
        else:
            adjoint.step_back(epochs[at])
    known = times(adjoint.matrix, times(epochs[until].covariance, weights))
    vector = tuple(a - b for a, b in zip(weights, known, strict=True))
    for at in range(until, since, -1):
        for scalar in reversed(epochs[at].scalars):
            vector = vector_taken_back(vector, scalar, 0.0)
        vector = vector_moved_back(vector, epochs[at].motion)
    return times(epochs[since].covariance, vector)

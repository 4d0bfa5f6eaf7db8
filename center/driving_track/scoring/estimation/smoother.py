"""Backward smoothing of the kept epochs (modified Bryson–Frazier form: no matrix is inverted).

Bierman, "Fixed interval smoothing with discrete measurements", Int. J. Control 18 (1973) 65–75.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from center.driving_track.scoring.estimation.kalman import (
    BIAS_EAST,
    BIAS_HEADING,
    BIAS_NORTH,
    HEADING,
    OFFSET,
    RATIO,
    SCALE,
    Motion,
    Rows,
    Scalar,
    dot,
    times,
)

Six = tuple[float, float, float, float, float, float]
"""Variances and covariances: east-east, east-north, north-north, east-heading, north-heading, heading-heading."""
Three = tuple[float, float, float]


@dataclass(slots=True)
class Epoch:
    """What the filter keeps of one epoch: how it got there, what it took in, and its covariance after that."""

    time_ns: int
    motion: Motion
    scalars: list[Scalar]
    covariance: Rows
    step: Three
    """Correction of east, north and heading by this epoch's measurements."""
    starts_anew: bool
    """Nothing before this epoch is known to belong to the same path."""
    unsure: Three
    """How far east, north and heading may be off between the epoch before and this one, though not at either (1 σ)."""


@dataclass(slots=True)
class Smoothed:
    """One epoch in the light of all that followed: corrections (east, north, heading) and covariance."""

    before: Three
    """To the mean that had been predicted for the epoch."""
    after: Three
    """To the filter's mean after the epoch's own measurements."""
    covariance: Six


class Adjoint:
    """The backward state: what later measurements say about an epoch (λ and Λ of Bierman)."""

    def __init__(self) -> None:
        self.vector = [0.0] * 9
        self.matrix: Rows = [[0.0] * 9 for _ in range(9)]

    def smoothed(self, epoch: Epoch) -> Smoothed:
        """The epoch's corrections and covariance; the adjoint must have come back to just after the epoch."""
        p = epoch.covariance
        p_east, p_north, p_heading = p[0], p[1], p[2]
        east = -dot(p_east, self.vector)
        north = -dot(p_north, self.vector)
        heading = -dot(p_heading, self.vector)
        known_east = times(self.matrix, p_east)
        known_north = times(self.matrix, p_north)
        known_heading = times(self.matrix, p_heading)
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
        for scalar in reversed(epoch.scalars):
            take_back(self.vector, scalar, scalar.innovation / scalar.variance)
            self._take_back_matrix(scalar)
        move_back(self.vector, epoch.motion)
        self._move_back_matrix(epoch.motion)

    def _take_back_matrix(self, scalar: Scalar) -> None:
        state, bias, lever = scalar.state, scalar.bias, scalar.lever_m
        matrix = self.matrix
        w = times(matrix, scalar.gain)
        half = (dot(w, scalar.gain) + 1.0 / scalar.variance) / 2.0
        w[state] -= half
        w[bias] -= half
        if lever:
            w[HEADING] -= half * lever
            for row, value in zip(matrix, w, strict=True):
                row[state] -= value
                row[bias] -= value
                row[HEADING] -= lever * value
            matrix[HEADING] = [a - lever * b for a, b in zip(matrix[HEADING], w, strict=True)]
        else:
            for row, value in zip(matrix, w, strict=True):
                row[state] -= value
                row[bias] -= value
        matrix[state] = [a - b for a, b in zip(matrix[state], w, strict=True)]
        matrix[bias] = [a - b for a, b in zip(matrix[bias], w, strict=True)]

    def _move_back_matrix(self, m: Motion) -> None:
        k = m.decay
        if m.is_still:
            rows = [[a, b, c, k * d, k * e, k * f, g, h, i] for a, b, c, d, e, f, g, h, i in self.matrix]
        else:
            de, dn, cs, co, cr = m.east_m, m.north_m, m.turn_by_scale, m.turn_by_offset, m.turn_by_ratio
            rows = [
                [
                    a, b, c - dn * a + de * b, k * d, k * e, k * f,
                    g + de * a + dn * b + cs * c, h + co * c, i + cr * c,
                ]
                for a, b, c, d, e, f, g, h, i in self.matrix
            ]  # fmt: skip
            r0, r1, r2 = rows[0], rows[1], rows[2]
            rows[SCALE] = [g + de * a + dn * b + cs * c for g, a, b, c in zip(rows[SCALE], r0, r1, r2, strict=True)]
            rows[OFFSET] = [h + co * c for h, c in zip(rows[OFFSET], r2, strict=True)]
            rows[RATIO] = [i + cr * c for i, c in zip(rows[RATIO], r2, strict=True)]
            rows[HEADING] = [c - dn * a + de * b for c, a, b in zip(r2, r0, r1, strict=True)]
        for bias in (BIAS_EAST, BIAS_NORTH, BIAS_HEADING):
            rows[bias] = [k * value for value in rows[bias]]
        self.matrix = rows


def take_back(vector: list[float], scalar: Scalar, push: float) -> None:
    """(I − K H)ᵀ v − Hᵀ · push, in place."""
    total = dot(scalar.gain, vector) + push
    vector[scalar.state] -= total
    vector[scalar.bias] -= total
    vector[HEADING] -= scalar.lever_m * total


def move_back(vector: list[float], m: Motion) -> None:
    """Fᵀ v, in place."""
    for bias in (BIAS_EAST, BIAS_NORTH, BIAS_HEADING):
        vector[bias] *= m.decay
    if m.is_still:
        return
    east, north, heading = vector[0], vector[1], vector[2]
    vector[SCALE] += m.east_m * east + m.north_m * north + m.turn_by_scale * heading
    vector[OFFSET] += m.turn_by_offset * heading
    vector[RATIO] += m.turn_by_ratio * heading
    vector[HEADING] = heading - m.north_m * east + m.east_m * north


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


def covariance_between(epochs: Sequence[Epoch], since: int, until: int, weights: list[float]) -> list[float] | None:
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
    vector = [a - b for a, b in zip(weights, known, strict=True)]
    for at in range(until, since, -1):
        for scalar in reversed(epochs[at].scalars):
            take_back(vector, scalar, 0.0)
        move_back(vector, epochs[at].motion)
    return times(epochs[since].covariance, vector)

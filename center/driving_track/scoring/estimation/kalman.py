"""The linear algebra of the filter in plain floats: nine error states, sparse motion, one scalar measurement at a time.

States in order: east, north (m), heading (rad); the receiver's Gauss–Markov errors of east, north and heading; the
errors of the wheels' scale, of the steering's offset (rad) and of the steering's ratio. A covariance is nine rows of
nine.
"""

from __future__ import annotations

from dataclasses import dataclass

EAST, NORTH, HEADING, BIAS_EAST, BIAS_NORTH, BIAS_HEADING, SCALE, OFFSET, RATIO = range(9)

Rows = list[list[float]]


@dataclass(slots=True)
class Motion:
    """The sparse transition between two epochs: F is 1 but for these, and ``decay`` of the Gauss–Markov states."""

    east_m: float
    north_m: float
    turn_by_scale: float
    turn_by_offset: float
    turn_by_ratio: float
    decay: float
    is_still: bool


@dataclass(slots=True)
class Scalar:
    """One scalar measurement that has been taken in: H is 1 at ``state`` and ``bias``, and ``lever_m`` at the heading.

    Of a heading, ``lever_m`` is 0 and ``state`` the heading. Kept for the smoother: gain, innovation and its variance.
    """

    state: int
    bias: int
    lever_m: float
    gain: list[float]
    innovation: float
    variance: float


def moved(p: Rows, m: Motion) -> Rows:
    """F P Fᵀ."""
    k = m.decay
    if m.is_still:
        rows = [[a, b, c, k * d, k * e, k * f, g, h, i] for a, b, c, d, e, f, g, h, i in p]
    else:
        de, dn, cs, co, cr = m.east_m, m.north_m, m.turn_by_scale, m.turn_by_offset, m.turn_by_ratio
        rows = [
            [a - dn * c + de * g, b + de * c + dn * g, c + cs * g + co * h + cr * i, k * d, k * e, k * f, g, h, i]
            for a, b, c, d, e, f, g, h, i in p
        ]
        r0, r1, r2, r6, r7, r8 = rows[0], rows[1], rows[2], rows[6], rows[7], rows[8]
        rows[0] = [a - dn * c + de * g for a, c, g in zip(r0, r2, r6, strict=True)]
        rows[1] = [b + de * c + dn * g for b, c, g in zip(r1, r2, r6, strict=True)]
        rows[2] = [c + cs * g + co * h + cr * i for c, g, h, i in zip(r2, r6, r7, r8, strict=True)]
    for bias in (BIAS_EAST, BIAS_NORTH, BIAS_HEADING):
        rows[bias] = [k * value for value in rows[bias]]
    return rows


def measured(
    p: Rows, state: int, bias: int, lever_m: float, residual: float, variance: float, correction: list[float]
) -> tuple[Rows, Scalar]:
    """Take in one scalar; ``correction`` (of the nine states, since the epoch's prediction) is added to in place."""
    column = [a + lever_m * h + b for a, h, b in zip(p[state], p[HEADING], p[bias], strict=True)]
    total = column[state] + lever_m * column[HEADING] + column[bias] + variance
    innovation = residual - correction[state] - lever_m * correction[HEADING] - correction[bias]
    gain = [value / total for value in column]
    c0, c1, c2, c3, c4, c5, c6, c7, c8 = column
    rows = [
        [a - k * c0, b - k * c1, c - k * c2, d - k * c3, e - k * c4, f - k * c5, g - k * c6, h - k * c7, i - k * c8]
        for (a, b, c, d, e, f, g, h, i), k in zip(p, gain, strict=True)
    ]
    for at, k in enumerate(gain):
        correction[at] += k * innovation
    return rows, Scalar(state, bias, lever_m, gain, innovation, total)


def times(matrix: Rows, vector: list[float]) -> list[float]:
    """Matrix times vector."""
    v0, v1, v2, v3, v4, v5, v6, v7, v8 = vector
    return [
        a * v0 + b * v1 + c * v2 + d * v3 + e * v4 + f * v5 + g * v6 + h * v7 + i * v8
        for a, b, c, d, e, f, g, h, i in matrix
    ]


def dot(one: list[float], other: list[float]) -> float:
    """Scalar product of two vectors of nine."""
    a, b, c, d, e, f, g, h, i = one
    v0, v1, v2, v3, v4, v5, v6, v7, v8 = other
    return a * v0 + b * v1 + c * v2 + d * v3 + e * v4 + f * v5 + g * v6 + h * v7 + i * v8

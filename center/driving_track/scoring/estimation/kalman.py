"""The linear algebra of the filter in plain floats: nine error states, sparse motion, one scalar measurement at a time.

States in order: east, north (m), heading (rad); the receiver's Gauss–Markov errors of east, north and heading; the
errors of the wheels' scale, of the steering's offset (rad) and of the steering's ratio.

A symmetric matrix is its upper triangle, row by row: 45 floats. In the unrolled formulas the states are the letters a
to i, and the element of row b and column f is bf: a loop over rows costs eight times as much.
"""

from __future__ import annotations

from typing import Final

import msgspec

EAST, NORTH, HEADING, BIAS_EAST, BIAS_NORTH, BIAS_HEADING, SCALE, OFFSET, RATIO = range(9)

Vector = tuple[float, ...]
"""Nine floats."""
Packed = tuple[float, ...]
"""The upper triangle of a symmetric matrix of nine rows."""
Six = tuple[float, float, float, float, float, float]
"""Variances and covariances: east-east, east-north, north-north, east-heading, north-heading, heading-heading."""
Noise = tuple[float, float, float, float, float, float, float, float, float, float]
"""What is added to a covariance: at east-east, east-north, east-heading, north-north, north-heading, heading-heading,
at the Gauss–Markov states of a place and of the heading, at the scale and at the offset."""

NOTHING: Final[Vector] = (0.0,) * 9


class Motion(msgspec.Struct, gc=False):
    """The sparse transition between two epochs: F is 1 but for these, and ``decay`` of the Gauss–Markov states."""

    east_m: float
    north_m: float
    turn_by_scale: float
    turn_by_offset: float
    turn_by_ratio: float
    decay: float
    is_still: bool


class Scalar(msgspec.Struct, gc=False):
    """One scalar measurement that has been taken in: H is 1 at ``state`` and its bias, and ``lever_m`` at the heading.

    The state is east, north or the heading; of a heading ``lever_m`` is 0. Kept for the smoother: gain, innovation and
    its variance.
    """

    state: int
    lever_m: float
    gain: Vector
    innovation: float
    variance: float


def packed(rows: list[list[float]]) -> Packed:
    """A symmetric matrix from its rows."""
    return tuple(rows[at][column] for at in range(9) for column in range(at, 9))


def moved(p: Packed, m: Motion, added: Noise) -> Packed:
    """F P Fᵀ and the process noise."""
    (
        aa, ab, ac, ad, ae, af, ag, ah, ai, bb, bc, bd, be, bf, bg, bh, bi, cc, cd, ce, cf, cg, ch, ci,
        dd, de, df, dg, dh, di, ee, ef, eg, eh, ei, ff, fg, fh, fi, gg, gh, gi, hh, hi, ii,
    ) = p  # fmt: skip
    n_aa, n_ab, n_ac, n_bb, n_bc, n_cc, n_place, n_turn, n_scale, n_offset = added
    k = m.decay
    kk = k * k
    if not m.is_still:
        x, y, u, v, w = m.east_m, m.north_m, m.turn_by_scale, m.turn_by_offset, m.turn_by_ratio
        # The first three rows of F P, as far as they are needed; then F P Fᵀ.
        ra, rc, rg = aa - y * ac + x * ag, ac - y * cc + x * cg, ag - y * cg + x * gg
        rh, ri = ah - y * ch + x * gh, ai - y * ci + x * gi
        sb, sc, sg = bb + x * bc + y * bg, bc + x * cc + y * cg, bg + x * cg + y * gg
        sh, si = bh + x * ch + y * gh, bi + x * ci + y * gi
        tc = cc + u * cg + v * ch + w * ci
        tg, th, ti = cg + u * gg + v * gh + w * gi, ch + u * gh + v * hh + w * hi, ci + u * gi + v * hi + w * ii
        aa, ab = ra - y * rc + x * rg, ab - y * bc + x * bg + x * rc + y * rg
        ac, bc = rc + u * rg + v * rh + w * ri, sc + u * sg + v * sh + w * si
        bb, cc = sb + x * sc + y * sg, tc + u * tg + v * th + w * ti
        ad, ae, af = ad - y * cd + x * dg, ae - y * ce + x * eg, af - y * cf + x * fg
        bd, be, bf = bd + x * cd + y * dg, be + x * ce + y * eg, bf + x * cf + y * fg
        cd, ce, cf = cd + u * dg + v * dh + w * di, ce + u * eg + v * eh + w * ei, cf + u * fg + v * fh + w * fi
        ag, ah, ai, bg, bh, bi, cg, ch, ci = rg, rh, ri, sg, sh, si, tg, th, ti
    return (
        aa + n_aa, ab + n_ab, ac + n_ac, k * ad, k * ae, k * af, ag, ah, ai,
        bb + n_bb, bc + n_bc, k * bd, k * be, k * bf, bg, bh, bi,
        cc + n_cc, k * cd, k * ce, k * cf, cg, ch, ci,
        kk * dd + n_place, kk * de, kk * df, k * dg, k * dh, k * di,
        kk * ee + n_place, kk * ef, k * eg, k * eh, k * ei,
        kk * ff + n_turn, k * fg, k * fh, k * fi,
        gg + n_scale, gh, gi, hh + n_offset, hi, ii,
    )  # fmt: skip


def measured(
    p: Packed, state: int, lever: float, residual: float, variance: float, correction: Vector
) -> tuple[Packed, Scalar, Vector]:
    """Take in one scalar; ``correction`` of the nine states since the epoch's prediction comes back with it."""
    (
        aa, ab, ac, ad, ae, af, ag, ah, ai, bb, bc, bd, be, bf, bg, bh, bi, cc, cd, ce, cf, cg, ch, ci,
        dd, de, df, dg, dh, di, ee, ef, eg, eh, ei, ff, fg, fh, fi, gg, gh, gi, hh, hi, ii,
    ) = p  # fmt: skip
    xa, xb, xc, xd, xe, xf, xg, xh, xi = correction
    # P Hᵀ
    if state == EAST:
        a, b, c = aa + lever * ac + ad, ab + lever * bc + bd, ac + lever * cc + cd
        d, e, f = ad + lever * cd + dd, ae + lever * ce + de, af + lever * cf + df
        g, h, i = ag + lever * cg + dg, ah + lever * ch + dh, ai + lever * ci + di
        total, innovation = a + lever * c + d + variance, residual - xa - lever * xc - xd
    elif state == NORTH:
        a, b, c = ab + lever * ac + ae, bb + lever * bc + be, bc + lever * cc + ce
        d, e, f = bd + lever * cd + de, be + lever * ce + ee, bf + lever * cf + ef
        g, h, i = bg + lever * cg + eg, bh + lever * ch + eh, bi + lever * ci + ei
        total, innovation = b + lever * c + e + variance, residual - xb - lever * xc - xe
    else:
        a, b, c = ac + af, bc + bf, cc + cf
        d, e, f = cd + df, ce + ef, cf + ff
        g, h, i = cg + fg, ch + fh, ci + fi
        total, innovation = c + f + variance, residual - xc - xf
    o, q, r, s, t, u, v, w, z = gain = (
        a / total, b / total, c / total, d / total, e / total, f / total, g / total, h / total, i / total
    )  # fmt: skip
    n = innovation
    return (
        (
            aa - o * a, ab - o * b, ac - o * c, ad - o * d, ae - o * e, af - o * f, ag - o * g, ah - o * h, ai - o * i,
            bb - q * b, bc - q * c, bd - q * d, be - q * e, bf - q * f, bg - q * g, bh - q * h, bi - q * i,
            cc - r * c, cd - r * d, ce - r * e, cf - r * f, cg - r * g, ch - r * h, ci - r * i,
            dd - s * d, de - s * e, df - s * f, dg - s * g, dh - s * h, di - s * i,
            ee - t * e, ef - t * f, eg - t * g, eh - t * h, ei - t * i,
            ff - u * f, fg - u * g, fh - u * h, fi - u * i,
            gg - v * g, gh - v * h, gi - v * i,
            hh - w * h, hi - w * i,
            ii - z * i,
        ),
        Scalar(state, lever, gain, n, total),
        (xa + o * n, xb + q * n, xc + r * n, xd + s * n, xe + t * n, xf + u * n, xg + v * n, xh + w * n, xi + z * n),
    )  # fmt: skip


def six(p: Packed) -> Six:
    """What a covariance says of the car itself."""
    return p[0], p[1], p[9], p[2], p[10], p[17]


def spread(p: Packed, arm_east: float, arm_north: float) -> tuple[float, float, float]:
    """Variances with which east, north and heading are expected to be seen; the heading moves the first two by arms."""
    e, _, eh, e_bias = p[:4]
    n, nh, _, n_bias = p[9:13]
    h, _, _, h_bias = p[17:21]
    return (
        e + arm_east * (2.0 * eh + arm_east * h) + p[24] + 2.0 * (e_bias + arm_east * p[18]),
        n + arm_north * (2.0 * nh + arm_north * h) + p[30] + 2.0 * (n_bias + arm_north * p[19]),
        h + p[35] + 2.0 * h_bias,
    )


def times(p: Packed, vector: Vector) -> Vector:
    """Matrix times vector."""
    (
        aa, ab, ac, ad, ae, af, ag, ah, ai, bb, bc, bd, be, bf, bg, bh, bi, cc, cd, ce, cf, cg, ch, ci,
        dd, de, df, dg, dh, di, ee, ef, eg, eh, ei, ff, fg, fh, fi, gg, gh, gi, hh, hi, ii,
    ) = p  # fmt: skip
    a, b, c, d, e, f, g, h, i = vector
    return (
        aa * a + ab * b + ac * c + ad * d + ae * e + af * f + ag * g + ah * h + ai * i,
        ab * a + bb * b + bc * c + bd * d + be * e + bf * f + bg * g + bh * h + bi * i,
        ac * a + bc * b + cc * c + cd * d + ce * e + cf * f + cg * g + ch * h + ci * i,
        ad * a + bd * b + cd * c + dd * d + de * e + df * f + dg * g + dh * h + di * i,
        ae * a + be * b + ce * c + de * d + ee * e + ef * f + eg * g + eh * h + ei * i,
        af * a + bf * b + cf * c + df * d + ef * e + ff * f + fg * g + fh * h + fi * i,
        ag * a + bg * b + cg * c + dg * d + eg * e + fg * f + gg * g + gh * h + gi * i,
        ah * a + bh * b + ch * c + dh * d + eh * e + fh * f + gh * g + hh * h + hi * i,
        ai * a + bi * b + ci * c + di * d + ei * e + fi * f + gi * g + hi * h + ii * i,
    )


def dot(one: Vector, other: Vector) -> float:
    """Scalar product of two vectors of nine."""
    a, b, c, d, e, f, g, h, i = one
    v0, v1, v2, v3, v4, v5, v6, v7, v8 = other
    return a * v0 + b * v1 + c * v2 + d * v3 + e * v4 + f * v5 + g * v6 + h * v7 + i * v8

"""What later measurements say about an epoch, carried backwards (λ and Λ of the modified Bryson–Frazier form).

Bierman, "Fixed interval smoothing with discrete measurements", Int. J. Control 18 (1973) 65–75. Vectors and symmetric
matrices are written as in ``kalman``.
"""

from __future__ import annotations

from center.driving_track.scoring.estimation.kalman import EAST, NORTH, Motion, Packed, Scalar, Vector, times


def vector_taken_back(vector: Vector, scalar: Scalar, push: float) -> Vector:
    """(I − K H)ᵀ v − Hᵀ · push."""
    a, b, c, d, e, f, g, h, i = vector
    o, q, r, s, t, u, v, w, z = scalar.gain
    total = o * a + q * b + r * c + s * d + t * e + u * f + v * g + w * h + z * i + push
    if scalar.state == EAST:
        return a - total, b, c - scalar.lever_m * total, d - total, e, f, g, h, i
    if scalar.state == NORTH:
        return a, b - total, c - scalar.lever_m * total, d, e - total, f, g, h, i
    return a, b, c - total, d, e, f - total, g, h, i


def vector_moved_back(vector: Vector, m: Motion) -> Vector:
    """Fᵀ v."""
    a, b, c, d, e, f, g, h, i = vector
    k = m.decay
    if m.is_still:
        return a, b, c, k * d, k * e, k * f, g, h, i
    x, y = m.east_m, m.north_m
    g += x * a + y * b + m.turn_by_scale * c
    return a, b, c - y * a + x * b, k * d, k * e, k * f, g, h + m.turn_by_offset * c, i + m.turn_by_ratio * c


def taken_back(matrix: Packed, scalar: Scalar) -> Packed:
    """(I − K H)ᵀ Λ (I − K H) + Hᵀ H / S = Λ − Hᵀ wᵀ − w H with w = Λ K − Hᵀ (Kᵀ Λ K + 1 / S) / 2."""
    (
        aa, ab, ac, ad, ae, af, ag, ah, ai, bb, bc, bd, be, bf, bg, bh, bi, cc, cd, ce, cf, cg, ch, ci,
        dd, de, df, dg, dh, di, ee, ef, eg, eh, ei, ff, fg, fh, fi, gg, gh, gi, hh, hi, ii,
    ) = matrix  # fmt: skip
    gain, lever = scalar.gain, scalar.lever_m
    a, b, c, d, e, f, g, h, i = times(matrix, gain)
    o, q, r, s, t, u, v, w, z = gain
    half = (o * a + q * b + r * c + s * d + t * e + u * f + v * g + w * h + z * i + 1.0 / scalar.variance) / 2.0
    if scalar.state == EAST:
        a, c, d = a - half, c - half * lever, d - half
        return (
            aa - a - a, ab - b, ac - c - lever * a, ad - d - a, ae - e, af - f, ag - g, ah - h, ai - i,
            bb, bc - lever * b, bd - b, be, bf, bg, bh, bi,
            cc - 2.0 * lever * c, cd - lever * d - c, ce - lever * e, cf - lever * f,
            cg - lever * g, ch - lever * h, ci - lever * i,
            dd - d - d, de - e, df - f, dg - g, dh - h, di - i,
            ee, ef, eg, eh, ei, ff, fg, fh, fi, gg, gh, gi, hh, hi, ii,
        )  # fmt: skip
    if scalar.state == NORTH:
        b, c, e = b - half, c - half * lever, e - half
        return (
            aa, ab - a, ac - lever * a, ad, ae - a, af, ag, ah, ai,
            bb - b - b, bc - c - lever * b, bd - d, be - e - b, bf - f, bg - g, bh - h, bi - i,
            cc - 2.0 * lever * c, cd - lever * d, ce - lever * e - c, cf - lever * f,
            cg - lever * g, ch - lever * h, ci - lever * i,
            dd, de - d, df, dg, dh, di, ee - e - e, ef - f, eg - g, eh - h, ei - i,
            ff, fg, fh, fi, gg, gh, gi, hh, hi, ii,
        )  # fmt: skip
    c, f = c - half, f - half
    return (
        aa, ab, ac - a, ad, ae, af - a, ag, ah, ai, bb, bc - b, bd, be, bf - b, bg, bh, bi,
        cc - c - c, cd - d, ce - e, cf - f - c, cg - g, ch - h, ci - i,
        dd, de, df - d, dg, dh, di, ee, ef - e, eg, eh, ei, ff - f - f, fg - g, fh - h, fi - i,
        gg, gh, gi, hh, hi, ii,
    )  # fmt: skip


def moved_back(matrix: Packed, m: Motion) -> Packed:
    """Fᵀ Λ F."""
    (
        aa, ab, ac, ad, ae, af, ag, ah, ai, bb, bc, bd, be, bf, bg, bh, bi, cc, cd, ce, cf, cg, ch, ci,
        dd, de, df, dg, dh, di, ee, ef, eg, eh, ei, ff, fg, fh, fi, gg, gh, gi, hh, hi, ii,
    ) = matrix  # fmt: skip
    k = m.decay
    kk = k * k
    if not m.is_still:
        x, y, u, v, w = m.east_m, m.north_m, m.turn_by_scale, m.turn_by_offset, m.turn_by_ratio
        # The rows of scale, offset and ratio of Fᵀ Λ, as far as they are needed; then Fᵀ Λ F.
        rc, rg = cg + x * ac + y * bc + u * cc, gg + x * ag + y * bg + u * cg
        rh, ri = gh + x * ah + y * bh + u * ch, gi + x * ai + y * bi + u * ci
        ra, rb = ag + x * aa + y * ab + u * ac, bg + x * ab + y * bb + u * bc
        dg, eg, fg = dg + x * ad + y * bd + u * cd, eg + x * ae + y * be + u * ce, fg + x * af + y * bf + u * cf
        dh, eh, fh = dh + v * cd, eh + v * ce, fh + v * cf
        di, ei, fi = di + w * cd, ei + w * ce, fi + w * cf
        gg, gh, gi = rg + x * ra + y * rb + u * rc, rh + v * rc, ri + w * rc
        sc, sh, si = ch + v * cc, hh + v * ch, hi + v * ci
        hh, hi, ii = sh + v * sc, si + w * sc, ii + w * ci + w * (ci + w * cc)
        ag, bg, ah, bh, ai, bi = ra, rb, ah + v * ac, bh + v * bc, ai + w * ac, bi + w * bc
        cg, ch, ci = rc - y * ra + x * rb, sc - y * ah + x * bh, ci + w * cc - y * ai + x * bi
        cd, ce, cf = cd - y * ad + x * bd, ce - y * ae + x * be, cf - y * af + x * bf
        ta, tb = ac - y * aa + x * ab, bc - y * ab + x * bb
        ac, bc, cc = ta, tb, cc - y * ac + x * bc - y * ta + x * tb
    return (
        aa, ab, ac, k * ad, k * ae, k * af, ag, ah, ai, bb, bc, k * bd, k * be, k * bf, bg, bh, bi,
        cc, k * cd, k * ce, k * cf, cg, ch, ci,
        kk * dd, kk * de, kk * df, k * dg, k * dh, k * di, kk * ee, kk * ef, k * eg, k * eh, k * ei,
        kk * ff, k * fg, k * fh, k * fi, gg, gh, gi, hh, hi, ii,
    )  # fmt: skip

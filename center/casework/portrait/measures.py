"""What is measured of a portrait. Plain data. Pure."""

from __future__ import annotations

import msgspec


class Face(msgspec.Struct, frozen=True):
    """A face as the detector frames it: a square, in pixels from the upper left corner."""

    x: int
    y: int
    side: int


class Measures(msgspec.Struct, frozen=True):
    """What was measured of a picture; lightness from 0 to 255. All but the first three are 0 without a single face."""

    width_px: int
    height_px: int
    faces: tuple[Face, ...]
    face_lightness: int = 0
    uneven_light: int = 0
    """Difference of the lightness of the face's two halves."""
    clipped_permille: int = 0
    """Share of the face that is quite black or quite white."""
    background_seen_permille: int = 0
    """Share of the picture that is background beside and above the head."""
    background_lightness: int = 0
    background_spread: int = 0
    """Standard deviation of the background's lightness or colour, whichever is greater."""
    sharpness: int = 0
    """Variance of the Laplacian over the face at a side of 200 pixels."""

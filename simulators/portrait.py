"""Draws portraits of people who do not exist, good ones and ones with each fault that the desk's check must find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Colour = tuple[int, int, int]
"""Blue, green, red."""
_FINENESS: Final = 2
"""Drawn at so many times the size, then shrunk: soft edges."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a drawn person looks like."""

    skin: Colour = (150, 180, 225)
    hair: Colour = (40, 45, 60)
    clothes: Colour = (90, 60, 45)


LOOKS: Final = {
    "aigerim": Look((165, 190, 230), (25, 25, 35), (60, 40, 120)),
    "denis": Look((175, 200, 235), (90, 130, 170), (80, 90, 60)),
    "tomas": Look((120, 155, 205), (20, 20, 25), (50, 50, 50)),
    "erbol": Look((140, 170, 215), (30, 30, 40), (100, 70, 40)),
    "nurlan": Look((150, 180, 220), (35, 35, 45), (40, 70, 90)),
}


def blank(width_px: int = 600, height_px: int = 800, background: Colour = (225, 225, 222)) -> Picture:
    """A plain wall."""
    return np.full((height_px, width_px, 3), background, np.uint8)


def draw(look: Look, wall: Picture, *, size: float = 1.0, centre: tuple[float, float] = (0.5, 0.44)) -> Picture:
    """A person before a wall; ``centre`` is the face's, as shares of the picture's width and height."""
    height, width = wall.shape[:2]
    paint = _Brush(cv2.resize(wall, None, fx=_FINENESS, fy=_FINENESS), width * 0.235 * size)
    paint.origin = (centre[0] * width, centre[1] * height)
    _draw_body(paint, look)
    _draw_head(paint, look)
    for side in (-1, 1):
        _draw_eye(paint, look, side * 0.42)
    _draw_nose_and_mouth(paint, look)
    return np.asarray(cv2.resize(paint.canvas, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def photographed(picture: Picture, *, light: float = 1.0, noise: float = 3.0, seed: int = 0) -> Picture:
    """The picture as a camera takes it: blurred by a pixel, with noise, in more or less light."""
    seen = np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.0), np.float64) * light
    seen += np.random.default_rng(seed).normal(0.0, noise, picture.shape)
    return np.asarray(np.clip(seen, 0, 255), np.uint8)


def jpeg(picture: Picture) -> bytes:
    """The picture as a file."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return data.tobytes()


class _Brush:
    """Draws in units of half a head's width, from the middle of the face."""

    def __init__(self, canvas: Any, unit: float) -> None:
        self.canvas = canvas
        self.origin = (0.0, 0.0)
        self._unit = unit

    def ellipse(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        """A filled ellipse by its middle and half axes."""
        axes = (self._pixels(across), self._pixels(down))
        cv2.ellipse(self.canvas, self.place(x, y), axes, 0, 0, 360, colour, -1, cv2.LINE_AA)

    def arc(self, x: float, y: float, across: float, down: float, colour: Colour, *, width: float, upper: bool) -> None:
        """The upper or lower part of an ellipse's line."""
        axes = (self._pixels(across), self._pixels(down))
        ends = (195, 345) if upper else (20, 160)
        cv2.ellipse(self.canvas, self.place(x, y), axes, 0, *ends, colour, max(1, self._pixels(width)), cv2.LINE_AA)

    def polygon(self, corners: list[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        cv2.fillPoly(self.canvas, [np.array([self.place(x, y) for x, y in corners], np.int32)], colour, cv2.LINE_AA)

    def soften(self, by: float) -> None:
        """Blur what has been drawn so far."""
        self.canvas = cv2.GaussianBlur(self.canvas, (0, 0), max(0.1, by * self._unit * _FINENESS))

    def place(self, x: float, y: float) -> tuple[int, int]:
        """Pixels of a point."""
        across, down = self.origin
        return round((across + x * self._unit) * _FINENESS), round((down + y * self._unit) * _FINENESS)

    def _pixels(self, length: float) -> int:
        return round(length * self._unit * _FINENESS)


def _draw_body(paint: _Brush, look: Look) -> None:
    paint.ellipse(0, 3.13, 2.1, 1.53, look.clothes)
    paint.polygon([(-0.42, 0.67), (0.42, 0.67), (0.5, 2.0), (-0.5, 2.0)], _shade(look.skin, 0.86))


def _draw_head(paint: _Brush, look: Look) -> None:
    paint.ellipse(0, -0.24, 1.12, 1.36, look.hair)
    for side in (-1, 1):
        paint.ellipse(side, 0.03, 0.13, 0.27, _shade(look.skin, 0.9))
    paint.ellipse(0, 0, 0.97, 1.33, look.skin)
    paint.polygon([(-0.86, -0.75), (-0.6, -1.25), (0.6, -1.25), (0.86, -0.75), (0, -0.9)], look.hair)
    for side in (-1, 1):
        paint.ellipse(side * 0.42, -0.13, 0.3, 0.17, _shade(look.skin, 0.8))
    paint.soften(0.03)


def _draw_eye(paint: _Brush, look: Look, x: float) -> None:
    paint.ellipse(x, -0.11, 0.2, 0.083, (235, 238, 240))
    paint.ellipse(x, -0.11, 0.085, 0.083, (45, 60, 80))
    paint.ellipse(x, -0.11, 0.04, 0.04, (10, 10, 10))
    paint.arc(x, -0.14, 0.23, 0.093, (35, 40, 50), width=0.05, upper=True)
    paint.arc(x, -0.35, 0.27, 0.093, _shade(look.hair, 0.9), width=0.09, upper=True)


def _draw_nose_and_mouth(paint: _Brush, look: Look) -> None:
    for side in (-1, 1):
        paint.ellipse(side * 0.16, 0.36, 0.06, 0.047, _shade(look.skin, 0.55))
    paint.arc(0, 0.35, 0.17, 0.093, _shade(look.skin, 0.75), width=0.04, upper=False)
    paint.ellipse(0, 0.11, 0.055, 0.27, _shade(look.skin, 1.08))
    paint.ellipse(0, 0.7, 0.34, 0.067, (95, 95, 170))
    paint.ellipse(0, 0.7, 0.34, 0.016, (50, 50, 110))
    paint.ellipse(0, 0.85, 0.22, 0.027, _shade(look.skin, 0.82))


def _shade(colour: Colour, factor: float) -> Colour:
    blue, green, red = (min(255, round(value * factor)) for value in colour)
    return blue, green, red

"""Measuring a portrait: faces by OpenCV's boosted cascade (its data comes with the wheel), light, background, focus."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from center.casework.portrait.measures import Face, Measures

_DATA: Final = Path(cv2.__file__).parent / "data"
_CASCADE: Final = "haarcascade_frontalface_alt2.xml"
_DETECTED_AT_PX: Final = 600
"""Longest side on which faces are looked for."""
_SCALE_STEP: Final = 1.08
_NEIGHBOURS: Final = 5
_SMALLEST_FACE: Final = 8
"""Faces smaller than this part of the shorter side are somebody on a picture on the wall."""
_FOCUS_SIDE_PX: Final = 200
_EVEN_LIGHTNESS: Final = 160.0
_BLACK, _WHITE = 4, 251

Picture = np.ndarray[Any, np.dtype[np.uint8]]


class FaceFinder:
    """The detector, read from its file once."""

    def __init__(self) -> None:
        self._cascade = cv2.CascadeClassifier(str(_DATA / _CASCADE))
        if self._cascade.empty():
            raise RuntimeError(f"OpenCV's wheel brings no {_CASCADE}.")

    def faces(self, picture: Picture) -> tuple[Face, ...]:
        """The faces of a BGR picture, from left to right."""
        scale = min(1.0, _DETECTED_AT_PX / max(picture.shape[:2]))
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        least = max(24, min(small.shape) // _SMALLEST_FACE)
        found = self._cascade.detectMultiScale(small, _SCALE_STEP, _NEIGHBOURS, minSize=(least, least))
        boxes = [[round(float(value) / scale) for value in box[:3]] for box in found]
        return tuple(Face(x, y, side) for x, y, side in sorted(boxes))


def measure(picture: Picture, finder: FaceFinder) -> Measures:
    """What a BGR picture measures."""
    height, width = picture.shape[:2]
    faces = finder.faces(picture)
    if len(faces) != 1:
        return Measures(width, height, faces)
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2LAB).astype(np.float32)
    (face,) = faces
    lightness = lab[face.y : face.y + face.side, face.x : face.x + face.side, 0]
    # The square's corners are hair, ears and background: only what lies within its middle three fifths is skin.
    margin = face.side // 5
    skin = lightness[margin:-margin, margin:-margin]
    half = skin.shape[1] // 2
    background = lab[_background(height, width, face)]
    seen = len(background)
    spread = background.std(axis=0).max() if seen else 0.0
    return Measures(
        width_px=width,
        height_px=height,
        faces=faces,
        face_lightness=round(float(skin.mean())),
        uneven_light=round(float(abs(skin[:, :half].mean() - skin[:, -half:].mean()))),
        clipped_permille=round(float(((skin <= _BLACK) | (skin >= _WHITE)).mean() * 1000)),
        background_seen_permille=seen * 1000 // (width * height),
        background_lightness=round(float(background[:, 0].mean())) if seen else 0,
        background_spread=round(float(spread)),
        sharpness=_sharpness(picture, face),
    )


def _background(height: int, width: int, face: Face) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """What lies beside the head down to the mouth, and above it."""
    mask = np.zeros((height, width), np.bool_)
    mask[: max(0, face.y + face.side * 7 // 10), :] = True
    left, right = max(0, face.x - face.side // 4), min(width, face.x + face.side * 5 // 4)
    top = max(0, face.y - face.side * 6 // 10)
    mask[top:, left:right] = False
    return mask


def _sharpness(picture: Picture, face: Face) -> int:
    square = picture[face.y : face.y + face.side, face.x : face.x + face.side]
    grey = cv2.cvtColor(square, cv2.COLOR_BGR2GRAY)
    grey = cv2.resize(grey, (_FOCUS_SIDE_PX, _FOCUS_SIDE_PX), interpolation=cv2.INTER_AREA)
    # At one lightness, or every dark picture would pass for a blurred one.
    even = grey.astype(np.float32) * (_EVEN_LIGHTNESS / max(1.0, float(grey.mean())))
    return round(float(cv2.Laplacian(even, cv2.CV_32F).var()))

"""Whether a portrait will do: its measures against dated limits, every fault told at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from center.casework.fields import N_, Fault


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


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force; names as in the rule data."""

    least_width_px: int
    least_height_px: int
    smallest_face_permille: int
    largest_face_permille: int
    off_centre_permille: int
    darkest_face: int
    brightest_face: int
    uneven_light: int
    clipped_permille: int
    darkest_background: int
    background_spread: int
    least_sharpness: int
    provisional: bool


_LEAST_BACKGROUND_PERMILLE = 40


def faults(measures: Measures, limits: Limits) -> list[Fault]:
    """What is wrong with a portrait; nothing: it will do."""
    found = _size_faults(measures, limits)
    if len(measures.faces) != 1:
        text = N_("No face can be seen.") if not measures.faces else N_("There are %(count)s faces; one is needed.")
        return [*found, _fault(text, count=len(measures.faces))]
    return [
        *found,
        *_face_faults(measures, limits),
        *_light_faults(measures, limits),
        *_background_faults(measures, limits),
    ]


def _size_faults(measures: Measures, limits: Limits) -> list[Fault]:
    if measures.width_px >= limits.least_width_px and measures.height_px >= limits.least_height_px:
        return []
    text = N_("The picture has %(width)s × %(height)s pixels; at least %(least_width)s × %(least_height)s are needed.")
    size = {"width": measures.width_px, "height": measures.height_px}
    return [_fault(text, **size, least_width=limits.least_width_px, least_height=limits.least_height_px)]


def _face_faults(measures: Measures, limits: Limits) -> list[Fault]:
    face = measures.faces[0]
    permille = face.side * 1000 // measures.width_px
    off_centre = abs(2 * face.x + face.side - measures.width_px) * 500 // measures.width_px
    found = []
    if permille < limits.smallest_face_permille:
        found.append(_fault(N_("The face is too small; come closer to the camera.")))
    if permille > limits.largest_face_permille:
        found.append(_fault(N_("The face is too large; step back from the camera.")))
    if off_centre > limits.off_centre_permille:
        found.append(_fault(N_("The face is not in the middle.")))
    if face.y < 0 or face.y + face.side > measures.height_px:
        found.append(_fault(N_("The face is cut off.")))
    if measures.sharpness < limits.least_sharpness:
        found.append(_fault(N_("The picture is blurred; hold still and take it again.")))
    return found


def _light_faults(measures: Measures, limits: Limits) -> list[Fault]:
    found = []
    if measures.face_lightness < limits.darkest_face:
        found.append(_fault(N_("The face is too dark.")))
    if measures.face_lightness > limits.brightest_face:
        found.append(_fault(N_("The face is too bright.")))
    if measures.uneven_light > limits.uneven_light:
        found.append(_fault(N_("One half of the face lies in shadow.")))
    if measures.clipped_permille > limits.clipped_permille:
        found.append(_fault(N_("Parts of the face are quite white or quite black.")))
    return found


def _background_faults(measures: Measures, limits: Limits) -> list[Fault]:
    if measures.background_seen_permille < _LEAST_BACKGROUND_PERMILLE:
        return [_fault(N_("Too little background can be seen beside the head."))]
    found = []
    if measures.background_lightness < limits.darkest_background:
        found.append(_fault(N_("The background is too dark.")))
    if measures.background_spread > limits.background_spread:
        found.append(_fault(N_("The background is not plain.")))
    return found


def _fault(text: str, **values: str | int) -> Fault:
    return Fault("portrait", text, values)

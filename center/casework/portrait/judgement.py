"""Whether a portrait will do: its measures against dated limits, every fault told at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from center.casework.fields import N_, Fault
from center.casework.portrait.measures import Measures


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
_PIXELS = N_("The picture has %(width)s × %(height)s pixels; at least %(least_width)s × %(least_height)s are needed.")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is asked of a portrait: what was measured, and between which limits it has to lie."""

    title: str
    measured: int
    least: int | None = None
    most: int | None = None
    too_little: str = ""
    """What is told below the least, a text of the catalogues; and above the most:"""
    too_much: str = ""
    permille: bool = False
    """Whether the numbers are shares in thousandths."""
    values: Mapping[str, int] = field(default_factory=dict)

    @property
    def fault(self) -> Fault | None:
        """What is wrong; None: it passes."""
        if self.least is not None and self.measured < self.least:
            return Fault("portrait", self.too_little, self.values)
        if self.most is not None and self.measured > self.most:
            return Fault("portrait", self.too_much, self.values)
        return None


def checks(measures: Measures, limits: Limits) -> list[Check]:
    """Everything that is asked; of a picture without a single face no more than that and its size can be."""
    found = [*_size_checks(measures, limits), _face_count(measures)]
    if len(measures.faces) != 1:
        return found
    return [
        *found,
        *_face_checks(measures, limits),
        *_light_checks(measures, limits),
        *_background_checks(measures, limits),
    ]


def faults(measures: Measures, limits: Limits) -> list[Fault]:
    """What is wrong with a portrait, each fault once; nothing: it will do."""
    found: list[Fault] = []
    for check in checks(measures, limits):
        if check.fault is not None and check.fault not in found:
            found.append(check.fault)
    return found


def _size_checks(measures: Measures, limits: Limits) -> list[Check]:
    size = {
        "width": measures.width_px,
        "height": measures.height_px,
        "least_width": limits.least_width_px,
        "least_height": limits.least_height_px,
    }
    return [
        Check(N_("Width, pixels"), measures.width_px, limits.least_width_px, too_little=_PIXELS, values=size),
        Check(N_("Height, pixels"), measures.height_px, limits.least_height_px, too_little=_PIXELS, values=size),
    ]


def _face_count(measures: Measures) -> Check:
    count = len(measures.faces)
    none, several = N_("No face can be seen."), N_("There are %(count)s faces; one is needed.")
    return Check(N_("Faces"), count, 1, 1, none, several, values={"count": count})


def _face_checks(measures: Measures, limits: Limits) -> list[Check]:
    face = measures.faces[0]
    share = face.side * 1000 // measures.width_px
    off_centre = abs(2 * face.x + face.side - measures.width_px) * 500 // measures.width_px
    cut_off_px = max(0, -face.y, face.y + face.side - measures.height_px)
    return [
        Check(
            N_("Width of the face in the picture"),
            share,
            limits.smallest_face_permille,
            limits.largest_face_permille,
            N_("The face is too small; come closer to the camera."),
            N_("The face is too large; step back from the camera."),
            permille=True,
        ),
        Check(
            N_("Face beside the middle line"),
            off_centre,
            most=limits.off_centre_permille,
            too_much=N_("The face is not in the middle."),
            permille=True,
        ),
        Check(N_("Face outside the picture, pixels"), cut_off_px, most=0, too_much=N_("The face is cut off.")),
        Check(
            N_("Sharpness"),
            measures.sharpness,
            limits.least_sharpness,
            too_little=N_("The picture is blurred; hold still and take it again."),
        ),
    ]


def _light_checks(measures: Measures, limits: Limits) -> list[Check]:
    return [
        Check(
            N_("Lightness of the face, 0 to 255"),
            measures.face_lightness,
            limits.darkest_face,
            limits.brightest_face,
            N_("The face is too dark."),
            N_("The face is too bright."),
        ),
        Check(
            N_("Difference between the halves of the face"),
            measures.uneven_light,
            most=limits.uneven_light,
            too_much=N_("One half of the face lies in shadow."),
        ),
        Check(
            N_("Quite white or quite black parts of the face"),
            measures.clipped_permille,
            most=limits.clipped_permille,
            too_much=N_("Parts of the face are quite white or quite black."),
            permille=True,
        ),
    ]


def _background_checks(measures: Measures, limits: Limits) -> list[Check]:
    seen = Check(
        N_("Background beside the head"),
        measures.background_seen_permille,
        _LEAST_BACKGROUND_PERMILLE,
        too_little=N_("Too little background can be seen beside the head."),
        permille=True,
    )
    if seen.fault is not None:
        return [seen]
    return [
        seen,
        Check(
            N_("Lightness of the background, 0 to 255"),
            measures.background_lightness,
            limits.darkest_background,
            too_little=N_("The background is too dark."),
        ),
        Check(
            N_("Unevenness of the background"),
            measures.background_spread,
            most=limits.background_spread,
            too_much=N_("The background is not plain."),
        ),
    ]

"""A portrait is judged by what is on it: each fault is found alone, good ones pass, and what is no picture is refused.

``photograph.jpg`` is cut from NASA's portrait S93-45803 of an astronaut (public domain): the detector sees real people,
not only drawn ones.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from center.casework.documents.refusal import BadScan
from center.casework.portrait import judgement, limits
from center.casework.portrait.examination import examine
from center.casework.portrait.measuring import FaceFinder, Picture, measure
from simulators import portrait
from tests.center.casework.documents import sample_scans as samples

DAY = date(2026, 4, 14)
LIMITS = limits.load(DAY)
LOOK = portrait.LOOKS["aigerim"]
FINDER = FaceFinder()
PHOTOGRAPH = (Path(__file__).parent / "photograph.jpg").read_bytes()


def _good() -> Picture:
    return portrait.draw(LOOK, portrait.blank())


def _half_in_shadow() -> Picture:
    lit = _good().astype(np.float64)
    lit[:, 300:] *= 0.62
    return lit.astype(np.uint8)


def _blurred() -> Picture:
    return np.asarray(cv2.GaussianBlur(_good(), (0, 0), 9), np.uint8)


def _two() -> Picture:
    one = portrait.draw(LOOK, portrait.blank(), size=0.7, centre=(0.27, 0.44))
    return portrait.draw(portrait.LOOKS["erbol"], one, size=0.7, centre=(0.73, 0.44))


def _papered() -> Picture:
    wall = portrait.blank()
    wall[:, np.arange(600) // 20 % 2 == 0] = (150, 190, 200)
    return portrait.draw(LOOK, wall)


BAD = {
    "nobody": (portrait.blank(), "No face can be seen."),
    "two people": (_two(), "There are 2 faces; one is needed."),
    "far away": (portrait.draw(LOOK, portrait.blank(), size=0.5), "The face is too small; come closer to the camera."),
    "too near": (
        portrait.draw(LOOK, portrait.blank(), size=1.5),
        "The face is too large; step back from the camera.",
    ),
    "at the side": (portrait.draw(LOOK, portrait.blank(), centre=(0.3, 0.44)), "The face is not in the middle."),
    "in the dark": (portrait.photographed(_good(), light=0.25), "The face is too dark."),
    "in glaring light": (portrait.photographed(_good(), light=1.7), "The face is too bright."),
    "half in shadow": (_half_in_shadow(), "One half of the face lies in shadow."),
    "blurred": (
        np.asarray(cv2.GaussianBlur(_good(), (0, 0), 9), np.uint8),
        "The picture is blurred; hold still and take it again.",
    ),
    "before a dark wall": (
        portrait.draw(LOOK, portrait.blank(background=(90, 60, 60))),
        "The background is too dark.",
    ),
    "before wallpaper": (_papered(), "The background is not plain."),
    "too few pixels": (
        portrait.draw(LOOK, portrait.blank(300, 400)),
        "The picture has 300 × 400 pixels; at least 480 × 600 are needed.",
    ),
}


def _faults(picture: Picture) -> list[str]:
    return [fault.sentence for fault in judgement.faults(measure(picture, FINDER), LIMITS)]


@pytest.mark.parametrize("look", portrait.LOOKS)
def test_a_good_portrait_passes(look: str) -> None:
    assert _faults(portrait.photographed(portrait.draw(portrait.LOOKS[look], portrait.blank()))) == []


@pytest.mark.parametrize(("picture", "told"), BAD.values(), ids=BAD.keys())
def test_each_fault_is_found(picture: Picture, told: str) -> None:
    assert told in _faults(picture)


def test_a_real_persons_face_is_found_once() -> None:
    picture = cv2.imdecode(np.frombuffer(PHOTOGRAPH, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    measures = measure(np.asarray(picture, np.uint8), FINDER)
    assert len(measures.faces) == 1
    assert judgement.faults(measures, LIMITS) == []


def test_the_whole_way_gives_measures_faults_and_a_fresh_picture() -> None:
    good = examine(portrait.jpeg(portrait.photographed(_good())), LIMITS)
    assert good.faults == ()
    assert good.measures.width_px == 600
    assert good.jpeg.startswith(b"\xff\xd8\xff")
    assert [fault.field for fault in examine(portrait.jpeg(portrait.blank()), LIMITS).faults] == ["portrait"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg/>",
        samples.pdf(),
        samples.JPEG + samples.PAYLOAD,
        samples.bomb_png(20_000, 20_000),
        samples.PNG[:-20],
    ],
    ids=["nothing", "a drawing", "a PDF", "a page behind it", "a bomb", "cut off"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadScan):
        examine(data, LIMITS)


def test_a_picture_whose_coded_data_is_spoilt_gets_an_answer() -> None:
    spoilt = bytearray(portrait.jpeg(_good()))
    spoilt[len(spoilt) // 2 : len(spoilt) // 2 + 200] = bytes(200)
    assert examine(bytes(spoilt), LIMITS).measures.width_px == 600

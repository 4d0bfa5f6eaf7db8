"""Each limit of a portrait holds on its very edge."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from center import rulesets
from center.casework.portrait import limits
from center.casework.portrait.judgement import checks, faults
from center.casework.portrait.measures import Face, Measures
from center.errors import BadRuleData

DAY = date(2026, 4, 14)
LIMITS = limits.load(DAY)
GOOD = Measures(
    width_px=480,
    height_px=640,
    faces=(Face(120, 150, 240),),
    face_lightness=170,
    background_seen_permille=100,
    background_lightness=220,
    sharpness=100,
)

EDGES = [
    ({"height_px": 600}, {"height_px": 599}),
    ({"faces": (Face(156, 150, 168),)}, {"faces": (Face(157, 150, 167),)}),
    ({"faces": (Face(72, 150, 336),)}, {"faces": (Face(69, 150, 337),)}),
    ({"faces": (Face(72, 150, 240),)}, {"faces": (Face(71, 150, 240),)}),
    ({"faces": (Face(120, 400, 240),)}, {"faces": (Face(120, 401, 240),)}),
    ({"face_lightness": 70}, {"face_lightness": 69}),
    ({"face_lightness": 225}, {"face_lightness": 226}),
    ({"uneven_light": 40}, {"uneven_light": 41}),
    ({"clipped_permille": 60}, {"clipped_permille": 61}),
    ({"background_seen_permille": 40}, {"background_seen_permille": 39}),
    ({"background_lightness": 150}, {"background_lightness": 149}),
    ({"background_spread": 12}, {"background_spread": 13}),
    ({"sharpness": 30}, {"sharpness": 29}),
]


@pytest.mark.parametrize(("within", "beyond"), EDGES, ids=lambda change: "".join(change))
def test_a_limit_holds_on_its_edge(within: dict[str, Any], beyond: dict[str, Any]) -> None:
    assert faults(msgspec.structs.replace(GOOD, **within), LIMITS) == []
    assert len(faults(msgspec.structs.replace(GOOD, **beyond), LIMITS)) == 1


def test_every_check_tells_what_was_measured_and_its_limits() -> None:
    found = {one.title: one for one in checks(GOOD, LIMITS)}
    light, face = found["Lightness of the face, 0 to 255"], found["Width of the face in the picture"]
    assert (light.measured, light.least, light.most, light.fault) == (170, 70, 225, None)
    assert (face.measured, face.least, face.most, face.permille) == (500, 350, 700, True)
    dark = {one.title: one for one in checks(msgspec.structs.replace(GOOD, face_lightness=20), LIMITS)}
    told = dark["Lightness of the face, 0 to 255"]
    assert (told.measured, told.fault and told.fault.sentence) == (20, "The face is too dark.")


def test_of_a_picture_without_a_face_only_size_and_faces_are_told() -> None:
    nobody = msgspec.structs.replace(GOOD, faces=())
    assert [one.title for one in checks(nobody, LIMITS)] == ["Width, pixels", "Height, pixels", "Faces"]


def test_the_limits_say_that_they_are_provisional() -> None:
    assert LIMITS.provisional


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("least_sharpness: 30", "least_sharpness: some", "'some' is no number"),
        ("least_sharpness: 30", "sharpness: 30", "'sharpness' is not known here"),
        ("from: 2014-04-17", "from: 2027-01-01", "no edition is in force"),
    ],
)
def test_a_mistake_in_the_limits_is_named(old: str, new: str, told: str) -> None:
    text = limits.PATH.read_text()
    assert old in text
    with pytest.raises(BadRuleData, match=told):
        limits.read(rulesets.parse(text.replace(old, new).encode(), "portrait.yaml"), DAY)

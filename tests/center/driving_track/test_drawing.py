"""The track as it is drawn from the survey."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.drawing import (
    BADGE_RADIUS_M,
    at_pose,
    badge_places,
    outline_points,
    path_data,
    track_svg,
    view_box,
)
from center.driving_track.views import Pose
from tests.center.driving_track.sample_drive import CAR, SITE, pose_after

SVG = "{http://www.w3.org/2000/svg}"
angles = st.floats(0, 2 * math.pi)
metres = st.floats(-200, 200)


def _drawn() -> ET.Element:
    return ET.fromstring(track_svg(SITE, "Track", {"snake": "Snake <&>"}))


def test_the_same_survey_gives_the_same_bytes() -> None:
    again = msgspec.json.decode(msgspec.json.encode(SITE), type=type(SITE))
    assert track_svg(SITE, "Track", {}) == track_svg(again, "Track", {})


def test_every_line_sensor_and_exercise_is_on_it() -> None:
    drawn = _drawn()
    assert {node.get("data-line") for node in drawn.iter(f"{SVG}path")} >= {line.id for line in SITE.lines}
    elements = {node.get("data-element") for node in drawn.iter(f"{SVG}g")} - {None}
    assert elements == {element.id for element in SITE.elements}
    exercises = {node.get("data-exercise") for node in drawn.iter(f"{SVG}g")} - {None}
    assert exercises == {exercise.id for exercise in SITE.route.exercises}


def test_a_painted_line_has_its_true_width() -> None:
    widths = {node.get("data-line"): node.get("stroke-width") for node in _drawn().iter(f"{SVG}path")}
    assert {name: widths[name] for name in ("hill-stop", "a-right", "corner-kerb")} == {
        "hill-stop": "0.4",
        "a-right": "0.1",
        "corner-kerb": "0.15",
    }


def test_no_style_attribute_stands_in_it() -> None:
    assert [node for node in _drawn().iter() if "style" in node.attrib] == []


def test_the_numbers_touch_neither_one_another_nor_a_line() -> None:
    places = badge_places(SITE)
    apart = [math.dist(one, other) for index, one in enumerate(places) for other in places[:index]]
    assert min(apart) > 2 * BADGE_RADIUS_M
    for place in places:
        corners = [math.dist(place, point) for line in SITE.lines for point in line.points]
        assert min(corners) > BADGE_RADIUS_M


def test_everything_lies_within_the_view() -> None:
    left, top, width, height = view_box(SITE)
    for east, north in [*badge_places(SITE), *(point for line in SITE.lines for point in line.points)]:
        assert left + BADGE_RADIUS_M < east < left + width - BADGE_RADIUS_M
        assert top + BADGE_RADIUS_M < -north < top + height - BADGE_RADIUS_M


def test_a_survey_without_ramps_and_sensors_is_drawn_too() -> None:
    bare = msgspec.structs.replace(SITE, elements=(), surface=msgspec.structs.replace(SITE.surface, ramps=()))
    assert 'class="ramp"' not in track_svg(bare, "Track", {})


@given(metres, metres, angles)
def test_an_outline_keeps_its_shape_wherever_the_car_stands(east: float, north: float, angle: float) -> None:
    forward = (math.cos(angle), math.sin(angle))
    pose = Pose(0, east, north, forward, (-forward[1], forward[0]))
    placed = outline_points(CAR, pose)
    for one, other, there, then in zip(CAR.outline, CAR.outline[1:], placed, placed[1:], strict=False):
        assert math.dist(one, other) == pytest.approx(math.dist(there, then), abs=1e-9)
    assert at_pose(pose, (0.0, 0.0)) == (east, north)


@given(st.lists(st.tuples(metres, metres), min_size=2, max_size=6))
def test_a_path_goes_through_its_points_with_north_up(points: list[tuple[float, float]]) -> None:
    steps = path_data(points)[1:].split("L")
    read = [number for step in steps for number in map(float, step.split())]
    assert read == pytest.approx([number for east, north in points for number in (east, -north)], abs=6e-4)


def test_the_car_of_a_pose_points_where_it_drives() -> None:
    pose = replace(pose_after(1.0), east_m=0.0, north_m=0.0)
    assert max(outline_points(CAR, pose))[0] == pytest.approx(3.52, abs=0.01)

"""The close-up of a finding."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.driving_track.finding_drawing import HEIGHT, WIDTH, Excess, edge_of, finding_svg, scale_m
from messages.site import Line, LineKind, Side
from tests.architecture.tree import ROOT
from tests.center.driving_track.sample_drive import CAR, pose_after
from tooling.pictures import PICTURE, finding_picture

SVG = "{http://www.w3.org/2000/svg}"
PAINT = Line("paint", LineKind.EDGE, ((0.0, 0.0), (0.0, 10.0)), 0.2, 0.0, Side.RIGHT, Side.RIGHT)


def _parts(excess_m: float, sigma_m: float, line: Line = PAINT) -> dict[str, ET.Element]:
    place = (0.1 + excess_m, 5.0)
    svg = finding_svg(CAR, pose_after(10), line, Excess(place, excess_m, sigma_m, "+63 ± 8 mm", "10 cm", "words <&>"))
    return {node.get("class", ""): node for node in ET.fromstring(svg).iter()}


def _x_of_edge(parts: dict[str, ET.Element]) -> float:
    return float(parts["edge"].get("d", "").removeprefix("M").split()[0])


@given(st.floats(-0.5, 2.0), st.floats(0.001, 0.3))
def test_the_band_is_two_uncertainties_either_side_of_the_excess(excess_m: float, sigma_m: float) -> None:
    parts = _parts(excess_m, sigma_m)
    band, pixels_per_m = parts["band"], WIDTH / max(0.9, 4.5 * (abs(excess_m) + 2 * sigma_m))
    left, width = float(band.get("x", "")), float(band.get("width", ""))
    assert width == pytest.approx(4 * sigma_m * pixels_per_m, abs=0.02)
    assert left + width / 2 - _x_of_edge(parts) == pytest.approx(excess_m * pixels_per_m, abs=0.03)
    assert left + width <= WIDTH


@given(st.floats(0, 2 * math.pi), st.sampled_from(Side), st.sampled_from(Side), st.floats(-1, 1), st.floats(1, 9))
def test_the_edge_is_half_a_width_from_the_middle_on_the_named_side(
    angle: float, edge: Side, forbidden: Side, aside_m: float, along_m: float
) -> None:
    c, s = math.cos(angle), math.sin(angle)
    line = Line("l", LineKind.EDGE, ((3.0, 4.0), (3.0 + 10 * c, 4.0 + 10 * s)), 0.2, 0.0, edge, forbidden)
    place = (3.0 + along_m * c - aside_m * s, 4.0 + along_m * s + aside_m * c)
    nearest, _, across = edge_of(line, place)
    beyond = (place[0] - nearest[0]) * across[0] + (place[1] - nearest[1]) * across[1]
    edge_m = 0.1 if edge is Side.LEFT else -0.1
    expected = aside_m - edge_m if forbidden is Side.LEFT else edge_m - aside_m
    assert beyond == pytest.approx(expected, abs=1e-9)


def test_the_picture_is_turned_and_never_mirrored() -> None:
    left_of_line = Line("l", LineKind.EDGE, ((0.0, 0.0), (0.0, 10.0)), 0.2, 0.0, Side.LEFT, Side.LEFT)
    outlines = [_parts(0.05, 0.01, line)["outline"].get("d", "") for line in (PAINT, left_of_line)]
    assert [_turns_left(outline) for outline in outlines] == [False, False]


def _turns_left(path: str) -> bool:
    """Whether a closed path runs anticlockwise as seen on the screen, where y grows downwards."""
    points = [tuple(map(float, step.split())) for step in path[1:-1].split("L")]
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True))
    return area > 0


@given(st.floats(0, 20), st.floats(0, 1))
def test_the_scale_bar_fits(excess_m: float, sigma_m: float) -> None:
    span_m = max(0.9, 4.5 * (excess_m + 2 * sigma_m))
    assert scale_m(excess_m, sigma_m) <= span_m / 4


def test_the_readmes_picture_is_what_the_code_draws() -> None:
    assert (ROOT / PICTURE).read_text("utf-8") == finding_picture()
    drawn = ET.fromstring(finding_picture())
    assert drawn.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert any(node.text == "+63 ± 8 mm, fault" for node in drawn.iter(f"{SVG}text"))

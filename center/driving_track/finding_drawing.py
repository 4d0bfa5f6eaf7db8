"""One finding in close-up, as SVG: the car's outline and tyres over the line, the excess and its band of uncertainty.

The picture is turned so that the line runs upwards and its forbidden side lies to the right; the reference edge is the
vertical in red. Lengths are true to scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import SubElement, tostring

from center.driving_track.drawing import at_pose
from center.driving_track.views import Pose
from messages.site import Car, Line, Point, Side

WIDTH, HEIGHT = 640, 400
_TYRE_LENGTH_M = 0.16
_LEAST_SPAN_M = 0.9
_WIDE = 0.66
"""Width of a bold letter, of its size, at most on average."""
_ASPHALT, _PAINT, _EDGE, _BAND = "#4a525c", "#f7f7f2", "#ff5a4f", "#ffd84d"


@dataclass(frozen=True, slots=True)
class Excess:
    """What is drawn of a finding: the point that went furthest, how far (m) and how surely, and the words for it."""

    place: Point
    excess_m: float
    sigma_m: float
    label: str
    """As measured: ``+63 ± 8 mm``."""
    scale_label: str
    """What the scale bar of ``scale_m`` is called."""
    description: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """From the site's frame to the picture's."""

    origin: Point
    """The reference edge's point nearest to the excess."""
    along: Point
    across: Point
    """Unit vector to the forbidden side."""
    pixels_per_m: float

    def at(self, point: Point) -> Point:
        east, north = point[0] - self.origin[0], point[1] - self.origin[1]
        right = east * self.across[0] + north * self.across[1]
        up = east * self.along[0] + north * self.along[1]
        return WIDTH * 0.42 + right * self.pixels_per_m, HEIGHT * 0.52 - up * self.pixels_per_m


def finding_svg(car: Car, pose: Pose, line: Line, excess: Excess) -> str:
    """The close-up as a document of its own."""
    frame = _frame(line, excess)
    root = Node(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "role": "img",
            "class": "finding-drawing",
            "font-family": "system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif",
        },
    )
    SubElement(root, "title").text = excess.description
    SubElement(root, "rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": _ASPHALT})
    _draw_paint(root, frame, line)
    _draw_car(root, frame, car, pose)
    _draw_measure(root, frame, excess)
    _draw_scale(root, frame, scale_m(excess.excess_m, excess.sigma_m), excess.scale_label)
    return tostring(root, "unicode") + "\n"


def scale_m(excess_m: float, sigma_m: float) -> float:
    """The length of the scale bar: about a tenth of the picture's width."""
    span = _span(excess_m, sigma_m)
    return min((0.1, 0.2, 0.5, 1.0, 2.0), key=lambda length: abs(length - span / 9))


def edge_of(line: Line, place: Point) -> tuple[Point, Point, Point]:
    """The reference edge beside a place: its nearest point, and the unit vectors along it and to its forbidden side.

    All in the site's frame (east, north in m).
    """
    one, other = min(
        zip(line.points, line.points[1:], strict=False), key=lambda pair: _apart(place, pair[0], pair[1])
    )  # fmt: skip
    length = math.dist(one, other)
    along = ((other[0] - one[0]) / length, (other[1] - one[1]) / length)
    left = (-along[1], along[0])
    half = line.width_m / 2 if line.reference_edge is Side.LEFT else -line.width_m / 2
    share = (place[0] - one[0]) * along[0] + (place[1] - one[1]) * along[1]
    nearest = (one[0] + share * along[0] + half * left[0], one[1] + share * along[1] + half * left[1])
    across = left if line.forbidden_side is Side.LEFT else (-left[0], -left[1])
    return nearest, along, across


def _apart(place: Point, one: Point, other: Point) -> float:
    run = (other[0] - one[0], other[1] - one[1])
    length2 = run[0] ** 2 + run[1] ** 2
    share = ((place[0] - one[0]) * run[0] + (place[1] - one[1]) * run[1]) / length2
    share = min(1.0, max(0.0, share))
    return math.dist(place, (one[0] + share * run[0], one[1] + share * run[1]))


def _frame(line: Line, excess: Excess) -> _Frame:
    nearest, along, across = edge_of(line, excess.place)
    # Upwards is the side of the forbidden one's left, so that the picture is turned and never mirrored.
    up = (-across[1], across[0])
    along = along if along[0] * up[0] + along[1] * up[1] > 0 else (-along[0], -along[1])
    return _Frame(nearest, along, across, WIDTH / _span(excess.excess_m, excess.sigma_m))


def _span(excess_m: float, sigma_m: float) -> float:
    """The picture's width in metres."""
    return max(_LEAST_SPAN_M, 4.5 * (abs(excess_m) + 2 * sigma_m))


def _draw_paint(root: Node, frame: _Frame, line: Line) -> None:
    inward = -line.width_m if line.reference_edge.value == line.forbidden_side.value else line.width_m
    edge, _ = frame.at(frame.origin)
    other = edge + inward * frame.pixels_per_m
    left, width = min(edge, other), abs(other - edge)
    SubElement(root, "rect", {"x": _n(left), "y": "0", "width": _n(width), "height": str(HEIGHT), "fill": _PAINT})


def _draw_car(root: Node, frame: _Frame, car: Car, pose: Pose) -> None:
    body = [frame.at(at_pose(pose, point)) for point in car.outline]
    look = {"fill": "#2b8fc9", "fill-opacity": "0.38", "stroke": "#0d4f7a", "stroke-width": "3"}
    SubElement(root, "path", look | {"d": _path(body), "class": "outline"})
    for forward, left in car.tyres:
        half_length, half_width = _TYRE_LENGTH_M / 2, car.tyre_width_m / 2
        corners = (
            (-half_length, -half_width),
            (half_length, -half_width),
            (half_length, half_width),
            (-half_length, half_width),
        )
        patch = [frame.at(at_pose(pose, (forward + along, left + across))) for along, across in corners]
        tyre = {"fill": "#14181c", "fill-opacity": "0.85", "stroke": "#ffffff", "stroke-width": "1.5"}
        SubElement(root, "path", tyre | {"d": _path(patch), "class": "tyre"})


def _draw_measure(root: Node, frame: _Frame, excess: Excess) -> None:
    """The edge, the band of two standard uncertainties on either side of the point, and the arrow between them."""
    edge, level = frame.at(frame.origin)
    point = edge + excess.excess_m * frame.pixels_per_m
    half = 2 * excess.sigma_m * frame.pixels_per_m
    band = {"x": _n(point - half), "y": "0", "width": _n(2 * half), "height": str(HEIGHT)}
    SubElement(root, "rect", band | {"fill": _BAND, "fill-opacity": "0.45", "class": "band"})
    SubElement(root, "path", {"d": f"M{_n(edge)} 0V{HEIGHT}", "stroke": _EDGE, "stroke-width": "3", "class": "edge"})
    upright = {"stroke": _BAND, "stroke-width": "2", "stroke-dasharray": "7 5"}
    SubElement(root, "path", upright | {"d": f"M{_n(point)} 0V{HEIGHT}"})
    SubElement(
        root,
        "circle",
        {"cx": _n(point), "cy": _n(level), "r": "6", "fill": _BAND, "stroke": "#14181c", "stroke-width": "2"},
    )
    above = 62.0
    SubElement(root, "path", {"d": f"M{_n(edge)} {_n(above)}H{_n(point)}", "stroke": "#ffffff", "stroke-width": "4"})
    _label(root, excess.label, max(point + half, edge) + 16, above + 10)


def _label(root: Node, text: str, x: float, y: float) -> None:
    """A text on a dark ground, as large as fits between x and the picture's right end."""
    size = min(36.0, max(20.0, (WIDTH - x - 32) / (_WIDE * len(text))))
    width = _WIDE * size * len(text) + 24
    x = min(x, WIDTH - width - 8)
    box = {"x": _n(x), "y": _n(y - 1.12 * size), "width": _n(width), "height": _n(1.6 * size), "rx": "6"}
    SubElement(root, "rect", box | {"fill": "#14181c"})
    look = {"x": _n(x + width / 2), "y": _n(y), "fill": "#ffffff", "font-size": _n(size), "font-weight": "700"}
    SubElement(root, "text", look | {"text-anchor": "middle"}).text = text


def _draw_scale(root: Node, frame: _Frame, length_m: float, text: str) -> None:
    length = length_m * frame.pixels_per_m
    right, bottom = WIDTH - 20.0, HEIGHT - 20.0
    bar = f"M{_n(right - length)} {_n(bottom - 8)}v8H{_n(right)}v-8"
    SubElement(root, "path", {"d": bar, "fill": "none", "stroke": "#ffffff", "stroke-width": "2.5"})
    look = {"x": _n(right), "y": _n(bottom - 16), "fill": "#ffffff", "font-size": "24", "text-anchor": "end"}
    SubElement(root, "text", look).text = text


def _path(points: list[Point]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) + "Z"


def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

"""The track as SVG, drawn from the survey alone: the same survey gives the same bytes.

One user unit is one metre; x is east and y is south, so that north is up. Painted lines have their true width and, over
it, a hairline that keeps its width on the screen, so that a line of 10 cm is seen on the whole track and exact in a
close-up. Sensors carry ``data-element`` and exercises ``data-exercise``, by which a live page finds them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import SubElement, tostring

from center.driving_track.views import Pose
from messages.site import Car, Element, ElementKind, Exercise, GradeProfile, Line, LineKind, Point, Site

MARGIN_M = 7.0
BADGE_RADIUS_M = 3.0
_ROAD_HALF_M = 2.7
_VERGE_M = 0.95
_ROAD_END_M = 9.0
_CONE_RADIUS_M = 0.18
_SEARCH_M = (4.0, 5.2, 6.4, 8.5, 11.0)
_GROUND, _ASPHALT, _PAINT, _KERB = "#e9ede4", "#4a525c", "#ffffff", "#c7a76c"
_SENSOR, _BADGE = "#0b6e8f", "#143c4a"


def track_svg(site: Site, title: str, exercise_names: Mapping[str, str]) -> str:
    """The whole track as a document of its own."""
    left, top, width, height = view_box(site)
    root = Node(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": " ".join(map(_number, (left, top, width, height))),
            "width": _number(width * 7),
            "height": _number(height * 7),
            "role": "img",
            "font-family": "system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif",
        },
    )
    SubElement(root, "title").text = title
    root.append(track(site, exercise_names))
    return tostring(root, "unicode") + "\n"


def track_group(site: Site, exercise_names: Mapping[str, str]) -> str:
    """The track as a group, for a page that puts its own things on it."""
    return tostring(track(site, exercise_names), "unicode")


def track(site: Site, exercise_names: Mapping[str, str]) -> Node:
    """The track: ground, ramps, asphalt, paint, bays, sensors, and the exercises' numbers."""
    group = Node("g", {"class": "track", "id": "track"})
    left, top, width, height = view_box(site)
    box = {"x": left, "y": top, "width": width, "height": height}
    SubElement(group, "rect", {"class": "ground", "fill": _GROUND} | {key: _number(of) for key, of in box.items()})
    asphalt = SubElement(group, "g", {"class": "asphalt", "fill": _ASPHALT, "stroke": _ASPHALT})
    _draw_asphalt(asphalt, site)
    for ramp in site.surface.ramps:
        _draw_ramp(group, ramp)
    _draw_zebra(group, site)
    paint = SubElement(group, "g", {"class": "paint", "fill": "none"})
    for line in site.lines:
        _draw_line(paint, line)
    sensors = SubElement(group, "g", {"class": "sensors"})
    for element in site.elements:
        _draw_element(sensors, element)
    badges = SubElement(group, "g", {"class": "badges"})
    for number, (exercise, place) in enumerate(zip(site.route.exercises, badge_places(site), strict=True), 1):
        _draw_badge(badges, number, exercise, place, exercise_names.get(exercise.id, exercise.id))
    return group


def view_box(site: Site) -> tuple[float, float, float, float]:
    """Left, top, width and height (m, y to the south) around everything that is drawn."""
    places = [*site.route.guide, *(point for line in site.lines for point in line.points)]
    places += [point for element in site.elements for point in element.points]
    places += [(east, north) for (east, north) in badge_places(site)]
    east, north = [place[0] for place in places], [place[1] for place in places]
    return (
        min(east) - MARGIN_M,
        -max(north) - MARGIN_M,
        max(east) - min(east) + 2 * MARGIN_M,
        max(north) - min(north) + 2 * MARGIN_M,
    )


def badge_places(site: Site) -> list[Point]:
    """Where each exercise's number stands: near its zone, clear of the road, of sensors and of other numbers."""
    taken: list[tuple[Point, float]] = [(point, 2.0) for element in site.elements for point in element.points]
    taken += [(place, 4.5) for ramp in site.surface.ramps for place, _ in _grade_labels(ramp)]
    places: list[Point] = []
    for exercise in site.route.exercises:
        zone = exercise.bay or exercise.zone
        middle = (sum(one[0] for one in zone) / len(zone), sum(one[1] for one in zone) / len(zone))
        scored = [(_crowding(one, site, taken), math.dist(one, middle), one) for one in _around(zone)]
        place = min(scored)[2]
        places.append(place)
        taken.append((place, BADGE_RADIUS_M + 4.0))
    return places


def outline_points(car: Car, pose: Pose) -> list[Point]:
    """The car's outline (east, north in m) where it stands at a pose."""
    return [at_pose(pose, point) for point in car.outline]


def at_pose(pose: Pose, body: Point) -> Point:
    """A point of the body (forward, left in m) in the site's frame."""
    forward, left = body
    return (
        pose.east_m + forward * pose.forward[0] + left * pose.left[0],
        pose.north_m + forward * pose.forward[1] + left * pose.left[1],
    )


def path_data(points: Iterable[Point], *, closed: bool = False) -> str:
    """Points (east, north) as an SVG path."""
    steps = [f"{_number(east)} {_number(-north)}" for east, north in points]
    return "M" + "L".join(steps) + ("Z" if closed else "")


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _draw_asphalt(group: Node, site: Site) -> None:
    road = {"fill": "none", "stroke-width": _number(2 * _ROAD_HALF_M), "stroke-linejoin": "round"}
    SubElement(group, "path", road | {"d": path_data(_lengthened(site.route.guide))})
    for line in (one for one in site.lines if one.kind in (LineKind.EDGE, LineKind.KERB)):
        verge = {"fill": "none", "stroke-width": _number(2 * _VERGE_M), "stroke-linecap": "round"}
        SubElement(group, "path", verge | {"d": path_data(line.points)})
    for exercise in site.route.exercises:
        shape = exercise.bay or _apron(site, exercise)
        SubElement(
            group, "path", {"d": path_data(shape, closed=True), "stroke-width": "1.6", "stroke-linejoin": "round"}
        )


def _lengthened(guide: Sequence[Point]) -> list[Point]:
    """The guide with some road before its beginning and behind its end."""
    before = _between(guide[0], guide[1], -_ROAD_END_M / math.dist(guide[0], guide[1]))
    behind = _between(guide[-1], guide[-2], -_ROAD_END_M / math.dist(guide[-1], guide[-2]))
    return [before, *guide, behind]


def _apron(site: Site, exercise: Exercise) -> Sequence[Point]:
    """The ground that an exercise's own lines stand on, for those that are wider than the road."""
    named = [site.line(name) for name in exercise.lines if name not in site.route.general_lines]
    points = [point for line in named for point in line.points]
    if not points:
        return exercise.zone[:1]
    east, north = [one[0] for one in points], [one[1] for one in points]
    return ((min(east), min(north)), (max(east), min(north)), (max(east), max(north)), (min(east), max(north)))


def _draw_ramp(group: Node, ramp: GradeProfile) -> None:
    """Chevrons that point uphill along the ramp's middle, one every 3 m where it is steep, and the grade in percent."""
    chevrons = SubElement(group, "g", {"class": "ramp", "fill": "none", "stroke": "#8f9aa5", "stroke-width": "0.4"})
    for start, end, grade in _slopes(ramp):
        towards = 1.0 if grade > 0 else -1.0
        for step in range(1, int((end - start) / 3)):
            tip = start + 3 * step
            corner = [_on_ramp(ramp, tip - towards, side) for side in (1.2, 0.0, -1.2)]
            corner[1] = _on_ramp(ramp, tip, 0.0)
            SubElement(chevrons, "path", {"d": path_data(corner)})
    for place, text in _grade_labels(ramp):
        _text(group, place, text, "grade", "#4b5560", 2.6)


def _grade_labels(ramp: GradeProfile) -> list[tuple[Point, str]]:
    return [(_on_ramp(ramp, (start + end) / 2, -5.4), f"{abs(grade):.0%}") for start, end, grade in _slopes(ramp)]


def _slopes(ramp: GradeProfile) -> list[tuple[float, float, float]]:
    """Start and end (m along the ramp) and grade of its stretches between vertical curves."""
    pairs = zip(ramp.knots, ramp.knots[1:], strict=False)
    return [(start, end, grade) for (start, grade), (end, after) in pairs if grade != 0 and after != 0]


def _on_ramp(ramp: GradeProfile, distance_m: float, left_m: float) -> Point:
    angle = math.radians(90 - ramp.direction_deg)
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    return (
        ramp.origin[0] + distance_m * along[0] + left_m * across[0],
        ramp.origin[1] + distance_m * along[1] + left_m * across[1],
    )


def _draw_zebra(group: Node, site: Site) -> None:
    """Bars across the road between a pedestrian crossing's stop line and the line behind it."""
    for exercise in site.route.exercises:
        if exercise.kind != "pedestrian_crossing" or exercise.stop_line is None or exercise.exit_line is None:
            continue
        near, far = site.line(exercise.stop_line).points, site.line(exercise.exit_line).points
        bars = SubElement(group, "g", {"class": "zebra", "stroke": _PAINT, "stroke-width": "0.4"})
        for share in (0.1, 0.3, 0.5, 0.7, 0.9):
            begin, end = _between(near[0], near[-1], share), _between(far[0], far[-1], share)
            SubElement(bars, "path", {"d": path_data([_between(begin, end, 0.3), _between(begin, end, 0.85)])})


def _draw_line(group: Node, line: Line) -> None:
    colour = _KERB if line.kind is LineKind.KERB else _PAINT
    look = {"class": f"line {line.kind}", "d": path_data(line.points), "stroke": colour, "data-line": line.id}
    if line.kind is LineKind.GATE:
        SubElement(group, "path", look | {"stroke-width": _number(line.width_m), "stroke-dasharray": "0.5 0.5"})
        return
    SubElement(group, "path", look | {"stroke-width": _number(line.width_m)})
    hairline = {"class": "hairline", "stroke-width": "1.25", "vector-effect": "non-scaling-stroke"}
    SubElement(group, "path", {"d": look["d"], "stroke": colour} | hairline)


def _draw_element(group: Node, element: Element) -> None:
    node = SubElement(group, "g", {"class": f"element {element.kind}", "data-element": element.id})
    SubElement(node, "title").text = element.id
    first = element.points[0]
    if element.kind is ElementKind.TRAFFIC_LIGHT:
        _draw_light(node, first)
    elif element.kind is ElementKind.CONE_TILT:
        # Its true size in a close-up; on the whole track the ring keeps it visible.
        ring = {"stroke": "#f2792b", "stroke-width": "6", "vector-effect": "non-scaling-stroke"}
        SubElement(node, "circle", _circle(first, _CONE_RADIUS_M) | {"fill": "#f2792b"} | ring)
    elif element.kind is ElementKind.INDUCTION_LOOP:
        shape = {"d": path_data(element.points, closed=True), "fill": "none", "stroke-dasharray": "0.9 0.5"}
        SubElement(node, "path", shape | {"stroke": "#8fd3e8", "stroke-width": "0.3"})
    elif element.kind is ElementKind.LEVEL_CROSSING_BARRIER:
        _draw_barrier(node, element.points)
    else:
        colour = "#d96704" if element.kind is ElementKind.KERB_STRIP else _SENSOR
        SubElement(
            node, "path", {"d": path_data(element.points), "fill": "none", "stroke": colour, "stroke-width": "0.4"}
        )
        for end in (first, element.points[-1]):
            SubElement(node, "circle", _circle(end, 0.6) | {"fill": colour})


def _draw_light(node: Node, place: Point) -> None:
    east, south = place[0], -place[1]
    case = {"x": _number(east - 1.1), "y": _number(south - 2.7), "width": "2.2", "height": "5.4", "rx": "0.7"}
    SubElement(node, "rect", {"class": "case", "fill": "#20262c", "stroke": "#ffffff", "stroke-width": "0.25"} | case)
    for lamp, above in (("red", 1.6), ("amber", 0.0), ("green", -1.6)):
        SubElement(node, "circle", _circle((east, -south + above), 0.65) | {"class": f"lamp {lamp}", "fill": "#59636d"})


def _draw_barrier(node: Node, points: Sequence[Point]) -> None:
    ends = {"d": path_data(points), "fill": "none"}
    SubElement(node, "path", ends | {"class": "arm", "stroke": "#c9302c", "stroke-width": "0.5"})
    SubElement(node, "path", ends | {"stroke": _PAINT, "stroke-width": "0.5", "stroke-dasharray": "0.7 0.7"})
    SubElement(node, "circle", _circle(points[-1], 0.7) | {"fill": "#20262c"})


def _draw_badge(group: Node, number: int, exercise: Exercise, place: Point, name: str) -> None:
    node = SubElement(group, "g", {"class": "badge", "data-exercise": exercise.id})
    SubElement(node, "title").text = name
    SubElement(node, "circle", _circle(place, BADGE_RADIUS_M) | {"fill": _BADGE})
    _text(node, (place[0], place[1] - 1.15), str(number), "number", "#ffffff", 3.2)


def _text(group: Node, place: Point, text: str, name: str, colour: str, size_m: float) -> None:
    look = {"class": name, "fill": colour, "font-size": _number(size_m), "text-anchor": "middle", "font-weight": "700"}
    SubElement(group, "text", look | {"x": _number(place[0]), "y": _number(-place[1])}).text = text


def _circle(place: Point, radius_m: float) -> dict[str, str]:
    return {"cx": _number(place[0]), "cy": _number(-place[1]), "r": _number(radius_m)}


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _around(zone: Sequence[Point]) -> Iterable[Point]:
    """Places outside a zone's middle and quarters, near ones first."""
    east, north = [one[0] for one in zone], [one[1] for one in zone]
    west, south, width, height = min(east), min(north), max(east) - min(east), max(north) - min(north)
    for beyond in _SEARCH_M:
        for share in (0.5, 0.25, 0.75):
            yield west + width * share, south + height / 2 + max(height / 2, 3.0) + beyond - 1.5
            yield west + width * share, south + height / 2 - max(height / 2, 3.0) - beyond + 1.5
            yield west + width / 2 + max(width / 2, 3.0) + beyond - 1.5, south + height * share
            yield west + width / 2 - max(width / 2, 3.0) - beyond + 1.5, south + height * share


def _crowding(place: Point, site: Site, taken: Sequence[tuple[Point, float]]) -> float:
    """How much a number at a place would cover: 0 where it stands free."""
    needed = BADGE_RADIUS_M + _ROAD_HALF_M + 0.4
    over_road = sum(
        max(0.0, needed - _distance(place, one, other))
        for one, other in zip(site.route.guide, site.route.guide[1:], strict=False)
    )
    lines = (pair for line in site.lines for pair in zip(line.points, line.points[1:], strict=False))
    over_lines = sum(max(0.0, BADGE_RADIUS_M + _VERGE_M + 0.4 - _distance(place, one, other)) for one, other in lines)
    over_others = sum(max(0.0, BADGE_RADIUS_M + radius - math.dist(place, other)) for other, radius in taken)
    return over_road + over_lines + 2 * over_others


def _distance(place: Point, one: Point, other: Point) -> float:
    """From a place to a segment, in metres."""
    run = (other[0] - one[0], other[1] - one[1])
    length2 = run[0] ** 2 + run[1] ** 2
    share = 0.0
    if length2 > 0:
        share = ((place[0] - one[0]) * run[0] + (place[1] - one[1]) * run[1]) / length2
    return math.dist(place, _between(one, other, min(1.0, max(0.0, share))))

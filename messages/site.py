"""A centre's survey, read strictly: anchor, surface, lines, sensors, route, cars, devices.

Everything is in the site's local frame: east, north, up in metres from the anchor on the WGS84 ellipsoid. A polyline's
points run in the direction of travel, and "left" and "right" are seen along it.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

Point = tuple[float, float]
"""East and north, in metres."""


_Named = TypeVar("_Named", "Line", "Element", "Car", "Device", "Exercise")


class BadSite(ValueError):
    """A survey that cannot be used; the text names file, place and value."""


class Side(StrEnum):
    """Seen along a polyline's direction."""

    LEFT = "left"
    RIGHT = "right"


class LineKind(StrEnum):
    """What a painted line or kerb is for."""

    EDGE = "edge"
    STOP = "stop"
    GATE = "gate"
    KERB = "kerb"


class ElementKind(StrEnum):
    """A fixed sensor or signal of the track; the values are the kinds of its messages."""

    BEAM = "beam"
    INDUCTION_LOOP = "induction_loop"
    KERB_STRIP = "kerb_strip"
    CONE_TILT = "cone_tilt"
    TRAFFIC_LIGHT = "traffic_light"
    LEVEL_CROSSING_BARRIER = "level_crossing_barrier"


class ExerciseKind(StrEnum):
    """Which module of the scoring core judges an exercise."""

    START = "start"
    HILL = "hill"
    CROSSROADS = "crossroads"
    SNAKE = "snake"
    LIMITED_TURN = "limited_turn"
    PARALLEL_PARKING = "parallel_parking"
    BOX = "box"
    LEVEL_CROSSING = "level_crossing"
    PEDESTRIAN_CROSSING = "pedestrian_crossing"
    EMERGENCY_BRAKING = "emergency_braking"
    SPEED_SECTION = "speed_section"
    FINISH = "finish"


class Surveyed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every record of a survey is: frozen, and refused with a field that is not known."""


class Anchor(Surveyed, frozen=True):
    """Origin of the local frame; the height is ellipsoidal (WGS84)."""

    latitude_deg: float
    longitude_deg: float
    height_m: float


class GradeProfile(Surveyed, frozen=True):
    """A ramp: within ``polygon``, height is added along ``direction_deg`` (clockwise from north) from ``origin``.

    ``knots`` are (distance in m, grade); the grade is linear between knots (a vertical curve is two knots apart) and 0
    outside them.
    """

    id: str
    polygon: tuple[Point, ...]
    origin: Point
    direction_deg: float
    knots: tuple[tuple[float, float], ...]


class Surface(Surveyed, frozen=True):
    """The ground: a plane through the anchor with a fall to the east and north, and ramps on it."""

    grade_east: float
    grade_north: float
    ramps: tuple[GradeProfile, ...] = ()


class Line(Surveyed, frozen=True):
    """A painted line or a kerb.

    ``points`` is the middle of the paint; ``reference_edge`` names the edge of the paint, seen along the points, from
    which an excess is measured towards ``forbidden_side``. An edge line's points run with the traffic; those of a stop
    line or gate run from the left end to the right end as the driver sees it, so that its far side is the left one and
    the edge the car meets first the right one.
    """

    id: str
    kind: LineKind
    points: tuple[Point, ...]
    width_m: float
    survey_sigma_m: float
    reference_edge: Side
    forbidden_side: Side
    provisional: bool = False


class Element(Surveyed, frozen=True):
    """A fixed sensor or signal: a point, a segment (beam, strip) or an area (loop)."""

    id: str
    kind: ElementKind
    device: str
    points: tuple[Point, ...]
    survey_sigma_m: float = 0.01


class Turn(Surveyed, frozen=True):
    """A place where the route turns: that side's indicator must be on before the car's front enters ``zone``."""

    id: str
    side: Side
    zone: tuple[Point, ...]


class Exercise(Surveyed, frozen=True):
    """One exercise's place on the track; the names are those of lines and elements."""

    id: str
    kind: ExerciseKind
    zone: tuple[Point, ...]
    """The exercise begins when the front bumper's middle enters, and ends when the whole outline has left."""
    lines: tuple[str, ...] = ()
    stop_line: str | None = None
    exit_line: str | None = None
    bay: tuple[Point, ...] | None = None
    cones: tuple[str, ...] = ()
    kerb_strips: tuple[str, ...] = ()
    signal: str | None = None
    """The traffic light, crossing light or emergency lamp."""
    barrier: str | None = None
    occupancy: str | None = None
    """Beam or loop that tells of a pedestrian, or that the car stands where it must."""
    provisional_geometry: bool = True
    """Whether no published rule gives this geometry."""


class Route(Surveyed, frozen=True):
    """The order of driving. ``guide`` is the path of the rear axle's middle where no manoeuvre is driven."""

    id: str
    guide: tuple[Point, ...]
    exercises: tuple[Exercise, ...]
    turns: tuple[Turn, ...]
    general_lines: tuple[str, ...]
    """Lines that hold everywhere on the route."""
    kerb_strips: tuple[str, ...] = ()


class LeverArm(Surveyed, frozen=True):
    """A point of the car: forward, left and up of the rear axle's middle on the ground, in metres."""

    forward_m: float
    left_m: float
    up_m: float
    survey_sigma_m: float


class Car(Surveyed, frozen=True):
    """An exam car: outline and tyre contacts in the body frame (x forward, y left, m), and how it is measured."""

    id: str
    model: str
    plate: str
    outline: tuple[Point, ...]
    """Numbered anticlockwise from the front right."""
    outline_survey_sigma_m: float
    tyres: tuple[Point, ...]
    """Contact patches: front left, front right, rear left, rear right (middles)."""
    tyre_width_m: float
    wheelbase_m: float
    steering_ratio: float
    """Steering-wheel angle per angle of the front wheel (bicycle model), nominal."""
    max_front_wheel_deg: float
    antenna: LeverArm
    roll_deg_per_mps2: float
    """Body roll to the outside per lateral acceleration."""
    pitch_deg_per_mps2: float
    """Body pitch, nose up, per forward acceleration."""
    roof_markers: tuple[LeverArm, ...]
    gearbox: str
    max_engine_speed_rpm: float
    satellite_device: str
    bus_device: str


class Device(Surveyed, frozen=True):
    """A source of messages: which gateway carries it, and which kinds it speaks."""

    id: str
    gateway: str
    model: str
    kinds: tuple[str, ...]


class Camera(Surveyed, frozen=True):
    """A camera's pole; its calibration is kept beside the survey."""

    id: str
    device: str
    position: tuple[float, float, float]


class Site(Surveyed, frozen=True):
    """One surveyed centre."""

    centre_id: str
    name: dict[str, str]
    """By BCP 47 tag."""
    timezone: str
    region_code: str
    anchor: Anchor
    surface: Surface
    lines: tuple[Line, ...]
    elements: tuple[Element, ...]
    route: Route
    cars: tuple[Car, ...]
    devices: tuple[Device, ...]
    cameras: tuple[Camera, ...] = ()
    surveyed_on: str = ""

    def line(self, line_id: str) -> Line:
        """The line of that name; raises KeyError."""
        return _by_id(self.lines, line_id)

    def element(self, element_id: str) -> Element:
        """The track sensor or signal of that name; raises KeyError."""
        return _by_id(self.elements, element_id)

    def car(self, car_id: str) -> Car:
        """The car of that name; raises KeyError."""
        return _by_id(self.cars, car_id)

    def device(self, device_id: str) -> Device:
        """The device of that name; raises KeyError."""
        return _by_id(self.devices, device_id)

    def exercise(self, exercise_id: str) -> Exercise:
        """The exercise of that name; raises KeyError."""
        return _by_id(self.route.exercises, exercise_id)


FILES = ("site.yaml", "track.yaml", "route.yaml", "cars.yaml", "devices.yaml")


def load(folder: Path) -> Site:
    """Read a centre's folder (``FILES``, whose top-level keys are the fields of ``Site``).

    Raises :class:`BadSite` that names the file, the place and the value.
    """
    fields: dict[str, Any] = {}
    for name in FILES:
        for key, value in _read(folder / name).items():
            if key in fields:
                raise BadSite(f"{folder / name}: {key!r} stands in another file too")
            fields[key] = value
    try:
        site = msgspec.convert(fields, Site)
    except msgspec.ValidationError as error:
        raise BadSite(f"{folder}: {error}") from error
    _check(site, folder)
    return site


def to_bytes(site: Site) -> bytes:
    """The survey as JSON, as it is attached to a recording."""
    return msgspec.json.encode(site)


def from_bytes(data: bytes) -> Site:
    """Read what ``to_bytes`` wrote; raises :class:`BadSite`."""
    try:
        return msgspec.json.decode(data, type=Site)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadSite(f"the attached survey: {error}") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except OSError as error:
        raise BadSite(f"{path}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise BadSite(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise BadSite(f"{path}: holds no mapping")
    return document


def _check(site: Site, folder: Path) -> None:
    for name, records in (
        ("lines", site.lines),
        ("elements", site.elements),
        ("cars", site.cars),
        ("devices", site.devices),
        ("exercises", site.route.exercises),
    ):
        _refuse_doubles(folder, name, [record.id for record in records])
    line_ids = {line.id for line in site.lines}
    element_ids = {element.id for element in site.elements}
    device_ids = {device.id for device in site.devices}
    for where, names, known in _references(site, line_ids, element_ids, device_ids):
        for named in names:
            if named is not None and named not in known:
                raise BadSite(f"{folder}: {where} names {named!r}, which the survey does not hold")
    for car in site.cars:
        if len(car.outline) < 24 or len(car.tyres) != 4:
            raise BadSite(
                f"{folder}: car {car.id!r} has {len(car.outline)} outline points and {len(car.tyres)} tyres; "
                "at least 24 and exactly 4 are needed"
            )


def _references(
    site: Site, lines: set[str], elements: set[str], devices: set[str]
) -> list[tuple[str, tuple[str | None, ...], set[str]]]:
    route = site.route
    found: list[tuple[str, tuple[str | None, ...], set[str]]] = [
        ("route.general_lines", route.general_lines, lines),
        ("route.kerb_strips", route.kerb_strips, elements),
    ]
    for exercise in route.exercises:
        where = f"exercise {exercise.id!r}"
        found.append((where, (*exercise.lines, exercise.stop_line, exercise.exit_line), lines))
        named = (*exercise.cones, *exercise.kerb_strips, exercise.signal, exercise.barrier, exercise.occupancy)
        found.append((where, named, elements))
    found += [(f"element {element.id!r}", (element.device,), devices) for element in site.elements]
    found += [(f"car {car.id!r}", (car.satellite_device, car.bus_device), devices) for car in site.cars]
    return found


def _refuse_doubles(folder: Path, name: str, ids: list[str]) -> None:
    doubles = sorted({one for one in ids if ids.count(one) > 1})
    if doubles:
        raise BadSite(f"{folder}: {name} holds {', '.join(doubles)} more than once")


def _by_id(records: tuple[_Named, ...], record_id: str) -> _Named:
    for record in records:
        if record.id == record_id:
            return record
    raise KeyError(record_id)

"""A tiny car on the reference track that does what a script says, and what perfect (or healthy) sensors say of it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from center.driving_track import rule_packs
from center.driving_track.scoring.estimation.attitude import Antenna, ground_axes
from center.driving_track.scoring.estimation.surface import SurfaceModel
from center.driving_track.scoring.exam import ExamScorer
from messages import site as survey
from messages.geodesy import LocalFrame
from messages.readings import (
    Aspect,
    BarrierPosition,
    Beam,
    CarState,
    ConeTilt,
    ExamAction,
    ExamControl,
    FixQuality,
    Heartbeat,
    InductionLoop,
    KerbStrip,
    LevelCrossingBarrier,
    Reading,
    SatellitePose,
    TrafficLight,
)
from messages.site import ElementKind, LineKind
from messages.topics import CENTRE_DEVICE
from simulators.elements import felt_elements

SITE = survey.load(Path(__file__).parents[4] / "sites" / "sarytau")
CAR = SITE.car("car-1")
KZ = rule_packs.load("kz")
FRAME = LocalFrame(SITE.anchor)
START_NS = 1_776_135_600_000_000_000
FRONT_M = max(x for x, _ in CAR.outline)
TAIL_M = min(x for x, _ in CAR.outline)
EXAM_ID = "exam-1"
TICK_NS = 10_000_000
S = 1_000_000_000

Message = tuple[int, str, Reading]

_AT_REST: dict[ElementKind, Any] = {
    ElementKind.BEAM: False,
    ElementKind.INDUCTION_LOOP: False,
    ElementKind.KERB_STRIP: False,
    ElementKind.CONE_TILT: 0.0,
    ElementKind.TRAFFIC_LIGHT: Aspect.GREEN,
    ElementKind.LEVEL_CROSSING_BARRIER: BarrierPosition.UP,
}
_GOOD_STATE = CarState(
    speed_mps=0.0,
    engine_speed_rpm=1500.0,
    gear=1,
    steering_wheel_deg=0.0,
    brake_pressed=False,
    clutch_pressed=False,
    handbrake_on=False,
    belt_fastened=True,
    doors_closed=True,
    left_indicator_on=False,
    right_indicator_on=False,
    dipped_beam_on=True,
    engine_running=True,
)


@dataclass
class ScriptedCar:
    """Speeds are along the ground; a positive ``left_radius`` turns left. ``noise`` draws healthy sensors' errors."""

    east: float
    north: float
    heading_deg: float
    first_exercise: str
    noise: random.Random | None = None
    time_ns: int = START_NS
    messages: list[Message] = field(default_factory=list)
    state: CarState = _GOOD_STATE
    mute: set[str] = field(default_factory=set)
    """Devices and elements that say nothing."""
    pose_quality: FixQuality = FixQuality.RTK_FIXED
    began_ns: int = 0

    def __post_init__(self) -> None:
        self.speed = 0.0
        self._surface = SurfaceModel(SITE.surface)
        self._antenna = Antenna(CAR)
        self._elements: dict[str, Any] = {one.id: _AT_REST[one.kind] for one in SITE.elements}
        self._feeling = [
            one for one in felt_elements(SITE) if one.kind in (ElementKind.BEAM, ElementKind.INDUCTION_LOOP)
        ]
        self._bias = [0.0, 0.0, 0.0]
        if self.noise is not None:
            self._bias = [self.noise.gauss(0, sigma) for sigma in (0.004, 0.004, 0.08)]
        self.stands(3.0)
        self.began_ns = self.time_ns
        self._say(CENTRE_DEVICE, ExamControl(EXAM_ID, ExamAction.START, CAR.id, self.first_exercise))

    # What the script may say -------------------------------------------------------------------------------------

    def stands(self, seconds: float) -> None:
        """Stand still."""
        for _ in range(round(seconds * 100)):
            self._tick(0.0, 0.0, 0.0)

    def sets(self, **signals: Any) -> None:
        """Signals of the car from now on."""
        self.state = replace_state(self.state, signals)

    def track(self, element: str, value: Any) -> None:
        """An element of the track from now on; a beam or loop does not feel the car itself any more."""
        self._feeling = [one for one in self._feeling if one.id != element]
        kind = SITE.element(element).kind
        if kind is ElementKind.TRAFFIC_LIGHT:
            value = Aspect(value)
        elif kind is ElementKind.LEVEL_CROSSING_BARRIER:
            value = BarrierPosition(value)
        self._elements[element] = value
        self._say_element(element)

    def drives(
        self,
        metres: float,
        at: float = 3.0,
        left_radius: float | None = None,
        then: float = 0.0,
        backwards: bool = False,
        acceleration: float = 1.5,
    ) -> None:
        """Drive so far along the ground, at most so fast, to a speed at the end; the gear shows the direction."""
        if not backwards:
            self.state = replace_state(self.state, {"gear": 1 if self.state.gear == -1 else self.state.gear})
        direction = -1.0 if backwards else 1.0
        curvature = 0.0 if left_radius is None else 1.0 / left_radius
        driven, speed = 0.0, abs(self.speed)
        while driven < metres - 1e-9:
            left = metres - driven
            braking = math.sqrt(then * then + 2.0 * acceleration * left)
            before = speed
            speed = min(speed + acceleration * 0.01, at, braking)
            step = min((before + speed) / 2.0 * 0.01, left)
            if step <= 1e-7:
                speed, step = 0.02, min(0.0002, left)
            driven += step
            self._tick(direction * step, curvature, direction * speed, direction * (speed - before) / 0.01)
        self.speed = direction * then

    def reverses(self, metres: float, at: float = 1.0, left_radius: float | None = None, **more: Any) -> None:
        """Drive backwards in reverse gear."""
        self.sets(gear=-1)
        self.drives(metres, at, left_radius, backwards=True, **more)

    def rolls_back(self, metres: float, at: float = 0.5) -> None:
        """Roll back in the gear that is engaged; the wheels do not tell which way they turn."""
        self.drives(metres, at, None, backwards=True)

    def drives_until_front_is(self, before: float, line: str, **more: Any) -> None:
        """Drive straight on until the front is so far before a line's reference edge (negative: beyond)."""
        self.drives(self.front_before(line) - before, **more)

    def front_before(self, line: str) -> float:
        """How far along the ground the front is before a line's reference edge, driving straight on."""
        low, high = -30.0, 130.0
        for _ in range(60):
            middle = (low + high) / 2.0
            if self._front_beyond(line, middle) > 0.0:
                high = middle
            else:
                low = middle
        return (low + high) / 2.0

    def stops_exam(self, action: ExamAction = ExamAction.STOP) -> None:
        """The centre's order to stop."""
        self._say(CENTRE_DEVICE, ExamControl(EXAM_ID, action, CAR.id, reason="test"))

    # What comes of it --------------------------------------------------------------------------------------------

    def in_order(self) -> list[Message]:
        """All readings in source order."""
        return sorted(self.messages, key=lambda one: (one[0], one[1]))

    def _front_beyond(self, line_id: str, metres: float) -> float:
        """How far the front would be beyond the line after so many metres straight on (0.1 m steps of the ground)."""
        line = SITE.line(line_id)
        (e0, n0), (e1, n1) = line.points
        length = math.hypot(e1 - e0, n1 - n0)
        c, s = _forward(self.heading_deg)
        east, north = self.east, self.north
        steps = max(1, round(abs(metres) / 0.05))
        for _ in range(steps):
            plan = metres / steps * self._axes(east, north, c, s)[0]
            east, north = east + plan * c, north + plan * s
        reach = FRONT_M * self._axes(east, north, c, s)[0]
        east, north = east + reach * c, north + reach * s
        across = -(n1 - n0) / length * (east - e0) + (e1 - e0) / length * (north - n0)
        assert line.kind in (LineKind.STOP, LineKind.GATE)
        return across + line.width_m / 2.0

    def _axes(self, east: float, north: float, c: float, s: float) -> tuple[float, float, float]:
        half = abs(CAR.tyres[2][1] - CAR.tyres[3][1]) / 2.0
        return ground_axes(*self._surface.tilt(east, north, (c, s), CAR.wheelbase_m, half)[:2])

    def _tick(self, step: float, curvature: float, speed: float, acceleration: float = 0.0) -> None:
        c, s = _forward(self.heading_deg)
        plan = step * self._axes(self.east, self.north, c, s)[0]
        turn = step * curvature
        middle = math.radians(self.heading_deg) - turn / 2.0
        self.east += plan * math.sin(middle)
        self.north += plan * math.cos(middle)
        self.heading_deg -= math.degrees(turn)
        self.speed = speed
        self.time_ns += TICK_NS
        ticks = (self.time_ns - START_NS) // TICK_NS
        self._feel(c, s)
        wheel = math.degrees(math.atan(CAR.wheelbase_m * curvature)) * CAR.steering_ratio
        if ticks % 2 == 0:
            self._say(CAR.bus_device, self._car_state(wheel))
        if ticks % 5 == 0:
            self._say(CAR.satellite_device, self._pose(acceleration, speed * curvature))
        if ticks % 100 == 1:
            for device in sorted({one.device for one in SITE.elements}):
                self._say(device, Heartbeat())
        if ticks % 500 == 1:
            for element in self._elements:
                self._say_element(element)

    def _feel(self, c: float, s: float) -> None:
        """Beams and loops that the outline is over, and those that it has left."""
        near = [
            one for one in self._feeling if math.dist((one.middle_east, one.middle_north), (self.east, self.north)) < 9
        ]
        outline = [(self.east + x * c - y * s, self.north + x * s + y * c) for x, y in CAR.outline] if near else []
        for one in near:
            felt = one.feels(outline, ())
            if felt is not self._elements[one.id]:
                self._elements[one.id] = felt
                self._say_element(one.id)

    def _car_state(self, wheel_deg: float) -> CarState:
        speed = self.speed if self.state.gear == -1 else abs(self.speed)
        if self.noise is not None:
            speed = round(speed / 0.002) * 0.002
        return replace_state(self.state, {"speed_mps": speed, "steering_wheel_deg": round(wheel_deg, 1)})

    def _pose(self, acceleration: float, turn_rate: float) -> SatellitePose:
        c, s = _forward(self.heading_deg)
        half = abs(CAR.tyres[2][1] - CAR.tyres[3][1]) / 2.0
        grades = self._surface.tilt(self.east, self.north, (c, s), CAR.wheelbase_m, half)[:2]
        ahead, left = self._antenna.offset(*grades, acceleration, self.speed * turn_rate)
        east, north = self.east + ahead * c - left * s, self.north + ahead * s + left * c
        up = self._surface.height(self.east, self.north) + CAR.antenna.up_m
        heading, speed = self.heading_deg, abs(self.speed)
        if self.noise is not None:
            keep, fresh = 1.0 - 0.05 / 30.0, math.sqrt(2.0 * 0.05 / 30.0)
            sigmas = (0.004, 0.004, 0.08)
            self._bias = [
                keep * bias + fresh * self.noise.gauss(0, sigma) for bias, sigma in zip(self._bias, sigmas, strict=True)
            ]
            east += self._bias[0] + self.noise.gauss(0, 0.008)
            north += self._bias[1] + self.noise.gauss(0, 0.008)
            heading += self._bias[2] + self.noise.gauss(0, 0.12)
            speed = abs(speed + self.noise.gauss(0, 0.02))
        latitude, longitude, height = FRAME.geodetic(east, north, up)
        return SatellitePose(
            latitude,
            longitude,
            height,
            self.pose_quality,
            heading_deg=heading % 360.0,
            speed_mps=speed,
            correction_age_s=1.0,
            satellites=20,
        )

    def _say_element(self, element: str) -> None:
        if element in self.mute:
            return
        one, value = SITE.element(element), self._elements[element]
        bodies: dict[ElementKind, Any] = {
            ElementKind.BEAM: Beam,
            ElementKind.INDUCTION_LOOP: InductionLoop,
            ElementKind.KERB_STRIP: KerbStrip,
            ElementKind.CONE_TILT: ConeTilt,
            ElementKind.TRAFFIC_LIGHT: TrafficLight,
            ElementKind.LEVEL_CROSSING_BARRIER: LevelCrossingBarrier,
        }
        self._say(one.device, bodies[one.kind](element, value))

    def _say(self, device: str, body: Reading) -> None:
        if device not in self.mute:
            self.messages.append((self.time_ns, device, body))


def replace_state(state: CarState, changes: dict[str, Any]) -> CarState:
    """The state with some signals changed."""
    return CarState(**{name: changes.get(name, getattr(state, name)) for name in CarState.__struct_fields__})


def scored(messages: list[Message], **more: Any) -> ExamScorer:
    """A scorer that was fed all of them."""
    scorer = ExamScorer(SITE, CAR, more.pop("edition", KZ), FRAME, EXAM_ID)
    for time_ns, device, body in messages:
        scorer.feed(device, time_ns, body, **more)
    return scorer


def without(messages: list[Message], device: str, since_s: float, until_s: float) -> Iterator[Message]:
    """The messages but for those of a device between two times after the start signal's recording began."""
    for one in messages:
        if one[1] != device or not START_NS + since_s * S <= one[0] < START_NS + until_s * S:
            yield one


def _forward(heading_deg: float) -> tuple[float, float]:
    return math.sin(math.radians(heading_deg)), math.cos(math.radians(heading_deg))


__all__ = ["CAR", "FRAME", "KZ", "SITE", "ScriptedCar", "replace", "scored", "without"]

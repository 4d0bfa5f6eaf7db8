"""What truly happens in a drive, step by step: the car, its driver, the track's signals and what its sensors feel."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass

from messages.readings import Aspect, BarrierPosition
from messages.site import ElementKind, ExerciseKind, Point, Site
from simulators.approach import Approach
from simulators.car import STEP_S, CarModel, CarMotion, Controls, advance
from simulators.driver.itinerary import Itinerary
from simulators.driver.pilot import Pilot
from simulators.driver.plan import DrivePlan
from simulators.elements import KNOCKED_TILT_DEG, FeltElement, felt_elements
from simulators.ground import Ground
from simulators.track_logic import Timing, TrackLogic

_BODY_LAG_S = 0.1
_LOOK_EVERY_STEPS = 10
_FELT_WITHIN_M = 6.0
_TOO_LONG_STEPS = 120_000

ElementValue = bool | float | Aspect | BarrierPosition
"""Beam interrupted, loop occupied, strip pressed; tilt in degrees; aspect; position."""


@dataclass(frozen=True, slots=True)
class TruthSample:
    """The car at one instant.

    The place is that of the rear axle's middle on the ground. A body point (x forward, y left) lies in plan at
    x·cos(ground_pitch) along the heading and y·cos(ground_roll) to its left: body roll and pitch move what is above
    the ground, not the wheels and not the outline, which is that of the car as it stands on its wheels.
    """

    time_s: float
    east_m: float
    north_m: float
    ground_height_m: float
    heading_rad: float
    """Anticlockwise from east, not wrapped."""
    speed_mps: float
    """Along the body and the ground; negative backwards."""
    accel_mps2: float
    yaw_rate_rad_s: float
    front_wheel_rad: float
    steering_wheel_deg: float
    """Positive to the left; by the true ratio, with no offset of the sensor."""
    ground_pitch_rad: float
    """Nose up: of the ground under the wheels."""
    ground_roll_rad: float
    """Left side up: of the ground under the wheels."""
    body_pitch_rad: float
    """Nose up: of the body on its springs, against the ground."""
    body_roll_rad: float
    """Left side up: of the body on its springs, against the ground."""
    gear: int
    engine_rpm: float
    engine_running: bool
    clutch_pressed: bool
    brake_pressed: bool
    handbrake_on: bool
    belt_fastened: bool
    doors_closed: bool
    left_indicator_on: bool
    right_indicator_on: bool
    dipped_beam_on: bool


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element's new state; the first step tells every element's."""

    element_id: str
    value: ElementValue


@dataclass(frozen=True, slots=True)
class Step:
    """One step of 10 ms."""

    sample: TruthSample
    changes: tuple[ElementChange, ...]


@dataclass(frozen=True, slots=True)
class DriveRecord:
    """A whole drive: its samples at 100 Hz and the changes of the elements with their times (s)."""

    samples: list[TruthSample]
    changes: list[tuple[float, ElementChange]]
    sections: list[tuple[float, str]]
    """When the driver turned to each exercise."""


class DriveTooLong(RuntimeError):
    """A drive that has not ended after twenty simulated minutes: its plan waits for something that never comes."""


class Drive:
    """One drive over a site as it truly is (see ``noise.perturbed``), deterministic by its plan.

    The car stands parked before the plan's first exercise. It moves off after the start signal, which comes from
    ``give_start_signal`` or by itself after ``start_signal_after_s`` (None: only from outside).
    """

    def __init__(self, site: Site, car_id: str, plan: DrivePlan, *, start_signal_after_s: float | None = 6.0) -> None:
        self.site = site
        self.car = site.car(car_id)
        self.plan = plan
        self.sections: list[tuple[float, str]] = []
        self._start_step = None if start_signal_after_s is None else round(start_signal_after_s / STEP_S)
        self._model = CarModel.of(self.car)
        self._ground = Ground(site.surface)
        self._itinerary = Itinerary(site, self.car, plan)
        start = self._itinerary.start
        self._motion = CarMotion(start.east_m, start.north_m, start.heading_rad)
        self._controls = Controls()
        self._itinerary.set_the_scene(self._controls, self._motion)
        self._front_m = max(point[0] for point in self.car.outline)
        self._length_m = self._front_m - min(point[0] for point in self.car.outline)
        self._pilot = Pilot(self._model)
        self._logic = TrackLogic(site, Timing.drawn(plan.seed))
        self._approach = Approach(site, self._length_m)
        self._felt = felt_elements(site)
        self._nearby: list[FeltElement] = []
        self._states: dict[str, ElementValue] = {}
        self._knocked: frozenset[str] = frozenset()
        self._body_pitch_rad = self._body_roll_rad = 0.0
        self._section = 0
        self._steps = 0
        self._tilt = self._tilt_now()
        half = self.car.tyre_width_m / 2
        self._tyre_ends = [((x, y - half), (x, y + half)) for x, y in self.car.tyres]
        kinds = {element.id: element.kind for element in site.elements}
        self._beams_of_pedestrian = tuple(
            exercise.occupancy
            for exercise in site.route.exercises
            if exercise.kind is ExerciseKind.PEDESTRIAN_CROSSING
            and exercise.occupancy is not None
            and kinds[exercise.occupancy] is ElementKind.BEAM
        )
        self._emergency_loops = tuple(
            exercise.occupancy
            for exercise in site.route.exercises
            if exercise.kind is ExerciseKind.EMERGENCY_BRAKING and exercise.occupancy is not None
        )

    @property
    def finished(self) -> bool:
        """Whether the driver has done all of the plan."""
        return self._pilot.idle and self._section >= len(self._itinerary.sections)

    @property
    def time_s(self) -> float:
        """Time since the drive was made."""
        return self._steps * STEP_S

    def give_start_signal(self) -> None:
        """The centre's start signal, now."""
        self._logic.give_start_signal()

    def fork(self) -> Drive:
        """An independent copy at the same instant."""
        twin = copy.copy(self)
        twin._motion, twin._controls = copy.copy(self._motion), copy.copy(self._controls)
        twin._pilot, twin._logic = self._pilot.fork(), self._logic.fork()
        twin._approach = copy.copy(self._approach)
        twin._states, twin._nearby, twin.sections = dict(self._states), list(self._nearby), list(self.sections)
        return twin

    def run(self) -> DriveRecord:
        """Drive to the end, as fast as the processor allows."""
        samples: list[TruthSample] = []
        changes: list[tuple[float, ElementChange]] = []
        for step in self.steps():
            samples.append(step.sample)
            changes += [(step.sample.time_s, change) for change in step.changes]
        return DriveRecord(samples, changes, self.sections)

    def steps(self) -> Iterator[Step]:
        """Every step until the end; raises :class:`DriveTooLong` if there is none."""
        while not self.finished:
            if self._steps > _TOO_LONG_STEPS:
                raise DriveTooLong(f"the drive of {self.plan} has no end; its last exercise is {self.sections[-1:]}")
            yield self.step()

    def step(self) -> Step:
        """Advance by 10 ms and tell what is true then."""
        if self._start_step is not None and self._steps == self._start_step:
            self._logic.give_start_signal()
        while self._pilot.idle and self._section < len(self._itinerary.sections):
            self.begin_next_section()
        self._pilot.tick(self._motion, self._controls, self._tilt[1], self._sees)
        advance(self._model, self._motion, self._controls, self._tilt[1])
        self._steps += 1
        self._settle_body()
        changes = self._track()
        return Step(self._sample(), changes)

    def begin_next_section(self) -> None:
        """Queue the tasks of the next exercise; only when the driver has done the one before."""
        section = self._itinerary.sections[self._section]
        self.sections.append((self.time_s, section))
        self._pilot.add(self._itinerary.tasks(section))
        self._section += 1

    def _tilt_now(self) -> tuple[float, float, float]:
        motion, model = self._motion, self._model
        return self._ground.tilt_under(
            motion.east_m, motion.north_m, motion.heading_rad, model.wheelbase_m, model.track_m
        )

    def _settle_body(self) -> None:
        """The body leans on its springs towards what acceleration asks, with a lag."""
        motion = self._motion
        share = STEP_S / (_BODY_LAG_S + STEP_S)
        roll = math.radians(self.car.roll_deg_per_mps2) * motion.speed_mps * motion.yaw_rate
        pitch = math.radians(self.car.pitch_deg_per_mps2) * motion.accel_mps2
        self._body_roll_rad += share * (roll - self._body_roll_rad)
        self._body_pitch_rad += share * (pitch - self._body_pitch_rad)
        if motion.speed_mps != 0.0:
            self._tilt = self._tilt_now()

    def _sees(self, question: str) -> bool:
        return self._itinerary.answer(question, self._logic)

    def _track(self) -> tuple[ElementChange, ...]:
        """Advance the signals and feel the car; what changed."""
        motion = self._motion
        if self._steps % _LOOK_EVERY_STEPS == 1:
            self._look_around()
        loop = any(bool(self._states.get(name)) for name in self._emergency_loops)
        self._logic.advance(self._approach.near, abs(motion.speed_mps), loop)
        now: dict[str, ElementValue] = {**self._logic.aspects, **self._logic.barriers}
        if self._steps == 1:
            now.update({one.id: 0.0 if one.kind is ElementKind.CONE_TILT else False for one in self._felt})
        for name in self._beams_of_pedestrian:
            now[name] = self._logic.pedestrian_walks
        if self._nearby and (motion.speed_mps != 0.0 or self._steps == 1):
            now.update(self._feel())
        elif self._nearby:
            now.update({one.id: self._states[one.id] for one in self._nearby if one.id not in now})
        changes = tuple(ElementChange(name, value) for name, value in now.items() if self._states.get(name) != value)
        for change in changes:
            self._states[change.element_id] = change.value
        return changes

    def _look_around(self) -> None:
        motion = self._motion
        c, s = math.cos(motion.heading_rad), math.sin(motion.heading_rad)
        middle = self._front_m - self._length_m / 2
        east, north = motion.east_m + middle * c, motion.north_m + middle * s
        self._nearby = [
            one
            for one in self._felt
            if math.hypot(one.middle_east - east, one.middle_north - north) < one.radius + _FELT_WITHIN_M
        ]
        self._approach.observe(motion.east_m + self._front_m * c, motion.north_m + self._front_m * s)

    def _feel(self) -> dict[str, ElementValue]:
        outline = self.in_plan(self.car.outline)
        tyres = [(self.in_plan(ends)[0], self.in_plan(ends)[1]) for ends in self._tyre_ends]
        felt: dict[str, ElementValue] = {}
        for one in self._nearby:
            touched = one.feels(outline, tyres)
            if one.kind is ElementKind.CONE_TILT:
                if touched:
                    self._knocked |= {one.id}
                felt[one.id] = KNOCKED_TILT_DEG if one.id in self._knocked else 0.0
            elif one.id in self._beams_of_pedestrian:
                felt[one.id] = touched or self._logic.pedestrian_walks
            else:
                felt[one.id] = touched
        return felt

    def in_plan(self, points: tuple[Point, ...]) -> list[Point]:
        """Where points of the body are in the site's frame, seen from above."""
        motion = self._motion
        ahead, aside = math.cos(self._tilt[1]), math.cos(self._tilt[2])
        c, s = math.cos(motion.heading_rad), math.sin(motion.heading_rad)
        ce, se, cn, sn = c * ahead, -s * aside, s * ahead, c * aside
        east, north = motion.east_m, motion.north_m
        return [(east + x * ce + y * se, north + x * cn + y * sn) for x, y in points]

    def _sample(self) -> TruthSample:
        motion, controls = self._motion, self._controls
        return TruthSample(
            self._steps * STEP_S,
            motion.east_m,
            motion.north_m,
            self._tilt[0],
            motion.heading_rad,
            motion.speed_mps,
            motion.accel_mps2,
            motion.yaw_rate,
            motion.front_wheel_rad,
            math.degrees(motion.front_wheel_rad) * self.car.steering_ratio,
            self._tilt[1],
            self._tilt[2],
            self._body_pitch_rad,
            self._body_roll_rad,
            controls.gear,
            motion.engine_rpm,
            motion.engine_running,
            controls.clutch_pressed,
            controls.brake_mps2 > 0.0,
            controls.handbrake_on,
            controls.belt_fastened,
            controls.doors_closed,
            controls.left_indicator_on,
            controls.right_indicator_on,
            controls.dipped_beam_on,
        )

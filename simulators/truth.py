"""What truly happens in a drive, step by step: the car, its driver, the track's signals and what its sensors feel."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from functools import partial

from messages.site import ElementKind, ExerciseKind, Point, Site
from simulators.approach import Approach
from simulators.car import STEP_S, CarModel, CarMotion, Controls, advance
from simulators.driver.calibration import is_measured, measured, solve
from simulators.driver.itinerary import Itinerary
from simulators.driver.pilot import Pilot
from simulators.driver.plan import DrivePlan, Mistake
from simulators.elements import KNOCKED_TILT_DEG, FeltElement, felt_elements
from simulators.ground import Ground
from simulators.samples import DriveRecord, ElementChange, ElementValue, Step, TruthSample
from simulators.track_logic import Timing, TrackLogic

_BODY_LAG_S = 0.1
_LOOK_EVERY_STEPS = 10
_FELT_WITHIN_M = 6.0
_TOO_LONG_STEPS = 360_000


class DriveTooLong(RuntimeError):
    """A drive that has not ended after an hour: its plan waits for something that never comes."""


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
        self._touched: frozenset[str] = frozenset()
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
            self._begin_next_section()
        self._pilot.tick(self._motion, self._controls, self._tilt[1], self._sees)
        advance(self._model, self._motion, self._controls, self._tilt[1])
        self._steps += 1
        self._settle_body()
        changes = self._track()
        return Step(self._sample(), changes)

    def prepare(self) -> None:
        """Find now, on a copy, how to make each mistake of its chosen size.

        Otherwise it is found when the exercise begins, which takes some tenths of a second: too long in real time.
        """
        twin = self.fork()
        wanted = {mistake.exercise for mistake in self.plan.mistakes}
        while not twin.finished and not wanted <= {name for _, name in twin.sections}:
            twin._assume_start_signal()
            twin.step()

    def _begin_next_section(self) -> None:
        """Queue the tasks of the next exercise, the driver having done the one before."""
        section = self._itinerary.sections[self._section]
        self._calibrate(section)
        self.sections.append((self.time_s, section))
        self._pilot.add(self._itinerary.tasks(section))
        self._section += 1

    def _calibrate(self, section: str) -> None:
        """Set the knobs of this exercise's mistakes by driving it on copies."""
        knobs = self._itinerary.knobs
        for mistake in self._itinerary.mistakes_in(section):
            if mistake not in knobs and is_measured(mistake.kind):
                knobs[mistake] = mistake.size
                knobs[mistake] = solve(mistake, partial(self._try, section, mistake))

    def _try(self, section: str, mistake: Mistake, value: float) -> float:
        """The true size of a mistake when its knob stands at a value."""
        twin = self.fork()
        twin._itinerary = self._itinerary.trial({mistake: value})
        twin.sections.append((self.time_s, section))
        twin._pilot.add(twin._itinerary.tasks(section))
        twin._section = len(twin._itinerary.sections)
        twin._assume_start_signal()
        record = twin.run()
        return measured(mistake, self.site, self.car, record.samples, record.changes)

    def _assume_start_signal(self) -> None:
        if not self._logic.start_signal_given and self._start_step is None:
            self._start_step = self._steps + 500

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
        loop = any(name in self._touched for name in self._emergency_loops)
        self._logic.advance(self._approach.near, abs(motion.speed_mps), loop)
        if self._nearby and (motion.speed_mps != 0.0 or self._steps == 1):
            self._feel()
        now: dict[str, ElementValue] = {**self._logic.aspects, **self._logic.barriers}
        for one in self._felt if self._steps == 1 else self._nearby:
            now[one.id] = one.id in self._touched
            if one.kind is ElementKind.CONE_TILT:
                now[one.id] = KNOCKED_TILT_DEG if one.id in self._knocked else 0.0
        for name in self._beams_of_pedestrian:
            now[name] = self._logic.pedestrian_walks or name in self._touched
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
        if self._logic.start_signal_given:
            self._approach.observe(motion.east_m + self._front_m * c, motion.north_m + self._front_m * s)

    def _feel(self) -> None:
        outline = self.in_plan(self.car.outline)
        tyres = [(self.in_plan(ends)[0], self.in_plan(ends)[1]) for ends in self._tyre_ends]
        touched = [one for one in self._nearby if one.feels(outline, tyres)]
        self._touched = frozenset(one.id for one in touched)
        self._knocked |= {one.id for one in touched if one.kind is ElementKind.CONE_TILT}

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

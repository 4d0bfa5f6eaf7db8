"""Hands and feet: carries out tasks one after another, steering along paths and holding speeds, stops and pauses."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.car import GRAVITY_MPS2, STEP_S, CarModel, CarMotion, Controls
from simulators.driver.course import Course, course_of
from simulators.driver.handling import change_gear, push, steering
from simulators.driver.tasks import Act, Do, Leg, MoveOff, Task, Wait

Sees = Callable[[str], bool]
"""Answers the driver's questions about signals and traffic."""

_ENGAGE_STEPS: Final = 60
_HOLDING_BRAKE_MPS2: Final = 3.0
_JERK_PER_STEP: Final = 12.0 * STEP_S


@dataclass(slots=True)
class _LegRun:
    """A leg under way."""

    leg: Leg
    course: Course
    move_off: MoveOff
    index: int = 0
    station: float = 0.0
    next_hold: int = 0
    next_cue: int = 0
    moving: bool = False
    engaged_steps: int = 0
    stalled: int = 0
    rolled_m: float = 0.0
    rolled: bool = False
    emergency_steps: int = -1
    emergency_done: bool = False


@dataclass(slots=True)
class _Pause:
    """What is left of a pause, in steps."""

    steps: int


_Item = Task | _LegRun | _Pause


class Pilot:
    """Follows a queue of tasks; ``tick`` sets the controls for the next step."""

    def __init__(self, model: CarModel) -> None:
        self._model = model
        self._queue: list[_Item] = []
        self._later: list[tuple[int, Act]] = []
        self._steps = 0
        self._wanted_accel = 0.0

    def add(self, tasks: Sequence[Task]) -> None:
        """Do these after what is already queued."""
        self._queue += tasks

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do."""
        return not self._queue

    def fork(self) -> Pilot:
        """An independent copy at the same instant."""
        twin = copy.copy(self)
        twin._queue = [copy.copy(item) if isinstance(item, _LegRun | _Pause) else item for item in self._queue]
        twin._later = list(self._later)
        return twin

    def tick(self, motion: CarMotion, controls: Controls, pitch_rad: float, sees: Sees) -> None:
        """Set the controls for the next step of 10 ms."""
        self._steps += 1
        self._do_later(controls)
        while self._queue:
            item = self._queue[0]
            if isinstance(item, Leg):
                item = _LegRun(item, course_of(item, self._model), item.move_off, moving=motion.speed_mps != 0.0)
                self._queue[0] = item
            if isinstance(item, _LegRun):
                if self._drive(item, motion, controls, pitch_rad, sees):
                    return
                continue
            if self._stand(item, controls, sees):
                return

    def _do_later(self, controls: Controls) -> None:
        if self._later:
            due = [act for step, act in self._later if step <= self._steps]
            self._later = [(step, act) for step, act in self._later if step > self._steps]
            for act in due:
                act(controls)

    def _stand(self, item: Do | Wait | _Pause, controls: Controls, sees: Sees) -> bool:
        """Whether this step is spent; else the next item is looked at within the same step."""
        if isinstance(item, Do):
            if item.act is not None:
                item.act(controls)
            self._queue[0] = _Pause(round(item.pause_s / STEP_S))
            return False
        if isinstance(item, Wait):
            if not sees(item.until):
                return True
            self._queue[0] = _Pause(round(item.pause_s / STEP_S))
            return False
        item.steps -= 1
        if item.steps < 0:
            self._queue.pop(0)
            return False
        return True

    def _drive(self, run: _LegRun, motion: CarMotion, controls: Controls, pitch_rad: float, sees: Sees) -> bool:
        """Whether this step is spent; False at the end of the leg or at a stop on it."""
        self._locate(run, motion)
        if not run.moving:
            return self._move_off(run, motion, controls, pitch_rad)
        self._pass_cues(run, controls)
        if self._brakes_hard(run, motion, controls, pitch_rad, sees):
            return True
        stop, standing = self._next_stop(run, sees)
        left = stop - run.station
        speed = abs(motion.speed_mps)
        if standing and (left < 0.0015 or (speed < 0.035 and left < 0.03)):
            self._stop_here(run, motion, controls)
            return speed > 0.0
        if not standing and left <= 0.0:
            self._queue.pop(0)
            return False
        wanted, slope = run.course.at(run.index, run.station, stop if standing else math.inf)
        accel = slope + 4.0 * (wanted - speed)
        accel = max(-run.leg.braking_mps2 * 1.6, min(run.leg.acceleration_mps2, accel))
        accel = max(self._wanted_accel - _JERK_PER_STEP, min(self._wanted_accel + _JERK_PER_STEP, accel))
        self._wanted_accel = accel
        push(accel, run.leg.direction, controls, pitch_rad)
        change_gear(run.leg.direction, speed, controls)
        controls.front_wheel_rad = self._steer(run, motion)
        return True

    def _locate(self, run: _LegRun, motion: CarMotion) -> None:
        """Move the run's place along the path to the point beside the car."""
        path = run.course
        last = len(path.stations) - 2
        while True:
            heading = path.heading[run.index]
            along = (motion.east_m - path.east[run.index]) * math.cos(heading) + (
                motion.north_m - path.north[run.index]
            ) * math.sin(heading)
            run.station = path.stations[run.index] + along
            if run.index < last and run.station > path.stations[run.index + 1]:
                run.index += 1
            elif run.index > 0 and along < -0.02:
                run.index -= 1
                return
            else:
                return

    def _pass_cues(self, run: _LegRun, controls: Controls) -> None:
        cues = run.leg.cues
        while run.next_cue < len(cues) and run.station >= cues[run.next_cue].station_m:
            cue = cues[run.next_cue]
            run.next_cue += 1
            cue.act(controls)
            if cue.undo is not None:
                self._later.append((self._steps + round(cue.undo_after_s / STEP_S), cue.undo))

    def _brakes_hard(self, run: _LegRun, motion: CarMotion, controls: Controls, pitch_rad: float, sees: Sees) -> bool:
        emergency = run.leg.emergency
        if emergency is None or run.emergency_done:
            return False
        if run.emergency_steps < 0:
            if not sees(emergency.when):
                return False
            run.emergency_steps = round(emergency.reaction_s / STEP_S)
        run.emergency_steps -= 1
        if run.emergency_steps >= 0:
            return False
        run.emergency_steps = 0
        push(-emergency.braking_mps2, run.leg.direction, controls, pitch_rad)
        controls.clutch_pressed = True
        controls.front_wheel_rad = self._steer(run, motion)
        if motion.speed_mps == 0.0:
            run.emergency_done = True
            self._wait_here(run, controls, emergency.tasks)
        return True

    def _next_stop(self, run: _LegRun, sees: Sees) -> tuple[float, bool]:
        """Station of the next stop or end, and whether the car must stand there."""
        holds = run.leg.holds
        while run.next_hold < len(holds):
            hold = holds[run.next_hold]
            if hold.may_pass is None or not sees(hold.may_pass):
                return hold.station_m, True
            run.next_hold += 1
        return run.leg.path.length_m, run.leg.exit_mps == 0.0

    def _stop_here(self, run: _LegRun, motion: CarMotion, controls: Controls) -> None:
        controls.drive_mps2, controls.brake_mps2 = 0.0, _HOLDING_BRAKE_MPS2
        controls.clutch_pressed = True
        self._wanted_accel = 0.0
        if motion.speed_mps != 0.0:
            return
        if run.next_hold < len(run.leg.holds):
            tasks = run.leg.holds[run.next_hold].tasks
            run.next_hold += 1
            self._wait_here(run, controls, tasks)
            return
        self._queue.pop(0)

    def _wait_here(self, run: _LegRun, controls: Controls, tasks: tuple[Task, ...]) -> None:
        controls.drive_mps2, controls.brake_mps2 = 0.0, _HOLDING_BRAKE_MPS2
        controls.clutch_pressed = True
        self._wanted_accel = 0.0
        run.moving, run.engaged_steps, run.stalled = False, 0, 0
        run.move_off = run.leg.after_hold
        self._queue[:0] = tasks

    def _move_off(self, run: _LegRun, motion: CarMotion, controls: Controls, pitch_rad: float) -> bool:
        """Clutch, gear, wheels turned; then the slope is held by the engine before the brakes are let go."""
        run.engaged_steps += 1
        controls.front_wheel_rad = self._steer(run, motion)
        if run.stalled < run.move_off.stalls:
            self._stall(run, motion, controls)
            return True
        controls.clutch_pressed = True
        controls.gear = run.leg.direction
        turned = abs(motion.front_wheel_rad - controls.front_wheel_rad) < 1e-3
        if run.engaged_steps < _ENGAGE_STEPS or not turned:
            return True
        if run.move_off.rollback_m > 0.0 and not run.rolled:
            self._roll_back(run, motion, controls, pitch_rad)
            return True
        controls.handbrake_on = False
        run.moving = True
        self._wanted_accel = 0.0
        push(0.0, run.leg.direction, controls, pitch_rad)
        return True

    def _roll_back(self, run: _LegRun, motion: CarMotion, controls: Controls, pitch_rad: float) -> None:
        """Let go of all brakes, and from half way on brake so as to stand after the distance."""
        controls.handbrake_on = False
        controls.drive_mps2 = controls.brake_mps2 = 0.0
        rolling = -motion.speed_mps * run.leg.direction
        run.rolled_m += rolling * STEP_S
        left = run.move_off.rollback_m - run.rolled_m
        if left < run.move_off.rollback_m / 2:
            slope = GRAVITY_MPS2 * math.sin(pitch_rad) * run.leg.direction
            controls.brake_mps2 = max(0.0, slope + rolling * rolling / (2 * max(left, 0.001)))
            run.rolled = rolling <= 0.0

    def _stall(self, run: _LegRun, motion: CarMotion, controls: Controls) -> None:
        """Let the clutch go without throttle, then start the engine again."""
        if run.engaged_steps < _ENGAGE_STEPS:
            controls.clutch_pressed, controls.gear = True, run.leg.direction
            return
        if run.engaged_steps < _ENGAGE_STEPS + 100:
            controls.clutch_pressed, controls.drive_mps2 = False, 0.0
            return
        controls.clutch_pressed, controls.starter_on = True, True
        if motion.engine_running and run.engaged_steps > _ENGAGE_STEPS + 200:
            controls.starter_on = False
            run.stalled += 1
            run.engaged_steps = 0

    def _steer(self, run: _LegRun, motion: CarMotion) -> float:
        return steering(run.course, run.index, run.station, run.leg.direction, motion, self._model.wheelbase_m)

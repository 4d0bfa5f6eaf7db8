"""Where on the route the car is: exercises as they begin and end, turns, the speed section and the finish line."""

from __future__ import annotations

from math import sqrt

from center.driving_track.scoring.drive import StopLine
from center.driving_track.scoring.estimation.surface import holds
from center.driving_track.scoring.geometry.areas import has_left
from center.driving_track.scoring.logbook import Begun, Logbook, Turned
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.signals import NS_PER_S, Stretch
from center.driving_track.scoring.zones import Grid, depth_m
from messages.site import Exercise, ExerciseKind, Turn

_COS_30_SQUARE = 0.75
_EDGE_SIGMA_S = 0.02
_MANOEUVRES = (ExerciseKind.LIMITED_TURN, ExerciseKind.PARALLEL_PARKING, ExerciseKind.BOX)
"""Within these no turn of the route is looked at: they touch other zones."""


class RouteWatch:
    """A fold over the poses of a running exam; it writes into the logbook."""

    def __init__(self, log: Logbook) -> None:
        self._log = log
        exercises = log.site.route.exercises
        self._places = {exercise.id: index for index, exercise in enumerate(exercises)}
        self._last_place = len(exercises) - 1
        self._zones: Grid[Exercise] = Grid([(exercise, exercise.zone) for exercise in exercises], 0.0)
        self._turn_zones: Grid[Turn] = Grid([(turn, turn.zone) for turn in log.site.route.turns], 0.0)
        self._front_m = max(x for x, _ in log.car.outline)
        self._before: PathPoint | None = None
        self._was_inside = False
        self._turning: tuple[Turn, PathPoint, Stretch] | None = None
        self._reach_before: dict[str, float] = {}

    def begin(self, exercise_id: str, time_ns: int, last_exercise_id: str | None = None) -> None:
        """The start signal: the first exercise begins; the exam is over after the last one (None: the route's)."""
        if last_exercise_id is not None:
            self._last_place = self._places[last_exercise_id]
        self._log.begun.append(Begun(self._log.site.exercise(exercise_id), Stretch(time_ns, time_ns), is_next=True))

    @property
    def current(self) -> Begun | None:
        """The exercise that runs, None between two."""
        last = self._log.begun[-1]
        return last if last.ended is None else None

    def feed(self, point: PathPoint) -> None:
        """Take in one pose."""
        front_east = point.east_m + self._front_m * point.forward_east
        front_north = point.north_m + self._front_m * point.forward_north
        for exercise in self._zones.near(front_east, front_north):
            if exercise is not self._log.begun[-1].exercise:
                self._perhaps_begin(exercise, point, front_east, front_north)
        current = self.current
        if current is not None:
            self._perhaps_end(current, point)
            self._watch_lines(current.exercise, point)
        if current is not None and current.exercise.kind in _MANOEUVRES:
            self._turning = None
        elif self._turning is not None or self._turn_zones.near(front_east, front_north):
            self._watch_turns(point, front_east, front_north)
        self._before = point

    def _perhaps_begin(self, exercise: Exercise, point: PathPoint, east_m: float, north_m: float) -> None:
        begun = self._log.begun
        if not self._places[begun[0].exercise.id] <= self._places[exercise.id] <= self._last_place:
            return  # the exam began behind it, or is over before it
        if any(one.exercise is exercise for one in begun) or not holds(exercise.zone, east_m, north_m):
            return
        is_next = self._places[exercise.id] == self._places[begun[-1].exercise.id] + 1
        if not is_next and not self._is_surely_inside(exercise, point, east_m, north_m):
            return
        instant = self._instant(point)
        if begun[-1].ended is None:
            begun[-1].ended = instant
        begun.append(Begun(exercise, instant, is_next))
        self._was_inside = True

    def _is_surely_inside(self, exercise: Exercise, point: PathPoint, east_m: float, north_m: float) -> bool:
        """A wrong order is seen only by sensors of exam grade, clear of the zone's edge."""
        sigma = sqrt(
            point.var_east_m2 + point.var_north_m2 + 2.0 * self._front_m * self._front_m * point.var_heading_rad2
        )
        return point.exam_grade and depth_m(exercise.zone, east_m, north_m) > self._log.edition.decision.k_f * sigma

    def _perhaps_end(self, current: Begun, point: PathPoint) -> None:
        if holds(current.exercise.zone, point.east_m, point.north_m):
            self._was_inside = True
        elif self._was_inside and has_left(point, self._log.car, current.exercise.zone):
            current.ended = self._instant(point)
            self._was_inside = False

    def _instant(self, point: PathPoint) -> Stretch:
        """Between the pose before and this one."""
        step_ns = 0 if self._before is None else point.time_ns - self._before.time_ns
        speed = max(abs(point.speed_mps), 0.1)
        sigma_s = sqrt(point.var_east_m2 + point.var_north_m2) / speed + step_ns / NS_PER_S * 0.29 + _EDGE_SIGMA_S
        instant_ns = point.time_ns - step_ns // 2
        return Stretch(instant_ns, instant_ns, sigma_s, sigma_s)

    def _watch_lines(self, exercise: Exercise, point: PathPoint) -> None:
        if exercise.kind is ExerciseKind.FINISH and self._log.finish_crossed is None:
            self._log.finish_crossed = self._crossed(exercise.stop_line, point)
        elif exercise.kind is ExerciseKind.SPEED_SECTION:
            section = self._log.section
            if section is None:
                entered = self._crossed(exercise.stop_line, point)
                if entered is not None:
                    open_until = entered.since_ns + 3600 * NS_PER_S
                    self._log.section = Stretch(entered.since_ns, open_until, entered.since_sigma_s)
            else:
                left = self._crossed(exercise.exit_line, point)
                if left is not None:
                    self._log.section = Stretch(
                        section.since_ns, left.since_ns, section.since_sigma_s, left.since_sigma_s
                    )

    def _crossed(self, line_id: str | None, point: PathPoint) -> Stretch | None:
        if line_id is None:
            return None
        line: StopLine = self._log.stop_lines[line_id]
        beyond = line.metres(point, self._front_m)
        before = self._reach_before.get(line_id)
        self._reach_before[line_id] = beyond
        if before is None or not before <= 0.0 < beyond or self._before is None:
            return None
        reach = line.reach(point, self._front_m, 0.0, 0.0)
        step_ns = point.time_ns - self._before.time_ns
        instant_ns = self._before.time_ns + int(step_ns * -before / (reach.metres - before))
        speed = max(abs(point.speed_mps), 0.1)
        sigma_s = reach.sigma_m / speed + _EDGE_SIGMA_S
        return Stretch(instant_ns, instant_ns, sigma_s, sigma_s)

    def _watch_turns(self, point: PathPoint, east_m: float, north_m: float) -> None:
        if self._turning is None:
            for turn in self._turn_zones.near(east_m, north_m):
                if holds(turn.zone, east_m, north_m) and not self._was_in(turn):
                    self._turning = turn, point, self._instant(point)
                    return
            return
        turn, entered, since = self._turning
        has_turned = _has_turned(entered, point)
        is_inside = holds(turn.zone, east_m, north_m)
        if not has_turned and is_inside:
            return
        if not self._was_turned(turn, since):
            until = self._instant(point)
            stretch = Stretch(since.since_ns, until.since_ns, since.since_sigma_s, until.since_sigma_s)
            grade = entered.exam_grade and point.exam_grade
            self._log.turns.append(Turned(turn, stretch, (entered.east_m, entered.north_m), grade))
        if not is_inside:
            self._turning = None

    def _was_in(self, turn: Turn) -> bool:
        """Whether the front was in the zone at the pose before, so that this is no entering."""
        if self._before is None:
            return True  # an entry before the start signal is none
        east = self._before.east_m + self._front_m * self._before.forward_east
        north = self._before.north_m + self._front_m * self._before.forward_north
        return holds(turn.zone, east, north)

    def _was_turned(self, turn: Turn, since: Stretch) -> bool:
        """Whether this passage of the zone has been written down already."""
        return any(one.turn is turn and one.stretch.since_ns == since.since_ns for one in self._log.turns)


def _has_turned(entered: PathPoint, point: PathPoint) -> bool:
    """Whether the heading has turned by 30° since."""
    cosine = entered.forward_east * point.forward_east + entered.forward_north * point.forward_north
    lengths = (entered.forward_east**2 + entered.forward_north**2) * (point.forward_east**2 + point.forward_north**2)
    return cosine <= 0.0 or cosine * cosine <= _COS_30_SQUARE * lengths

"""One exam's truth as arrays over its samples, and what follows: stops, moving, exercises, places of the front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from messages.site import Car, Exercise, ExerciseKind, Line, Point, Side, Site

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

STOPPED_BELOW_MPS = 0.05
MOVING_ABOVE_MPS = 0.10
STOP_COUNTS_FROM_S = 0.5
AT_THE_LINE_BEYOND_M = 1.0
ROUGH_BEYOND_M = 8.0
MIDDLE_M = 1.3
"""A point of the body's x axis that every outline point is within 3 m of."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples ``first`` to ``last``, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One exercise as driven."""

    exercise: Exercise
    first: int
    last: int
    """Last sample before it ended."""
    completed: bool
    """Whether it has ended: the outline left the zone, a later exercise began, or the stop order came."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What was true at each sample; ``seconds`` counts from the start signal, which is sample 0.

    ``forward_*`` and ``left_*`` are the body's axes projected onto the horizontal. ``signals`` holds CarState's
    switches, ``shown`` what each element showed at each sample (an array of bools, of tilts in degrees, or of strings).
    """

    seconds: Floats
    east: Floats
    north: Floats
    forward_east: Floats
    forward_north: Floats
    left_east: Floats
    left_north: Floats
    speed: Floats
    gear: npt.NDArray[np.int64]
    rpm: Floats
    signals: dict[str, Flags]
    shown: dict[str, npt.NDArray[np.generic]]


class Ride:
    """A truth on its true site with its true car."""

    def __init__(
        self,
        truth: Truth,
        site: Site,
        car: Car,
        first_exercise: str | None = None,
        *,
        last_exercise: str | None = None,
        ended_by_order: bool = True,
    ) -> None:
        self.truth = truth
        self.site = site
        self.car = car
        self.first_exercise = first_exercise
        self.last_exercise = last_exercise
        self.ended_by_order = ended_by_order
        """Whether the centre's stop order ended the exam (and the exercise under way), and no safety stop."""
        self.t = truth.seconds

    # --- shapes ---------------------------------------------------------------------------------------------------

    def points(self, body: Floats, among: npt.NDArray[np.int64] | slice = slice(None)) -> Floats:
        """Places (samples, points, 2) of body points (points, 2)."""
        truth = self.truth
        x, y = body[:, 0][None, :], body[:, 1][None, :]
        east = truth.east[among][:, None] + x * truth.forward_east[among][:, None] + y * truth.left_east[among][:, None]
        north = (
            truth.north[among][:, None] + x * truth.forward_north[among][:, None] + y * truth.left_north[among][:, None]
        )
        return np.stack((east, north), axis=-1)

    @cached_property
    def outline(self) -> Floats:
        """The car's outline in the body frame."""
        return np.array(self.car.outline, dtype=np.float64)

    @cached_property
    def front(self) -> Floats:
        """The front's middle (samples, 2)."""
        foremost = float(self.outline[:, 0].max())
        places: Floats = self.points(np.array([[foremost, 0.0]]))[:, 0, :]
        return places

    def front_inside(self, zone: Sequence[Point]) -> Flags:
        """Whether the front's middle is in a zone, at each sample."""
        inside: Flags = shapely.contains_xy(shapely.Polygon(zone), self.front[:, 0], self.front[:, 1])
        return inside

    def distance_of(self, shapes: Sequence[Floats], place: Sequence[Point]) -> Floats:
        """Least distance of any of the shapes to a point or polyline, at each sample; over 8 m only roughly."""
        target = shapely.Point(place[0]) if len(place) == 1 else shapely.LineString(place)
        distance = self.middle_from_box(shapely.bounds(target))
        close = np.flatnonzero(distance < ROUGH_BEYOND_M)
        if len(close):
            polygons = [shapely.polygons(self.points(shape, close)) for shape in shapes]
            distance[close] = np.min([shapely.distance(target, polygon) for polygon in polygons], axis=0)
        return distance

    def middle_from_box(self, bounds: Floats) -> Floats:
        """Distance of a point near the car's middle to a box, at each sample."""
        west, south, east, north = bounds
        x, y = self._middle[:, 0], self._middle[:, 1]
        aside = np.maximum(0.0, np.maximum(west - x, x - east))
        along = np.maximum(0.0, np.maximum(south - y, y - north))
        distance: Floats = np.hypot(aside, along)
        return distance

    @cached_property
    def _middle(self) -> Floats:
        places: Floats = self.points(np.array([[MIDDLE_M, 0.0]]))[:, 0, :]
        return places

    def beyond(self, line_id: str) -> Floats:
        """How far the front is beyond a stop line's or gate's reference edge, at each sample."""
        edge, normal = _edge_of_gate(self.site.line(line_id))
        distance: Floats = (self.front - edge) @ normal
        return distance

    def outline_behind(self, line_id: str) -> Floats:
        """How far the outline's hindmost point is beyond a gate, at each sample."""
        edge, normal = _edge_of_gate(self.site.line(line_id))
        distance: Floats = ((self.points(self.outline) - edge) @ normal).min(axis=1)
        return distance

    # --- time -----------------------------------------------------------------------------------------------------

    @cached_property
    def moving(self) -> Flags:
        """Moving from 0.10 m/s on until below 0.05 m/s."""
        speed = np.abs(self.truth.speed)
        known = np.where(speed > MOVING_ABOVE_MPS, 1, np.where(speed < STOPPED_BELOW_MPS, 0, -1))
        last_known = np.maximum.accumulate(np.where(known >= 0, np.arange(len(known)), 0))
        flags: Flags = known[last_known] == 1
        return flags

    @cached_property
    def stops(self) -> list[Stretch]:
        """Every standstill of 0.5 s and more, but the one before the car first moves."""
        return [one for one in runs(~self.moving) if one.first > 0 and self.duration(one) >= STOP_COUNTS_FROM_S]

    def duration(self, stretch: Stretch) -> float:
        """Seconds from the stretch's beginning to the sample after it."""
        end = min(stretch.last + 1, len(self.t) - 1)
        return float(self.t[end] - self.t[stretch.first])

    @cached_property
    def attempts(self) -> list[Attempt]:
        """The exercises in the order in which they began."""
        exercises = self.site.route.exercises
        order = {exercise.id: number for number, exercise in enumerate(exercises)}
        current = order[self.first_exercise] if self.first_exercise is not None else 0
        starts: list[tuple[int, Exercise]] = [(0, exercises[current])]
        later = range(current + 1, len(exercises))
        entries = sorted((entry, number) for number in later for entry in self._entries(exercises[number]))
        for entry, number in entries:
            if number > current:
                starts.append((entry, exercises[number]))
                current = number
        last = order[self.last_exercise] if self.last_exercise is not None else len(exercises)
        asked = sum(order[exercise.id] <= last for _, exercise in starts)
        return [self._attempt(starts, position) for position in range(asked)]

    @cached_property
    def with_what_follows(self) -> list[Attempt]:
        """The exercises, each with what happens until the next one begins."""
        ends = [attempt.first - 1 for attempt in self.attempts[1:]] + [len(self.t) - 1]
        return [replace(attempt, last=end) for attempt, end in zip(self.attempts, ends, strict=True)]

    def exercise_at(self, sample: int) -> Exercise:
        """The exercise begun last at that sample."""
        begun = [attempt for attempt in self.attempts if attempt.first <= sample]
        return begun[-1].exercise

    def _entries(self, exercise: Exercise) -> list[int]:
        inside = self.front_inside(exercise.zone)
        return [int(sample) for sample in np.flatnonzero(inside[1:] & ~inside[:-1]) + 1]

    def _attempt(self, starts: list[tuple[int, Exercise]], position: int) -> Attempt:
        first, exercise = starts[position]
        last = starts[position + 1][0] - 1 if position + 1 < len(starts) else len(self.t) - 1
        among = np.arange(first, last + 1)
        zone = shapely.Polygon(exercise.zone)
        shapely.prepare(zone)
        touches = shapely.intersects(zone, shapely.polygons(self.points(self.outline, among)))
        # At a start ahead of the zone the car has not been in it yet; it leaves only after it was.
        been = np.maximum.accumulate(touches)
        left = np.flatnonzero(been & ~touches)
        if len(left):
            return Attempt(exercise, first, first + int(left[0]) - 1, True)
        return Attempt(exercise, first, last, self.ended_by_order or position + 1 < len(starts))

    def joined(self, flags: Flags, apart_s: float, first: int, last: int) -> Iterator[Stretch]:
        """The stretches of [first, last] with the flag; those less than ``apart_s`` apart are one."""
        places = first + np.flatnonzero(flags[first : last + 1])
        for group in np.split(places, np.flatnonzero(np.diff(self.t[places]) >= apart_s) + 1):
            if len(group):
                yield Stretch(int(group[0]), int(group[-1]))

    # --- the stop line --------------------------------------------------------------------------------------------

    def stops_at_line(self, attempt: Attempt) -> list[Stretch]:
        """Stops within the exercise with the front at most 1.0 m beyond the line, before it went further."""
        if attempt.exercise.stop_line is None:
            return []
        beyond = self.beyond(attempt.exercise.stop_line)
        further = np.flatnonzero(beyond[attempt.first : attempt.last + 1] > AT_THE_LINE_BEYOND_M)
        until = attempt.first + int(further[0]) if len(further) else attempt.last + 1
        return [one for one in self.stops if attempt.first <= one.first < until]

    def crossing(self, line_id: str, first: int, last: int) -> int | None:
        """First sample in [first, last] with the front beyond the edge, having been before it; None if never."""
        beyond = self.beyond(line_id)[first : last + 1]
        crossed = np.flatnonzero((beyond[1:] > 0.0) & (beyond[:-1] <= 0.0))
        return first + 1 + int(crossed[0]) if len(crossed) else None

    def finish_crossing(self) -> int | None:
        """First sample with the front beyond the finish line."""
        for attempt in self.attempts:
            if attempt.exercise.kind is ExerciseKind.FINISH and attempt.exercise.stop_line is not None:
                return self.crossing(attempt.exercise.stop_line, attempt.first, len(self.t) - 1)
        return None

    def final_stop(self, attempt: Attempt) -> Stretch | None:
        """The last stop after the finish line."""
        crossed = self.finish_crossing()
        if crossed is None or attempt.exercise.kind is not ExerciseKind.FINISH:
            return None
        after = [stop for stop in self.stops if stop.first >= crossed]
        return after[-1] if after else None

    def lamp_stop(self, attempt: Attempt) -> Stretch | None:
        """The first stop of the exercise that begins after its lamp turned red."""
        red = self.lamp_red(attempt)
        if red is None:
            return None
        return next((stop for stop in self.stops if red <= stop.first <= attempt.last), None)

    def lamp_red(self, attempt: Attempt) -> int | None:
        """First sample of the exercise at which its lamp shows red; None if it never did or there is none."""
        if attempt.exercise.signal is None:
            return None
        red = np.flatnonzero(self.truth.shown[attempt.exercise.signal][attempt.first : attempt.last + 1] == "red")
        return attempt.first + int(red[0]) if len(red) else None

    def bay_stop(self, attempt: Attempt) -> Stretch | None:
        """The longest stop after reversing that touches the bay; None without one."""
        if attempt.exercise.bay is None:
            return None
        bay = shapely.Polygon(attempt.exercise.bay)
        reversed_at = np.flatnonzero((self.truth.gear < 0) & self.moving)
        reversed_at = reversed_at[(reversed_at >= attempt.first) & (reversed_at <= attempt.last)]
        if not len(reversed_at):
            return None
        within = [
            stop
            for stop in self.stops
            if reversed_at[0] < stop.first <= attempt.last
            and bay.intersects(shapely.Polygon(self.points(self.outline, np.array([stop.last]))[0]))
        ]
        return max(within, key=self.duration, default=None)


def runs(flags: Flags, first: int = 0, last: int | None = None) -> Iterator[Stretch]:
    """The maximal stretches of [first, last] in which the flag is set."""
    end = len(flags) if last is None else last + 1
    edges = np.diff(np.concatenate(([False], flags[first:end], [False])).astype(np.int8))
    for begin, after in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        yield Stretch(first + int(begin), first + int(after) - 1)


def _edge_of_gate(line: Line) -> tuple[Floats, Floats]:
    """A place on the reference edge and the unit normal that points to the line's far (forbidden) side."""
    first, last = np.array(line.points[0]), np.array(line.points[-1])
    along = (last - first) / np.linalg.norm(last - first)
    left = np.array([-along[1], along[0]])
    edge = first + left * line.width_m / 2 * (1 if line.reference_edge is Side.LEFT else -1)
    return edge, left if line.forbidden_side is Side.LEFT else -left

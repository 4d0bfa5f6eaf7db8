"""Which exercises a plan drives, from where to where, and the tasks of each."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace

from messages.readings import Aspect, BarrierPosition
from messages.site import Car, Exercise, ExerciseKind, Site
from simulators.car import CarModel, CarMotion, Controls
from simulators.driver.exercise import CRUISE_MPS, ExerciseContext
from simulators.driver.manoeuvres.anywhere import with_mistakes
from simulators.driver.manoeuvres.index import PLANNERS
from simulators.driver.path import Pose
from simulators.driver.plan import BadPlan, DrivePlan, Mistake
from simulators.driver.runs import Place, Runs, contains
from simulators.driver.tasks import Leg, Task, Wait
from simulators.ground import Ground
from simulators.track_logic import TrackLogic

_LEAD_M = {
    ExerciseKind.PARALLEL_PARKING: 1.0,
    ExerciseKind.BOX: 3.5,
    ExerciseKind.LEVEL_CROSSING: 0.9,
    ExerciseKind.PEDESTRIAN_CROSSING: 1.5,
    ExerciseKind.EMERGENCY_BRAKING: 1.5,
    ExerciseKind.FINISH: 3.0,
}
"""From the front bumper to the zone where the exercise is taken up, if not 4 m."""
_ENTRY_MPS = {
    ExerciseKind.HILL: 3.0,
    ExerciseKind.CROSSROADS: 3.5,
    ExerciseKind.SNAKE: 2.6,
    ExerciseKind.LIMITED_TURN: 2.2,
    ExerciseKind.PARALLEL_PARKING: 1.6,
    ExerciseKind.BOX: 2.0,
    ExerciseKind.LEVEL_CROSSING: 1.6,
    ExerciseKind.PEDESTRIAN_CROSSING: 2.8,
    ExerciseKind.FINISH: 3.5,
}
_BEFORE_CORNER_M = 4.5


class Itinerary:
    """The sections of a drive; a section reaches from one exercise's approach to the next one's."""

    def __init__(self, site: Site, car: Car, plan: DrivePlan) -> None:
        self._site, self._car, self._plan = site, car, plan
        self._model, self._ground = CarModel.of(car), Ground(site.surface)
        self._runs = Runs(site.route.guide)
        self._front_m = max(point[0] for point in car.outline)
        ids = [exercise.id for exercise in site.route.exercises]
        for name in (plan.first_exercise, plan.last_exercise, *(mistake.exercise for mistake in plan.mistakes)):
            if name is not None and name not in ids:
                raise BadPlan(f"exercise {name!r} is not on the route; there are {', '.join(ids)}")
        first = ids.index(plan.first_exercise) if plan.first_exercise else 0
        last = ids.index(plan.last_exercise) if plan.last_exercise else len(ids) - 1
        if last < first:
            raise BadPlan(f"the last exercise {plan.last_exercise!r} comes before the first, {plan.first_exercise!r}")
        self._ids = ids
        self._places = self._all_places()
        self.sections = tuple(ids[first : last + 1])
        self.knobs: dict[Mistake, float] = {}
        """What calibration has found, by mistake; see ``calibration``."""

    @property
    def start(self) -> Pose:
        """Where the car is parked."""
        return self._runs.pose(self._places[self._ids.index(self.sections[0])])

    def mistakes_in(self, exercise_id: str) -> list[Mistake]:
        """The plan's mistakes in one exercise."""
        return [mistake for mistake in self._plan.mistakes if mistake.exercise == exercise_id]

    def trial(self, knobs: Mapping[Mistake, float]) -> Itinerary:
        """The same itinerary with other knobs."""
        twin = copy.copy(self)
        twin.knobs = {**self.knobs, **knobs}
        return twin

    def set_the_scene(self, controls: Controls, motion: CarMotion) -> None:
        """The start exercise begins with the engine off and nothing fastened; elsewhere all is ready."""
        at_start = self._site.exercise(self.sections[0]).kind is ExerciseKind.START
        controls.ignition_on = not at_start
        controls.belt_fastened = not at_start
        controls.dipped_beam_on = not at_start
        motion.engine_running = not at_start
        motion.engine_rpm = 0.0 if at_start else self._model.idle_rpm

    def tasks(self, exercise_id: str) -> list[Task]:
        """What to do for an exercise, with the knobs as they stand."""
        context = self._context(exercise_id, self.knobs)
        tasks = with_mistakes(context, PLANNERS[context.exercise.kind](context))
        gentleness = self._plan.style.gentleness
        tasks = [_gently(task, gentleness) if isinstance(task, Leg) else task for task in tasks]
        if exercise_id == self.sections[0] and context.exercise.kind is not ExerciseKind.START:
            return [Wait("start_signal", 1.0), *tasks]
        return tasks

    def answer(self, question: str, logic: TrackLogic) -> bool:
        """What the driver sees of the signals."""
        signals = {one.kind: one.signal for one in self._site.route.exercises if one.signal is not None}
        if question == "start_signal":
            return logic.start_signal_given
        if question == "light_green":
            return logic.aspects[signals[ExerciseKind.CROSSROADS]] is Aspect.GREEN
        if question == "rail_clear":
            up = all(position is BarrierPosition.UP for position in logic.barriers.values())
            return up and logic.aspects[signals[ExerciseKind.LEVEL_CROSSING]] is Aspect.OFF
        if question == "zebra_free":
            return not logic.pedestrian_walks
        lamp = logic.aspects[signals[ExerciseKind.EMERGENCY_BRAKING]]
        return (lamp is Aspect.RED) == (question == "lamp_red")

    def _context(self, exercise_id: str, knobs: Mapping[Mistake, float]) -> ExerciseContext:
        number = self._ids.index(exercise_id)
        exercise = self._site.exercise(exercise_id)
        is_last = exercise_id == self.sections[-1]
        following = self._site.route.exercises[number + 1].kind if number + 1 < len(self._ids) else None
        pace = self._plan.style.pace
        return ExerciseContext(
            site=self._site,
            car=self._car,
            model=self._model,
            ground=self._ground,
            runs=self._runs,
            exercise=exercise,
            style=self._plan.style,
            since=self._places[number],
            until=self._clear_of(exercise, self._places[number + 1]) if is_last else self._places[number + 1],
            exit_mps=0.0 if is_last or following is None else min(_ENTRY_MPS.get(following, CRUISE_MPS) * pace, 5.0),
            knobs={one: knobs.get(one, one.size) for one in self._plan.mistakes if one.exercise == exercise_id},
        )

    def _clear_of(self, exercise: Exercise, place: Place) -> Place:
        """That place, or where on its run the whole car has left the zone: a drive to there ends the exercise."""
        run, distance = self._runs.runs[place.run], place.distance_m
        if exercise.kind is ExerciseKind.FINISH:
            return place
        tail_m = min(point[0] for point in self._car.outline)
        while distance < run.length_m:
            tail = run.start.ahead(distance + tail_m)
            if not contains(exercise.zone, tail.east_m, tail.north_m):
                break
            distance += 0.25
        return Place(place.run, distance if distance == place.distance_m else distance + 0.5)

    def _all_places(self) -> list[Place]:
        """Where each exercise is taken up, and the end of the guide."""
        places: list[Place] = []
        number = 0
        for exercise in self._site.route.exercises:
            if exercise.kind is ExerciseKind.START:
                places.append(Place(0, 0.0))
                continue
            while (entered := self._runs.runs[number].enters(exercise.zone)) is None:
                number += 1
                if number == len(self._runs.runs):
                    raise BadPlan(f"the guide does not pass through exercise {exercise.id!r}")
            distance = entered - self._front_m - _LEAD_M.get(exercise.kind, 4.0)
            places.append(self._before_the_corner(number, distance, exercise.kind))
        return [*places, Place(len(self._runs.runs) - 1, self._runs.runs[-1].length_m)]

    def _before_the_corner(self, number: int, distance: float, kind: ExerciseKind) -> Place:
        before = number and distance < self._runs.first_distance(number)
        if before and kind is not ExerciseKind.PARALLEL_PARKING:
            return Place(number - 1, self._runs.runs[number - 1].length_m - _BEFORE_CORNER_M)
        return Place(number, distance)


def _gently(leg: Leg, gentleness: float) -> Leg:
    """The leg with speed changing more softly, or less; never so softly that a stop would come too late."""
    softness = min(1.25, max(0.8, gentleness))
    return replace(leg, acceleration_mps2=leg.acceleration_mps2 / softness, braking_mps2=leg.braking_mps2 / softness)

"""One exam as a fold over its readings in source order: from the start signal to the stop, or to the final stop."""

from __future__ import annotations

from math import sqrt

from center.driving_track.scoring.assessment import Assessment
from center.driving_track.scoring.drive import StopLine
from center.driving_track.scoring.elements import ElementReading, Elements
from center.driving_track.scoring.estimation.estimator import PathEstimator
from center.driving_track.scoring.estimation.noise import HEALTHY, NoiseModel
from center.driving_track.scoring.estimation.surface import SurfaceModel
from center.driving_track.scoring.geometry.outline import outline_at
from center.driving_track.scoring.health import Health
from center.driving_track.scoring.live_state import LiveState
from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.motion import Motion
from center.driving_track.scoring.nearness import Nearness
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.outcome import ExamOutcome
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.points import VoidEvent
from center.driving_track.scoring.proof import Proof
from center.driving_track.scoring.route_watch import RouteWatch
from center.driving_track.scoring.rules import Edition
from center.driving_track.scoring.score_sheet import ExerciseSpan
from center.driving_track.scoring.signals import NS_PER_S, CarSignals, Stretch
from center.driving_track.scoring.watched_line import LineGrid
from center.driving_track.scoring.witnesses import Witnesses
from messages.geodesy import LocalFrame
from messages.readings import (
    Beam,
    CarState,
    ConeTilt,
    ExamAction,
    ExamControl,
    FixQuality,
    Gap,
    Heartbeat,
    InductionLoop,
    KerbStrip,
    LevelCrossingBarrier,
    Reading,
    SatellitePose,
    TrafficLight,
)
from messages.site import Car, ExerciseKind, LineKind, Site
from messages.topics import CENTRE_DEVICE

_ELEMENT_READINGS = (Beam, InductionLoop, KerbStrip, ConeTilt, TrafficLight, LevelCrossingBarrier)
_FINAL_STOP_NS = 5 * NS_PER_S
"""The exam ends so long after the final stop behind the finish line has begun (docs/observations.md)."""
_FINISHED_AFTER_S = 3.0
"""A stop of so long behind the finish line makes the route driven to its end."""
_TELL_NS = NS_PER_S // 2
"""What is over is told so often."""
_TRIM_NS = 60 * NS_PER_S
_WARM_UP_NS = 10 * NS_PER_S
SAFETY_STOP = "safety_stop"


class ExamScorer:
    """Folds the readings of one car and its track into observations; pure, and the same for the same readings.

    ``exam_id`` None: the first exam of this car that is started. Readings of other cars' devices are passed over.
    Nothing raises for what a sensor says: what is missing or cannot be used becomes a note, a void event or an
    observation that supports neither fault nor ok.
    """

    def __init__(
        self,
        site: Site,
        car: Car,
        edition: Edition,
        frame: LocalFrame,
        exam_id: str | None = None,
        noise: NoiseModel = HEALTHY,
    ) -> None:
        self._frame = frame
        self._exam_id = exam_id
        self._estimator = PathEstimator(car, SurfaceModel(site.surface), noise)
        elements, health = Elements(site), Health(site, car, edition)
        limits = (float(rule.parameters["rpm"]) for rule in edition.rules if rule.observation == "over_revving")
        self._log = Logbook(
            site=site,
            car=car,
            edition=edition,
            signals=CarSignals(limits),
            motion=Motion(),
            elements=elements,
            nearness=Nearness(site, car),
            health=health,
            proof=Proof(),
            stop_lines={line.id: StopLine(line) for line in site.lines if line.kind in (LineKind.STOP, LineKind.GATE)},
            line_grid=LineGrid(site.lines, car),
            witnesses=Witnesses(site, car, elements.named, edition.decision.k_f, health.has_failed),
            displacement=self._estimator.displacement,
        )
        self._route = RouteWatch(self._log)
        self._assessment = Assessment(self._log)
        self._point: PathPoint | None = None
        self._trimmed_ns = 0
        self._told_ns = 0
        self._safety_stop_ns: int | None = None
        self._last_exercise: str | None = None
        self._ungraded_ns = 0
        self._ignored: dict[str, int] = {}
        self._outcome: ExamOutcome | None = None

    def feed(self, device_id: str, time_ns: int, body: Reading, covered: bool = True) -> None:
        """Take in one reading, in source order; ``covered`` False: no signed digest covers it, it is never charged."""
        log = self._log
        kind = type(body)
        if kind is CarState:
            if device_id == log.car.bus_device:
                self._feed_car_state(time_ns, body, covered)  # type: ignore[arg-type]
        elif kind is SatellitePose:
            if device_id == log.car.satellite_device:
                self._feed_pose(time_ns, body, covered)  # type: ignore[arg-type]
        elif isinstance(body, ExamControl):
            self._feed_control(device_id, time_ns, body)
        else:
            self._feed_other(device_id, time_ns, body, covered)

    @property
    def began_ns(self) -> int | None:
        """When the start signal was given."""
        return self._log.began_ns or None

    @property
    def ended_ns(self) -> int | None:
        """When the exam ended, None while it runs."""
        return self._log.ended_ns

    def observations(self) -> list[Observation]:
        """The final observations so far, in the order in which they were made, then the provisional ones."""
        if not self._log.began_ns:
            return []
        return [*self._assessment.final, *(() if self._outcome else self._assessment.provisional(self._recent()))]

    @property
    def seen(self) -> list[Observation]:
        """The final observations so far; the list only grows."""
        return self._assessment.final

    @property
    def latest_point(self) -> PathPoint | None:
        """Where the car is, by the filter."""
        return self._point

    @property
    def current_exercise(self) -> tuple[str, int] | None:
        """The exercise that counts now, and when it began (UTC ns)."""
        begun = self._log.begun
        return (begun[-1].exercise.id, begun[-1].began.since_ns) if begun else None

    @property
    def is_finished(self) -> bool:
        """Whether the exam has ended: by the centre's order, or with the final stop behind the finish line."""
        return self._log.ended_ns is not None

    def spans(self) -> tuple[ExerciseSpan, ...]:
        """The exercises begun so far."""
        return tuple(
            ExerciseSpan(one.exercise.id, one.began.since_ns, None if one.ended is None else one.ended.since_ns)
            for one in self._log.begun
        )

    def voids(self) -> list[VoidEvent]:
        """What the pack's void rules and the safety officer say so far."""
        log = self._log
        if not log.began_ns:
            return []
        events = log.health.voids(log.began_ns, log.until_ns, self.spans(), log.site)
        if self._safety_stop_ns is not None:
            at_ns = self._safety_stop_ns
            events.append(VoidEvent(SAFETY_STOP, at_ns, at_ns, log.exercise_at(at_ns), "void"))
        return sorted(events, key=lambda event: (event.since_ns, event.source))

    def snapshot(self) -> LiveState:
        """What the live page shows now."""
        log, point = self._log, self._point
        running = bool(log.began_ns) and log.ended_ns is None
        current = self._route.current if running else None
        length = sqrt(point.forward_east**2 + point.forward_north**2) if point is not None else 1.0
        return LiveState(
            time_ns=log.newest_ns if point is None else point.time_ns,
            began_ns=self.began_ns,
            ended_ns=log.ended_ns,
            exercise_id=None if current is None else current.exercise.id,
            place=None if point is None else (point.east_m, point.north_m),
            heading=(0.0, 1.0) if point is None else (point.forward_east / length, point.forward_north / length),
            speed_mps=0.0 if point is None else point.speed_mps,
            outline=() if point is None else tuple(outline_at(point, log.car)),
            exam_grade=point is not None and point.exam_grade,
            moving=log.motion.is_moving,
            silent_sources=tuple(log.health.silent_sources(log.newest_ns)) if running else (),
        )

    def finish(self) -> ExamOutcome:
        """Say that no more readings come; the same outcome however often it is asked for."""
        if self._outcome is None:
            self._end(self._log.newest_ns)
            self._outcome = self._concluded()
        return self._outcome

    def _feed_car_state(self, time_ns: int, state: CarState, covered: bool) -> None:
        log = self._log
        if log.ended_ns is not None:
            return
        log.newest_ns = time_ns
        self._estimator.on_car_state(time_ns, state)
        log.signals.feed(time_ns, state)
        log.health.hear_bus(time_ns)
        if not covered:
            log.proof.miss(log.car.bus_device, time_ns)

    def _feed_pose(self, time_ns: int, pose: SatellitePose, covered: bool) -> None:
        log = self._log
        if log.ended_ns is not None:
            return
        log.newest_ns = time_ns
        east, north, _ = self._frame.enu(pose.latitude_deg, pose.longitude_deg, pose.height_m)
        point = self._estimator.on_pose(time_ns, east, north, pose)
        if not covered:
            log.proof.miss(log.car.satellite_device, time_ns)
        if point is None:
            return
        if point.exam_grade or not _claims_grade(pose):
            log.health.hear_pose(time_ns)  # a fixed pose that contradicts the car's own motion is no sign of life
        before, self._point = self._point, point
        log.motion.feed(point)
        if log.began_ns:
            self._feed_point(point, before)
        elif time_ns - self._trimmed_ns > _WARM_UP_NS:
            self._estimator.forget(time_ns - _WARM_UP_NS)
            self._trimmed_ns = time_ns

    def _feed_point(self, point: PathPoint, before: PathPoint | None) -> None:
        """One pose of the running exam."""
        log = self._log
        log.speeds.append(point)
        log.nearness.feed(point)
        log.rolls.feed(point, log.signals.reverse_now, is_moving=log.motion.is_moving)
        self._route.feed(point)
        if not point.exam_grade and before is not None:
            self._ungraded_ns += point.time_ns - before.time_ns
        log.signals.close(point.time_ns)
        if not log.signals.may_come(point.time_ns):  # what is told is final, so it waits for what the bus said
            self._tell(point.time_ns)
        if log.finish_crossed is not None and not log.motion.is_moving:
            self._perhaps_finish(point.time_ns, log.finish_crossed)

    def _tell(self, time_ns: int) -> None:
        """Observe what is over by now."""
        if time_ns - self._told_ns > _TELL_NS:
            self._told_ns = time_ns
            self._assessment.tell(time_ns, is_last=False)
        if self._assessment.is_due(time_ns):
            self._judge()
        elif time_ns - self._trimmed_ns > _TRIM_NS:
            self._assessment.judge_lanes(self._path(), is_last=False)
            self._trim()

    def _perhaps_finish(self, time_ns: int, crossed: Stretch) -> None:
        stops = self._log.motion.stops(max(crossed.since_ns, time_ns - _FINAL_STOP_NS), time_ns + 1)
        if stops and time_ns - max(stops[-1].stretch.since_ns, crossed.since_ns) >= _FINAL_STOP_NS:
            self._end(time_ns)

    def _feed_control(self, device_id: str, time_ns: int, control: ExamControl) -> None:
        log = self._log
        is_ours = device_id == CENTRE_DEVICE and control.car_id == log.car.id
        if not is_ours or log.ended_ns is not None or self._exam_id not in (None, control.exam_id):
            return
        log.newest_ns = max(log.newest_ns, time_ns)
        if control.action is ExamAction.START and not log.began_ns:
            first = control.first_exercise or log.site.route.exercises[0].id
            self._last_exercise = control.last_exercise
            log.began_ns = self._trimmed_ns = time_ns
            log.health.begin(time_ns)
            self._route.begin(first, time_ns, control.last_exercise)
        elif control.action is ExamAction.STOP and log.began_ns:
            if self._route.current is not None:
                self._route.current.ended = Stretch(time_ns, time_ns)
            self._end(time_ns)
        elif control.action is ExamAction.SAFETY_STOP and log.began_ns:
            self._safety_stop_ns = time_ns
            self._end(time_ns)

    def _feed_other(self, device_id: str, time_ns: int, body: Reading, covered: bool) -> None:
        log = self._log
        if log.ended_ns is not None or device_id == CENTRE_DEVICE:
            return  # what the centre says of its own restarts is no reading of the exam
        if isinstance(body, Gap):
            log.health.note_gap(device_id, body.since_ns, body.until_ns)
            return
        log.health.hear_device(device_id, time_ns)
        if isinstance(body, Heartbeat):
            log.health.note_faults(device_id, time_ns, body.faults)
        elif isinstance(body, _ELEMENT_READINGS):
            self._feed_element(device_id, time_ns, body, covered)

    def _feed_element(self, device_id: str, time_ns: int, body: ElementReading, covered: bool) -> None:
        log = self._log
        log.newest_ns = max(log.newest_ns, time_ns)
        if not log.elements.feed(device_id, time_ns, body):
            self._ignored["not_its_element"] = self._ignored.get("not_its_element", 0) + 1
            return
        log.health.hear_element(body.element_id, time_ns)
        if not covered:
            log.proof.miss(device_id, time_ns)

    def _judge(self) -> None:
        self._assessment.judge_legs(is_last=False)
        self._assessment.judge_exercise(self._path(), is_last=False)
        self._trim()

    def _path(self) -> list[PathPoint]:
        return self._estimator.smoothed(self._assessment.needs_from_ns(), self._log.newest_ns)

    def _recent(self) -> list[PathPoint]:
        """The last poses of the forward filter."""
        return self._log.speeds[-40:]

    def _trim(self) -> None:
        self._trimmed_ns = self._log.newest_ns
        self._estimator.forget(self._assessment.needs_from_ns())

    def _end(self, time_ns: int) -> None:
        log = self._log
        if log.ended_ns is not None:
            return
        log.ended_ns = log.newest_ns = max(time_ns, log.newest_ns)
        log.signals.close(log.ended_ns)
        log.rolls.finish(log.ended_ns)
        if not log.began_ns:
            return
        if self._is_finished() and self._route.current is not None:
            self._route.current.ended = Stretch(log.ended_ns, log.ended_ns)
        path = self._path()
        while self._assessment.waits:
            self._assessment.judge_exercise(path, is_last=False)
        self._assessment.judge_lanes(path, is_last=True)
        self._assessment.tell(log.ended_ns, is_last=True)
        self._assessment.judge_legs(is_last=True)
        self._estimator.forget(log.ended_ns)

    def _concluded(self) -> ExamOutcome:
        log = self._log
        began_ns, ended_ns = log.began_ns, log.until_ns
        notes = log.health.notes(began_ns, ended_ns)
        if self._ungraded_ns:
            notes.append((ended_ns, f"not_exam_grade:{self._ungraded_ns // 1_000_000}ms"))
        notes += [(ended_ns, f"{reason}:{count}") for reason, count in sorted(self._ignored.items())]
        notes += [(ended_ns, f"{reason}:{count}") for reason, count in sorted(self._estimator.rejected.items())]
        notes += [(ended_ns, f"unknown_source:{source}") for source in log.health.unknown_sources]
        return ExamOutcome(
            began_ns=began_ns,
            ended_ns=ended_ns,
            finished=self._is_finished(),
            exercises=self.spans(),
            observations=tuple(self._assessment.final),
            voids=tuple(self.voids()),
            notes=tuple(note for _, note in sorted(notes, key=lambda note: note[0])),
        )

    def _is_finished(self) -> bool:
        """Whether the route was driven to the finish, or to the exercise after which the exam was to be over."""
        log = self._log
        if self._last_exercise is not None:
            last = [one for one in log.begun if one.exercise.id == self._last_exercise]
            if last and last[0].exercise.kind is not ExerciseKind.FINISH:
                return last[0].ended is not None
        if log.finish_crossed is None:
            return False
        stops = log.motion.stops(log.finish_crossed.since_ns, log.until_ns + 1)
        return any(stop.stretch.length_s >= _FINISHED_AFTER_S for stop in stops)


def _claims_grade(pose: SatellitePose) -> bool:
    """Whether the receiver itself says that the pose is as good as an exam needs."""
    return pose.fix_quality is FixQuality.RTK_FIXED and pose.heading_deg is not None

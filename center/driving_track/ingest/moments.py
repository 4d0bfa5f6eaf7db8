"""The live page's moments: what stands where now, ten times a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import cos, radians, sin

from center.clock import instant, nanoseconds
from center.driving_track.ingest.context import Context
from center.driving_track.ingest.exams import Exams
from center.driving_track.ingest.health import DeviceState, HealthBook
from center.driving_track.ingest.running import RunningExam, pose_of
from center.driving_track.ingest.track_state import TrackState
from center.driving_track.live import Fallen, LiveSender, Moment
from center.driving_track.queries import DeviceFacts
from center.driving_track.readiness import LastHeard
from center.driving_track.views import LiveDevice, LiveFinding, LiveView, Pose
from messages import topics
from messages.readings import CarState, SatellitePose
from messages.site import Car

_S = 1_000_000_000
_SILENT_S = 3.0
_SLACK_MACHINE_S = 0.5
_SILENCES = frozenset({"silent", "elements_silent"})
"""Faults by which a gateway says that it lives and hears nothing of its device."""


class Moments:
    """Used by the intake's thread."""

    def __init__(
        self,
        context: Context,
        exams: Exams,
        book: HealthBook,
        heard: Mapping[str, LastHeard],
        track: TrackState,
        sender: LiveSender,
    ) -> None:
        self._context = context
        self._exams = exams
        self._book = book
        self._heard = heard
        self._track = track
        self._sender = sender
        self._told: tuple[str, list[LiveFinding]] | None = None

    def send(self, enrolled: Mapping[str, DeviceFacts], broker_connected: bool) -> None:
        """Send this moment."""
        view = self._view(self._exams.shown, enrolled, self._context.clock.now_ns())
        self._sender.send(Moment(view, broker_connected))

    def send_findings(self) -> None:
        """Send the findings if there are others than before; they do not wait for the next moment."""
        exam = self._exams.shown
        if exam is not None and (exam.facts.exam_id, exam.findings) != self._told:
            self._told = exam.facts.exam_id, exam.findings
            self._sender.send(Fallen(exam.facts.exam_id, tuple(exam.findings)))

    def _view(self, exam: RunningExam | None, enrolled: Mapping[str, DeviceFacts], now_ns: int) -> LiveView:
        car = self._context.site.car(exam.facts.car_id) if exam else self._car_in_sight()
        state = self._car_state(car)
        exercise = exam.exercise if exam else None
        return LiveView(
            now_ms=now_ns // 1_000_000,
            exam_id=exam.facts.exam_id if exam else None,
            state=self._exams.state_of(exam) if exam else None,
            car_id=car.id,
            candidate=exam.facts.candidate if exam else None,
            rules=exam.facts.rules if exam else None,
            began_ms=_milliseconds(exam) if exam else None,
            exercise_id=exercise[0] if exercise else None,
            exercise_began_ms=exercise[1] // 1_000_000 if exercise else None,
            pose=self._pose(exam, car, now_ns),
            speed_mps=state.speed_mps if state else None,
            gear=state.gear if state else None,
            steering_wheel_deg=state.steering_wheel_deg if state else None,
            points=exam.points if exam else 0,
            limit=self._limit,
            finding_count=len(exam.findings) if exam else 0,
            is_scored_live=exam is None or exam.is_scored_live or exam.facts.exam_id not in self._exams.running,
            signals=self._track.signals,
            elements=self._track.elements,
            devices=tuple(self._device(one, now_ns) for one in enrolled.values() if one.revoked_at is None),
        )

    @property
    def _stale_ms(self) -> float:
        return 1000.0 * max(self._context.settings.fresh_within_s, self._context.clock.scale.rate)

    @property
    def _limit(self) -> int:
        scheme = self._context.edition.scheme
        return (scheme.fails_over if scheme.fails_over is not None else scheme.passes_at) or 0

    def _car_in_sight(self) -> Car:
        """Without an exam: the car whose receiver spoke last."""
        cars = self._context.site.cars
        return max(cars, key=lambda car: self._pose_ns(car))

    def _pose_ns(self, car: Car) -> int:
        last = self._heard.get(car.satellite_device)
        return last.pose_ns if last else 0

    def _car_state(self, car: Car) -> CarState | None:
        last = self._heard.get(car.bus_device)
        return last.car_state if last else None

    def _pose(self, exam: RunningExam | None, car: Car, now_ns: int) -> Pose | None:
        """The filter's word while it is fresh, else the receiver's; an old place is of no grade."""
        last = self._heard.get(car.satellite_device)
        filtered = pose_of(exam.point if exam else None)
        if filtered is not None and now_ns // 1_000_000 - filtered.time_ms > self._stale_ms:
            filtered = replace(filtered, exam_grade=False)
        if filtered is not None and (last is None or filtered.time_ms >= last.pose_ns // 1_000_000 - 2000):
            return filtered
        return self._raw_pose(last.pose, last.pose_ns, car) if last and last.pose else None

    def _raw_pose(self, pose: SatellitePose, pose_ns: int, car: Car) -> Pose:
        """The receiver's own word, before any filter; without a heading the car is drawn to the north."""
        east, north, _ = self._context.frame.enu(pose.latitude_deg, pose.longitude_deg, pose.height_m)
        heading = radians(pose.heading_deg or 0.0)
        forward, left = (sin(heading), cos(heading)), (-cos(heading), sin(heading))
        arm = car.antenna
        return Pose(
            time_ms=pose_ns // 1_000_000,
            east_m=round(east - arm.forward_m * forward[0] - arm.left_m * left[0], 4),
            north_m=round(north - arm.forward_m * forward[1] - arm.left_m * left[1], 4),
            forward=forward,
            left=left,
            exam_grade=False,
        )

    def _device(self, device: DeviceFacts, now_ns: int) -> LiveDevice:
        state = self._book.devices.get(device.device_id)
        if state is None:
            return LiveDevice(device.device_id, device.simulated, "unheard", None)
        age_s = max(0.0, (now_ns - state.heard_ns) / _S)
        return LiveDevice(
            device.device_id,
            device.simulated,
            self._word(state, age_s),
            round(age_s, 2),
            faults=state.beat.faults,
            outbox=state.beat.outbox,
            gaps=state.beat.gaps,
            rejected=state.beat.rejected,
            heard_at=instant(state.heard_ns),
            latency_ms=None if state.latency_ms is None else round(state.latency_ms, 1),
        )

    def _word(self, state: DeviceState, age_s: float) -> str:
        if state.lost:
            return "lost"
        if _SILENCES.intersection(state.beat.faults):
            return "silent"
        silent_s = topics.TOPICS["heartbeat"].silent_after_s or _SILENT_S
        return "silent" if age_s > max(silent_s, self._context.clock.scale.rate * _SLACK_MACHINE_S) else "ok"


def _milliseconds(exam: RunningExam) -> int | None:
    started_at = exam.facts.started_at
    return None if started_at is None else nanoseconds(started_at) // 1_000_000

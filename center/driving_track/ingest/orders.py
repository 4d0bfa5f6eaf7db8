"""Carrying out what commands asked for: call, start, stop and safety stop of exams."""

from __future__ import annotations

from collections.abc import Mapping

from center.clock import nanoseconds
from center.driving_track import queries
from center.driving_track.actions import exams as actions
from center.driving_track.actions import requests
from center.driving_track.actions.exams import Call
from center.driving_track.ingest.context import Context
from center.driving_track.ingest.control import ControlDevice
from center.driving_track.ingest.exams import ACTOR, Exams
from center.driving_track.ingest.said_orders import unsaid
from center.driving_track.ingest.segments import Place
from center.driving_track.queries import DeviceFacts, ExamFacts
from center.driving_track.readiness import Fitness, LastHeard, exam_devices, reasons_against
from center.driving_track.tables import ExamRequest
from center.errors import BadRequest, CenterError, StorageFault, Unfit
from messages import topics
from messages.readings import ExamAction, ExamControl


class Orders:
    """Used by the intake's thread."""

    def __init__(self, context: Context, exams: Exams, control: ControlDevice, heard: Mapping[str, LastHeard]) -> None:
        self._context = context
        self._exams = exams
        self._control = control
        self._heard = heard
        settings = context.settings
        # At rate 60 a twentieth of a second on the way is three seconds of simulated time.
        slack_s = context.clock.scale.rate * 0.5 if settings.demo else 0.0
        self._fitness = Fitness(settings.fresh_within_s + slack_s, settings.corrections_within_s, settings.demo)

    def say_again(self, enrolled: Mapping[str, DeviceFacts]) -> None:
        """After a restart: what the database knows of and the log does not hold, for it was killed in between."""
        own_key = enrolled[topics.CENTRE_DEVICE].public_key
        for facts in self._exams.under_way():
            for action, time_ns in unsaid(self._context.intake, facts, own_key):
                self._tell(facts, action, time_ns, None)

    def carry_out(self, enrolled: Mapping[str, DeviceFacts], place: Place, *, can_store: bool) -> bool:
        """Answer the oldest open request; whether more are waiting. Raises SQLAlchemyError.

        What is done is answered in the transaction that does it, and told after it: a kill leaves both or neither, and
        what was not told is told again.
        Each takes some transactions, and what arrives meanwhile waits: so it is one at a time.
        """
        with self._context.database.reading() as transaction:
            waiting = queries.open_requests(transaction)
        for request in waiting[:1]:
            try:
                if not can_store and request.action in ("call", "start"):
                    raise StorageFault("What arrives cannot be written at the moment; no exam can begin.")
                self._carry_out(request, enrolled, place)
            except Unfit as refusal:
                self._refuse(request, refusal.reasons)
            except CenterError as refusal:
                self._refuse(request, (str(refusal),))
        return len(waiting) > 1

    def stop_what_is_void(self) -> None:
        """Nobody drives on for an attempt that does not count: the centre itself orders the stop."""
        for exam in self._exams.voided():
            now_ns = self._context.clock.now_ns()
            self._exams.end(exam.facts.exam_id, now_ns, exam.voided_by or "void", ACTOR)
            self._tell(exam.facts, ExamAction.STOP, now_ns, exam.voided_by)

    def _carry_out(self, request: ExamRequest, enrolled: Mapping[str, DeviceFacts], place: Place) -> None:
        if request.action == "call":
            self._call(request, enrolled, place)
        elif request.action == "start":
            self._start(request, enrolled)
        elif request.action in ("stop", "safety_stop"):
            self._stop(request)
        else:
            raise BadRequest(f"{request.action!r} is no order; those are call, start, stop and safety_stop.")

    def _refuse(self, request: ExamRequest, reasons: tuple[str, ...]) -> None:
        with self._context.database.writing() as transaction:
            requests.settle(transaction, request.id, refusals=reasons, now=self._context.clock.now())

    def _call(self, request: ExamRequest, enrolled: Mapping[str, DeviceFacts], place: Place) -> None:
        site, clock = self._context.site, self._context.clock
        try:
            car = site.car(request.car_id or "")
            for exercise in (request.first_exercise, request.last_exercise):
                if exercise is not None:
                    site.exercise(exercise)
        except KeyError as error:
            raise BadRequest(f"The survey of {site.centre_id} holds no {error}.") from None
        now_ns = clock.now_ns()
        wanted = Call(
            exam_id=request.id,
            car_id=car.id,
            candidate=request.candidate or request.id,
            rules=self._context.edition.name,
            first_exercise=request.first_exercise,
            last_exercise=request.last_exercise,
            simulated=any(enrolled[one].simulated for one in exam_devices(site, car) if one in enrolled),
            called_ns=now_ns,
            log_segment=place.segment,
            log_offset=place.offset,
        )
        with self._context.database.writing() as transaction:
            requests.settle(transaction, request.id, refusals=(), now=clock.now())
            actions.call(transaction, wanted, actor=request.actor, now=clock.now())
        with self._context.database.reading() as transaction:
            facts = queries.exam(transaction, request.id)
        self._exams.add(facts)
        self._tell(facts, ExamAction.CALL, now_ns, request.reason)

    def _start(self, request: ExamRequest, enrolled: Mapping[str, DeviceFacts]) -> None:
        context, now = self._context, self._context.clock.now()
        now_ns = nanoseconds(now)  # the database keeps microseconds, and the order may have to be said again
        with context.database.reading() as transaction:
            actions.open_for(transaction, request.exam_id or "", "start")
            exam = queries.exam(transaction, request.exam_id or "")
        car = context.site.car(exam.car_id)
        simulated = {name: device.simulated for name, device in enrolled.items()}
        reasons = reasons_against(
            context.site, car, context.edition, self._heard, simulated, self._fitness, now_ns
        )  # fmt: skip
        if reasons:
            raise Unfit(reasons)
        with context.database.writing() as transaction:
            requests.settle(transaction, request.id, refusals=(), now=now)
            actions.start(transaction, exam.exam_id, actor=request.actor, now=now)
        with context.database.reading() as transaction:
            self._exams.running[exam.exam_id].facts = queries.exam(transaction, exam.exam_id)
        self._tell(exam, ExamAction.START, now_ns, request.reason)

    def _stop(self, request: ExamRequest) -> None:
        now_ns = self._context.clock.now_ns()
        with self._context.database.reading() as transaction:
            actions.open_for(transaction, request.exam_id or "", request.action)
            exam = queries.exam(transaction, request.exam_id or "")
        self._exams.end(exam.exam_id, now_ns, request.action, request.actor, answers=request.id)
        self._tell(exam, ExamAction(request.action), now_ns, request.reason)

    def _tell(self, exam: ExamFacts, action: ExamAction, now_ns: int, reason: str | None) -> None:
        """Publish as the centre's own device, so that the recording holds it too."""
        body = ExamControl(
            exam.exam_id,
            action,
            exam.car_id,
            first_exercise=exam.first_exercise,
            reason=reason,
            last_exercise=exam.last_exercise,
        )
        self._control.tell(body, now_ns)

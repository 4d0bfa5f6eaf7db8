"""The exams that are under way: called, running, or waiting to be closed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from center.driving_track import queries
from center.driving_track.actions import exams as actions
from center.driving_track.actions import requests
from center.driving_track.actions.exams import Closing
from center.driving_track.ingest.catching_up import heard, read_again
from center.driving_track.ingest.chain_watch import ChainWatch, Trust
from center.driving_track.ingest.closing import ClosingJob, void_without_sheet
from center.driving_track.ingest.context import Context
from center.driving_track.ingest.running import RunningExam
from center.driving_track.ingest.segments import Place
from center.driving_track.queries import DeviceFacts, ExamFacts
from center.driving_track.readiness import exam_devices
from center.driving_track.tables import ExamState, Stage
from messages import topics
from messages.envelope import Envelope
from messages.recording import EnrolledDevice, RecordingHeader

_log = logging.getLogger(__name__)
_S = 1_000_000_000
_COVER_MARGIN_NS = _S
"""A reading is stamped a little after its source time; a digest of so much later covers it for certain."""
_SLICE_S = 0.003
"""Of a turn, for an exam's picture that is made anew."""
_LEAST_GRACE_MACHINE_S = 8.0
"""However fast simulated time runs, outboxes get so long of the machine's time: they send again after five seconds."""
ACTOR = "centre"

Submit = Callable[[ClosingJob], "Future[Closing]"]


class Exams:
    """Owned by the intake's thread; the database is the truth, this is what it takes to get on with it."""

    def __init__(
        self, context: Context, watches: Mapping[str, ChainWatch], has_hole: Callable[[str], bool], submit: Submit
    ) -> None:
        self._context = context
        self._has_hole = has_hole
        self._watches = watches
        self._submit = submit
        self._reader = ThreadPoolExecutor(1, "log-reader")
        self._closings: dict[str, Future[Closing]] = {}
        self._ended: dict[str, ExamFacts] = {}
        self._waiting_since_ns: dict[str, int] = {}
        """Since when this process waits for what the outboxes hold of an exam that has ended."""
        self._by_device: dict[str, list[RunningExam]] = {}
        self._final: dict[str, tuple[int, int]] = {}
        """When a device's last exam that is closed or being closed began and ended."""
        self.running: dict[str, RunningExam] = {}
        self.shown: RunningExam | None = None
        """The exam that the live page shows: the newest that was called."""

    def resume(self, enrolled: Mapping[str, DeviceFacts]) -> None:
        """After a restart: take up what was under way, from the log."""
        with self._context.database.reading() as transaction:
            states = (ExamState.CALLED, ExamState.RUNNING, ExamState.CLOSING)
            open_exams = queries.exams(transaction, limit=1000, states=states)
            told = {one.exam_id: queries.findings(transaction, one.exam_id, Stage.PROVISIONAL) for one in open_exams}
        for facts in reversed(open_exams):
            if facts.state == ExamState.CLOSING:
                self._wait_for_rest(facts)
                continue
            running = self.add(facts)
            running.remember(told[facts.exam_id])
            for arrival_ns, envelope in heard(self._context.intake, facts, running.devices, enrolled):
                running.put(envelope, arrival_ns, Trust.SOUND)
                running.advance(arrival_ns)

    def add(self, facts: ExamFacts) -> RunningExam:
        """An exam was called."""
        context = self._context
        devices = self._devices_of(facts)
        running = RunningExam(facts, context.site, context.edition, context.frame, devices, context.clock.scale.rate)
        self.running[facts.exam_id] = self.shown = running
        for device in devices:
            self._by_device.setdefault(device, []).append(running)
        return running

    def under_way(self) -> list[ExamFacts]:
        """The exams that are called, running, or waiting to be closed."""
        return [*(one.facts for one in self.running.values()), *self._ended.values()]

    def state_of(self, exam: RunningExam) -> str:
        """Where an exam is that is shown, also after it has ended."""
        exam_id = exam.facts.exam_id
        if exam_id in self.running:
            return exam.facts.state
        return ExamState.CLOSING if exam_id in self._ended else ExamState.CLOSED

    def feed(self, envelope: Envelope, arrival_ns: int) -> str | None:
        """Hand a message on to the exams of its device; the reason to count if it comes too late for one."""
        trust = self._trust(envelope)
        for running in self._by_device.get(envelope.device_id, ()):
            running.put(envelope, arrival_ns, trust)
        since_ns, until_ns = self._final.get(envelope.device_id, (0, 0))
        return "late" if since_ns <= envelope.source_time_ns <= until_ns else None

    def advance(self, now_ns: int) -> None:
        """Score what has come of age; end the exams that are finished.

        What is only looked at waits until the last exam's findings are stored.
        """
        under_way = list(self.running.values())
        for running in under_way:
            running.advance(now_ns)
            self._note_pending(running)
        for running in under_way:
            running.look(is_shown=running is self.shown)
            if running.finished_ns is not None:
                self.end(running.facts.exam_id, running.finished_ns, "finished", ACTOR)

    def end(self, exam_id: str, ended_ns: int, reason: str, actor: str, answers: str | None = None) -> None:
        """The drive of an exam is over, perhaps by somebody's order, which this ``answers``; raises ``CenterError``."""
        with self._context.database.writing() as transaction:
            if answers is not None:
                requests.settle(transaction, answers, refusals=(), now=self._context.clock.now())
            actions.end(
                transaction, exam_id, ended_ns=ended_ns, reason=reason, actor=actor, now=self._context.clock.now()
            )  # fmt: skip
        with self._context.database.reading() as transaction:
            self._wait_for_rest(queries.exam(transaction, exam_id))
        running = self.running.pop(exam_id, None)
        if running is not None:
            for exams in self._by_device.values():
                if running in exams:
                    exams.remove(running)

    def oldest_segment(self) -> str | None:
        """The oldest file of the intake log that an exam under way is still to be cut from."""
        return min((one.log_segment for one in self.under_way()), default=None)

    def voided(self) -> list[RunningExam]:
        """Running exams whose attempt is void whatever may still come."""
        return [
            one
            for one in self.running.values()
            if one.voided_by is not None and not any(self._has_hole(device) for device in one.devices)
        ]

    def void_all(self, reason: str) -> None:
        """What arrives cannot be kept any more: the exams under way are void."""
        for exam_id in list(self.running):
            self.end(exam_id, self._context.clock.now_ns(), reason, ACTOR)

    def close_what_is_complete(self, enrolled: Mapping[str, DeviceFacts]) -> list[str]:
        """Begin and finish closings; the ids of the exams that are closed now."""
        now_ns = self._context.clock.now_ns()
        for exam_id, facts in self._ended.items():
            if exam_id in self._closings:
                continue
            late = self._late_devices(facts)
            if not late or now_ns > self._grace_ends_ns(facts):
                self._closings[exam_id] = self._begin_closing(facts, enrolled, late, now_ns)
        done = [exam_id for exam_id, closing in self._closings.items() if closing.done()]
        for exam_id in done:
            self._finish_closing(exam_id)
        return done

    def _trust(self, envelope: Envelope) -> Trust:
        watch = self._watches.get(envelope.device_id)
        return Trust.SOUND if watch is None else watch.trust(envelope.boot_id)

    def catch_up(self, enrolled: Mapping[str, DeviceFacts]) -> None:
        """Go on making the picture anew of an exam whose scorer has passed readings, one exam at a time."""
        catching_up = next((one for one in self.running.values() if one.is_catching_up), None)
        if catching_up is not None:
            catching_up.go_on(_SLICE_S)
            return
        behind = next((one for one in self.running.values() if one.is_behind(time.monotonic())), None)
        if behind is not None:
            log = self._reader.submit(read_again, self._context.intake, behind.facts, behind.devices, dict(enrolled))
            behind.begin_again(log)

    def _note_pending(self, running: RunningExam) -> None:
        """What is found at an exercise's end comes at once, and goes to the disk at once."""
        if not running.pending:
            return
        with self._context.database.writing() as transaction:
            now = self._context.clock.now()
            actions.note_findings(transaction, running.facts.exam_id, running.pending, actor=ACTOR, now=now)
        running.pending.clear()

    def _late_devices(self, facts: ExamFacts) -> list[str]:
        """Devices whose signatures do not reach over the end yet, or which have something to send again."""
        covered_ns = (facts.ended_ns or 0) + _COVER_MARGIN_NS
        devices = [name for name in self._devices_of(facts) if name in self._watches]
        return [name for name in devices if self._watches[name].signed_ns < covered_ns or self._has_hole(name)]

    def _devices_of(self, facts: ExamFacts) -> tuple[str, ...]:
        site = self._context.site
        return (*exam_devices(site, site.car(facts.car_id)), topics.CENTRE_DEVICE)

    def _grace_ends_ns(self, facts: ExamFacts) -> int:
        rate = self._context.clock.scale.rate
        grace_s = max(self._context.settings.closing_grace_s, rate * _LEAST_GRACE_MACHINE_S)
        return self._waiting_since_ns[facts.exam_id] + round(grace_s * _S)

    def _wait_for_rest(self, facts: ExamFacts) -> None:
        """An exam has ended, perhaps while this centre was down: the outboxes' grace begins when they can be heard."""
        self._ended[facts.exam_id] = facts
        self._waiting_since_ns[facts.exam_id] = max(facts.ended_ns or 0, self._context.clock.now_ns())

    def _begin_closing(
        self, facts: ExamFacts, enrolled: Mapping[str, DeviceFacts], late: list[str], now_ns: int
    ) -> Future[Closing]:
        if facts.end_reason == "storage":
            voided: Future[Closing] = Future()
            voided.set_result(void_without_sheet("void:storage"))
            return voided
        context = self._context
        name, _, day = facts.rules.partition("@")
        devices = [one for one in self._devices_of(facts) if one in enrolled]
        for device in devices:
            self._final[device] = facts.called_ns, facts.ended_ns or now_ns
        header = RecordingHeader(
            exam_id=facts.exam_id,
            centre_id=context.site.centre_id,
            car_id=facts.car_id,
            first_exercise=facts.first_exercise,
            last_exercise=facts.last_exercise,
            pack=name,
            pack_edition=day,
            called_at_ns=facts.called_ns,
            simulated_time=not context.clock.scale.is_real,
            devices=tuple(_enrolled(enrolled[one]) for one in devices),
            site_sha256=context.site_sha256,
            missing=tuple(f"no signed digest of {one} over the end within the grace" for one in late),
        )
        return self._submit(
            ClosingJob(
                intake=context.intake,
                place=Place(facts.log_segment, facts.log_offset),
                until_ns=now_ns,
                recording=context.settings.recordings / f"{facts.exam_id}.mcap",
                header=header,
                site=context.site_bytes,
                pack=context.pack_bytes,
            )
        )

    def _finish_closing(self, exam_id: str) -> None:
        try:
            result = self._closings[exam_id].result()
        except OSError:
            _log.exception("The recording of exam %s could not be written.", exam_id)
            result = void_without_sheet("void:storage")
        except Exception:  # noqa: BLE001
            # An exam that cannot be scored must still end, and never against the candidate.
            _log.exception("The recording of exam %s could not be scored.", exam_id)
            result = void_without_sheet("void:scoring")
        with self._context.database.writing() as transaction:
            actions.close(transaction, exam_id, result, actor=ACTOR, now=self._context.clock.now())
        del self._closings[exam_id], self._ended[exam_id], self._waiting_since_ns[exam_id]


def _enrolled(device: DeviceFacts) -> EnrolledDevice:
    return EnrolledDevice(device.device_id, device.gateway_id, device.public_key, device.simulated)

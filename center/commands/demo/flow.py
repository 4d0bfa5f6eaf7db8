"""One exam of the demo from call to verdict: what an examiner would order, in the order in which he would."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from center.commands.demo.expectation import differences
from center.commands.demo.simulators import Simulators
from center.commands.exam import await_answer, leave_order, place_call
from center.database import Database
from center.driving_track import queries
from center.driving_track.actions.requests import Order
from center.driving_track.queries import ExamFacts
from center.driving_track.tables import ExamState
from center.errors import Conflict, StorageFault
from center.settings import Settings
from messages.site import Site

ACTOR = "demo"
_READY_WITHIN_S = 60.0
_LONGEST_EXAM_S = 1500.0
"""Of demo time: the route's twenty minutes and a little."""
_SETTLE_S = 12.0
"""Of demo time, from the driver's last act to the stop order, when the exam has not ended by itself."""
_CLOSE_WITHIN_S = 90.0
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """A closed exam, and whether it came out as its scenario says."""

    exam: ExamFacts
    scenario: str
    expected: dict[str, Any]
    findings: list[dict[str, Any]]
    recording: Path | None
    differences: list[str]


class Examiner:
    """Drives the demo's exams one after another."""

    def __init__(
        self,
        settings: Settings,
        site: Site,
        simulators: Simulators,
        progress: Progress,
        *,
        ready_within_s: float = _READY_WITHIN_S,
    ) -> None:
        self._settings = settings
        self._site = site
        self._simulators = simulators
        self._progress = progress
        self._ready_within_s = ready_within_s
        self.car_id = site.cars[0].id
        """The car that drives, or drove last."""
        self._settle_ns = round((_SETTLE_S + settings.clock.scale.rate) * 1e9)
        self._database = Database(settings.main_database, site.centre_id)

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    def examine(self, scenario: str, candidate: str, seed: int | None = None) -> Result:
        """One exam by a scenario; raises ``CenterError`` when it does not come to an end."""
        self._simulators.ask(drive=scenario, **({} if seed is None else {"seed": seed}))
        drive = self._await("driving")
        self.car_id = drive["car"]
        order = Order(
            "call",
            car_id=drive["car"],
            first_exercise=drive["first_exercise"],
            last_exercise=drive["last_exercise"],
        )
        exam_id = place_call(self._settings, self._site, self._database, order, candidate, ACTOR)
        self._answered(exam_id)
        self._start(exam_id)
        self._progress(f"{scenario}: started")
        self._follow(exam_id)
        exam = self._await_verdict(exam_id)
        return self._result(exam, scenario, drive["expected"])

    def _start(self, exam_id: str) -> None:
        """Ask again until car and track are fit; who waits too long for that is called off, and the track is free."""
        deadline = time.monotonic() + self._ready_within_s
        while True:
            request = leave_order(self._settings, self._database, Order("start", exam_id=exam_id), ACTOR)
            refusals = await_answer(self._database, request)
            if not refusals:
                return
            if time.monotonic() > deadline:
                self._stop(exam_id, "stop", "the car or the track is not fit")
                self._await("stopped")
                raise Conflict(f"Exam {exam_id} does not start: {' '.join(refusals)}")
            time.sleep(0.2)

    def _follow(self, exam_id: str) -> None:
        """Until the exam has ended: by itself, or by the stop order that the scenario or the clock wants."""
        clock = self._settings.clock
        latest_ns = clock.now_ns() + round(_LONGEST_EXAM_S * 1e9)
        driven_ns: int | None = None
        while self._state(exam_id) == ExamState.RUNNING:
            now_ns = clock.now_ns()
            told = self._simulators.told_now()
            if told is not None and "stop_due" in told:
                self._stop(exam_id, told["stop_due"], told["reason"])
            elif told is not None and "finished" in told:
                driven_ns = now_ns
            if now_ns > latest_ns or (driven_ns is not None and now_ns - driven_ns > self._settle_ns):
                self._stop(exam_id, "stop", "the drive is over")
            time.sleep(0.02)

    def _stop(self, exam_id: str, action: str, reason: str | None) -> None:
        order = Order(action, exam_id=exam_id, reason=reason)
        await_answer(self._database, leave_order(self._settings, self._database, order, ACTOR))

    def _await_verdict(self, exam_id: str) -> ExamFacts:
        deadline = time.monotonic() + _CLOSE_WITHIN_S
        while self._state(exam_id) != ExamState.CLOSED:
            if time.monotonic() > deadline:
                raise StorageFault(f"Exam {exam_id} has ended and is not closed within {_CLOSE_WITHIN_S:.0f} s.")
            time.sleep(0.05)
        with self._database.reading() as transaction:
            return queries.exam(transaction, exam_id)

    def _result(self, exam: ExamFacts, scenario: str, expected: dict[str, Any]) -> Result:
        findings: list[dict[str, Any]] = []
        if exam.sheet_sha256 is not None:
            with self._database.reading() as transaction:
                findings = msgspec.json.decode(queries.sheet(transaction, exam.exam_id))["findings"]
        told = differences(expected, exam.verdict or "", exam.verdict_reason or "", findings)
        recording = self._settings.recordings / exam.recording if exam.recording else None
        return Result(exam, scenario, expected, findings, recording, told)

    def _state(self, exam_id: str) -> str:
        with self._database.reading() as transaction:
            return queries.exam(transaction, exam_id).state

    def _answered(self, request_id: str) -> None:
        refusals = await_answer(self._database, request_id)
        if refusals:
            raise Conflict(" ".join(refusals))

    def _await(self, word: str) -> dict[str, Any]:
        """The simulators' next line with that word; others before it are passed over, but for a refusal."""
        while True:
            told = self._simulators.told(_READY_WITHIN_S)
            if "refused" in told:
                raise Conflict(f"The simulators refuse: {told['refused']}.")
            if word in told:
                return told

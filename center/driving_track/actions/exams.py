"""Calling, starting, ending and closing an exam; each is entered in the journal with the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.clock import instant
from center.database import Transaction, new_id
from center.driving_track.tables import Exam, ExamState, FindingRow, Stage
from center.errors import Conflict, NotFound
from center.journal.entries import NOTHING_PERSONAL, Sealed, append

# Which action is open in which state.
OPEN = {
    "start": (ExamState.CALLED,),
    "stop": (ExamState.CALLED, ExamState.RUNNING),
    "safety_stop": (ExamState.CALLED, ExamState.RUNNING),
    "end": (ExamState.CALLED, ExamState.RUNNING),
    "close": (ExamState.CLOSING,),
}


@dataclass(frozen=True, slots=True)
class Call:
    """Who drives which car by which rules, from which exercise to which (None: from the first, to the last)."""

    exam_id: str
    car_id: str
    candidate: str
    rules: str
    first_exercise: str | None
    last_exercise: str | None
    simulated: bool
    called_ns: int
    log_segment: str
    log_offset: int


@dataclass(frozen=True, slots=True)
class Closing:
    """How an exam ended for good; without a sheet when what was recorded could not be scored."""

    verdict: str
    reason: str
    points: int | None
    sheet: bytes | None
    sheet_sha256: str | None
    findings: Sequence[Mapping[str, Any]]
    recording: str | None


def call(
    transaction: Transaction, wanted: Call, *, actor: str, now: datetime, personal: Sealed = NOTHING_PERSONAL
) -> Exam:
    """Begin an attempt. Raises :class:`Conflict` if the car is in another exam."""
    busy = transaction.scalar(
        select(Exam.id).where(
            Exam.centre_id == transaction.centre_id,
            Exam.car_id == wanted.car_id,
            Exam.state.in_([ExamState.CALLED, ExamState.RUNNING]),
        )
    )
    if busy is not None:
        raise Conflict(f"Car {wanted.car_id} is in exam {busy}, which has not ended.")
    exam = Exam(
        id=wanted.exam_id,
        centre_id=transaction.centre_id,
        car_id=wanted.car_id,
        candidate=wanted.candidate,
        rules=wanted.rules,
        first_exercise=wanted.first_exercise,
        last_exercise=wanted.last_exercise,
        simulated=wanted.simulated,
        state=ExamState.CALLED,
        called_at=instant(wanted.called_ns),
        called_ns=wanted.called_ns,
        log_segment=wanted.log_segment,
        log_offset=wanted.log_offset,
    )
    transaction.add(exam)
    facts = {
        "car": wanted.car_id,
        "candidate": wanted.candidate,
        "rules": wanted.rules,
        "first_exercise": wanted.first_exercise,
        "last_exercise": wanted.last_exercise,
        "simulated": wanted.simulated,
    }
    _enter(transaction, "exam_called", exam.id, actor, exam.called_at, now, facts, personal)
    return exam


def start(transaction: Transaction, exam_id: str, *, actor: str, now: datetime) -> Exam:
    """Give the start signal. Whether car and track are fit has been asked before."""
    exam = open_for(transaction, exam_id, "start")
    exam.state = ExamState.RUNNING
    exam.started_at = now
    _enter(transaction, "exam_started", exam.id, actor, now, now, {"car": exam.car_id})
    return exam


def end(transaction: Transaction, exam_id: str, *, ended_ns: int, reason: str, actor: str, now: datetime) -> Exam:
    """The drive is over: finished, stopped, or broken off. What follows is waiting for the last signatures."""
    exam = open_for(transaction, exam_id, "end")
    exam.state = ExamState.CLOSING
    exam.ended_ns = ended_ns
    exam.ended_at = instant(ended_ns)
    exam.end_reason = reason
    _enter(transaction, "exam_ended", exam.id, actor, exam.ended_at, now, {"reason": reason})
    return exam


def close(transaction: Transaction, exam_id: str, result: Closing, *, actor: str, now: datetime) -> Exam:
    """Store the final sheet, its findings and the verdict. A closed exam never changes again."""
    exam = open_for(transaction, exam_id, "close")
    exam.state = ExamState.CLOSED
    exam.closed_at = now
    exam.verdict, exam.verdict_reason, exam.points = result.verdict, result.reason, result.points
    exam.sheet, exam.sheet_sha256, exam.recording = result.sheet, result.sheet_sha256, result.recording
    for ordinal, finding in enumerate(result.findings):
        transaction.add(_finding_row(exam, Stage.FINAL, ordinal, finding, now))
        if finding["charged"]:
            _enter(transaction, "finding_charged", exam.id, actor, _when(finding), now, dict(finding))
    facts = {
        "verdict": result.verdict,
        "reason": result.reason,
        "points": result.points,
        "sheet_sha256": result.sheet_sha256,
        "rules": exam.rules,
    }
    _enter(transaction, "verdict", exam.id, actor, now, now, facts)
    return exam


def note_findings(
    transaction: Transaction, exam_id: str, findings: Sequence[Mapping[str, Any]], *, actor: str, now: datetime
) -> None:
    """Keep findings made while the exam runs; the recording's own scoring has the last word."""
    exam = _exam(transaction, exam_id)
    of_stage = (FindingRow.exam_id == exam_id, FindingRow.stage == Stage.PROVISIONAL)
    noted = transaction.scalar(select(func.count()).select_from(FindingRow).where(*of_stage)) or 0
    rows = (_finding_row(exam, Stage.PROVISIONAL, place, one, now) for place, one in enumerate(findings, noted))
    transaction.add_all(rows)
    for finding in findings:
        _enter(transaction, "finding_noted", exam_id, actor, _when(finding), now, dict(finding))


def open_for(transaction: Transaction, exam_id: str, action: str) -> Exam:
    """The exam, if that action is open in its state; raises :class:`Conflict` or :class:`NotFound`."""
    exam = _exam(transaction, exam_id)
    if exam.state not in OPEN[action]:
        raise Conflict(f"Exam {exam_id} is {exam.state}; {action} is open only when {' or '.join(OPEN[action])}.")
    return exam


def _exam(transaction: Transaction, exam_id: str) -> Exam:
    exam = transaction.get(Exam, exam_id)
    if exam is None or exam.centre_id != transaction.centre_id:
        raise NotFound(f"There is no exam {exam_id}.")
    return exam


def _when(finding: Mapping[str, Any]) -> datetime:
    return instant(int(finding["at_ms"]) * 1_000_000)


def _finding_row(exam: Exam, stage: Stage, ordinal: int, finding: Mapping[str, Any], now: datetime) -> FindingRow:
    return FindingRow(
        id=new_id(),
        centre_id=exam.centre_id,
        exam_id=exam.id,
        stage=stage,
        ordinal=ordinal,
        rule_id=finding["rule"],
        exercise_id=finding["exercise"],
        outcome=finding["outcome"],
        points=finding["points"],
        found_at=_when(finding),
        stored_at=now,
        content=dict(finding),
    )


def _enter(
    transaction: Transaction,
    kind: str,
    exam_id: str,
    actor: str,
    occurred_at: datetime,
    recorded_at: datetime,
    facts: Mapping[str, Any],
    personal: Sealed = NOTHING_PERSONAL,
) -> None:
    append(
        transaction,
        kind=kind,
        subject=exam_id,
        actor=actor,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        facts=facts,
        personal=personal,
    )

"""What pages, the JSON interface and the intake ask the database; every answer is plain frozen data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.database import Transaction
from center.driving_track.tables import (
    Enrolment,
    Exam,
    ExamRequest,
    ExamState,
    FindingRow,
    HealthCounter,
    IntakePosition,
    Stage,
)
from center.errors import N_, BadRequest, NotFound


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """An enrolment."""

    device_id: str
    gateway_id: str
    public_key: str
    simulated: bool
    enrolled_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """An exam without its sheet's bytes."""

    exam_id: str
    car_id: str
    candidate: str
    """Subject in the vault."""
    rules: str
    first_exercise: str | None
    last_exercise: str | None
    simulated: bool
    state: str
    called_at: datetime
    called_ns: int
    log_segment: str
    log_offset: int
    started_at: datetime | None
    ended_at: datetime | None
    ended_ns: int | None
    end_reason: str | None
    closed_at: datetime | None
    verdict: str | None
    verdict_reason: str | None
    points: int | None
    sheet_sha256: str | None
    recording: str | None


def enrolments(transaction: Transaction, *, revoked_too: bool = False) -> list[DeviceFacts]:
    """The centre's devices by name; with ``revoked_too`` their whole history."""
    query = select(Enrolment).where(Enrolment.centre_id == transaction.centre_id)
    if not revoked_too:
        query = query.where(Enrolment.revoked_at.is_(None))
    rows = transaction.scalars(query.order_by(Enrolment.device_id, Enrolment.enrolled_at, Enrolment.id))
    return [
        DeviceFacts(row.device_id, row.gateway_id, row.public_key, row.simulated, row.enrolled_at, row.revoked_at)
        for row in rows
    ]


def enrolments_mark(transaction: Transaction) -> tuple[object, ...]:
    """Another value whenever ``enrolments`` has changed: rows are only added and revoked."""
    counted = select(func.count(), func.count(Enrolment.revoked_at), func.max(Enrolment.id))
    return tuple(transaction.execute(counted.where(Enrolment.centre_id == transaction.centre_id)).one())


def exams(
    transaction: Transaction, *, limit: int = 50, before: str | None = None, states: Sequence[ExamState] = ()
) -> list[ExamFacts]:
    """The newest exams first; ``before`` is the last id of the page before (ids sort by time)."""
    query = select(Exam).where(Exam.centre_id == transaction.centre_id)
    if before is not None:
        if not _is_id(before):
            raise BadRequest(N_("An exam's id is a UUID."))
        query = query.where(Exam.id < before)
    if states:
        query = query.where(Exam.state.in_(states))
    return [_facts(row) for row in transaction.scalars(query.order_by(Exam.id.desc()).limit(limit))]


def exam(transaction: Transaction, exam_id: str) -> ExamFacts:
    """One exam; raises :class:`NotFound`."""
    return _facts(_row(transaction, exam_id))


def sheet(transaction: Transaction, exam_id: str) -> bytes:
    """The canonical bytes of an exam's final sheet; raises :class:`NotFound` while there is none."""
    row = _row(transaction, exam_id)
    if row.sheet is None:
        raise NotFound(f"Exam {exam_id} is {row.state} and has no score sheet.")
    return row.sheet


def findings(transaction: Transaction, exam_id: str, stage: Stage) -> list[dict[str, Any]]:
    """An exam's findings of a stage as in the score sheet, in their order."""
    query = select(FindingRow).where(FindingRow.exam_id == exam_id, FindingRow.stage == stage)
    return [dict(row.content) for row in transaction.scalars(query.order_by(FindingRow.ordinal))]


def open_requests(transaction: Transaction) -> list[ExamRequest]:
    """Orders that nobody has answered, oldest first."""
    query = select(ExamRequest).where(ExamRequest.centre_id == transaction.centre_id, ExamRequest.handled_at.is_(None))
    return list(transaction.scalars(query.order_by(ExamRequest.id)))


def request(transaction: Transaction, request_id: str) -> ExamRequest:
    """One order; raises :class:`NotFound`."""
    row = transaction.get(ExamRequest, request_id)
    if row is None:
        raise NotFound(f"There is no request {request_id}.")
    return row


def intake_positions(transaction: Transaction) -> list[tuple[str, str, int]]:
    """Device, boot and sequence number up to which everything has arrived, at least."""
    rows = transaction.scalars(select(IntakePosition).where(IntakePosition.centre_id == transaction.centre_id))
    return [(row.device_id, row.boot_id, row.through_seq) for row in rows]


def counters(transaction: Transaction) -> list[tuple[str, str, int, datetime]]:
    """What went wrong with messages: device (``?``: nobody's), reason, how often, when last."""
    rows = transaction.scalars(
        select(HealthCounter)
        .where(HealthCounter.centre_id == transaction.centre_id)
        .order_by(HealthCounter.device_id, HealthCounter.reason)
    )
    return [(row.device_id, row.reason, row.count, row.last_at) for row in rows]


def _row(transaction: Transaction, exam_id: str) -> Exam:
    row = transaction.get(Exam, exam_id) if _is_id(exam_id) else None
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound(f"There is no exam {exam_id[:36]!r}.")
    return row


def _is_id(text: str) -> bool:
    """Whether a text can be an id; a database is not asked for others, such as one with a zero byte."""
    return re.fullmatch(r"[0-9a-f-]{36}", text) is not None


def _facts(row: Exam) -> ExamFacts:
    return ExamFacts(
        exam_id=row.id,
        car_id=row.car_id,
        candidate=row.candidate,
        rules=row.rules,
        first_exercise=row.first_exercise,
        last_exercise=row.last_exercise,
        simulated=row.simulated,
        state=row.state,
        called_at=row.called_at,
        called_ns=row.called_ns,
        log_segment=row.log_segment,
        log_offset=row.log_offset,
        started_at=row.started_at,
        ended_at=row.ended_at,
        ended_ns=row.ended_ns,
        end_reason=row.end_reason,
        closed_at=row.closed_at,
        verdict=row.verdict,
        verdict_reason=row.verdict_reason,
        points=row.points,
        sheet_sha256=row.sheet_sha256,
        recording=row.recording,
    )

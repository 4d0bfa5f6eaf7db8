"""Orders for an exam that a command leaves in the database, and what the running centre answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.database import Transaction, new_id
from center.driving_track.tables import ExamRequest
from center.errors import NotFound


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: ``call`` a candidate's exam in a car, ``start``, ``stop`` or ``safety_stop`` it."""

    action: str
    exam_id: str | None = None
    car_id: str | None = None
    candidate: str | None = None
    """Subject in the vault."""
    first_exercise: str | None = None
    last_exercise: str | None = None
    reason: str | None = None


def leave(transaction: Transaction, order: Order, *, actor: str, now: datetime) -> str:
    """Leave an order for the running centre; returns the request's id. A call's id becomes the exam's."""
    request = ExamRequest(
        id=new_id(),
        centre_id=transaction.centre_id,
        action=order.action,
        exam_id=order.exam_id,
        car_id=order.car_id,
        candidate=order.candidate,
        first_exercise=order.first_exercise,
        last_exercise=order.last_exercise,
        reason=order.reason,
        actor=actor,
        requested_at=now,
    )
    transaction.add(request)
    transaction.flush()
    return request.id


def settle(transaction: Transaction, request_id: str, *, refusals: tuple[str, ...], now: datetime) -> None:
    """Answer an order: done, or why not."""
    request = transaction.scalar(select(ExamRequest).where(ExamRequest.id == request_id))
    if request is None:
        raise NotFound(f"There is no request {request_id}.")
    request.handled_at = now
    request.refusals = list(refusals) or None

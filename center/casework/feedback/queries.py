"""Lists of complaints: what they are about and until when they are answered, without their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, select

from center.casework.feedback.tables import Complaint
from center.casework.tables import Case
from center.database import Transaction


@dataclass(frozen=True, slots=True)
class ListedComplaint:
    """A complaint by the number of its case."""

    complaint_id: str
    case_id: str
    number: str
    about: str
    filed_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answered_by: str | None
    upheld: str | None


def waiting(transaction: Transaction) -> list[ListedComplaint]:
    """Complaints without an answer, the one that is due first before the others."""
    return _listed(transaction, Complaint.answered_at.is_(None), Complaint.due_at.asc(), 500)


def answered(transaction: Transaction, limit: int = 50) -> list[ListedComplaint]:
    """Complaints with an answer, newest answer first."""
    return _listed(transaction, Complaint.answered_at.is_not(None), Complaint.answered_at.desc(), limit)


def cases_waiting(transaction: Transaction) -> list[str]:
    """The case of each complaint without an answer; one that has several complaints as often."""
    query = select(Complaint.case_id).where(
        Complaint.centre_id == transaction.centre_id, Complaint.answered_at.is_(None)
    )
    return list(transaction.scalars(query))


def _listed(
    transaction: Transaction, wanted: ColumnElement[bool], order: UnaryExpression[Any], limit: int
) -> list[ListedComplaint]:
    query = (
        select(Complaint, Case.number)
        .join(Case, Case.id == Complaint.case_id)
        .where(Complaint.centre_id == transaction.centre_id, wanted)
        .order_by(order, Complaint.id)
        .limit(limit)
    )
    return [
        ListedComplaint(
            row.id,
            row.case_id,
            number,
            row.about,
            row.filed_at,
            row.due_at,
            row.answered_at,
            row.answered_by,
            row.upheld,
        )
        for row, number in transaction.execute(query)
    ]

"""What is asked about drafts; every answer is plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from center.casework import codes
from center.casework.drafts.tables import Draft, DraftState
from center.database import Transaction
from center.errors import N_, Conflict, NotFound


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft without what was typed."""

    draft_id: str
    service: str
    applicant: str
    state: DraftState
    begun_at: datetime
    changed_at: datetime
    expires_at: datetime


def row_of(transaction: Transaction, code: str) -> Draft:
    """The draft of a code; raises :class:`BadRequest` for what is no code, :class:`NotFound` for one of nobody."""
    row = find(transaction, codes.digest(code))
    if row is None:
        raise NotFound("There is no draft with this code.")
    return row


def find(transaction: Transaction, code_sha256: str) -> Draft | None:
    """The draft of a code's hash."""
    query = select(Draft).where(Draft.centre_id == transaction.centre_id, Draft.code_sha256 == code_sha256)
    return transaction.scalar(query)


def case_of(transaction: Transaction, code: str) -> str | None:
    """The case that the draft of a code became; None: there is none, or it is no case yet."""
    row = find(transaction, codes.digest(code))
    return row.id if row is not None and row.state == DraftState.CLAIMED else None


def open_row(transaction: Transaction, code: str, now: datetime) -> Draft:
    """A draft that can still change; raises :class:`Conflict`."""
    row = row_of(transaction, code)
    if row.state != DraftState.OPEN or row.expires_at <= now:
        raise Conflict(N_("This draft is not open any more; begin a new one."))
    return row


def next_end(transaction: Transaction) -> datetime | None:
    """When the next open draft ends; None: there is none."""
    query = select(func.min(Draft.expires_at)).where(
        Draft.centre_id == transaction.centre_id, Draft.state == DraftState.OPEN
    )
    return transaction.scalar(query)


def facts(row: Draft) -> DraftFacts:
    """A row as plain data."""
    return DraftFacts(
        draft_id=row.id,
        service=row.service,
        applicant=row.applicant,
        state=DraftState(row.state),
        begun_at=row.begun_at,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
    )

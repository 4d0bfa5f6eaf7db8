"""What is asked about drafts; every answer is plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.casework import codes
from center.casework.drafts.tables import Draft, DraftState
from center.database import Transaction
from center.errors import NotFound


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
    query = select(Draft).where(Draft.centre_id == transaction.centre_id, Draft.code_sha256 == codes.digest(code))
    row = transaction.scalar(query)
    if row is None:
        raise NotFound("There is no draft with this code.")
    return row


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

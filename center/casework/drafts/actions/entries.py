"""What drafts tell the journal, always in the transaction of the change itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from center.casework.drafts.actions.typed import subject_of
from center.casework.drafts.tables import Draft
from center.database import Transaction
from center.journal.entries import append

APPLICANT: Final = "applicant"


def enter(transaction: Transaction, kind: str, row: Draft, actor: str, now: datetime) -> None:
    """Something happened to a draft; who applies is not told."""
    append(
        transaction,
        kind=kind,
        subject=subject_of(row.id),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        facts={"service": row.service, "applicant": row.applicant},
    )

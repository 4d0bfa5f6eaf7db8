"""Shredding what a case holds of people once the case and its appeal time are over; what was done stays provable."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from center.casework import retention, retention_file
from center.casework.feedback.tables import Complaint
from center.casework.tables import Case, CaseShredding
from center.database import Database, Transaction, new_id
from center.journal.entries import append
from center.journal.vault import Vault

_ACTOR: Final = "retention"
_BATCH: Final = 1000


def shred_due(database: Database, vault: Vault, now: datetime, zone: str) -> list[str]:
    """Shred every case whose time is over; their ids. Cut off by a crash, the next run does it again whole.

    The vault goes first: a case is called shredded only when it is.
    """
    with database.reading() as transaction:
        due = due_cases(transaction, now, zone)
    if not due:
        return []
    vault.shred([subject for case_id in due for subject in subjects_of(case_id)])
    with database.writing() as transaction:
        for case_id in due:
            _note(transaction, case_id, now)
    return due


def due_cases(transaction: Transaction, now: datetime, zone: str) -> list[str]:
    """Cases that are over, may be appealed no more and are not shredded yet, oldest first.

    A complaint that waits for its answer keeps the case's data: it could not be answered without.
    """
    appeals, local = retention_file.load(), ZoneInfo(zone)
    query = (
        select(Case.id, Case.ended_at)
        .outerjoin(CaseShredding, CaseShredding.case_id == Case.id)
        .where(
            Case.centre_id == transaction.centre_id,
            Case.ended_at.is_not(None),
            CaseShredding.id.is_(None),
            ~exists().where(Complaint.case_id == Case.id, Complaint.answered_at.is_(None)),
        )
        .order_by(Case.ended_at)
        .limit(_BATCH)
    )
    today = now.astimezone(local).date()
    return [
        case_id
        for case_id, ended_at in transaction.execute(query)
        if ended_at is not None and retention.is_due(ended_at.astimezone(local).date(), today, appeals)
    ]


def subjects_of(case_id: str) -> tuple[str, str]:
    """Everything in the vault that belongs to a case: its own, and what only the police see."""
    return f"case:{case_id}", f"police:{case_id}"


def _note(transaction: Transaction, case_id: str, now: datetime) -> None:
    known = transaction.scalar(select(CaseShredding.id).where(CaseShredding.case_id == case_id))
    if known is not None:
        return
    transaction.add(CaseShredding(id=new_id(), centre_id=transaction.centre_id, case_id=case_id, shredded_at=now))
    transaction.flush()
    append(
        transaction,
        kind="case_shredded",
        subject=f"case:{case_id}",
        actor=_ACTOR,
        occurred_at=now,
        recorded_at=now,
        facts={"subjects": list(subjects_of(case_id))},
    )

"""Drafts that nobody came for: the time is free again, what was paid goes back, what was typed is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from center.casework.booking.actions import seats
from center.casework.drafts.actions import entries, typed
from center.casework.drafts.tables import Draft, DraftState
from center.casework.payments.actions import ahead
from center.casework.queue.hall import SYSTEM
from center.database import Database, Transaction
from center.journal.vault import Vault


def forget_old(database: Database, vault: Vault, now: datetime) -> int:
    """Forget what is too old, and empty what is over and was left full by a crash; how many were too old."""
    with database.writing() as transaction:
        old = select(Draft).where(
            Draft.centre_id == transaction.centre_id, Draft.state == DraftState.OPEN, Draft.expires_at <= now
        )
        rows = transaction.scalars(old.order_by(Draft.id)).all()
        for row in rows:
            end(transaction, row, DraftState.FORGOTTEN, SYSTEM, now)
    with database.reading() as transaction:
        full = select(Draft.id).where(
            Draft.centre_id == transaction.centre_id, Draft.state != DraftState.OPEN, Draft.emptied_at.is_(None)
        )
        left = transaction.scalars(full).all()
    for draft_id in left:
        typed.empty(database, vault, draft_id, now)
    return len(rows)


def end(transaction: Transaction, row: Draft, state: DraftState, actor: str, now: datetime) -> None:
    """A draft ends without a case; what was typed is to be emptied after the transaction."""
    row.state, row.changed_at = state, now
    seats.give_back(transaction, row.id, now)
    ahead.give_up(transaction, row.id, now)
    entries.enter(transaction, f"draft_{state}", row, actor, now)

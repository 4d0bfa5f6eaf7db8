"""Folding every case again: what lists show is thrown away and computed from the recorded actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.casework import queries
from center.casework.actions.projecting import refresh
from center.casework.tables import Case, OpenStep
from center.database import Database, Transaction

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Refolded:
    """How many cases, and how many of their rows had said something else."""

    cases: int
    changed: int


def refold(database: Database, now: datetime) -> Refolded:
    """Bring the row and the open steps of every case to what its actions say; safe while the centre serves."""
    cases = changed = 0
    after = ""
    while True:
        with database.writing() as transaction:
            query = select(Case.id).where(Case.centre_id == database.centre_id, Case.id > after)
            batch = transaction.scalars(query.order_by(Case.id).limit(_BATCH)).all()
            changed += sum(_refold_one(transaction, case_id, now) for case_id in batch)
        if not batch:
            return Refolded(cases, changed)
        cases, after = cases + len(batch), batch[-1]


def _refold_one(transaction: Transaction, case_id: str, now: datetime) -> bool:
    row = queries.case_row(transaction, case_id)
    before = _shown(transaction, row)
    state = queries.case_state(transaction, case_id)
    row.last_ordinal = state.ordinal
    refresh(transaction, row, queries.edition_of(row), state, queries.clocks(transaction, state.opened_at), now)
    transaction.flush()
    return _shown(transaction, row) != before


def _shown(transaction: Transaction, row: Case) -> object:
    steps = transaction.scalars(select(OpenStep).where(OpenStep.case_id == row.id).order_by(OpenStep.step))
    told = [(one.step, one.holder_kind, one.holder, one.since, one.reminded, one.escalated) for one in steps]
    return row.status, row.ended_at, row.last_ordinal, told

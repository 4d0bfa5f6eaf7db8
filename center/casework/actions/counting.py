"""Numbers of cases: by year, without a hole that anybody could ask about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from center.casework.tables import CaseCounter
from center.database import Transaction, new_id


def next_case_number(transaction: Transaction, at: datetime) -> str:
    """``2026-0000001``: one at a time, given back when the transaction fails."""
    series = f"case-{at.year}"
    row = transaction.scalar(
        select(CaseCounter).where(CaseCounter.centre_id == transaction.centre_id, CaseCounter.series == series)
    )
    if row is None:
        row = CaseCounter(id=new_id(), centre_id=transaction.centre_id, series=series, last=0)
        transaction.add(row)
    row.last += 1
    transaction.flush()
    return f"{at.year}-{row.last:07d}"

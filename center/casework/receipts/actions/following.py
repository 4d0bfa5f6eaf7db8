"""The code on a receipt: issued at the window, and opening the case's page to whoever holds it."""

from __future__ import annotations

import os
from datetime import datetime

from sqlalchemy import select

from center.casework import codes, queries
from center.casework.receipts.tables import CaseCode
from center.database import Transaction
from center.errors import NotFound
from center.journal.entries import append
from center.people import powers_file
from center.people.powers import Actor

_POWER = "case.open"


def issue(transaction: Transaction, actor: Actor, case_id: str, at: datetime) -> str:
    """A fresh code for a case, shown this once; the one before opens nothing any more."""
    refusal = powers_file.load().may(actor, _POWER)
    if refusal is not None:
        raise refusal.error()
    case_id = queries.case_row(transaction, case_id).id
    before = select(CaseCode).where(
        CaseCode.centre_id == transaction.centre_id, CaseCode.case_id == case_id, CaseCode.ended_at.is_(None)
    )
    for row in transaction.scalars(before):
        row.ended_at = at
    code = codes.code_of(os.urandom(codes.RANDOM_BYTES))
    transaction.add(
        CaseCode(
            centre_id=transaction.centre_id,
            case_id=case_id,
            code_sha256=codes.digest(code),
            issued_at=at,
            issued_by=actor.account_id,
        )
    )
    append(
        transaction,
        kind="case_code_issued",
        subject=f"case:{case_id}",
        actor=actor.account_id,
        occurred_at=at,
        recorded_at=at,
        facts={},
    )
    return code


def case_of(transaction: Transaction, code: str) -> str:
    """The case of a code; raises :class:`BadRequest` for what is no code, :class:`NotFound` for one of nobody.

    The caller counts the attempt first (``attempts``).
    """
    found = transaction.scalar(
        select(CaseCode.case_id).where(
            CaseCode.centre_id == transaction.centre_id,
            CaseCode.code_sha256 == codes.digest(code),
            CaseCode.ended_at.is_(None),
        )
    )
    if found is None:
        raise NotFound("There is no case with this code.")
    return found

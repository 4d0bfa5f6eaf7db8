"""With whom a proposed refund lies: a supervisor whom the case lets confirm it, else the safety officer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from sqlalchemy import select

from center.casework.deciders import Deciders, Decision, concerned, deciders
from center.casework.tables import CaseAction
from center.database import Transaction
from center.people.powers import Powers

PROPOSE: Final = "propose:fee.refund"
CONFIRM: Final = "confirm:fee.refund"
_DECISION: Final = Decision(CONFIRM, ("supervisor", "safety_officer"))


def confirmers(
    transaction: Transaction, powers: Powers, case_ids: Collection[str], today: date
) -> Mapping[str, Deciders]:
    """For each case, who decides on the refunds proposed in it: nobody who proposed one or whom it concerns."""
    barred = concerned(transaction, case_ids)
    proposed = select(CaseAction.case_id, CaseAction.actor).where(
        CaseAction.case_id.in_(case_ids), CaseAction.kind == PROPOSE
    )
    for case_id, actor in transaction.execute(proposed.distinct()):
        barred[case_id].add(actor)
    return deciders(transaction, powers, _DECISION, barred, today)

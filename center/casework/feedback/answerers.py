"""With whom a complaint lies: a supervisor who had no part in the case, else the auditor, who can have none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from sqlalchemy import select

from center.casework.case import ActorKind
from center.casework.deciders import Deciders, Decision, concerned, deciders
from center.casework.fold import NO_PART
from center.casework.tables import CaseAction
from center.database import Transaction
from center.people.powers import Powers

ANSWER: Final = "complaint.answer"
_DECISION: Final = Decision(ANSWER, ("supervisor", "auditor"))


def answerers(
    transaction: Transaction, powers: Powers, case_ids: Collection[str], today: date
) -> Mapping[str, Deciders]:
    """For each case, who answers complaints about it: nobody who acted in it (its fold's ``taken``) or is concerned."""
    barred = concerned(transaction, case_ids)
    acted = select(CaseAction.case_id, CaseAction.actor).where(
        CaseAction.case_id.in_(case_ids), CaseAction.actor_kind == ActorKind.STAFF, CaseAction.kind.not_in(NO_PART)
    )
    for case_id, actor in transaction.execute(acted.distinct()):
        barred[case_id].add(actor)
    return deciders(transaction, powers, _DECISION, barred, today)

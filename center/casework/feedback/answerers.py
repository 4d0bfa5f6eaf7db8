"""With whom a complaint lies: a supervisor who had no part in the case, else the auditor, who can have none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from center.casework.case import ActorKind
from center.casework.fold import NO_PART
from center.casework.tables import CaseAction
from center.database import Transaction
from center.people import queries as people
from center.people.powers import Actor, Powers

ANSWER: Final = "complaint.answer"
_IN_ORDER: Final = ("supervisor", "auditor")


@dataclass(frozen=True, slots=True)
class Answerers:
    """With which role the complaints about a case lie now, and whom the case keeps from answering."""

    role: str
    barred: frozenset[str]
    """Accounts that acted in the case, or whom it concerns."""
    nobody: bool
    """Whether the centre has nobody in that role who may: somebody must be given it."""

    def may(self, powers: Powers, actor: Actor) -> bool:
        """Whether somebody may answer. A supervisor who had no part may also where none is counted on."""
        roles = powers.usable_roles(actor) & powers.actions[ANSWER].roles
        return actor.account_id not in self.barred and bool(roles & {_IN_ORDER[0], self.role})


def answerers(
    transaction: Transaction, powers: Powers, case_ids: Collection[str], today: date
) -> Mapping[str, Answerers]:
    """For each case, who answers complaints about it."""
    barred = _barred(transaction, case_ids)
    in_role = {role: frozenset(people.accounts_in_role(transaction, powers, role, today)) for role in _IN_ORDER}
    return {case_id: _answerers(in_role, frozenset(barred[case_id])) for case_id in case_ids}


def _answerers(in_role: Mapping[str, frozenset[str]], barred: frozenset[str]) -> Answerers:
    role = next((role for role in _IN_ORDER if in_role[role] - barred), None)
    return Answerers(role or _IN_ORDER[-1], barred, role is None)


def _barred(transaction: Transaction, case_ids: Collection[str]) -> dict[str, set[str]]:
    """As a case's fold has it (``taken`` and ``concerned``), for many cases at once."""
    found: dict[str, set[str]] = {case_id: set() for case_id in case_ids}
    acted = select(CaseAction.case_id, CaseAction.actor).where(
        CaseAction.case_id.in_(case_ids), CaseAction.actor_kind == ActorKind.STAFF, CaseAction.kind.not_in(NO_PART)
    )
    for case_id, actor in transaction.execute(acted.distinct()):
        found[case_id].add(actor)
    recorded = select(CaseAction.case_id, CaseAction.payload).where(
        CaseAction.case_id.in_(case_ids), CaseAction.kind == "parties.record"
    )
    for case_id, payload in transaction.execute(recorded):
        found[case_id] |= set(payload.get("concerned", ()))
    return found

"""With whom a proposed refund lies: a supervisor whom the case lets confirm it, else the safety officer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from center.casework.tables import CaseAction
from center.database import Transaction
from center.people import queries as people
from center.people.powers import Actor, Powers

PROPOSE: Final = "propose:fee.refund"
CONFIRM: Final = "confirm:fee.refund"
_IN_ORDER: Final = ("supervisor", "safety_officer")


@dataclass(frozen=True, slots=True)
class Confirmers:
    """With which role a case's proposed refunds lie now, and whom the case keeps from deciding on them."""

    role: str
    barred: frozenset[str]
    """Accounts that proposed one in the case, or whom it concerns."""
    nobody: bool
    """Whether the centre has nobody in that role who may: somebody must be given it."""

    def may(self, powers: Powers, actor: Actor) -> bool:
        """Whether somebody may decide. A supervisor whom the case does not bar may also where none is counted on."""
        roles = powers.usable_roles(actor) & powers.actions[CONFIRM].roles
        return actor.account_id not in self.barred and bool(roles & {_IN_ORDER[0], self.role})


def confirmers(
    transaction: Transaction, powers: Powers, case_ids: Collection[str], today: date
) -> Mapping[str, Confirmers]:
    """For each case, who decides on the refunds that are proposed in it."""
    barred = _barred(transaction, case_ids)
    in_role = {role: frozenset(people.accounts_in_role(transaction, powers, role, today)) for role in _IN_ORDER}
    return {case_id: _confirmers(in_role, frozenset(barred[case_id])) for case_id in case_ids}


def _confirmers(in_role: Mapping[str, frozenset[str]], barred: frozenset[str]) -> Confirmers:
    role = next((role for role in _IN_ORDER if in_role[role] - barred), None)
    return Confirmers(role or _IN_ORDER[-1], barred, role is None)


def _barred(transaction: Transaction, case_ids: Collection[str]) -> dict[str, set[str]]:
    """As the table of powers bars them by a case's fold, for many cases at once."""
    found: dict[str, set[str]] = {case_id: set() for case_id in case_ids}
    query = select(CaseAction.case_id, CaseAction.kind, CaseAction.actor, CaseAction.payload).where(
        CaseAction.case_id.in_(case_ids), CaseAction.kind.in_([PROPOSE, "parties.record"])
    )
    for case_id, kind, actor, payload in transaction.execute(query):
        found[case_id] |= {actor} if kind == PROPOSE else set(payload.get("concerned", ()))
    return found

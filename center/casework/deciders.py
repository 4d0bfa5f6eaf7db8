"""With whom a decision about a case lies: the first of some roles in which somebody may whom the case does not bar."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from center.casework.tables import CaseAction
from center.database import Transaction
from center.people import queries as people
from center.people.powers import Actor, Powers


@dataclass(frozen=True, slots=True)
class Decision:
    """An action of the table of powers, and the roles that it lies with, in their order."""

    action: str
    in_order: Sequence[str]


@dataclass(frozen=True, slots=True)
class Deciders:
    """With which role a case's decisions of a kind lie now, and whom the case keeps from them."""

    decision: Decision
    role: str
    barred: frozenset[str]
    """Accounts."""
    nobody: bool
    """Whether the centre has nobody in that role who may: somebody must be given it."""

    def may(self, powers: Powers, actor: Actor) -> bool:
        """Whether somebody may decide. In the first role whoever is not barred may, also where it lies with another."""
        roles = powers.usable_roles(actor) & powers.actions[self.decision.action].roles
        return actor.account_id not in self.barred and bool(roles & {self.decision.in_order[0], self.role})


def deciders(
    transaction: Transaction, powers: Powers, decision: Decision, barred: Mapping[str, Collection[str]], today: date
) -> Mapping[str, Deciders]:
    """For each case, who decides; ``barred`` are the accounts that may not, by the case."""
    in_role = {one: frozenset(people.accounts_in_role(transaction, powers, one, today)) for one in decision.in_order}
    found = {}
    for case_id, accounts in barred.items():
        role = next((one for one in decision.in_order if in_role[one].difference(accounts)), None)
        found[case_id] = Deciders(decision, role or decision.in_order[-1], frozenset(accounts), role is None)
    return found


def concerned(transaction: Transaction, case_ids: Collection[str]) -> dict[str, set[str]]:
    """Whom each case concerns, as its fold has it (``concerned``), for many cases at once."""
    found: dict[str, set[str]] = {case_id: set() for case_id in case_ids}
    recorded = select(CaseAction.case_id, CaseAction.payload).where(
        CaseAction.case_id.in_(case_ids), CaseAction.kind == "parties.record"
    )
    for case_id, payload in transaction.execute(recorded):
        found[case_id] |= set(payload.get("concerned", ()))
    return found

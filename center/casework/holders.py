"""Who may hold a step of a case: an active account whose role is open, and whom the case lets take it."""

from __future__ import annotations

from datetime import date

from center.casework.case import CaseState, CaseStatus
from center.casework.fields import N_, BadFields, Fault
from center.casework.permission import facts_of
from center.casework.services import Step
from center.database import Transaction
from center.people import queries as people
from center.people.powers import Actor, Powers, Refusal, Strength


def who_may_hold(transaction: Transaction, powers: Powers, state: CaseState, step: Step, today: date) -> list[str]:
    """Accounts that could be given a step now, in a fixed order."""
    in_role = people.accounts_in_role(transaction, powers, step.held_by, today)
    return [one for one in in_role if refusal(transaction, powers, state, step, one, today) is None]


def require_holder(
    transaction: Transaction, powers: Powers, state: CaseState, step: Step, account: str, today: date
) -> None:
    """Raise :class:`BadFields` unless the account could complete the step that it is given."""
    if account not in people.accounts_in_role(transaction, powers, step.held_by, today):
        raise BadFields([Fault("to", N_("This account is not active, or its role or certificate is not open today."))])
    refused = refusal(transaction, powers, state, step, account, today)
    if refused is not None:
        raise BadFields([Fault("to", N_("They are a party to this case, or have done in it what excludes this step."))])


def refusal(
    transaction: Transaction, powers: Powers, state: CaseState, step: Step, account: str, today: date
) -> Refusal | None:
    """Why somebody could not complete a step; those who are held to a passkey will sign in by it."""
    roles = people.open_roles(transaction, powers, account, today)
    actor = Actor(account, roles, Strength.PASSKEY)
    # Also while the case is suspended: it will go on.
    return powers.may(actor, step.power, CaseStatus.OPEN, facts_of(state))

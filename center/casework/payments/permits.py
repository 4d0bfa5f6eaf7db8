"""Who may do with money what is no action of the case itself: cancel, compare."""

from __future__ import annotations

from typing import Final

from center.casework.commands import Applicant, Who
from center.casework.permission import facts_of
from center.casework.queries import case_state
from center.database import Transaction
from center.errors import N_, Forbidden
from center.people import powers_file
from center.people.powers import Actor

CANCEL: Final = "fee.cancel"
RECONCILE: Final = "payments.reconcile"


def check(transaction: Transaction, who: Who, action: str, case_id: str | None = None) -> None:
    """Raise :class:`Forbidden` unless this actor may; in a case its separations and parties count too."""
    if isinstance(who, Applicant):
        if action != CANCEL:
            raise Forbidden(N_("This is not for the applicant."))
        return
    if not isinstance(who, Actor):
        return
    powers = powers_file.load()
    if case_id is None:
        refusal = powers.may(who, action)
    else:
        state = case_state(transaction, case_id)
        refusal = powers.may(who, action, state.status, facts_of(state))
    if refusal is not None:
        raise refusal.error()

"""A refund that the staff chooses to make: one of them proposes it, another one of another role confirms or declines.

That is a supervisor, or the safety officer where the case bars every supervisor. Each is an action of the case, so that
the table of powers keeps the two apart and the case tells who they were.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from center.casework.actions.acting import act
from center.casework.commands import CaseCommand
from center.casework.outside_call import NoAnswer
from center.casework.payments import queries
from center.casework.payments.actions import refunding
from center.casework.payments.actions.refunding import RefundOrder
from center.casework.payments.confirmers import CONFIRM, PROPOSE, confirmers
from center.casework.payments.office import PaymentOffice
from center.casework.payments.queries import RefundFacts
from center.casework.payments.tables import PaymentIntent, PaymentRefund
from center.database import Transaction
from center.errors import N_, Conflict, Forbidden, NotFound
from center.people import powers_file
from center.people.powers import Actor


def propose(office: PaymentOffice, order: RefundOrder) -> RefundFacts:
    """Propose that a part or all of a payment goes back; until it is declined, nobody can propose the same money again.

    Raises :class:`Conflict` when more would go back than was paid, :class:`Forbidden`.
    """
    with office.database.writing() as transaction:
        now = office.clock.now()
        row, is_new = refunding.keep(transaction, order, "proposed", now)
        if is_new:
            told = {"payment": row.intent_id, "amount_tenge": row.amount_tenge, "reason": row.reason}
            case_id = transaction.get_one(PaymentIntent, row.intent_id).case_id
            act(transaction, order.who, _command(PROPOSE, case_id, row, told), now)
        return queries.refund(transaction, row.id)


def confirm(office: PaymentOffice, who: Actor, refund_id: str) -> RefundFacts:
    """Let it go back. While the gateway does not answer it stays ``requested``, and is retried.

    Raises :class:`Forbidden` for who proposed it, who may not or with whom it does not lie, and :class:`Conflict` for
    what somebody decided otherwise.
    """
    noted = _decide(office, who, refund_id, CONFIRM, "requested", {})
    try:
        return refunding.send(office, noted)
    except NoAnswer:
        return noted


def decline(office: PaymentOffice, who: Actor, refund_id: str, reason: str) -> RefundFacts:
    """Let it not go back, and say why; raises what :func:`confirm` raises, and :class:`BadFields`."""
    return _decide(office, who, refund_id, "decline:fee.refund", "declined", {"reason": reason})


def _decide(
    office: PaymentOffice, who: Actor, refund_id: str, kind: str, state: str, told: dict[str, Any]
) -> RefundFacts:
    with office.database.writing() as transaction:
        row, now = _row(transaction, refund_id), office.clock.now()
        if row.decided_by == who.account_id and (row.state == "declined") == (state == "declined"):
            return queries.refund(transaction, row.id)
        if row.state != "proposed":
            raise Conflict(N_("This refund was decided already."))
        case_id = transaction.get_one(PaymentIntent, row.intent_id).case_id
        act(transaction, who, _command(kind, case_id, row, told), now)
        # The table of powers has let them; with whom the case lies now is no part of it, and undoes the action.
        powers, today = powers_file.load(), now.astimezone(ZoneInfo(office.zone)).date()
        if not confirmers(transaction, powers, [case_id], today)[case_id].may(powers, who):
            raise Forbidden(
                N_("This refund lies with a supervisor: the safety officer decides only where no supervisor may.")
            )
        row.state, row.decided_by, row.decided_at = state, who.account_id, now
        transaction.flush()
        return queries.refund(transaction, row.id)


def _row(transaction: Transaction, refund_id: str) -> PaymentRefund:
    row = transaction.get(PaymentRefund, refund_id)
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound(f"There is no refund {refund_id[:36]!r}.")
    return row


def _command(kind: str, case_id: str, row: PaymentRefund, told: dict[str, Any]) -> CaseCommand:
    return CaseCommand(kind, f"{row.id}-{kind.partition(':')[0]}", case_id, None, {"refund": row.id, **told})

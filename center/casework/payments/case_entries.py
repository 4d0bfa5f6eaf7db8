"""What payments tell the case and the journal, always in the transaction of the change itself.

A payment made from home stands before its case: until there is one, what happens is entered under the draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from center.casework.actions.acting import act
from center.casework.commands import CaseCommand, System, Who, name_of
from center.casework.payments.lines import Part
from center.casework.payments.office import SYSTEM
from center.casework.payments.tables import PaymentIntent, PaymentRefund, Reconciliation
from center.casework.queries import case_state
from center.casework.tables import Case
from center.database import Transaction
from center.journal.entries import append

PAYMENTS: Final = System(SYSTEM)


def asked(transaction: Transaction, intent: PaymentIntent, who: Who, now: datetime) -> None:
    """A payment was asked for in a case; raises what :func:`act` raises for who may not, or a case that is over."""
    for number, line in enumerate(intent.lines):
        told = _fee(intent, line["fee_id"], line["tenge"])
        act(transaction, who, CaseCommand("fee.asked", f"{intent.id}-asked-{number}", intent.case_id, None, told), now)


def asked_ahead(transaction: Transaction, intent: PaymentIntent, who: Who, now: datetime) -> None:
    """A payment was asked for before there is a case."""
    _ahead(transaction, "fee_asked_ahead", intent, now, name_of(who), intent.amount_tenge)


def paid(transaction: Transaction, intent: PaymentIntent, now: datetime) -> bool:
    """The money was taken, which is recorded in any case; whether it is still needed."""
    if not has_case(transaction, intent):
        _ahead(transaction, "fee_paid_ahead", intent, now, SYSTEM, intent.amount_tenge)
        return intent.unwanted_at is None
    needs_it = not case_state(transaction, intent.case_id).status.is_over
    for number, line in enumerate(intent.lines):
        told = _fee(intent, line["fee_id"], line["tenge"])
        command = CaseCommand("fee.paid", f"{intent.id}-paid-{number}", intent.case_id, None, told)
        act(transaction, PAYMENTS, command, now)
    return needs_it


def cancelled(transaction: Transaction, intent: PaymentIntent, now: datetime, by: str) -> None:
    """It cannot be paid any more."""
    facts = {"payment": intent.id, "purpose": intent.purpose}
    _journal(transaction, "fee_cancelled", _subject(transaction, intent), by, now, facts)


def refund_asked(transaction: Transaction, intent: PaymentIntent, refund: PaymentRefund, now: datetime) -> None:
    """Money is to go back."""
    _refund(transaction, "fee_refund_asked", intent, refund, now, refund.requested_by)


def refunded(
    transaction: Transaction, intent: PaymentIntent, refund: PaymentRefund, parts: list[Part], now: datetime
) -> None:
    """Money went back, so much of each fee."""
    if not has_case(transaction, intent):
        _ahead(transaction, "fee_refunded_ahead", intent, now, SYSTEM, refund.amount_tenge)
        return
    for number, part in enumerate(parts):
        told = _fee(intent, part.fee_id, part.tenge)
        command = CaseCommand("fee.refunded", f"{refund.id}-{number}", intent.case_id, None, told)
        act(transaction, PAYMENTS, command, now)


def refund_refused(transaction: Transaction, intent: PaymentIntent, refund: PaymentRefund, now: datetime) -> None:
    """The gateway will not give it back."""
    _refund(transaction, "fee_refund_refused", intent, refund, now, SYSTEM)


def callback_refused(transaction: Transaction, day: str, reason: str, now: datetime) -> None:
    """The first call-back of a day that was not believed for a reason; the others are only counted."""
    _journal(transaction, "payment_callback_refused", "payments", SYSTEM, now, {"day": day, "reason": reason})


def reconciled(transaction: Transaction, row: Reconciliation) -> None:
    """A day was compared."""
    facts = {
        "day": row.day,
        "charges": row.charges,
        "refunds": row.refunds,
        "charged_tenge": row.charged_tenge,
        "refunded_tenge": row.refunded_tenge,
        "differences": row.differences,
    }
    _journal(transaction, "payments_reconciled", "payments", row.made_by, row.made_at, facts)


def has_case(transaction: Transaction, intent: PaymentIntent) -> bool:
    """Whether the case that it is for has been opened. The caller holds the payment's row, as whoever opens it does."""
    return transaction.get(Case, intent.case_id) is not None


def _ahead(
    transaction: Transaction, kind: str, intent: PaymentIntent, now: datetime, by: str, amount_tenge: int
) -> None:
    facts = {"payment": intent.id, "purpose": intent.purpose, "amount_tenge": amount_tenge}
    _journal(transaction, kind, f"draft:{intent.case_id}", by, now, facts)


def _subject(transaction: Transaction, intent: PaymentIntent) -> str:
    return f"{'case' if has_case(transaction, intent) else 'draft'}:{intent.case_id}"


def _fee(intent: PaymentIntent, fee_id: str, tenge: int) -> dict[str, Any]:
    return {"payment": intent.id, "purpose": fee_id, "amount_tenge": tenge}


def _refund(
    transaction: Transaction, kind: str, intent: PaymentIntent, refund: PaymentRefund, now: datetime, by: str
) -> None:
    facts = {
        "payment": intent.id,
        "refund": refund.id,
        "amount_tenge": refund.amount_tenge,
        "reason": refund.reason,
    }
    _journal(transaction, kind, _subject(transaction, intent), by, now, facts)


def _journal(
    transaction: Transaction, kind: str, subject: str, by: str, now: datetime, facts: Mapping[str, Any]
) -> None:
    append(transaction, kind=kind, subject=subject, actor=by, occurred_at=now, recorded_at=now, facts=facts)

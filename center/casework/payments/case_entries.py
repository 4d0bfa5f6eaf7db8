"""What payments tell the case and the journal, always in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from center.casework.payments.office import SYSTEM
from center.casework.payments.tables import PaymentIntent, PaymentRefund, Reconciliation
from center.database import Transaction
from center.journal.entries import append


def asked(transaction: Transaction, intent: PaymentIntent, now: datetime) -> None:
    """A payment was asked for."""
    facts = {"payment": intent.id, "purpose": intent.purpose, "amount_tenge": intent.amount_tenge}
    _journal(transaction, "fee_asked", intent.case_id, intent.requested_by, now, facts)


def paid(transaction: Transaction, intent: PaymentIntent, now: datetime) -> bool:
    """The money was taken; whether the case takes it."""
    facts = {"payment": intent.id, "purpose": intent.purpose, "amount_tenge": intent.amount_tenge}
    _journal(transaction, "fee_paid", intent.case_id, SYSTEM, now, facts)
    return True


def cancelled(transaction: Transaction, intent: PaymentIntent, now: datetime, by: str) -> None:
    """It cannot be paid any more."""
    facts = {"payment": intent.id, "purpose": intent.purpose}
    _journal(transaction, "fee_cancelled", intent.case_id, by, now, facts)


def refund_asked(transaction: Transaction, intent: PaymentIntent, refund: PaymentRefund, now: datetime) -> None:
    """Money is to go back."""
    _refund(transaction, "fee_refund_asked", intent, refund, now, refund.requested_by)


def refunded(transaction: Transaction, intent: PaymentIntent, refund: PaymentRefund, now: datetime) -> None:
    """Money went back."""
    _refund(transaction, "fee_refunded", intent, refund, now, SYSTEM)


def refund_refused(transaction: Transaction, intent: PaymentIntent, refund: PaymentRefund, now: datetime) -> None:
    """The gateway will not give it back."""
    _refund(transaction, "fee_refund_refused", intent, refund, now, SYSTEM)


def callback_refused(transaction: Transaction, day: str, reason: str, now: datetime) -> None:
    """The first call-back of a day that was not believed for a reason; the others are only counted."""
    facts = {"day": day, "reason": reason}
    append(
        transaction,
        kind="payment_callback_refused",
        subject="payments",
        actor=SYSTEM,
        occurred_at=now,
        recorded_at=now,
        facts=facts,
    )


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
    append(
        transaction,
        kind="payments_reconciled",
        subject="payments",
        actor=row.made_by,
        occurred_at=row.made_at,
        recorded_at=row.made_at,
        facts=facts,
    )


def _refund(
    transaction: Transaction, kind: str, intent: PaymentIntent, refund: PaymentRefund, now: datetime, by: str
) -> None:
    facts = {
        "payment": intent.id,
        "refund": refund.id,
        "amount_tenge": refund.amount_tenge,
        "reason": refund.reason,
    }
    _journal(transaction, kind, intent.case_id, by, now, facts)


def _journal(
    transaction: Transaction, kind: str, case_id: str, by: str, now: datetime, facts: Mapping[str, Any]
) -> None:
    append(
        transaction,
        kind=kind,
        subject=f"case:{case_id}",
        actor=by,
        occurred_at=now,
        recorded_at=now,
        facts=facts,
    )

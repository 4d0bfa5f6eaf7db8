"""A payment ends: it was made, or it can be made no more. In one transaction with the case, and once."""

from __future__ import annotations

from datetime import datetime

from center.casework.payments import case_entries
from center.casework.payments.actions import refunding
from center.casework.payments.callbacks import IntentState
from center.casework.payments.office import SYSTEM
from center.casework.payments.tables import PaymentIntent
from center.database import Transaction


def settle(transaction: Transaction, row: PaymentIntent, *, at: datetime, now: datetime) -> None:
    """The money was taken. The row is held by the caller; a payment that is settled already stays as it is.

    If the case takes no fee any more, nobody came for the draft, or the payment had been called cancelled, the money is
    given back.
    """
    if row.state == IntentState.PAID:
        return
    was_cancelled = row.state == IntentState.CANCELLED
    row.state, row.settled_at = IntentState.PAID, at
    transaction.flush()
    needed = case_entries.paid(transaction, row, now)
    if was_cancelled or not needed:
        given_up = "draft_given_up" if row.unwanted_at is not None else "case_takes_no_fee"
        reason = "paid_after_cancelling" if was_cancelled else given_up
        order = refunding.RefundOrder(row.id, row.amount_tenge, reason, f"automatic:{row.id}", case_entries.PAYMENTS)
        refunding.note(transaction, order, now)


def note_cancelled(
    transaction: Transaction, row: PaymentIntent, *, at: datetime, now: datetime, by: str | None = None
) -> None:
    """The gateway has promised that it takes no money for this any more."""
    if row.state in (IntentState.PAID, IntentState.CANCELLED):
        return
    row.state, row.settled_at = IntentState.CANCELLED, at
    transaction.flush()
    case_entries.cancelled(transaction, row, now, by or SYSTEM)

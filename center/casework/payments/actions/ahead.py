"""Payments made from home, before there is a case: handed over to it, or given up with the draft. Each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.casework.commands import Applicant
from center.casework.payments import case_entries, queries
from center.casework.payments.actions import refunding
from center.casework.payments.actions.refunding import RefundOrder
from center.casework.payments.callbacks import IntentState
from center.casework.payments.tables import PaymentIntent
from center.database import Transaction


def hand_over(transaction: Transaction, case_id: str, now: datetime) -> None:
    """Tell a case that was just opened, in the transaction that opens it, what was asked and paid for it from home.

    A call-back that comes at this very moment waits for the row, and then finds the case. What went back, or is going
    back, was not paid for the case.
    """
    for row in _held(transaction, case_id):
        if row.state == IntentState.CANCELLED or queries.refunded_tenge(transaction, row.id) == row.amount_tenge:
            continue
        case_entries.asked(transaction, row, Applicant(), now)
        if row.state == IntentState.PAID:
            case_entries.paid(transaction, row, now)


def give_up(transaction: Transaction, draft_id: str, now: datetime) -> None:
    """Nobody comes for the draft: what was paid goes back, and what can still be paid will be cancelled."""
    for row in _held(transaction, draft_id):
        if row.state == IntentState.CANCELLED:
            continue
        row.unwanted_at = row.unwanted_at or now
        left = row.amount_tenge - queries.refunded_tenge(transaction, row.id)
        if row.state == IntentState.PAID and left > 0:
            key = f"automatic:{row.id}"
            order = RefundOrder(row.id, left, "draft_given_up", key, case_entries.PAYMENTS)
            refunding.note(transaction, order, now)


def _held(transaction: Transaction, case_id: str) -> Sequence[PaymentIntent]:
    query = select(PaymentIntent).where(
        PaymentIntent.centre_id == transaction.centre_id, PaymentIntent.case_id == case_id
    )
    return transaction.scalars(query.order_by(PaymentIntent.id)).all()
